"""How fast a bot may send before the server answers 429."""

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.standin.errors import too_many


@dataclass(frozen=True)
class Limits:
    """So many messages within so many seconds; None for no limit.

    The figures are Telegram's bot FAQ and `telegram.constants.FloodLimit`; how short a burst a
    private chat bears is not published: three messages in three seconds stand for it.
    """

    overall: tuple[int, float] | None = (30, 1.0)
    private: tuple[int, float] | None = (3, 3.0)
    group: tuple[int, float] | None = (20, 60.0)


UNLIMITED = Limits(None, None, None)


class Gate:
    """Counts what each bot sent lately."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sent: defaultdict[Hashable, deque[datetime]] = defaultdict(deque)

    def passes(
        self, bot: int, chat: int | None, now: datetime, *, private: bool, count: int
    ) -> None:
        """Let a sending pass and count it.

        Args:
            bot: Whose sending it is.
            chat: Where to, or None where only the overall limit applies.
            now: The instant of the call.
            private: Whether the chat is a private one.
            count: How many messages it makes; an album makes several.

        Raises:
            Refusal: 429 with the seconds to wait; such a call is not counted.
        """
        windows: list[tuple[Hashable, tuple[int, float] | None]] = [(bot, self.limits.overall)]
        if chat is not None:
            limit = self.limits.private if private else self.limits.group
            windows.append(((bot, chat), limit))
        waits = [self.wait(key, limit, now, count) for key, limit in windows]
        if max(waits) > 0:
            raise too_many(math.ceil(max(waits)))
        for key, limit in windows:
            if limit is not None:
                self.sent[key].extend([now] * count)

    def wait(
        self, key: Hashable, limit: tuple[int, float] | None, now: datetime, count: int
    ) -> float:
        """Return the seconds until `count` more messages fit, zero where they fit now."""
        if limit is None:
            return 0.0
        size, seconds = limit
        times = self.sent[key]
        while times and times[0] + timedelta(seconds=seconds) <= now:
            times.popleft()
        surplus = len(times) + min(count, size) - size
        if surplus <= 0:
            return 0.0
        return (times[surplus - 1] + timedelta(seconds=seconds) - now).total_seconds()
