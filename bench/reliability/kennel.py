"""A clinic whose watchdog is heard: the heartbeat and the second channel arrive at a real server.

Each part of the bot can be made to stand still. Time goes by half minutes, and after each the
watchdog looks, as it does by itself.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bench.reliability.ward import MEMORY, Ward
from bot.standin import create_app
from bot.watchdog.causes import Trouble
from bot.watchdog.watching import EVERY

PARTS: Final = frozenset({"poll", "worker", "tick", "sender"})


class Kennel(Ward):
    """A clinic of Ben and Cleo, who both can be reached in private."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.owner = self.world.user("Olga")
        self.silent = self.world.supergroup("Trial", self.owner)
        self.silent.adds(self.bot)
        self.alive = PARTS
        self.beats: list[datetime] = []
        self.told: list[dict[str, Any]] = []

    def outside(self) -> web.Application:
        """Return what takes the heartbeat and the second channel, and is Telegram too."""
        app = web.Application()
        app.router.add_get("/alive", self.beaten)
        app.router.add_post("/told", self.heard)
        app.add_subapp("/telegram", create_app(self.world, deliver=False))
        return app

    async def beaten(self, _request: web.Request) -> web.Response:
        """Note a heartbeat."""
        self.beats.append(self.clock.instant)
        return web.Response()

    async def heard(self, request: web.Request) -> web.Response:
        """Note what the second channel says."""
        self.told.append(await request.json())
        return web.Response()

    async def turn(self) -> list[Trouble]:
        """Let half a minute pass, in which the parts that are alive do their work."""
        self.clock.moves(seconds=EVERY)
        app = self.app
        if "poll" in self.alive:
            await app.intake.poll(app.bot, 0)
        if "worker" in self.alive:
            await app.worker.idle()
        if "tick" in self.alive:
            await app.tick.run()
        if "sender" in self.alive:
            await app.sender.drain()
        found = await app.watchdog.look()
        if (looking := app.watchdog.at.wholeness.looking) is not None:
            await looking
        return found

    async def turns(self, span: timedelta) -> None:
        """Let time pass."""
        for _ in range(int(span / timedelta(seconds=EVERY))):
            await self.turn()

    def last_beat(self) -> datetime:
        """Return when the last heartbeat came."""
        return self.beats[-1]

    def causes_told(self) -> set[str]:
        """Return the kinds of trouble that the second channel was told of."""
        return {
            trouble["cause"].partition(":")[0] for one in self.told for trouble in one["troubles"]
        }


@asynccontextmanager
async def a_kennel(**given: Any) -> AsyncIterator[Kennel]:  # noqa: ANN401 - a setting's own type
    """Give a clinic that runs and is well, and whose hourly trial has come round once."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        kennel = Kennel(Path(folder))
        runner = web.AppRunner(kennel.outside(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        kennel.given |= {
            "telegram_api_url": f"{address}/telegram", "heartbeat_url": f"{address}/alive",
            "alert_webhook_url": f"{address}/told", "silent_chat_id": kennel.silent.id,
        } | given  # fmt: skip
        try:
            await kennel.start()
            for person in (kennel.ben, kennel.cleo):
                person.starts(kennel.bot)
            await kennel.turns(timedelta(minutes=4))
            yield kennel
        finally:
            await kennel.app.stop()
            kennel.world.close()
            await runner.cleanup()
