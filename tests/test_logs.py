"""No word of Anna's, no number of her chat and no token gets into a log, by whatever way."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import logs
from storage.transaction import StorageError

WORDS = "my cheek burns zqx"
TOKEN = f"7001000001:{'Aa1_-' * 7}"
ANNA = 5001000001
CANARIES = ("zqx", "Aa1_-Aa1_-", str(ANNA))
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch) -> Iterator[Lines]:
    """What was logged; afterwards everything logs again as it did before."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    logs.configure("DEBUG", stream)

    def written() -> list[dict[str, Any]]:
        text = stream.getvalue()
        assert not [canary for canary in CANARIES if canary in text], text
        return [json.loads(line) for line in text.splitlines()]

    yield written
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def raised(error: BaseException) -> BaseException:
    """Return an exception with a traceback and a cause that quotes Anna too."""
    try:
        raise error from KeyError(WORDS)
    except type(error) as caught:
        return caught


def test_what_staff_need_is_written(lines) -> None:
    logs.get_logger("bot.polling").info(
        "an update was handled", update_id=7, code="A7K2", kind="pressed", seconds=0.2, chat=-100
    )
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info", "logger": "bot.polling", "event": "an update was handled",
        "update_id": 7, "code": "A7K2", "kind": "pressed", "seconds": 0.2, "chat": -100,
    }  # fmt: skip


@pytest.mark.hazard("H33")
def test_fields_that_are_not_on_the_list_are_dropped(lines) -> None:
    log = logs.get_logger("bot").bind(name="Anna zqx", text=WORDS)
    log.warning("odd", answers={"words": WORDS}, user=ANNA, token=TOKEN, stack_info=True)
    assert lines()[0].keys() == {"time", "level", "logger", "event"}


def test_a_field_on_the_list_cannot_carry_words_either(lines) -> None:
    logs.get_logger("bot").info("odd", kind=WORDS, reason=[WORDS], chat=ANNA, state=TOKEN, code="")
    line = lines()[0]
    assert (line["kind"], line["reason"], line["code"]) == ("…", "…", "…")
    assert line["chat"] == "private"
    assert line["state"] == "<token>"


@pytest.mark.hazard("H33")
def test_an_exception_is_written_without_its_text(lines) -> None:
    log = logs.get_logger("bot")
    log.error("it failed", exc_info=raised(ValueError(WORDS, TOKEN, ANNA)))
    try:
        float(WORDS)
    except ValueError:
        log.exception("it failed again")
        logging.getLogger("bot.delivery.sender").exception("and a third time")
    first, second, third = lines()
    assert first["error"] == ["ValueError", "KeyError"]
    assert first["trace"][-1].startswith("test_logs.py:")
    assert first["trace"][-1].endswith(" raised")
    assert second["error"] == third["error"] == ["ValueError"]
    assert third["event"] == "and a third time"


def test_our_own_sentences_are_written_but_for_a_token(lines) -> None:
    error = StorageError(f"The disk is full; see /bot{TOKEN}/getMe and {TOKEN}.")
    logs.get_logger("bot").error("not saved", exc_info=error)
    logging.getLogger("bot.delivery.courier").warning("not saved: %s, %s", error, WORDS)
    first, second = lines()
    assert first["why"] == "The disk is full; see /bot<token>/getMe and <token>."
    assert second["event"] == ("not saved: The disk is full; see /bot<token>/getMe and <token>., …")


def test_our_own_loggers_name_the_type_of_an_error_and_fill_in_nothing_else(lines) -> None:
    log = logging.getLogger("bot.reaching")
    log.warning("Telegram cannot be reached (%s); it is tried again", TimeoutError)
    log.warning("she said %s", WORDS)
    log.warning("%s of %s", ValueError(WORDS), ANNA)
    assert [line["event"] for line in lines()] == [
        "Telegram cannot be reached (TimeoutError); it is tried again", "she said …", "… of …",
    ]  # fmt: skip


def test_a_token_is_replaced_in_our_own_events(lines) -> None:
    logs.get_logger("bot").info(f"calling https://api.telegram.org/bot{TOKEN}/getMe")
    logs.get_logger("bot").info("calling https://api.telegram.org/botzqx/getMe")
    assert [line["event"] for line in lines()] == [
        "calling https://api.telegram.org/bot<token>/getMe"
    ] * 2


@pytest.mark.parametrize("name", ["telegram.ext", "httpx", "aiohttp.server", "apscheduler.x"])
def test_libraries_write_their_template_alone(lines, name) -> None:
    log = logging.getLogger(name)
    log.warning("Processing update %s of %d", {"text": WORDS}, ANNA)
    log.warning("%(text)s", {"text": WORDS})
    log.error(f"an update that says {WORDS}")  # noqa: G004
    log.error("it broke", exc_info=raised(ValueError(WORDS)))
    events = [line["event"] for line in lines()]
    assert events == ["Processing update %s of %d", "%(text)s", "…", "…"]
    assert lines()[3]["error"] == ["ValueError", "KeyError"]
    assert lines()[0]["where"].startswith("test_logs:")


def test_addresses_of_calls_are_not_logged_at_all(lines) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST /bot%s/getMe", TOKEN)
    logging.getLogger("aiohttp.access").info(f"GET /bot{TOKEN}/getMe")  # noqa: G004
    assert lines() == []


def test_a_line_that_cannot_be_formatted_says_so_alone(lines, capsys) -> None:
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if isinstance(one, logs.Lines)]
    logging.getLogger("telegram").warning("%d", WORDS)
    assert [line["event"] for line in lines()] == ["a line could not be logged"]
    assert "zqx" not in "".join(capsys.readouterr())


def test_warnings_and_what_nobody_caught_come_the_same_way(lines, capsys) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=True)
        warnings.warn(WORDS, UserWarning, stacklevel=1)
    error = raised(ValueError(WORDS))
    sys.excepthook(ValueError, error, error.__traceback__)
    sys.unraisablehook(SimpleNamespace(exc_value=error))  # type: ignore[arg-type]
    thread = threading.Thread(target=raised, args=(SystemError(WORDS),))
    thread.run = lambda: (_ for _ in ()).throw(ValueError(WORDS))  # type: ignore[method-assign]
    thread.start()
    thread.join()
    events = [line["event"] for line in lines()[1:]]
    assert events == ["the program ended", "an error had nowhere to go", "a thread ended"]
    assert "zqx" not in "".join(capsys.readouterr())


def test_an_interrupt_from_the_keyboard_is_no_error(lines, capsys) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert lines() == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


async def test_a_task_that_nobody_waited_for_is_logged_without_its_words(lines) -> None:
    async def fails() -> None:
        raise ValueError(WORDS)

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    assert lines()[-1]["event"] == "Task exception was never retrieved"
    assert lines()[-1]["error"] == ["ValueError"]


async def test_a_page_that_breaks_is_logged_without_its_words(lines) -> None:
    async def page(_request: web.Request) -> web.Response:
        raise ValueError(WORDS)

    app = web.Application()
    app.router.add_get("/bot{token}/x", page)
    async with TestServer(app) as server, ClientSession() as session:
        answer = await session.get(server.make_url(f"/bot{TOKEN}/x"))
        assert answer.status == 500
        answer.release()
    found = [line for line in lines() if line["logger"] == "aiohttp.server"]
    assert found[0]["error"] == ["ValueError"]
