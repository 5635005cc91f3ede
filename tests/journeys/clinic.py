"""A clinic with the real bot, through the real HTTP edge, on a clock that only the test moves."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from acts import Acts
from aiohttp.test_utils import TestServer
from published import held_against_the_published
from tape import Tape

from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import Enrolled, EnrolmentRequest, enrol
from bot.settings import Settings, settings
from bot.standin import Limits, World, create_app, no_patience
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage import due
from storage.due import DueRow
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Query

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Berlin, in winter time."""
BERLIN = ZoneInfo("Europe/Berlin")
PACE = timedelta(minutes=5)
"""The longest that a message may wait for its turn within one act of a story."""
HOURS = "mon-fri 09:00-18:00; sat 10:00-14:00"
CODES = ("A7K2", "M4R8", "T9W3", "C5H6", "D2N7", "E3P4")
"""Case codes in the order of enrolment, so that a story reads the same each time."""


class TickingClock(SteppedClock):
    """A clock that only the test moves, but for a microsecond each time somebody looks at it."""

    def now(self) -> datetime:
        """Return the present instant, which is never the one that was returned before."""
        self.instant += timedelta.resolution
        return self.instant


class Journey(Acts):
    """One clinic's story: people act, time passes, and everybody's screen can be looked at.

    Args:
        path: The folder of its database.
        start: The instant at which it begins.
        basic: Whether the staff chat is a basic group, as Telegram makes one first.
        limits: How fast the bot may send.
        given: Settings of the clinic that differ from the usual ones.
    """

    def __init__(
        self, path: Path, *, start: datetime = MONDAY, basic: bool = False,
        limits: Limits | None = None, **given: Any,
    ) -> None:  # fmt: skip
        self.clock = TickingClock(start, auto=True)
        self.world = World(self.clock.now, patience=no_patience, limits=limits, local_mode=True)
        self.bot = self.world.bot("aftercheck_bot")
        self.anna = self.world.user("Anna", language="en")
        self.omar = self.world.user("Omar", language="en")
        self.ben = self.world.user("Ben")
        self.cleo = self.world.user("Cleo")
        self.dora = self.world.user("Dora")
        self.eve = self.world.user("Eve")
        self.roles = {self.ben: "nurse", self.cleo: "doctor", self.dora: "nurse",
                      self.eve: "auditor"}  # fmt: skip
        found = self.world.group if basic else self.world.supergroup
        self.staff = found("Staff", *self.roles)
        self.staff.adds(self.bot)
        self.planted = False
        """Whether the story holds an update that Telegram would never send."""
        self.given = {"database_url": f"sqlite:///{path / 'clinic.db'}"} | given
        self.key = new_key_text()
        more = ("".join(signs) for signs in product("BCDFG", "2345", "HJKMN", "6789"))
        self.codes = chain(CODES, more)
        self.tape = Tape(self)
        self.server: TestServer
        self.app: Aftercheck

    @property
    def staff_ids(self) -> set[int]:
        """The user ids of everybody who works at the clinic."""
        return {person.id for person in (self.ben, self.cleo, self.dora, self.eve)}

    def settings(self) -> Settings:
        roster = ", ".join(
            f"{person.id}:{person.first_name}:{role}" for person, role in self.roles.items()
        )
        return settings(
            _env_file=None, telegram_bot_token=self.bot.token, encryption_key=self.key,
            telegram_api_url=str(self.server.make_url("")).rstrip("/"),
            staff_chat_id=self.staff.id, staff_roster=roster, clinic_name="Clinic Sunrise",
            clinic_phone="+49 30 1234", clinic_timezone="Europe/Berlin", clinic_hours=HOURS,
            emergency_number="112", urgent_line="116117", **self.given,
        )  # fmt: skip

    async def start(self) -> None:
        given = self.settings()
        database = await open_database(given.database_url, backup=False, exclusive=True)
        self.app = Aftercheck(given, database, self.clock)
        await self.app.start(bundled(), bundled_text())
        await self.settle()

    async def settle(self) -> None:
        """Let the bot come to rest, and give it the seconds that the pace of sending takes."""
        self.clock.moves(milliseconds=1)  # no two acts of people fall on one instant
        end = self.clock.now() + PACE
        while (later := await self.app.settle()) is not None and later <= end:
            self.clock.reaches(later)

    async def stop(self) -> None:
        await self.app.stop()

    async def restart(self, **after: float) -> None:
        """Stop the bot, let time pass without it, and start it again."""
        await self.stops()
        self.clock.moves(**after)
        await self.starts()

    async def stops(self) -> None:
        """Stop the bot, as when its machine is switched off."""
        self.tape.did("— the bot stops —")
        await self.stop()

    async def starts(self) -> None:
        """Start the bot again."""
        self.tape.did("— the bot starts —")
        await self.start()

    async def until(self, wall: str) -> None:
        """Let time pass until the clinic's wall clock next shows a day and a time: `Fri 22:00`."""
        await self.passes(seconds=(self.next(wall) - self.clock.now()).total_seconds())

    async def sleeps(self, wall: str) -> None:
        """Let time pass while the bot does not run."""
        self.clock.reaches(self.next(wall))

    def next(self, wall: str) -> datetime:
        """Return when the clinic's wall clock next shows this."""
        at = self.clock.now().astimezone(BERLIN)
        day, time = wall.split()
        hour, minute = map(int, time.split(":"))
        found = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
        while found <= at or f"{found:%a}" != day:
            found = (found + timedelta(days=1)).replace(hour=hour, minute=minute)
        return found.astimezone(UTC)

    async def passes(self, **amount: float) -> None:
        """Let time pass; the bot does what is due at its time, not all at the end."""
        end = self.clock.now() + timedelta(**amount)
        while True:
            upcoming = await self.app.coming()
            if upcoming is None or upcoming.due_at > end:
                break
            self.clock.reaches(max(upcoming.due_at, self.clock.now()))
            await self.settle()
        self.clock.reaches(end)
        await self.settle()

    async def is_asked(self, person: Person) -> bool:
        """Let time pass until the person is asked anything; False where nothing is planned.

        Where the chat is in doubt after a month, Ben phones and confirms it.
        """
        before = len(self.screen(person))
        while (upcoming := await self.coming_of("check_in")) is not None:
            await self.passes(seconds=(upcoming.due_at - self.clock.now()).total_seconds())
            if "Is this chat still theirs?" in self.staff_screen()[-1].text:
                await self.staff_press(self.ben, "Yes, confirm")
            if any(seen.buttons for seen in self.screen(person)[before:]):
                return True
        return False

    async def coming_of(self, kind: str) -> DueRow | None:
        """Return the next thing of a kind that is due."""
        return await self.app.database.read(lambda: due.coming(kind))

    async def enrolled(
        self, person: Person, treatment: str = "inj_skin", area: str = "face",
        hours_ago: float = 0.0, steps: Sequence[str] = ("I agree", "Done", "I can see this"),
    ) -> str:  # fmt: skip
        """Take a person through enrolment, as far as the confirmed pairing; return the case."""
        invited = await self.invited(treatment, area, hours_ago)
        await self.opens(person, invited.link)
        for label in steps:
            await self.presses(person, label)
        await self.staff_press(self.ben, "Yes", on=invited.code)
        return invited.code

    async def all_enrolled(self, people: Sequence[Person]) -> list[str]:
        """Take many through enrolment side by side; return their cases."""
        invited = [await self.invited() for _ in people]
        for person, one in zip(people, invited, strict=True):
            person.opens(one.link)
        await self.settle()
        for label in ("I agree", "Done", "I can see this"):
            for person in people:
                self.press_now(person, label)
            await self.settle()
        for one in invited:
            self.press_now(self.ben, "Yes", one.code, self.staff)
        await self.settle()
        return [one.code for one in invited]

    async def invited(
        self, treatment: str = "inj_skin", area: str = "face", hours_ago: float = 0.0
    ) -> Enrolled:
        """Enrol somebody at the command line, and return the case and its link."""
        at = self.clock.now() - timedelta(hours=hours_ago)
        code = next(self.codes)
        request = EnrolmentRequest(treatment=treatment, area=area, session_at=at, code=code)
        now = self.clock.now()
        return await self.app.database.run(lambda: enrol(self.app.office, request, now, None))

    async def opens(self, person: Person, link: str) -> None:
        """Open a link and press START."""
        person.opens(link)
        await self.settle()

    async def starts_private(self, *people: Person) -> None:
        """Let members of staff open their own chat with the bot."""
        for person in people:
            person.starts(self.bot)
        await self.settle()

    async def rows(self, text: str, **values: object) -> list[Any]:
        """Return rows of the database."""

        def asking() -> Any:
            return (yield Query(text, values))

        return list(await self.app.database.read(asking))

    async def rewrites(self, text: str, **values: object) -> None:
        """Change rows of the database behind the bot's back, as a fault would."""

        def writing() -> Any:
            yield Query(text, values)

        await self.app.database.run(writing)


@asynccontextmanager
async def a_journey(path: Path, **given: Any) -> AsyncIterator[Journey]:
    """Give a clinic whose bot runs."""
    journey = Journey(path, **given)
    faults: list[str] = []
    api = create_app(journey.world, deliver=False)
    api.middlewares.append(held_against_the_published(faults))
    async with TestServer(api) as server:
        journey.server = server
        await journey.start()
        try:
            yield journey
        finally:
            await journey.stop()
            journey.world.close()
    found = [] if journey.planted else sorted(set(faults))
    assert found == [], "the bot or the stand-in departs from the published Bot API"


Tell = Callable[..., AbstractAsyncContextManager[Journey]]
"""Begins a story; what is given goes to `Journey`."""
