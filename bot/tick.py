"""What is due: looked for in the due table, which is the truth, whenever something wakes us."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot import failing, staff
from bot.clock import Clock
from bot.deciding import decide_due
from bot.health import Pulse
from bot.office import Office
from flows.engine.inputs import CameDue
from storage import clinic, due, freezing
from storage.due import DueRow
from storage.set_back import set_back
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT_ONCE: Final = 50  # rows
LAST_ALIVE: Final = "last_alive"
NOT_UP_SINCE: Final = "not_up_since"
"""Since when no process has run for as long as it takes to note twice that it does; else empty."""
STILL_ALIVE: Final = timedelta(seconds=30)
DIGEST: Final = "digest"


class Tick:
    """Does what is due; `now` comes from the clock each time.

    While `holds` says so, as when the clock is wrong, only what is about alerts is due.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it is wired to
        self, database: Database, office: Office, clock: Clock, pulse: Pulse,
        changed: Callable[[], None], holds: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self.database = database
        self.office = office
        self.clock = clock
        self.pulse = pulse
        self.changed = changed
        self.holds = holds
        self.noted: datetime | None = None
        self.running = asyncio.Lock()

    async def run(self) -> int:
        """Do everything that is due by now, and say how much that was."""
        count = 0
        async with self.running:
            try:
                await self.catch_a_clock_set_back()
                while rows := await self.database.read(self.due_now):
                    done = sum(await asyncio.gather(*(self.do(row) for row in rows)))
                    count += done
                    if not done:  # others are at it, who may take a moment
                        break
                await self.note_alive()
            except StorageError as error:
                LOGGER.warning("what is due cannot be read: %s", type(error))
                return count
            self.pulse.last_tick = self.clock.now()
        if count:
            self.changed()
        return count

    async def catch_a_clock_set_back(self) -> None:
        """Bring forward what a clock that was set back since the last look would hold up."""
        now, noted = self.clock.now(), self.noted
        if noted is not None and now < noted:
            LOGGER.warning("the clock was set back; alerts go on by the new time")
            await self.database.run(lambda: set_back(noted, now))

    def due_now(self) -> Transaction[list[DueRow]]:
        """Return what is due.

        Only what is about alerts after a restore, until staff say so, and while the clock is wrong.
        """
        held = (yield from freezing.is_frozen()) or self.holds()
        return (yield from due.due_now(self.clock.now(), AT_ONCE, alerts_only=held))

    async def do(self, row: DueRow) -> bool:
        """Do one thing; one that fails is put off, and staff hear of it, but others go on.

        False where another worker is at it.
        """
        now = self.clock.now()
        try:
            return await self.database.run(lambda: self.done(row, now))
        except Exception as error:
            if isinstance(error, StorageError) and error.passing:
                raise
            LOGGER.exception("something due could not be done")
            await self.database.run(lambda: self.put_off(row, now))
            return True

    def done(self, row: DueRow, now: datetime) -> Transaction[bool]:
        """Do one thing, in one transaction; False where another worker is at it."""
        if row.kind != DIGEST and row.kind not in staff.OF_THE_ROTA:
            return (yield from decide_due(self.office, row, CameDue(row.kind, row.about), now))
        is_ours = yield from due.done(row, now)
        if is_ours and row.kind == DIGEST:
            yield from staff.digest(self.office, now)
        elif is_ours:
            yield from staff.OF_THE_ROTA[row.kind](self.office, row.about, now)
        return is_ours

    def put_off(self, row: DueRow, now: datetime) -> Transaction[None]:
        """Let a thing that failed be tried again, and tell staff of it."""
        since = yield from due.put_off(row, now)
        if since is not None:
            yield from failing.told(self.office, row, since, now)

    async def note_alive(self) -> None:
        """Note now and then that the bot runs, so that the next start knows how long it did not."""
        now = self.clock.now()
        if self.noted is None or now - self.noted >= STILL_ALIVE or now < self.noted:
            is_up = self.noted is not None
            await self.database.run(lambda: noted_alive(now, is_up=is_up))
            self.noted = now


def noted_alive(now: datetime, *, is_up: bool) -> Transaction[None]:
    """Note that the bot runs; it `is_up` when it has noted that before."""
    yield from clinic.put(LAST_ALIVE, now.isoformat())
    if is_up:
        yield from clinic.put(NOT_UP_SINCE, "")
