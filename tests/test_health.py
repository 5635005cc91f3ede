"""Health tells the truth about the loops, and nothing of Anna."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.health import Pulse, health_handler, verdict
from storage.condition import Backlog
from storage.transaction import StorageError

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def pulse(poll: float = 1, tick: float = 1) -> Pulse:
    return Pulse(ago(3_600), ago(poll), ago(tick), ago(30))


@pytest.mark.parametrize(
    ("beat", "facts", "troubles"),
    [
        (pulse(), Backlog(), ()),
        (pulse(poll=120), Backlog(), ()),
        (pulse(poll=120.1), Backlog(), ("poll",)),
        (pulse(tick=120.1), Backlog(), ("tick",)),
        (pulse(tick=-3_600), Backlog(), ("tick",)),
        (pulse(), Backlog(alert_at=ago(60)), ()),
        (pulse(), Backlog(alert_at=ago(60.1)), ("alert",)),
        (pulse(), Backlog(due_at=ago(600)), ()),
        (pulse(), Backlog(due_at=ago(600.1)), ("overdue",)),
        (pulse(), Backlog(is_staff_chat_lost=True), ("staff_chat",)),
        (pulse(), Backlog(backup_at=ago(2 * 86_400)), ()),
        (pulse(), Backlog(backup_at=ago(2 * 86_400 + 1)), ("backup",)),
        (pulse(), Backlog(update_at=ago(60)), ()),
        (pulse(), Backlog(update_at=ago(60.1)), ("update",)),
        (pulse(), None, ("database",)),
        (pulse(130, 130), Backlog(ago(700), ago(90)), ("poll", "tick", "overdue", "alert")),
        (Pulse(ago(119)), Backlog(), ()),
        (Pulse(ago(121)), Backlog(), ("poll", "tick")),
    ],
)
def test_the_bot_is_well_until_a_limit_is_passed(beat, facts, troubles) -> None:
    judged = verdict(beat, facts, NOW)
    assert judged.troubles == troubles
    assert judged.ok is (not troubles)


@pytest.mark.parametrize(("unsent", "status"), [(None, 200), (ago(90), 503)])
async def test_the_page_gives_ages_in_seconds_and_its_status(unsent, status) -> None:
    async def facts(at: datetime) -> Backlog:
        return Backlog(at - timedelta(seconds=5), unsent)

    body = await asked(facts, status)
    assert body.pop("version")
    assert body == {
        "ok": status == 200, "troubles": [] if status == 200 else ["alert"], "poll_age": 1.0,
        "tick_age": 1.0, "sent_age": 30.0, "oldest_overdue": 5.0,
        "oldest_unsent_alert": None if status == 200 else 90.0,
        "oldest_unheard_update": None, "backup_age": None, "up": 3600.0,
        "last_error": None, "workers": 1, "leads": True, "heartbeat_age": None,
    }  # fmt: skip


async def test_what_the_watchdog_found_stands_there_too_and_when_the_heartbeat_was_heard() -> None:
    async def facts(at: datetime) -> Backlog:
        return Backlog(alert_at=at - timedelta(seconds=61))

    watched = pulse()
    watched.watched, watched.last_heartbeat = ("disk", "alert"), ago(45)
    body = await asked(facts, 503, watched)
    assert body["troubles"] == ["alert", "disk"]
    assert body["heartbeat_age"] == 45.0


async def test_a_database_that_cannot_be_read_is_trouble_but_the_page_answers() -> None:
    async def facts(at: datetime) -> Backlog:
        raise StorageError(f"The disk failed at {at}.")

    assert (await asked(facts, 503))["troubles"] == ["database"]


async def asked(facts, status, beat=None):
    """Ask for the page, and return what it says."""
    app = web.Application()
    app.router.add_get("/healthz", health_handler(beat or pulse(), facts, lambda: NOW))
    async with TestServer(app) as server, ClientSession() as session:
        answer = await session.get(server.make_url("/healthz"))
        assert answer.status == status
        return await answer.json()
