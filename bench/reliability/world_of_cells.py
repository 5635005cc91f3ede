"""One clinic in which everything can be asked for: patients at every stage, open alerts, staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, TypeAlias

from aiohttp.test_utils import TestServer

from bench.reliability.deeds import ANNA, OMAR, PIA, ROSA
from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import EnrolmentRequest, enrol
from bot.settings import Settings, settings
from bot.staff.leaving import take_off
from bot.standin import World, create_app, no_patience
from bot.standin.messages import Message
from bot.standin.people import Person
from flows.escalation import StaffMember
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Query, Rows, Transaction

START: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CANARY: Final = "zebrafish"
"""A word that only Anna says."""

STAFF: Final = {"Ben": "nurse", "Cleo": "doctor", "Alma": "admin", "Eve": "auditor"}
LEAVER: Final = "Gus"
STATE: Final = ("patient", "session", "check_in", "answer", "alert", "staff", "shift", "invitation",
                "staff_invitation", "day_off", "due", "message", "photo", "protocol")  # fmt: skip
"""Tables that nobody may change who is refused."""


State: TypeAlias = dict[str, list[dict[str, Any]]]
"""The rows of each table."""


class Ticking(SteppedClock):
    """A clock that nobody but us moves, but for a microsecond at each look."""

    def now(self) -> datetime:
        """Return the present instant, which is never the one before."""
        self.instant += timedelta.resolution
        return self.instant


class WorldOfCells:
    """The clinic, made by what people really do; then only updates are put in by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = Ticking(START, auto=True)
        self.world = World(self.clock.now, patience=no_patience, local_mode=True)
        self.bot = self.world.bot("aftercheck_bot")
        self.folder, self.key = folder, new_key_text()
        names = (*STAFF, LEAVER)
        everybody = (*names, "Anna", "Omar", "Pia", "Rosa", "Zed")
        self.people = {name: self.world.user(name, language="en") for name in everybody}
        self.staff = self.world.supergroup("Staff", *(self.people[name] for name in names))
        self.staff.adds(self.bot)
        self.other = self.world.supergroup("Elsewhere", self.people["Zed"])
        self.other.adds(self.bot)
        self.roster = STAFF | {LEAVER: "nurse"}
        self.token = ""
        self.server: TestServer
        self.app: Aftercheck

    def settings(self) -> Settings:
        """Return the clinic's settings."""
        roster = ", ".join(f"{self.people[name].id}:{name}:{role}"
                           for name, role in self.roster.items())  # fmt: skip
        return settings(
            _env_file=None, telegram_bot_token=self.bot.token, encryption_key=self.key,
            telegram_api_url=str(self.server.make_url("")).rstrip("/"),
            database_url=f"sqlite:///{self.folder / 'cells.db'}", staff_chat_id=self.staff.id,
            staff_roster=roster, clinic_name="Clinic Sunrise", clinic_phone="+49 30 1234",
            clinic_timezone="Europe/Berlin", clinic_hours="mon-sun 00:00-24:00",
            emergency_number="112", urgent_line="116117",
        )  # fmt: skip

    async def starts(self) -> None:
        """Start the bot."""
        given = self.settings()
        database = await open_database(given.database_url, backup=False, exclusive=True)
        self.app = Aftercheck(given, database, self.clock)
        await self.app.start(bundled(), bundled_text())
        await self.settles()

    async def settles(self) -> None:
        """Let the bot come to rest, with the minutes that a group's pace takes."""
        self.clock.moves(milliseconds=1)
        end = self.clock.now() + timedelta(minutes=5)
        while (later := await self.app.settle()) is not None and later <= end:
            self.clock.reaches(later)

    async def opens(self) -> None:
        """Let everybody come to where the cells need them."""
        await self.starts()
        for name in (*STAFF, LEAVER):
            self.people[name].starts(self.bot)
        await self.settles()
        for name, code in (("Anna", ANNA), ("Omar", OMAR), ("Pia", PIA), ("Rosa", ROSA)):
            await self.comes(name, code)
        self.token = await self.invites("K4N6")
        await self.alarms("Omar", "a cold")
        self.people["Ben"].presses(*self.button("Ben", f"a:resolve:{OMAR}-1"))
        await self.alarms("Anna", CANARY)
        self.people["Anna"].types(self.people["Anna"].chat, "/settings")
        self.people["Ben"].types(self.staff, "/enrol")
        self.people["Alma"].types(self.staff, "/roster invite nurse Yan")
        await self.settles()
        gus = StaffMember(self.people[LEAVER].id, LEAVER, "nurse")
        now = self.clock.now()
        await self.app.database.run(lambda: take_off(self.app.office, gus, "by Alma", now))
        await self.settles()

    async def invites(self, code: str) -> str:
        """Enrol somebody; return the token of the link."""
        now = self.clock.now()
        request = EnrolmentRequest("inj_skin", now - timedelta(hours=30), "face", code=code)
        return (
            await self.app.database.run(lambda: enrol(self.app.office, request, now, None))
        ).token

    async def comes(self, name: str, code: str) -> None:
        """Enrol somebody, as far as this person is to come."""
        self.people[name].starts(self.bot, await self.invites(code))
        await self.settles()
        if name == "Rosa":
            return
        for label in ("I agree", "Done", "I can see this"):
            self.people[name].presses(*self.labelled(name, label))
            await self.settles()
        if name != "Pia":
            self.people["Ben"].presses(*self.button("Ben", f"p:confirm.*:{code}"))
            await self.settles()

    async def alarms(self, name: str, words: str) -> None:
        """Let a patient report a warning sign, and say something."""
        person = self.people[name]
        person.types(person.chat, "/report")
        await self.settles()
        for label in ("One of these", "Trouble breathing"):
            person.presses(*self.labelled(name, label))
            await self.settles()
        person.types(person.chat, f"I have {words}")
        await self.settles()

    def labelled(self, name: str, label: str) -> tuple[Message, str]:
        """Return the newest message with a button like this in somebody's own chat, and it."""
        for message, one, _ in self.buttons(self.people[name], mine=True):
            if label in one:
                return message, one
        raise LookupError(label)

    def button(self, name: str, code: str) -> tuple[Message, str]:
        """Return the newest message on which a button carries what begins so, and the label.

        A `*` stands for what varies.
        """
        for mine in (False, True):
            for message, label, data in self.buttons(self.people[name], mine=mine):
                if fnmatchcase(data, f"{code}*"):
                    return message, label
        raise LookupError(code)

    def staffs_code(self, pattern: str) -> str:
        """Return the whole code of the newest button of the staff chat that is of this pattern."""
        shown = self.buttons(self.people["Ben"], mine=False)
        return next(data for _, _, data in shown if fnmatchcase(data, pattern))

    def code_on(self, name: str, code: str) -> tuple[int, str]:
        """Return a message of somebody's own chat, and the whole code of its button."""
        found = [(message.message_id, data)
                 for message, _, data in self.buttons(self.people[name], mine=True)
                 if data.startswith(code)]  # fmt: skip
        return found[0]

    def buttons(self, person: Person, *, mine: bool) -> list[tuple[Message, str, str]]:
        """Return every button that somebody sees, the newest first: message, label, code."""
        chat = person.chat if mine else self.staff
        found = []
        for seen in reversed(person.sees(chat)):
            message = person.present(seen)
            for label in [one for row in seen.buttons for one in row]:
                button = message.button(label) or {}
                found.append((message, label, str(button.get("callback_data", ""))))
        return found

    async def rows(self, text: str, **values: object) -> Rows:
        """Return rows of the database."""

        def asking() -> Transaction[Rows]:
            return (yield Query(text, values))

        return await self.app.database.read(asking)

    def state(self) -> Transaction[State]:
        """Return what is stored of patients, alerts and people."""
        found = {}
        for table in STATE:
            rows = yield Query(f"SELECT * FROM {table}")  # noqa: S608 - a name from STATE
            found[table] = [dict(zip(row.keys(), row, strict=True)) for row in rows]
        return found

    async def put_back(self, state: State) -> None:
        """Undo whatever was changed since."""

        def writing() -> Transaction[None]:
            for table, rows in state.items():
                yield Query(f"DELETE FROM {table}")  # noqa: S608 - a name from STATE
                for row in rows:
                    names = ", ".join(row)
                    marks = ", ".join(f":{name}" for name in row)
                    yield Query(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608

        await self.app.database.run(writing)


@asynccontextmanager
async def a_world(folder: Path) -> AsyncIterator[WorldOfCells]:
    """Give a clinic that is ready."""
    clinic = WorldOfCells(folder)
    clinic.server = TestServer(create_app(clinic.world, deliver=False))
    async with clinic.server:
        await clinic.opens()
        try:
            yield clinic
        finally:
            await clinic.app.stop()
            clinic.world.close()
