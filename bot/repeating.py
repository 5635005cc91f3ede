"""What is done again and again, for as long as the bot runs."""

import logging
from collections.abc import Awaitable, Callable
from typing import Never

from bot.clock import Clock
from bot.health import Pulse

LOGGER = logging.getLogger(__name__)


async def repeated(
    job: Callable[[], Awaitable[object]], seconds: float, clock: Clock, pulse: Pulse
) -> Never:
    """Do something again and again until cancelled; what fails is tried at the next turn.

    The pause goes by the clock that nobody can set: a wall clock set back by an hour must not
    stop the bot for an hour.
    """
    while True:
        try:
            await job()
        except Exception as error:
            pulse.last_error = type(error).__name__
            LOGGER.exception("something regular failed; it is tried again")
        await clock.sleep(seconds)
