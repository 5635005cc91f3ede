"""A restore drill: a backup of 26 hours ago, put back with the real commands.

    python -m bench.reliability restore [--full]

Patients are enrolled and asked, and some answer; the state of 26 hours ago is copied by `aftercheck
backup`. They go on for 26 hours. Then `aftercheck restore` and `aftercheck run`, in processes of
their own against the stand-in: patients write, press old buttons, one cannot breathe, the bot is
killed once and started again. Whoever cannot breathe is told whom to call; nobody else hears
anything. Counted is what the patients' screens show, not what the bot believes. `aftercheck
resume` ends it.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp.test_utils import TestServer

from bench.figures import Advance, Figure, Section
from bench.kills.setting import STEPS, Setting, presses, settled
from bench.kills.witness import Told, Witness
from bot.app import Aftercheck
from bot.clock import SteppedClock
from bot.enrolment import EnrolmentRequest, enrol
from bot.settings import settings
from bot.standin import create_app
from bot.standin.people import Person
from flows.protocol_file import bundled, bundled_text
from storage import clinic
from storage.opening import open_database
from storage.transaction import Database

AGE: Final = timedelta(hours=26)
PACE: Final = timedelta(minutes=5)
"""The longest that a message may wait for its turn before people act again."""
BEFORE: Final = timedelta(minutes=40)
"""How long before the backup the patients are enrolled: their first check-in falls in between."""
LOOK: Final = 0.1  # seconds
LONGEST: Final = 60.0  # seconds that anything of the drill may take
QUESTION: Final = "Time for your check-in"
"""How a check-in begins; what a patient wrote meanwhile is answered besides."""
NOTICE: Final = "A backup was restored"
CANNOT_BREATHE: Final = "I cannot breathe, my throat is swollen"
RTO, KNOWS = 900.0, 60.0
"""Seconds (docs/sources.md, restore)."""


@dataclass
class Drill:
    """What came of a drill; times in seconds."""

    patients: int
    acts: int = 0
    before_resume: int = 0
    unheard: int = 0
    twice: int = 0
    unasked: int = 0
    no_advice: int = 0
    until_staff_know: float = 0.0
    knows: float = 0.0
    faults: list[str] = field(default_factory=list)


class Clinic:
    """One clinic on the stand-in, first in this process, then by its commands."""

    def __init__(self, world: Witness, setting: Setting, clock: SteppedClock) -> None:
        self.world = world
        self.setting = setting
        self.clock = clock
        self.people: list[Person] = []
        self.environment = {**os.environ, **setting.given}

    async def opened(self) -> tuple[Aftercheck, Database]:
        """Open the bot in this process, on the stepped clock."""
        given = {key.lower(): text for key, text in self.setting.given.items()}
        known = settings(_env_file=None, **given)
        database = await open_database(known.database_url, exclusive=True)
        app = Aftercheck(known, database, self.clock)
        await app.start(bundled(), bundled_text())
        return app, database

    async def enrols(self, app: Aftercheck, count: int) -> None:
        """Take so many through enrolment; their first check-ins fall due in half an hour."""
        self.people = [
            self.world.user(f"Patient{number}", language="en") for number in range(count)
        ]
        session = self.clock.now() - timedelta(hours=5, minutes=30)
        for person in self.people:
            request = EnrolmentRequest("inj_skin", session, "face")
            found = await app.database.run(
                partial(enrol, app.office, request, self.clock.now(), None)
            )
            person.opens(found.link)
        await self.settles(app)
        for label in STEPS:
            self.clock.moves(seconds=1)  # no two steps of a person fall on one instant
            for person in self.people:
                presses(person, self.setting.bot, label)
            await self.settles(app)
        self.clock.moves(seconds=1)
        for seen in self.setting.nurse.sees(self.setting.staff):
            if any("Yes" in label for row in seen.buttons for label in row):
                self.setting.nurse.presses(seen, seen.buttons[0][0])
        await self.settles(app)

    async def settles(self, app: Aftercheck) -> None:
        """Let the bot come to rest, and give it the time that the pace of sending takes."""
        await settled(app, self.clock, self.clock.now() + PACE)

    async def passes(self, app: Aftercheck, until: datetime, minutes: int) -> None:
        """Let time pass in steps; every other patient answers what is asked."""
        while self.clock.now() < until:
            self.clock.moves(minutes=minutes)
            await app.settle()
            for person in self.people[::2]:
                self.answers(person)
            await app.settle()

    def answers(self, person: Person) -> None:
        """Press the first button of the newest message, if it is a check-in's."""
        seen = person.sees(person.chat_with(self.setting.bot))[-1]
        if seen.buttons and seen.buttons[0][0].startswith("All good"):
            person.presses(seen, seen.buttons[0][0])

    def shown(self, person: Person) -> list[str]:
        """Return what the bot's messages on a patient's screen say, changes included."""
        chat = person.chat_with(self.setting.bot)
        return [f"{seen.text} {seen.buttons}" for seen in person.sees(chat) if not seen.mine]

    def staff_sees(self) -> list[str]:
        """Return what stands in the staff chat."""
        return [seen.text for seen in self.setting.nurse.sees(self.setting.staff)]

    async def command(self, *words: str) -> Process:
        """Begin one of the real commands."""
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
            env=self.environment,
        )  # fmt: skip

    async def done(self, *words: str) -> str:
        """Run one of the real commands to its end; return what it says.

        Raises:
            RuntimeError: it fails.
        """
        process = await self.command(*words)
        out, err = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"aftercheck {words[0]}: {err.decode()[-400:]}")
        return out.decode()

    async def until_staff_read(self, text: str, after: int) -> bool:
        """Wait until something new stands in the staff chat; whether it came."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            if any(text in one for one in self.staff_sees()[after:]):
                return True
            await asyncio.sleep(LOOK)
        return False

    async def until_all_hear(self, before: dict[int, int]) -> None:
        """Wait until every patient has something new on the screen, or for long enough."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            if all(len(self.shown(person)) > before[person.id] for person in self.people):
                return
            await asyncio.sleep(LOOK)

    async def rests(self, seconds: float) -> None:
        """Wait until every update was fetched, and so long after."""
        end = time.monotonic() + LONGEST
        while self.setting.bot.updates.pending and time.monotonic() < end:  # noqa: ASYNC110 - of a process
            await asyncio.sleep(LOOK)
        await asyncio.sleep(seconds)


async def drill(folder: Path, count: int, seconds: float, advance: Advance) -> Drill:
    """Hold one drill with so many patients; staff take so long to say that it may go on."""
    start = datetime.now(UTC) - AGE - BEFORE
    clock = SteppedClock(start, auto=True)
    world = Witness(Told(clock))
    found = Drill(count)
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        setting = Setting.made(world, address, f"sqlite:///{folder / 'clinic.db'}")
        at = Clinic(world, setting, clock)
        advance("patients are enrolled, 27 hours ago")
        copied = await lives(at, folder / "copy.db", found, advance)
        world.time.stepped = None
        advance("the backup is restored")
        running = await comes_back(at, folder / "copy.db", copied, found)
        try:
            running = await frozen(at, running, seconds, found, advance)
            await goes_on(at, seconds, found)
        finally:
            if running.returncode is None:
                running.send_signal(signal.SIGTERM)
            await running.wait()
            world.close()
    return found


async def lives(at: Clinic, copy: Path, found: Drill, advance: Advance) -> datetime:
    """Live up to the backup, make it, and live on until now; return when it was made."""
    setting = at.setting
    setting.nurse.starts(setting.bot)
    app, _ = await at.opened()
    await at.enrols(app, found.patients)
    await at.passes(app, at.clock.now() + BEFORE, 5)
    await app.stop()
    copied = at.clock.now()
    advance("aftercheck backup")
    await at.done("backup", "-o", str(copy))
    app, _ = await at.opened()
    advance("26 hours go by")
    await at.passes(app, datetime.now(UTC) - timedelta(seconds=5), 60)
    await app.stop()
    return copied


async def comes_back(at: Clinic, copy: Path, copied: datetime, found: Drill) -> Process:
    """Restore and start; note how long staff waited, and what the copy says it knows."""
    before, began = len(at.staff_sees()), time.monotonic()
    said = await at.done("restore", str(copy))
    if "aftercheck resume" not in said:
        found.faults.append("the command does not say how to go on")
    found.knows = abs((await known_up_to(at) - copied).total_seconds())
    running = await at.command("run")
    if not await at.until_staff_read(NOTICE, before):
        found.faults.append("staff were not told of the restore")
    found.until_staff_know = time.monotonic() - began
    return running


async def known_up_to(at: Clinic) -> datetime:
    """Return up to when the restored database knows what happened, as it says itself."""
    database = await open_database(at.setting.given["DATABASE_URL"])
    try:
        since = await database.read(lambda: clinic.get("frozen_since"))
    finally:
        await database.close()
    assert since is not None
    return datetime.fromisoformat(since)


async def frozen(
    at: Clinic, running: Process, seconds: float, found: Drill, advance: Advance
) -> Process:
    """Let patients try everything while nothing may reach them; the bot is killed once."""
    advance("patients write and press while nothing may reach them")
    before = {person.id: at.shown(person) for person in at.people}
    cards = len(at.staff_sees())
    at.people[1].types(at.people[1].chat_with(at.setting.bot), CANNOT_BREATHE)
    for person in at.people[2:]:
        person.types(person.chat_with(at.setting.bot), "hello, is anybody there?")
        at.answers(person)
        found.acts += 1
    await at.rests(seconds)
    advance("the bot is killed and started again")
    running.kill()
    await running.wait()
    running = await at.command("run")
    for person in at.people[2:]:
        person.types(person.chat_with(at.setting.bot), "/status")
        found.acts += 1
    await at.rests(seconds)
    found.acts += 1
    found.unheard = int(not any("warning sign" in one or "URGENT" in one or "EMERGENCY" in one
                                for one in at.staff_sees()[cards:]))  # fmt: skip
    in_danger, *others = at.people[1], at.people[0], *at.people[2:]
    advised = at.shown(in_danger)[len(before[in_danger.id]) :]
    found.no_advice = int(len(advised) != 1 or "112" not in advised[0])
    found.before_resume = sum(at.shown(person) != before[person.id] for person in others)
    return running


async def goes_on(at: Clinic, seconds: float, found: Drill) -> None:
    """Say that it may go on; look at what each patient gets."""
    before = {person.id: len(at.shown(person)) for person in at.people}
    told = len(at.staff_sees())
    await at.done("resume")
    if not await at.until_staff_read("was down", told):
        found.faults.append("staff were not told whom to call")
    await at.until_all_hear(before)
    await at.rests(seconds)
    for person in at.people:
        fresh = at.shown(person)[before[person.id] :]
        questions = [one for one in fresh if one.startswith(QUESTION)]
        found.twice += len(questions) > 1 or len(set(fresh)) < len(fresh)
        found.unasked += not fresh


def measure(advance: Advance, *, full: bool) -> Section:
    """Hold a drill."""
    count, seconds = (200, 60.0) if full else (8, 2.0)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(drill(Path(folder), count, seconds, advance))
    who = f"{count} patients"
    figures = [
        Figure(
            f"other patients' screens that changed before staff said so, after a backup of 26 "
            f"hours ago was restored, with {found.acts} messages and presses of {who} and one kill",
            0, found.before_resume, "{:.0f}", "", at_most=True, short="sent while frozen",
        ),
        Figure("warning signs written meanwhile that staff did not get", 0, found.unheard,
               "{:.0f}", "", at_most=True, short="unheard while frozen"),
        Figure(f"of {who}: asked twice after /resume", 0, found.twice, "{:.0f}", "",
               at_most=True, short="asked twice after"),
        Figure(f"of {who}: neither asked nor answered after /resume", 0, found.unasked, "{:.0f}",
               "", at_most=True, short="forgotten after"),
        Figure("of one who cannot breathe: not told at once, and once, whom to call", 0,
               found.no_advice, "{:.0f}", "", at_most=True, short="no advice while frozen"),
        Figure("from the restore's command to the staff's notice", RTO, found.until_staff_know,
               "{:.1f} s", "", at_most=True, short="time to restore"),
        Figure("between the backup and the instant that the copy says it knows", KNOWS,
               found.knows, "{:.1f} s", "", at_most=True, short="what the copy knows"),
        Figure("other faults", 0, len(found.faults), "{:.0f}", "", at_most=True),
    ]  # fmt: skip
    how = str(__doc__).partition("[--full]\n\n")[2].strip()
    lost = "How much is lost is how old the backup is: one each night, a day at most."
    return Section("Restore", f"{how}\n\n{lost}", figures, tried="; ".join(found.faults))
