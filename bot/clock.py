"""The clock of the running bot: time comes from outside, so that tests and the demo can move it.

Hazards: H12.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the bot asks for the time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow, whatever happens to the wall clock."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the seconds since some moment before the program started."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await asyncio.sleep(seconds)


class SteppedClock:
    """A clock that stands still until it is moved.

    Args:
        start: The instant it shows first, with a zone.
        auto: Whether a sleep moves the time by itself instead of waiting for somebody to.
    """

    def __init__(self, start: datetime, *, auto: bool = False) -> None:
        if start.utcoffset() is None:
            raise ValueError("a clock needs an instant with a time zone")
        self.start = start.astimezone(UTC)
        self.instant = self.start
        self.auto = auto
        self.sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.instant

    def monotonic(self) -> float:
        """Return the seconds it was moved by since its start."""
        return (self.instant - self.start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved so far; `auto` moves it there."""
        end = self.instant + timedelta(seconds=seconds)
        if self.auto:
            self.reaches(end)
            await asyncio.sleep(0)
        elif seconds > 0:
            woken = asyncio.get_running_loop().create_future()
            self.sleepers.append((end, woken))
            await woken

    def moves(self, **amount: float) -> None:
        """Move it on by an amount, given as `timedelta` takes it: `minutes=15`."""
        self.reaches(self.instant + timedelta(**amount))

    def reaches(self, moment: datetime) -> None:
        """Move it on to an instant, never back, and wake whoever slept until then."""
        self.instant = max(self.instant, moment)
        due = [woken for end, woken in self.sleepers if end <= self.instant]
        self.sleepers = [one for one in self.sleepers if one[0] > self.instant]
        for woken in due:
            if not woken.done():
                woken.set_result(None)
