"""A clinic in one process on a clock of its own: the real bot and the stand-in, and no socket."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.reliability.wire import Wire
from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import EnrolmentRequest, enrol
from bot.settings import Settings, settings
from bot.standin import Limits, World, no_patience
from bot.standin.accounts import Bot
from bot.standin.chats import Chat
from bot.standin.messages import Seen
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Database, Query, Startable, T

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder that is kept in memory, where there is one
PACE: Final = timedelta(minutes=5)
"""The longest that a message may wait for its turn before people act again."""
PAIRING: Final = ("I agree", "Done", "I can see this")


class TickingClock(SteppedClock):
    """A clock that only we move, but for a microsecond each time somebody looks at it."""

    def now(self) -> datetime:
        """Return the present instant, which is never the one that was returned before."""
        self.instant += timedelta.resolution
        return self.instant


class Counted:
    """A database whose `idle` says whether nobody waits for it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.waiting = 0
        self.idle = asyncio.Event()
        self.idle.set()

    async def run(self, transaction: Startable[T]) -> T:
        """As in `Database`."""
        return await self.counted(self.database.run(transaction))

    async def read(self, transaction: Startable[T]) -> T:
        """As in `Database`."""
        return await self.counted(self.database.read(transaction))

    async def counted(self, call: Awaitable[T]) -> T:
        """Wait, and count who waits."""
        self.waiting += 1
        self.idle.clear()
        try:
            return await call
        finally:
            self.waiting -= 1
            if not self.waiting:
                self.idle.set()

    async def close(self) -> None:
        """As in `Database`."""
        await self.database.close()


@dataclass(eq=False)
class Patient:
    """A patient, the case, and a word that is said of nobody else."""

    person: Person
    code: str
    canary: str


class Ward:
    """A clinic, its staff and its patients.

    Args:
        folder: Where the database is.
        start: The instant at which it begins.
        clock: The time; a clock that only we move, where none is given.
        limits: How fast the bot may send.
        given: Settings that differ from the usual ones.
    """

    def __init__(
        self, folder: Path, *, start: datetime = MONDAY, limits: Limits | None = None,
        clock: TickingClock | None = None,
        **given: Any,  # noqa: ANN401 - of each setting its own type
    ) -> None:  # fmt: skip
        self.clock = clock or TickingClock(start, auto=True)
        self.world = World(self.clock.now, patience=no_patience, limits=limits, local_mode=True)
        self.bot: Bot = self.world.bot("aftercheck_bot")
        self.ben, self.cleo = self.world.user("Ben"), self.world.user("Cleo")
        self.staff = self.world.supergroup("Staff", self.ben, self.cleo)
        self.staff.adds(self.bot)
        self.patients: list[Patient] = []
        self.given: dict[str, Any] = {
            "telegram_bot_token": self.bot.token, "encryption_key": new_key_text(),
            "database_url": f"sqlite:///{folder / 'clinic.db'}", "staff_chat_id": self.staff.id,
            "staff_roster": f"{self.ben.id}:Ben:nurse, {self.cleo.id}:Cleo:doctor",
            "clinic_name": "Clinic Sunrise", "clinic_phone": "+49 30 1234",
            "clinic_timezone": "Europe/Berlin", "clinic_hours": "mon-sun 00:00-23:59",
            "emergency_number": "112",
        } | given  # fmt: skip
        self.app: Aftercheck
        self.database: Counted
        self.wire: Wire

    @property
    def settings(self) -> Settings:
        """The clinic's settings; nothing comes from the environment's file."""
        return settings(_env_file=None, **self.given)

    async def start(self, database: Database | None = None) -> None:
        """Start the bot, on this database or on the one of the settings."""
        given = self.settings
        opened = database or await open_database(given.database_url, backup=False, exclusive=True)
        self.database = Counted(opened)
        self.app = Aftercheck(given, self.database, self.clock)
        self.wire = Wire(self.world)
        self.app.bot._request = (self.wire, self.wire)  # noqa: SLF001 - whoever holds the bot uses the wire
        await self.app.start(bundled(), bundled_text())
        await self.settle()

    async def settle(self) -> None:
        """Let the bot come to rest, and give it the time that the pace of sending takes."""
        self.clock.moves(milliseconds=1)
        end = self.clock.instant + PACE
        while (later := await self.app.settle()) is not None and later <= end:
            self.clock.reaches(later)

    async def passes(self, **amount: float) -> None:
        """Let time pass; the bot does what is due at its time, not all at the end."""
        end = self.clock.instant + timedelta(**amount)
        while (coming := await self.app.coming()) is not None and coming.due_at <= end:
            self.clock.reaches(coming.due_at)
            await self.settle()
        self.clock.reaches(end)
        await self.settle()

    async def enrols(self, count: int, treatment: str = "inj_skin", area: str = "face") -> None:
        """Take so many through enrolment, as far as the confirmed pairing."""
        begun: list[Patient] = []
        for _ in range(count):
            number = len(self.patients) + len(begun)
            canary = f"quokka{number}zyx"
            person = self.world.user(canary, language="en")
            now = self.clock.now()
            request = EnrolmentRequest(treatment, now, area)
            found = await self.app.database.run(partial(enrol, self.app.office, request, now, None))
            person.opens(found.link)
            begun.append(Patient(person, found.code, canary))
        await self.settle()
        for label in PAIRING:
            for one in begun:
                press(one.person, one.person.chat_with(self.bot), label)
            await self.settle()
        for one in begun:
            press(self.ben, self.staff, "Yes", one.code)
        await self.settle()
        self.patients += begun

    async def rows(self, text: str, **values: object) -> list[Any]:
        """Return rows of the database."""

        def asking() -> Any:  # noqa: ANN401 - a transaction
            return (yield Query(text, values))

        return list(await self.app.database.read(asking))

    def screen(self, patient: Patient) -> list[Seen]:
        """Return what the bot wrote to a patient, as it stands now."""
        chat = patient.person.chat_with(self.bot)
        return [seen for seen in patient.person.sees(chat) if not seen.mine]

    async def stop(self) -> None:
        """Stop the bot."""
        await self.app.stop()


def press(person: Person, chat: Chat, label: str, on: str = "") -> None:
    """Press the newest button that has this in its label, under a message with these words.

    Raises:
        LookupError: there is none.
    """
    for seen in reversed(person.sees(chat)):
        for row in seen.buttons if on in seen.text else ():
            for one in row:
                if label in one:
                    person.presses(seen, one)
                    return
    raise LookupError(f"{person.name} sees no button {label}")


@asynccontextmanager
async def a_ward(**given: Any) -> AsyncIterator[Ward]:  # noqa: ANN401 - as above
    """Give a clinic whose bot runs, with its database in memory where the machine offers that."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        ward = Ward(Path(folder), **given)
        await ward.start()
        try:
            yield ward
        finally:
            await ward.stop()
            ward.world.close()
