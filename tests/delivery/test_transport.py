"""Our way to the Bot API: what it sends, what it makes of answers, and what it never tells."""

import asyncio
import logging
import traceback
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.calling import through
from bot.delivery.parcel import Upload
from bot.transport import NotSentError, Transport, UnreadableAnswerError
from storage.outbox_rows import STUCK

TOKEN = "7001000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


async def call(answer, *, token: str = TOKEN, text: str = "38.9, worse"):
    """Send one message to a server that answers so."""
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    async with TestServer(app) as server, Transport(read_timeout=0.2) as transport:
        bot = Bot(token, base_url=f"{server.make_url('/bot')}", request=transport)
        return await through(bot)("sendMessage", {"chat_id": 7, "text": text}, None)


def answering(status: int, body: str = "", **headers):
    async def answer(_request):
        return web.Response(status=status, text=body, headers=headers)

    return answer


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (answering(200, '{"ok":true,"res'), UnreadableAnswerError),
        (answering(200, "[]"), UnreadableAnswerError),
        (answering(302, Location="/elsewhere"), NotSentError),
        (answering(400, '{"ok":false,"description":"Bad Request: x"}'), BadRequest),
        (answering(401, '{"ok":false,"description":"Unauthorized"}'), InvalidToken),
        (answering(403, "<html>a wall</html>"), Forbidden),
        (answering(413, "<html>too large</html>"), BadRequest),
        (answering(502, "<html>away</html>"), NetworkError),
    ],
)
async def test_what_an_answer_is(answer, kind) -> None:
    with pytest.raises(TelegramError) as raised:
        await call(answer)
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (answering(429, '{"description":"x","parameters":{"retry_after":3}}'), 3),
        (answering(429, "slower", **{"Retry-After": "9"}), 9),
        (answering(429, "slower"), 5),
    ],
)
async def test_too_many_calls_say_for_how_long(answer, seconds) -> None:
    with pytest.raises(RetryAfter) as raised:
        await call(answer)
    assert raised.value.retry_after == seconds


async def test_a_closed_door_is_certainly_not_sent() -> None:
    async with Transport() as transport:
        bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{unused_port()}/bot", request=transport)
        with pytest.raises(NotSentError):
            await bot.send_message(7, "x")


async def test_a_transport_that_is_closed_sends_nothing() -> None:
    transport = Transport()
    await transport.shutdown()
    with pytest.raises(NotSentError, match="closed"):
        await Bot(TOKEN, request=transport).send_message(7, "x")
    assert transport.read_timeout == 20


async def test_silence_is_unknown() -> None:
    over = asyncio.Event()

    async def never(_request):
        await over.wait()
        return web.Response()

    with pytest.raises(TimedOut):
        await asyncio.gather(call(never), asyncio.get_running_loop().create_task(soon(over)))


async def soon(over) -> None:
    """Let the server go once the answer is no longer waited for."""
    asyncio.get_running_loop().call_later(0.5, over.set)


async def test_a_full_pool_is_certainly_not_sent(office) -> None:
    held = asyncio.Event()

    async def patience(_event, _seconds) -> None:
        await held.wait()

    office.world.patience = patience
    office.world.faults.slow(60)
    async with Transport(connections=1, connect_timeout=0.05) as transport:
        bot = Bot(office.bot.token, base_url=office.address, request=transport)
        first = asyncio.create_task(bot.send_message(office.anna.id, "one"))
        await asyncio.sleep(0)
        with pytest.raises(NotSentError):
            await bot.send_message(office.anna.id, "two")
        held.set()
        assert (await first).text == "one"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_connection_that_breaks_is_unknown(office, kind) -> None:
    office.world.faults.breaks(kind)
    with pytest.raises(NetworkError) as raised:
        await office.library.send_message(office.anna.id, "x")
    assert type(raised.value) is NetworkError


@pytest.mark.hazard("H33")
async def test_neither_the_token_nor_the_words_are_told(caplog) -> None:
    caplog.set_level(logging.INFO)
    answers = [answering(status, "38.9, worse") for status in (200, 302, 400, 404, 429, 502)]
    told = []
    for answer in answers:
        try:
            await call(answer)
        except TelegramError as error:
            told.append("".join(traceback.format_exception(error)) + repr(error))
    bot = Bot(TOKEN, base_url="http://no host/bot", request=Transport())
    async with bot.request:
        try:
            await bot.send_message(7, "38.9, worse")
        except TelegramError as error:
            told.append("".join(traceback.format_exception(error)) + repr(error))
    assert len(told) == 7
    logged = [one.getMessage() for one in caplog.records if one.name != "aiohttp.access"]
    for words in (*told, *logged):
        assert TOKEN not in words
        assert "A" * 30 not in words
        assert 'b"38.9' not in words
        assert "b'38.9" not in words
    assert not any("38.9" in words for words in logged)


async def test_a_message_reads_as_its_method_says(office) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Fine", "callback_data": "f"}]]}
    result = await through(office.library)(
        "sendMessage",
        {"chat_id": office.anna.id, "text": "<b>Hello</b>", "parse_mode": "HTML",
         "reply_markup": keyboard},
        None,
    )  # fmt: skip
    assert result["entities"][0]["type"] == "bold"
    assert office.anna.sees()[-1].buttons == (("Fine",),)


@pytest.mark.parametrize("kind", ["bytes", "path"])
async def test_a_document_is_made_when_it_goes(office, tmp_path, kind) -> None:
    path = tmp_path / "history.csv"
    path.write_text("a,b\n", encoding="utf-8")

    async def content() -> bytes | Path:
        return b"a,b\n" if kind == "bytes" else path

    upload = Upload("document", "history.csv", content)
    payload = {"chat_id": office.anna.id, "caption": "yours"}
    result = await through(office.library)("sendDocument", payload, upload)
    assert result["document"]["file_name"] == "history.csv"
    assert office.anna.sees()[-1].document.upload.content == b"a,b\n"


async def test_a_document_that_cannot_be_made_was_not_sent(office) -> None:
    async def content() -> bytes:
        raise OSError("no room")

    upload = Upload("document", "history.csv", content)
    with pytest.raises(NotSentError, match=rf"^{STUCK}: .*history\.csv could not be made: OSError"):
        await through(office.library)("sendDocument", {"chat_id": 7}, upload)


async def test_what_the_library_offers_works_over_it(office) -> None:
    assert (await office.library.get_me()).username == "aftercheck_bot"
    sent = await office.library.send_document(office.anna.id, InputFile(b"1", "1.txt"))
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"1"
    assert await office.library.get_updates(timeout=0)
