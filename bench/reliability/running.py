"""The bot with all its loops, on a clock that is moved from one waiting to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bench.reliability.ward import Ward

QUIET: Final = 30  # rounds of the loop in which nothing waits for the database
SHORTEST: Final = timedelta(milliseconds=50)


class Running:
    """Lets time pass in a ward whose bot runs by itself.

    Args:
        ward: A ward that was started.
        task: The bot's own run.
    """

    def __init__(self, ward: Ward, task: asyncio.Task[None]) -> None:
        self.ward = ward
        self.task = task

    async def lives(self, **amount: float) -> None:
        """Let so much time pass.

        Raises:
            RuntimeError: the bot ended by itself.
        """
        clock = self.ward.clock
        end = clock.instant + timedelta(**amount)
        while True:
            await self.rests()
            if self.task.done():
                raise RuntimeError("the bot ended by itself") from self.task.exception()
            if clock.instant >= end:
                return
            waits = [until for until, woken in clock.sleepers if not woken.done()]
            clock.reaches(min(max(min(waits, default=end), clock.instant + SHORTEST), end))

    async def rests(self) -> None:
        """Let everything happen that happens without time passing."""
        quiet = 0
        while quiet < QUIET:
            if not self.ward.database.idle.is_set():
                await self.ward.database.idle.wait()
                quiet = 0
            await asyncio.sleep(0)
            quiet += 1


@asynccontextmanager
async def running(ward: Ward) -> AsyncIterator[Running]:
    """Run a ward's bot; time passes only by `lives`."""
    clock = ward.clock

    async def patience(event: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    ward.world.patience, before = patience, ward.world.patience
    clock.auto, stopping = False, asyncio.Event()
    task = asyncio.create_task(ward.app.run(stopping))
    try:
        yield Running(ward, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        clock.auto, ward.world.patience = True, before
