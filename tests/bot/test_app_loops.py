"""What the bot does again and again goes on, whatever fails and whatever the clock says."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.clock import SteppedClock
from bot.health import Pulse
from bot.repeating import repeated

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class SetBack(SteppedClock):
    """A clock whose wall time somebody sets back, while its seconds go on."""

    def now(self) -> datetime:
        return super().now().replace(hour=3)


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.hazard("H12")
async def test_a_wall_clock_set_back_stops_nothing() -> None:
    done, clock = [], SetBack(NOON)

    async def job() -> None:
        done.append(1)

    task = asyncio.create_task(repeated(job, 1, clock, Pulse(NOON)))
    await let_run()
    clock.moves(seconds=1)
    await let_run()
    task.cancel()
    assert len(done) == 2


async def test_what_fails_is_tried_at_the_next_turn(caplog) -> None:
    done, clock, pulse = [], SteppedClock(NOON), Pulse(NOON)

    async def job() -> None:
        done.append(1)
        if len(done) == 1:
            raise RuntimeError("once")

    task = asyncio.create_task(repeated(job, 1, clock, pulse))
    await let_run()
    clock.moves(seconds=1)
    await let_run()
    task.cancel()
    assert len(done) == 2
    assert pulse.last_error == "RuntimeError"
    assert "tried again" in caplog.text
