"""`aftercheck demo`: the same bot with no Telegram account, and a page with two phones."""

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import typer

from bot import logs
from bot.app import Aftercheck
from bot.board import passes
from bot.demo import (
    DemoClock,
    Stage,
    create_demo,
    first_morning,
    landmarks,
    open_browser,
    serving,
    set_the_stage,
)
from bot.demo.others import others_before
from bot.settings import Settings, settings
from bot.standin import World, create_app
from flows.engine.phrases import phrases
from flows.protocol_file import bundled, bundled_text
from flows.tables import Language
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Transaction

SECOND: Final = 1.0
LOCAL: Final = "127.0.0.1"

KINDS: Final[Mapping[str, str]] = {
    "check_in": "check-in",
    "silence": "reminder, or silence noticed",
    "notify": "staff told again",
    "hand_over": "somebody asked to take over",
    "hand_over_late": "staff told that nobody took over",
    "digest": "daily digest",
    "red_flag": "warning sign unanswered",
    "pairing": "pairing still open",
    "invitation": "link runs out",
    "resend": "reminder",
    "pause": "end of the pause",
}
"""What the bot will do by itself, in words for the page's button."""


def play(port: int, language: Language, *, browser: bool) -> None:
    """Serve the demo until interrupted; say what to do where the port is taken."""
    logs.configure("WARNING")
    try:
        asyncio.run(played(port, language, browser=browser))
    except OSError as error:
        typer.echo(f"Port {port} cannot be used: {error.strerror}. Try --port 0.", err=True)
        raise typer.Exit(1) from None


async def played(port: int, language: Language, *, browser: bool) -> None:
    """Serve the page until interrupted."""
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopping.set)
    with tempfile.TemporaryDirectory(prefix="aftercheck-demo-") as folder:
        async with demo_bot(Path(folder), language) as (bot, world, clock, stage):
            page = create_demo(world, clock, bot, stage, bot.board_link)
            async with serving(page, port) as address:
                typer.echo(f"The demo is at {address}  (Ctrl+C ends it; nothing is kept)")
                if browser:
                    open_browser(address)
                await stopping.wait()


@asynccontextmanager
async def demo_bot(
    folder: Path, language: Language
) -> AsyncIterator[tuple["DemoBot", World, DemoClock, Stage]]:
    """Give the real bot on the stand-in, with two patients, a nurse and a doctor."""
    clock = DemoClock(first_morning(DemoClock().now()))
    world = World(clock.now, local_mode=True)
    stage = set_the_stage(world, landmarks(bundled(), phrases(language), language), language)
    async with serving(create_app(world)) as api:
        door = socket.create_server((LOCAL, 0))
        given = demo_settings(folder, stage, api, f"http://{LOCAL}:{door.getsockname()[1]}")
        database = await open_database(given.database_url, exclusive=True)
        app = Aftercheck(given, database, clock)
        await app.start(bundled(), bundled_text())
        await others_before(app)
        for person in stage.staff:
            person.starts(stage.bot)
        bot = DemoBot(app)
        clock.wake = bot.woken.set
        await bot.settle()
        looping = asyncio.create_task(bot.goes_on())
        try:
            async with serving(app.web(), at=door):
                yield bot, world, clock, stage
        finally:
            looping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looping
            await app.stop()


def demo_settings(folder: Path, stage: Stage, api: str, board: str) -> Settings:
    """Return settings for a clinic that is not there, whatever the environment says."""
    roles = zip(stage.staff, ("nurse", "doctor"), strict=True)
    roster = ", ".join(f"{person.id}:{person.first_name}:{role}" for person, role in roles)
    return settings(
        _env_file=None, telegram_bot_token=stage.bot.token, telegram_api_url=api.rstrip("/"),
        database_url=f"sqlite:///{folder / 'demo.db'}", encryption_key=new_key_text(),
        staff_chat_id=stage.group.id, staff_roster=roster, clinic_name="Clinic Sunrise",
        clinic_phone="+49 30 0123 456", clinic_timezone=str(stage.zone),
        clinic_hours="mon-fri 09:00-18:00; sat 10:00-14:00", emergency_number="112",
        urgent_line="116117", crisis_line="0800 111 0 111", protocol_file=None, webhook_url="",
        board_url=board,
    )  # fmt: skip


class DemoBot:
    """The bot as the page knows it: one round at a time, on the page's clock."""

    def __init__(self, app: Aftercheck) -> None:
        self.app = app
        self.round = asyncio.Lock()
        self.woken = asyncio.Event()

    async def settle(self) -> None:
        """Let the bot do everything it can do now."""
        async with self.round:
            await self.app.settle()

    async def next_due(self) -> tuple[datetime, str] | None:
        """Return what the bot will do next by itself, and in words what."""
        row = await self.app.coming()
        return (row.due_at, KINDS.get(row.kind, row.kind)) if row else None

    async def goal(self) -> tuple[datetime, str] | None:
        """Return the next check-in, or where none is planned what the bot will do next."""
        row = await self.app.coming("check_in") or await self.app.coming()
        return (row.due_at, KINDS.get(row.kind, row.kind)) if row else None

    async def board_link(self, user_id: int) -> str:
        """Return a link that lets a member of staff into the board."""
        now, office = self.app.clock.now(), self.app.office

        def making() -> Transaction[str]:
            who = yield from passes.on_roster(office, user_id, now)
            assert who is not None
            return (yield from passes.link(office, who, now))

        return await self.app.database.run(making)

    async def goes_on(self) -> None:
        """Go round every second, as long as the demo is open."""
        while True:
            self.woken.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), SECOND)
            await self.settle()
