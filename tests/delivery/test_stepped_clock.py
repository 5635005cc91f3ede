"""The clocks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SteppedClock, SystemClock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_who_sleeps_wakes_when_the_clock_is_moved_there() -> None:
    clock = SteppedClock(MONDAY)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.moves(seconds=59)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.moves(seconds=1)
    await sleeper
    assert (clock.now(), clock.monotonic()) == (MONDAY + timedelta(minutes=1), 60.0)
    await clock.sleep(0)


async def test_a_clock_that_moves_by_itself_never_goes_back() -> None:
    clock = SteppedClock(MONDAY, auto=True)
    await clock.sleep(5)
    clock.reaches(MONDAY)
    assert clock.monotonic() == 5


async def test_who_was_cancelled_is_not_woken() -> None:
    clock = SteppedClock(MONDAY)
    sleeper = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)
    clock.moves(seconds=2)
    assert clock.sleepers == []


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SteppedClock(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001 - the fault under test


async def test_the_machines_own_time_goes_on() -> None:
    clock = SystemClock()
    before = clock.now(), clock.monotonic()
    await clock.sleep(0)
    assert before <= (clock.now(), clock.monotonic())
    assert clock.now().utcoffset() == timedelta(0)
