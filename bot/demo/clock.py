"""The demo's clock: it runs as the real one does, and can be moved ahead."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.standin.clock import Now, wait_for_real, wall_clock


class DemoClock:
    """Real time, and what it was moved by on top.

    The bot and the stand-in share one, so that both agree how old something is.

    Args:
        start: What it shows at first; the real time if left out.
        real: The clock of the machine.
        steady: The machine's seconds that nobody can set.
    """

    def __init__(
        self, start: datetime | None = None, *,
        real: Now = wall_clock, steady: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        if start is not None and start.tzinfo is None:
            raise ValueError("a clock needs an instant with a time zone")
        self.real = real
        self.steady = steady
        self.ahead = timedelta() if start is None else start - real()
        self.moved = timedelta()
        self.moves = 0
        self.wake: Callable[[], None] = lambda: None
        self._turned = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant it shows, in UTC."""
        return self.real() + self.ahead + self.moved

    def monotonic(self) -> float:
        """Return seconds that only grow; what it was moved by counts as passed."""
        return self.steady() + self.moved.total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait until so many of its seconds have passed, at once where it is moved past them."""
        until = self.monotonic() + seconds
        while (left := until - self.monotonic()) > 0:
            await wait_for_real(self._turned, left)

    def moves_to(self, instant: datetime) -> None:
        """Move it ahead to an instant, end sleeps and call `wake`; the past changes nothing."""
        by = instant - self.now()
        if by <= timedelta():
            return
        self.moved += by
        self.moves += 1
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
        self.wake()
