"""Tells somebody outside, every minute, that all is well; and says nothing when it is not.

A service that expects the call and calls the clinic when it stays out is the bot's watchdog: it
works also when this machine does not.

Hazards: H01.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock
from bot.health import Pulse, verdict
from storage.condition import Backlog
from storage.transaction import StorageError

LOGGER = logging.getLogger(__name__)
PATIENCE: Final = ClientTimeout(total=10)  # seconds


class Heartbeat:
    """Calls `url` while the health page's verdict is good.

    Args:
        url: Where to; empty for nowhere.
        pulse: What the loops of the bot write down.
        facts: Reads what has waited longest.
        clock: The time.
    """

    def __init__(
        self, url: str, pulse: Pulse, facts: Callable[[datetime], Awaitable[Backlog]], clock: Clock
    ) -> None:  # fmt: skip
        self.url = url
        self.pulse = pulse
        self.facts = facts
        self.clock = clock

    async def beat(self) -> bool:
        """Judge, and call if all is well; whether the call was made and heard."""
        now = self.clock.now()
        try:
            found: Backlog | None = await self.facts(now)
        except StorageError:
            found = None
        judged = verdict(self.pulse, found, now)
        if not judged.ok:
            LOGGER.error("no heartbeat: %s", ", ".join(judged.troubles))
            return False
        if not self.url:
            return False
        try:
            async with ClientSession(timeout=PATIENCE) as session, session.get(self.url) as answer:
                return answer.ok
        except (ClientError, TimeoutError) as error:
            LOGGER.warning("the heartbeat was not heard: %s", type(error).__name__)
            return False
