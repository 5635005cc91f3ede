"""What a mail server or a web address says, and what that means for a message."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from certificate import certified
from mail_server import a_mailbox

from bot.delivery.outcome import Kind, NotSent, Refused, Unknown, failed
from bot.second_channel import carrying
from bot.second_channel.carrying import Carrier
from bot.settings import settings
from bot.transport import NotSentError

WORDS = {
    "where": "ben@example.org", "subject": "Clinic Linden: URGENT A7K2-1",
    "text": "A7K2-1 (urgent): nobody has taken it.", "clinic": "Clinic Linden", "key": "A7K2-1",
}  # fmt: skip


def carrier(port: int = 9, **given: str) -> Carrier:
    url = given.pop("smtp_url", f"smtp://watch%40example.org:secret@127.0.0.1:{port}")
    return Carrier(settings(_env_file=None, smtp_url=url, **given))


async def outcome(one: Carrier, method: str = "mail", **words: str) -> object:
    """Return what a call came to; None where it was taken."""
    try:
        return await one.call(method, WORDS | words, None)
    except Exception as error:  # noqa: BLE001 - as the courier does
        return failed(error)


async def test_an_e_mail_arrives_as_it_was_written() -> None:
    async with a_mailbox() as box:
        assert await outcome(carrier(box.port)) is None
    [mail] = box.mails
    assert (mail["To"], mail["From"]) == ("ben@example.org", "watch@example.org")
    assert mail["Subject"] == WORDS["subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_payload().strip() == WORDS["text"]


@pytest.mark.hazard("H53")
async def test_it_is_encrypted_where_the_server_offers_that_and_not_sent_to_a_false_one(
    tmp_path, monkeypatch
) -> None:
    context, trusted = certified(tmp_path)
    async with a_mailbox(context) as box:
        found = await outcome(carrier(box.port))
        assert found == NotSent("SSLCertVerificationError")
        assert (box.mails, box.users) == ([], []), "nor does it learn the password"
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert await outcome(carrier(box.port)) is None
    assert box.encrypted == [True]
    assert len(box.users) == 1


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("strange", "refuses", "found"),
    [
        ("550 no such user", "", Refused),
        ("450 come back in five minutes", "", NotSent),
        ("", "552 mailbox full", Refused),
        ("", "451 not now", NotSent),
    ],
)
async def test_what_a_mail_server_says_is_final_or_for_now(strange, refuses, found) -> None:
    async with a_mailbox() as box:
        box.strange, box.refuses = strange, refuses
        came = await outcome(carrier(box.port))
    assert type(came) is found
    assert came.text == (strange or refuses)[:3], "the number and no words, which name the address"


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("strange", "refuses", "kind"),
    [
        ("550 5.1.1 no such user", "", Kind.NOT_TAKEN),
        ("", "554 5.7.1 spam", Kind.BAD_TEXT),
        ("", "552 too large", Kind.BAD_TEXT),
        ("", "550 5.1.1 no such user", Kind.NOT_TAKEN),
    ],
)
async def test_a_refusal_says_whether_the_address_or_the_message_is_wrong(
    strange, refuses, kind
) -> None:
    async with a_mailbox() as box:
        box.strange, box.refuses = strange, refuses
        came = await outcome(carrier(box.port))
    assert came == Refused(kind, (strange or refuses)[:3])


async def test_a_server_that_takes_it_and_does_not_say_so_may_have_it() -> None:
    async with a_mailbox() as box:
        box.forgets = True
        came = await outcome(carrier(box.port))
        assert came == Unknown(smtplib.SMTPServerDisconnected.__name__)
        assert len(box.mails) == 1


@pytest.mark.parametrize("url", ["", "smtp://127.0.0.1:9", "smtps://127.0.0.1:9", "smtp://x:none"])
async def test_no_server_has_not_got_it(url) -> None:
    assert isinstance(await outcome(carrier(smtp_url=url)), NotSent)


@asynccontextmanager
async def a_hook(
    status: Callable[[], int], **headers: str
) -> AsyncIterator[tuple[str, list[Any]]]:  # fmt: skip
    """Give a web address, and what is posted there."""
    got: list[Any] = []

    async def hook(request: web.Request) -> web.Response:
        got.append(await request.json() if request.can_read_body else request.method)
        return web.Response(status=status(), headers={"Location": "/"} | headers)

    app = web.Application()
    app.router.add_route("*", "/", hook)
    async with TestServer(app) as server:
        yield str(server.make_url("/")), got


async def test_a_web_address_gets_an_object_with_the_alerts_key() -> None:
    async with a_hook(lambda: 204) as (url, got):
        assert await outcome(carrier(), "webhook", where=url) is None
    assert got == [{name: WORDS[name] for name in ("clinic", "subject", "text", "key")}]


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("status", "found"),
    [*((one, NotSent) for one in (301, 302, 401, 403, 404, 405, 408, 409, 421, 423, 425, 429, 451)),
     *((one, Refused) for one in (400, 410, 413, 422)),
     (500, Unknown), (502, Unknown), (503, NotSent)],
)  # fmt: skip
async def test_what_a_web_server_says_is_final_or_for_now(status, found) -> None:
    async with a_hook(lambda: status) as (url, got):
        assert type(await outcome(carrier(), "webhook", where=url)) is found
    assert len(got) == 1, "nobody is followed elsewhere"


@pytest.mark.hazard("H53")
@pytest.mark.parametrize(
    ("status", "kind"),
    [(410, Kind.NOT_TAKEN), (400, Kind.BAD_TEXT), (413, Kind.BAD_TEXT), (422, Kind.BAD_TEXT)],
)
async def test_a_web_server_says_that_it_is_gone_or_that_the_message_is_wrong(status, kind) -> None:
    async with a_hook(lambda: status) as (url, _):
        assert await outcome(carrier(), "webhook", where=url) == Refused(kind, str(status))


@pytest.mark.hazard("H53")
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "waits"),
    [("90", 90.0), ("86400", 300.0), ("Fri, 27 Nov 2026 09:00:00 GMT", 0.0), ("-5", 0.0),
     ("²", 0.0)],
)  # fmt: skip
async def test_a_web_server_that_asks_for_time_gets_it_and_no_more_than_an_alert_has(
    status, asked, waits
) -> None:
    async with a_hook(lambda: status, **{"Retry-After": asked}) as (url, _):
        found = await outcome(carrier(), "webhook", where=url)
    assert found == NotSent(str(status), waits)


async def test_no_web_server_has_not_got_it() -> None:
    one = carrier()
    assert isinstance(await outcome(one, "webhook", where="http://127.0.0.1:9/"), NotSent)
    assert isinstance(await outcome(one, "webhook", where="http://"), Refused)


@pytest.mark.hazard("H53")
async def test_servers_that_hang_take_no_place_from_anything_else(monkeypatch) -> None:
    """The bot's own threads, which look up Telegram's address, are all free."""
    monkeypatch.setattr(carrying, "AT_ONCE", 12)
    async with a_mailbox() as box:
        box.hangs = True
        one = carrier(box.port)
        calls = [asyncio.create_task(outcome(one)) for _ in range(12)]
        for _ in calls:
            await box.reached.acquire()
        assert await asyncio.to_thread(lambda: "free") == "free"
        with pytest.raises(NotSentError, match="hang"):
            await one.call("mail", WORDS, None)
        box.let_go.set()
        assert set(await asyncio.gather(*calls)) == {NotSent("SMTPServerDisconnected")}
    assert one.running == 0
