"""Time comes from outside, so that a test or the demo's page can move it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
Patience = Callable[[asyncio.Event, float], Awaitable[None]]


def wall_clock() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an instant with a time zone")
        self.instant = start

    def __call__(self) -> datetime:
        """Return the instant it stands at."""
        return self.instant

    def moves(self, **amount: float) -> None:
        """Move it by an amount, given as `timedelta` takes it: `hours=30`."""
        self.instant += timedelta(**amount)


async def wait_for_real(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set, or for so many real seconds."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def no_patience(event: asyncio.Event, _seconds: float) -> None:
    """Let whatever else is ready run, then act as if the time had passed."""
    for _ in range(3):
        if event.is_set():
            return
        await asyncio.sleep(0)


def unix(instant: datetime) -> int:
    """Return the whole seconds since 1970, as Telegram gives dates."""
    return int(instant.timestamp())
