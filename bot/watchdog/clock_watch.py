"""Whether the wall clock can be trusted: held against one that nobody can set, and Telegram's.

A wall clock that jumps a day ahead would send every check-in of that day at once. So from a jump of
two minutes on, check-ins wait until Telegram's own clock says that the new time is right; alerts
go on, since late is worse than early for them.

Hazards: H12.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock

LARGEST: Final = timedelta(seconds=120)
"""Docs/sources.md, clocks."""


class ClockWatch:
    """Watches one clock. It begins by trusting it; the first comparison comes within a minute."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.trusted = self.begun()
        self.off = timedelta(0)

    def begun(self) -> datetime:
        """Return when the monotonic clock stood at 0, by the wall clock as it is now."""
        return self.clock.now() - timedelta(seconds=self.clock.monotonic())

    @property
    def jumped(self) -> timedelta:
        """By how much the wall clock was moved since it was last found right."""
        return self.begun() - self.trusted

    def holds(self) -> bool:
        """Whether check-ins wait: the clock has jumped, or is known to be wrong."""
        return abs(self.jumped) > LARGEST or abs(self.off) > LARGEST

    def compared(self, server: datetime | None) -> None:
        """Take in what Telegram's clock said, to the second; None where it said nothing.

        Without an answer small steps are followed, and a jump stays one.
        """
        if server is not None:
            self.off = self.clock.now() - server.astimezone(UTC)
        is_right = server is not None and abs(self.off) <= LARGEST
        if is_right or (server is None and abs(self.jumped) <= LARGEST):
            self.trusted = self.begun()
