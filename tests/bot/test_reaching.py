"""The bot starts while Telegram cannot be reached: it goes on trying, and people know."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import unused_port
from telegram.error import InvalidToken, NetworkError

from bot.clock import SteppedClock
from bot.reaching import LONGEST_PAUSE, Reaching, pauses, taken, until_taken
from bot.settings import settings
from bot.watchdog.telling import Telling
from storage.opening import open_database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Telegram:
    """Answers after so many calls that failed; `fails` says with what, by the call's number."""

    def __init__(self, failures: int, clock: SteppedClock, error: Exception | None = None) -> None:
        self.failures, self.clock = failures, clock
        self.error = error or NetworkError("no route")
        self.called: list[float] = []

    async def initialize(self) -> None:
        self.called.append(self.clock.monotonic())
        if len(self.called) <= self.failures:
            raise self.error


class Mailbox:
    """The second channel."""

    name = "mail"

    def __init__(self) -> None:
        self.items: list[tuple[str, str]] = []

    async def tell(self, items) -> None:
        self.items += [(one.cause, one.what) for one in items]


@pytest.fixture
async def database(tmp_path):
    opened = await open_database(f"sqlite:///{tmp_path / 'start.db'}")
    yield opened
    await opened.close()


def reaching(database, clock: SteppedClock, mailbox: Mailbox | None = None) -> Reaching:
    given = settings(_env_file=None, listen_host="127.0.0.1", listen_port=unused_port())
    return Reaching(given, clock, Telling(database, [mailbox] if mailbox else []))


async def test_where_telegram_answers_nothing_is_served_or_waited_for(database):
    clock = SteppedClock(NOON)
    assert await reaching(database, clock).until(Telegram(0, clock), asyncio.Event())
    assert clock.now() == NOON


@pytest.mark.hazard("H02")
async def test_it_is_tried_ever_more_slowly_until_it_answers_and_people_are_told_once(database):
    clock, mailbox = SteppedClock(NOON, auto=True), Mailbox()
    telegram = Telegram(20, clock)
    assert await reaching(database, clock, mailbox).until(telegram, asyncio.Event())
    assert telegram.called[:7] == [0, 1, 3, 7, 15, 31, 61]
    assert telegram.called[-1] - telegram.called[-2] == LONGEST_PAUSE
    assert mailbox.items == [("poll", "begins")]


async def test_a_start_after_it_remembers_who_was_told(database):
    clock, mailbox = SteppedClock(NOON, auto=True), Mailbox()
    assert await reaching(database, clock, mailbox).until(Telegram(12, clock), asyncio.Event())
    ledger = await Telling(database, []).remembered()
    assert "mail" in ledger.causes["poll"].told, "the running watchdog says when it is over"


async def test_a_short_time_is_told_to_nobody(database):
    clock, mailbox = SteppedClock(NOON, auto=True), Mailbox()
    assert await reaching(database, clock, mailbox).until(Telegram(6, clock), asyncio.Event())
    assert mailbox.items == []


async def test_a_wrong_token_is_not_tried_twice(database):
    clock = SteppedClock(NOON, auto=True)
    telegram = Telegram(5, clock, InvalidToken())
    with pytest.raises(InvalidToken):
        await reaching(database, clock).until(telegram, asyncio.Event())
    assert telegram.called == [0]


async def test_the_health_page_says_why_and_a_stop_ends_the_waiting(database):
    clock, stopping = SteppedClock(NOON), asyncio.Event()
    one = reaching(database, clock)
    telegram = Telegram(99, clock)
    waiting = asyncio.create_task(one.until(telegram, stopping))
    for _ in range(1_000):
        await asyncio.sleep(0)
        if clock.sleepers:
            break
    url = f"http://127.0.0.1:{one.settings.listen_port}/healthz"
    async with ClientSession() as session, session.get(url) as answer:
        said = await answer.json()
        assert answer.status == 503
    assert (said["ok"], said["troubles"], said["last_error"]) == (False, ["poll"], "NetworkError")
    stopping.set()
    assert await waiting is False
    assert telegram.called == [0], "it is not tried once more"


async def test_the_way_in_is_chosen_again_until_telegram_takes_it():
    clock = SteppedClock(NOON, auto=True)
    telegram = Telegram(3, clock)
    assert not await taken(telegram.initialize)
    await until_taken(telegram.initialize, clock)
    assert telegram.called == [0, 0, 1, 3]
    with pytest.raises(InvalidToken):
        await until_taken(Telegram(1, clock, InvalidToken()).initialize, clock)


def test_the_pauses_grow_and_end_at_the_longest():
    found = pauses()
    assert [next(found) for _ in range(7)] == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]
