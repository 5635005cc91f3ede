"""Somebody outside hears from the bot only while it does its work."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import SteppedClock
from bot.health import Pulse
from bot.heartbeat import Heartbeat
from storage.condition import Backlog
from storage.transaction import StorageError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING = Backlog(None, None)


@pytest.fixture
async def outside():
    """A watchdog that counts the calls it gets."""
    calls = []

    async def heard(_request):
        calls.append(1)
        return web.Response()

    app = web.Application()
    app.router.add_get("/alive", heard)
    async with TestServer(app) as server:
        yield str(server.make_url("/alive")), calls


def heart(url, *, backlog=NOTHING, poll_age=1.0, broken=False):
    async def facts(_at):
        if broken:
            raise StorageError("the disk is full")
        return backlog

    pulse = Pulse(NOON, NOON - timedelta(seconds=poll_age), NOON)
    return Heartbeat(url, pulse, facts, SteppedClock(NOON))


async def test_the_watchdog_hears_from_a_bot_that_works(outside) -> None:
    url, calls = outside
    assert await heart(url).beat()
    assert calls == [1]


@pytest.mark.hazard("H01")
@pytest.mark.parametrize(
    "trouble",
    [
        {"poll_age": 121.0},
        {"broken": True},
        {"backlog": Backlog(None, NOON - timedelta(seconds=61))},
        {"backlog": Backlog(NOON - timedelta(minutes=11), None)},
    ],
    ids=["nobody was heard", "the database is broken", "an alert waits", "a check-in waits"],
)
async def test_the_watchdog_hears_nothing_when_the_bot_is_blind(outside, trouble) -> None:
    url, calls = outside
    assert not await heart(url, **trouble).beat()
    assert calls == []


async def test_a_watchdog_that_cannot_be_reached_stops_nothing() -> None:
    assert not await heart("http://127.0.0.1:9/alive").beat()


async def test_without_an_address_nobody_is_called(outside) -> None:
    _, calls = outside
    assert not await heart("").beat()
    assert calls == []
