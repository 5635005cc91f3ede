"""A clinic with many patients in care, whose first check-ins are due within the next minutes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Final, TypeAlias

from bench.kills.patients import Patient
from bench.kills.witness import Witness
from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import EnrolmentRequest, enrol
from bot.settings import settings
from bot.standin.accounts import Bot
from bot.standin.groups import Group
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Database

NOON: Final = 12
FIRST: Final = timedelta(hours=6)
"""When the first check-in of a skin injection comes."""
READING: Final = 3.0  # seconds; a button is not taken in the moment in which it appears
STEPS: Final = ("I agree", "Done", "I can see this")

Watched: TypeAlias = Callable[[Database], Database]
"""What puts something between the bot and its database."""


def directly(database: Database) -> Database:
    """Put nothing between."""
    return database


@dataclass
class Setting:
    """The world, the bot's account, the staff chat, the nurse who has a chat with the bot."""

    world: Witness
    bot: Bot
    staff: Group
    nurse: Person
    patients: list[Patient]
    given: dict[str, str]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    lives: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def made(cls, world: Witness, address: str, url: str) -> "Setting":
        """Open the clinic, with nobody enrolled."""
        bot = world.bot("aftercheck_bot")
        nurse = world.user("Ben")
        staff = world.supergroup("Staff", nurse)
        staff.adds(bot)
        return cls(world, bot, staff, nurse, [], environment(bot, nurse, staff, address, url))

    async def opens(self, clock: SteppedClock, watched: Watched = directly) -> Aftercheck:
        """Start the bot in this process, on a clock that costs no time.

        `watched` may put something between the bot and its database.
        """
        self.world.time.stepped = clock
        given = settings(_env_file=None, **{key.lower(): text for key, text in self.given.items()})
        database = await open_database(given.database_url, exclusive=True)
        app = Aftercheck(given, watched(database), clock)
        await app.start(bundled(), bundled_text())
        return app

    async def enrols(
        self, app: Aftercheck, clock: SteppedClock, count: int, random: Random, within: float
    ) -> None:
        """Take so many through enrolment, on a clock that is an hour behind.

        Their first check-ins fall due from now on until `within` so many seconds.
        """
        end = datetime.now(UTC)
        self.nurse.starts(self.bot)
        people = [self.world.user(f"Patient{number}", language="en") for number in range(count)]
        codes = []
        for person in people:
            first = end + timedelta(seconds=random.uniform(1, within))
            request = EnrolmentRequest("inj_skin", first - FIRST, "face")
            found = await app.database.run(partial(enrol, app.office, request, clock.now(), None))
            codes.append(found.code)
            person.opens(found.link)
        await settled(app, clock, end)
        for label in STEPS:
            clock.moves(seconds=READING)
            for person in people:
                presses(person, self.bot, label)
            await settled(app, clock, end)
        for seen in self.nurse.sees(self.staff):
            if any("Yes" in label for row in seen.buttons for label in row):
                self.nurse.presses(seen, seen.buttons[0][0])
        await settled(app, clock, end)
        self.patients = [
            Patient(person, code, f"kiwi{number}q", Random(random.random()))
            for number, (person, code) in enumerate(zip(people, codes, strict=True))
        ]

    async def opens_for(self, count: int, random: Random, within: float) -> None:
        """Take so many through enrolment with a bot in this process, and let it stop."""
        clock = self.world.time.stepped
        assert clock is not None
        app = await self.opens(clock)
        await self.enrols(app, clock, count, random, within)
        await app.stop()
        self.world.time.stepped = None

    def lives_begin(self) -> None:
        """Let the patients answer, each as it likes."""
        self.lives = [
            asyncio.create_task(one.lives(self.world, self.bot, self.stopping))
            for one in self.patients
        ]

    async def lives_end(self) -> None:
        """Let the patients do nothing more; a second time changes nothing."""
        self.stopping.set()
        await asyncio.gather(*self.lives)

    async def passes(self, amount: timedelta) -> None:
        """Let a time pass, in which a bot in this process does all there is to do."""
        clock = SteppedClock(datetime.now(UTC), auto=True)
        end = clock.now() + amount
        app = await self.opens(clock)
        while (later := await app.settle()) is not None or clock.now() < end:
            coming = await app.coming()
            instants = [one for one in (later, coming and coming.due_at) if one is not None]
            clock.reaches(min([*instants, end]) if clock.now() < end else later or end)
        await app.stop()


def environment(
    bot: Bot, nurse: Person, staff: Group, address: str, url: str
) -> dict[str, str]:  # fmt: skip
    """Return the settings of the clinic, where it is noon now: nothing waits for the morning."""
    hours = NOON - datetime.now(UTC).hour
    return {
        "TELEGRAM_BOT_TOKEN": bot.token, "TELEGRAM_API_URL": address, "DATABASE_URL": url,
        "ENCRYPTION_KEY": new_key_text(), "STAFF_CHAT_ID": str(staff.id),
        "STAFF_ROSTER": f"{nurse.id}:Ben:nurse", "CLINIC_NAME": "Clinic Sunrise",
        "CLINIC_PHONE": "+49 30 1234", "CLINIC_TIMEZONE": f"Etc/GMT{-hours:+d}",
        "CLINIC_HOURS": "mon-sun 00:00-23:59", "EMERGENCY_NUMBER": "112",
        "LISTEN_PORT": "0", "LOG_LEVEL": "ERROR",
    }  # fmt: skip


def presses(person: Person, bot: Bot, label: str) -> None:
    """Press a button of the newest message that has it."""
    for seen in reversed(person.sees(person.chat_with(bot))):
        if any(label == one for row in seen.buttons for one in row):
            person.presses(seen, label)
            return
    raise AssertionError(f"{person.name} sees no button {label}")


async def settled(app: Aftercheck, clock: SteppedClock, end: datetime) -> None:
    """Let the bot come to rest, at its own pace of sending, but for nothing later than `end`."""
    while (later := await app.settle()) is not None and later < end:
        clock.reaches(later)
