"""A start at which Telegram cannot be reached: it is tried again and again, and people know.

Hazards: H02.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.clock import Clock
from bot.health import own_version
from bot.settings import Settings
from bot.watchdog.causes import Trouble
from bot.watchdog.conditions import WORDS
from bot.watchdog.telling import Telling

LOGGER = logging.getLogger(__name__)
LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries; the first pause is one, each next one twice as long (own choice)."""
SAID_AFTER: Final = timedelta(minutes=2)
"""So long nothing is heard before people are told, as from a bot that runs."""
CAUSE: Final = "poll"
"""What the watchdog of the running bot calls it, so that it also says when it is over."""


def pauses() -> Iterator[float]:
    """Yield the seconds between tries."""
    pause = 1.0
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)


async def taken(call: Callable[[], Awaitable[object]]) -> bool:
    """Whether Telegram took a call, tried once.

    Raises:
        InvalidToken: the token is none.
    """
    try:
        await call()
    except InvalidToken:
        raise
    except TelegramError as error:
        LOGGER.warning("Telegram took nothing (%s); it is tried again", type(error))
        return False
    return True


async def until_taken(call: Callable[[], Awaitable[object]], clock: Clock) -> None:
    """Try a call until Telegram takes it."""
    for pause in pauses():
        if await taken(call):
            return
        await clock.sleep(pause)


class Reaching:
    """Tries until Telegram answers.

    Args:
        settings: Where the health page is meanwhile.
        clock: The time.
        telling: Who tells people; the staff chat cannot be among its channels.
    """

    def __init__(self, settings: Settings, clock: Clock, telling: Telling) -> None:
        self.settings = settings
        self.clock = clock
        self.telling = telling
        self.since = clock.now()
        self.last_error = ""

    async def until(self, bot: Bot, stopping: asyncio.Event) -> bool:
        """Return once Telegram has answered; False where the bot is to stop before that.

        Raises:
            InvalidToken: the token is none, which no waiting mends.
            OSError: the health page cannot be served.
        """
        if await self.answers(bot):
            return True
        async with self.health_page():
            for pause in pauses():
                await self.tell(self.clock.now())
                await self.rest(pause, stopping)
                if stopping.is_set() or await self.answers(bot):
                    break
        return not stopping.is_set()

    async def answers(self, bot: Bot) -> bool:
        """Ask Telegram once who the bot is; whether it said so."""
        try:
            await bot.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            self.last_error = type(error).__name__
            LOGGER.warning("Telegram cannot be reached (%s); it is tried again", type(error))
            return False
        return True

    async def tell(self, now: datetime) -> None:
        """Tell people once it has lasted."""
        if now - self.since >= SAID_AFTER:
            await self.telling.tell([Trouble(CAUSE, WORDS[CAUSE])], now)

    async def rest(self, seconds: float, stopping: asyncio.Event) -> None:
        """Wait for the next try, or until the bot is to stop."""
        ends = [asyncio.create_task(stopping.wait()), asyncio.create_task(self.sleep(seconds))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    async def sleep(self, seconds: float) -> bool:
        """Let time pass."""
        await self.clock.sleep(seconds)
        return True

    @asynccontextmanager
    async def health_page(self) -> AsyncIterator[None]:
        """Serve `/healthz`, and nothing else, while nothing else can be served."""
        app = web.Application()
        app.router.add_get("/healthz", self.healthz, name="healthz")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            known = self.settings
            await web.TCPSite(runner, known.listen_host, known.listen_port).start()
            yield
        finally:
            await runner.cleanup()

    async def healthz(self, _request: web.Request) -> web.Response:
        """Say that the bot is not up, and why."""
        body = {
            "ok": False, "troubles": [CAUSE], "version": own_version(), "starting": True,
            "last_error": self.last_error or None,
            "up": round((self.clock.now() - self.since).total_seconds(), 1),
        }  # fmt: skip
        return web.json_response(body, status=503, headers={"Cache-Control": "no-store"})
