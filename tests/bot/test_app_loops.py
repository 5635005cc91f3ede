"""What the bot does again and again goes on, whatever fails and whatever the clock says."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.settings import settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class SetBack(SteppedClock):
    """A clock whose wall time somebody sets back, while its seconds go on."""

    def now(self) -> datetime:
        return super().now().replace(hour=3)


@pytest.fixture
def bot() -> Aftercheck:
    given = settings(_env_file=None, telegram_bot_token="1:" + "a" * 35)
    return Aftercheck(given, None, SetBack(NOON))  # type: ignore[arg-type]


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.hazard("H12")
async def test_a_wall_clock_set_back_stops_nothing(bot) -> None:
    done = []

    async def job() -> None:
        done.append(1)

    task = asyncio.create_task(bot.repeated(job, 1))
    await let_run()
    bot.clock.moves(seconds=1)
    await let_run()
    task.cancel()
    assert len(done) == 2


async def test_what_fails_is_tried_at_the_next_turn(bot, caplog) -> None:
    done = []

    async def job() -> None:
        done.append(1)
        if len(done) == 1:
            raise RuntimeError("once")

    task = asyncio.create_task(bot.repeated(job, 1))
    await let_run()
    bot.clock.moves(seconds=1)
    await let_run()
    task.cancel()
    assert len(done) == 2
    assert bot.pulse.last_error == "RuntimeError"
    assert "tried again" in caplog.text
