"""A post office: a world served on this machine, an outbox, and a sender, all on one clock."""

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from telegram import Bot

from bot.clock import SteppedClock
from bot.delivery.calling import through
from bot.delivery.outcome import Outcome, Retry
from bot.delivery.pacing import Pacing
from bot.delivery.parcel import Prepared
from bot.delivery.sender import Sender
from bot.standin import World, create_app, no_patience
from bot.transport import Transport
from storage.opening import open_database
from storage.outbox import put
from storage.outbox_rows import Lane, NewRow, OutboxRow
from storage.sealing import DataKey
from storage.transaction import Database, Query, Transaction

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class OneKey:
    """Seals everything with one key."""

    def __init__(self) -> None:
        self.key = DataKey(b"k" * 32)

    def seal(self, _code: str | None, plain: bytes, place: str) -> Transaction[bytes]:
        yield from ()
        return self.key.seal(plain, place)

    def open(self, _code: str | None, sealed: bytes, place: str) -> Transaction[bytes]:
        yield from ()
        return self.key.open(sealed, place)


def compose(rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
    """Compose cards: a line each; "closed" is not worth sending, "broken" is refused."""
    yield from ()
    lines = [row.payload["text"] for row in rows if row.payload["text"] != "closed"]
    payload: dict[str, Any] = {"text": "\n".join(lines)}
    if "broken" in lines:
        payload["reply_markup"] = {"inline_keyboard": [[{"text": "leads nowhere"}]]}
    return Prepared("sendMessage", payload) if lines else None


def refresh(rows: Sequence[OutboxRow]) -> Transaction[Prepared | None]:
    """Compose the edit of a card as things are now."""
    yield from ()
    text = f"as of the {rows[0].id}th row"
    return Prepared("editMessageText", {"text": text, "message_id": rows[0].payload["message_id"]})


@dataclass
class PostOffice:
    """Everything a test of sending needs."""

    world: World
    clock: SteppedClock
    database: Database
    sender: Sender
    bot: Any
    anna: Any
    ben: Any
    sealing: OneKey
    library: Bot
    recorded: list[tuple[tuple[OutboxRow, ...], Outcome]]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def address(self) -> str:
        """Return where the Bot API is, up to the token."""
        return self.library.base_url.removesuffix(self.bot.token)

    async def posts(
        self, text: str, to: int | None = None, lane: Lane = Lane.REPLY, **more: Any
    ) -> str:
        """Put a message into the outbox, to Anna if nobody is named; return its key."""
        key = more.pop("key", None) or f"m{next(self.numbers)}"
        payload = {"text": text, **more.pop("payload", {})}
        method = more.pop("method", "sendMessage")
        row = NewRow(key, lane, to or self.anna.id, method, payload, **more)
        await self.database.run(lambda: put(row, self.clock.now(), self.sealing))
        return key

    async def settles(self, **within: float) -> datetime | None:
        """Drain, moving the clock to whatever is due next; no further than this, if more waits."""
        end = self.clock.now() + timedelta(**within or {"seconds": 30})
        while (due := await self.sender.drain()) is not None and due <= end:
            self.clock.reaches(due)
        if due is not None:
            self.clock.reaches(end)
        return due

    def changes(self, **parts: Any) -> None:
        """Give the courier another part."""
        self.sender.courier = replace(self.sender.courier, **parts)

    async def row(self, key: str) -> SimpleNamespace:
        """Return a row as it is stored."""

        def find() -> Transaction[SimpleNamespace]:
            [row] = yield Query("SELECT * FROM outbox WHERE dedup_key = :key", {"key": key})
            return SimpleNamespace(**{name: row[name] for name in row.keys()})  # noqa: SIM118

        return await self.database.read(find())

    def recorded_retries(self) -> list[Outcome]:
        """Return every 429 there was."""
        return [outcome for _, outcome in self.recorded if isinstance(outcome, Retry)]

    def shown(self, person: Any = None) -> list[str]:
        """Return the texts a person was ever shown by the bot, in order; Anna's if none."""
        lines = self.world.shown_to(person or self.anna)
        return [line.text for line in lines if line.by != (person or self.anna).name]


@pytest.fixture(scope="session")
def made_file(tmp_path_factory) -> Path:
    """A SQLite file that has all tables."""
    return tmp_path_factory.mktemp("made") / "made.db"


@pytest.fixture
async def database(made_file, tmp_path) -> AsyncIterator[Database]:
    if not made_file.exists():
        await (await open_database(f"sqlite:///{made_file}")).close()
    path = shutil.copy(made_file, tmp_path / "aftercheck.db")
    opened = await open_database(f"sqlite:///{path}")
    yield opened
    await opened.close()


@asynccontextmanager
async def connected(world: World, token: str) -> AsyncIterator[Bot]:
    """The library's bot, over our transport, at a world that is served on this machine."""
    async with TestServer(create_app(world, deliver=False)) as server:
        transport = Transport()
        await transport.initialize()
        address = str(server.make_url("")).rstrip("/")
        bot = Bot(
            token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot",
            request=transport, get_updates_request=transport,
        )  # fmt: skip
        yield bot
        await transport.shutdown()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(MONDAY)


@pytest.fixture
def world(clock) -> World:
    return World(clock.now, patience=no_patience)


@pytest.fixture
async def office(world, clock, database) -> AsyncIterator[PostOffice]:
    """Anna has started the bot; Ben has too."""
    bot = world.bot("aftercheck_bot")
    anna, ben = world.user("Anna"), world.user("Ben")
    anna.starts(bot)
    ben.starts(bot)
    recorded: list[tuple[tuple[OutboxRow, ...], Outcome]] = []

    def record(rows: Sequence[OutboxRow], outcome: Outcome, _now: datetime) -> Transaction[None]:
        recorded.append((tuple(rows), outcome))
        yield from ()

    sealing = OneKey()
    async with connected(world, bot.token) as library:
        sender = Sender(
            database, through(library), clock, sealing, pacing=Pacing(),
            prepare={"card": compose, "card_refresh": refresh}, recorded=record,
        )  # fmt: skip
        yield PostOffice(world, clock, database, sender, bot, anna, ben, sealing, library, recorded)


@pytest.fixture
def staff(office) -> Any:
    """The staff's group: Ben owns it, the bot is in it."""
    return office.world.group("Staff", office.ben, office.bot)
