"""A clinic with the real bot, through the real HTTP edge, on a clock that only the test moves."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import Enrolled, EnrolmentRequest, enrol
from bot.settings import Settings, settings
from bot.standin import Limits, Seen, World, create_app, no_patience
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import new_key_text
from storage.transaction import Query

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Berlin, in winter time."""
PACE = timedelta(minutes=5)
"""The longest that a message may wait for its turn within one act of a story."""
HOURS = "mon-fri 09:00-18:00; sat 10:00-14:00"


class Journey:
    """One clinic's story: people act, time passes, and everybody's screen can be looked at."""

    def __init__(self, path: Path, *, limits: Limits | None = None, **given: Any) -> None:
        self.clock = SteppedClock(MONDAY, auto=True)
        self.world = World(self.clock.now, patience=no_patience, limits=limits, local_mode=True)
        self.bot = self.world.bot("aftercheck_bot")
        self.anna = self.world.user("Anna", language="en")
        self.omar = self.world.user("Omar", language="en")
        self.ben = self.world.user("Ben")
        self.cleo = self.world.user("Cleo")
        self.dora = self.world.user("Dora")
        self.eve = self.world.user("Eve")
        self.staff = self.world.supergroup("Staff", self.ben, self.cleo, self.dora, self.eve)
        self.staff.adds(self.bot)
        self.given = {"database_url": f"sqlite:///{path / 'clinic.db'}"} | given
        self.key = new_key_text()
        self.server: TestServer
        self.app: Aftercheck

    def settings(self) -> Settings:
        roster = ", ".join(
            f"{person.id}:{person.first_name}:{role}"
            for person, role in (
                (self.ben, "nurse"), (self.cleo, "doctor"), (self.dora, "nurse"),
                (self.eve, "auditor"),
            )
        )  # fmt: skip
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

    async def restart(self, after: timedelta = timedelta()) -> None:
        """Stop the bot, let time pass without it, and start it again."""
        await self.stop()
        self.clock.moves(seconds=after.total_seconds())
        await self.start()

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

    async def enrolled(
        self, person: Person, treatment: str = "inj_skin", area: str = "face",
        hours_ago: float = 0.0,
    ) -> str:  # fmt: skip
        """Take a person through enrolment, as far as the confirmed pairing; return the case."""
        invited = await self.invited(treatment, area, hours_ago)
        person.opens(invited.link)
        await self.settle()
        await self.presses(person, "I agree")
        await self.presses(person, "Done")
        await self.presses(person, "I can see this")
        await self.staff_press(self.ben, "Yes", on=invited.code)
        return invited.code

    async def invited(
        self, treatment: str = "inj_skin", area: str = "face", hours_ago: float = 0.0
    ) -> Enrolled:
        at = self.clock.now() - timedelta(hours=hours_ago)
        request = EnrolmentRequest(treatment=treatment, area=area, session_at=at)
        now = self.clock.now()
        return await self.app.database.run(lambda: enrol(self.app.office, request, now, None))

    async def starts_private(self, *people: Person) -> None:
        """Let members of staff open their own chat with the bot."""
        for person in people:
            person.starts(self.bot)
        await self.settle()

    def screen(self, person: Person) -> list[Seen]:
        return person.sees(person.chat_with(self.bot))

    def last(self, person: Person) -> Seen:
        """Return the last message of the bot in a person's own chat."""
        return [seen for seen in self.screen(person) if not seen.mine][-1]

    def staff_screen(self) -> list[Seen]:
        return [seen for seen in self.ben.sees(self.staff) if not seen.service]

    def cards(self) -> list[Seen]:
        """Return the alert cards in the staff chat, the oldest first."""
        return [seen for seen in self.staff_screen() if re.search(r"\b\w{4,6}-\d+\b", seen.text)]

    async def presses(self, person: Person, label: str | re.Pattern[str]) -> None:
        """Press a button of the last message that has it, in the person's own chat."""
        self.press_now(person, label)
        await self.settle()

    def press_now(self, person: Person, label: str | re.Pattern[str]) -> None:
        for seen in reversed(self.screen(person)):
            found = matching(seen, label)
            if found:
                person.presses(seen, found)
                return
        raise AssertionError(f"no button {label} on {person.name}'s screen: {self.last(person)}")

    async def writes(self, person: Person, *texts: str) -> None:
        for text in texts:
            person.types(person.chat_with(self.bot), text)
            await self.settle()

    async def staff_press(self, person: Person, label: str | re.Pattern[str], on: str = "") -> None:
        """Press a button in the staff chat, on the last message that has it (and the words)."""
        for seen in reversed(person.sees(self.staff)):
            found = matching(seen, label) if on in seen.text else None
            if found:
                person.presses(seen, found)
                await self.settle()
                return
        raise AssertionError(f"no button {label} in the staff chat")

    async def staff_writes(self, person: Person, text: str, under: str = "") -> None:
        """Write in the staff chat, answering the last message of the bot with these words."""
        answered = None
        if under:
            answered = next(s for s in reversed(person.sees(self.staff)) if under in s.text)
        person.types(self.staff, text, reply_to=answered)
        await self.settle()

    async def rows(self, text: str, **values: object) -> list[Any]:
        """Return rows of the database."""

        def asking() -> Any:
            return (yield Query(text, values))

        return list(await self.app.database.read(asking))


def matching(seen: Seen, label: str | re.Pattern[str]) -> str | None:
    labels = [one for row in seen.buttons for one in row]
    for one in labels:
        if isinstance(label, str) and label in one:
            return one
        if isinstance(label, re.Pattern) and label.search(one):
            return one
    return None


@asynccontextmanager
async def a_journey(path: Path, **given: Any) -> AsyncIterator[Journey]:
    """Give a clinic whose bot runs."""
    journey = Journey(path, **given)
    async with TestServer(create_app(journey.world, deliver=False)) as server:
        journey.server = server
        await journey.start()
        try:
            yield journey
        finally:
            await journey.stop()
