"""One story: a clinic, its people, and everything that goes wrong, from one number."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from bench.simulation.acts import Acts
from bench.simulation.loop import Agenda, VirtualLoop
from bench.simulation.machine import Machine
from bench.simulation.nurses import Nurse
from bench.simulation.patients import Patient
from bench.simulation.strangers import Stranger
from bench.simulation.tale import Tale
from bench.simulation.troubles import Troubles
from bench.simulation.weather import Weather
from bench.simulation.witness import Posted, Witness
from bot.enrolment import EnrolmentRequest, enrol
from bot.settings import Settings, settings
from bot.standin import Limits
from bot.standin.accounts import Bot
from bot.standin.groups import Group
from flows.clinic_hours import ClinicHours
from flows.protocol import Protocol
from flows.protocol_file import bundled, bundled_text, parse_protocol
from flows.schedule import Session

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOURS: Final = "mon-fri 09:00-18:00; sat 10:00-14:00"
CODES: Final = ("A7K2", "M4R8", "T9W3", "C5H6")
TREATMENTS: Final = (
    ("inj_skin", "face"),
    ("iv", "arm"),
    ("mn_topical", "face"),
    ("joint", "joint"),
)
KEY: Final = "c2ltdWxhdGlvbi1zaW11bGF0aW9uLXNpbXVsYXRpb24="
"""Any 32 bytes: what is sealed with it lives as long as the story."""

HOUR, DAY = 3600.0, 86_400.0
TRIALS: Final = 0.1
"""Share of the stories whose watchdog makes its hourly trial too; it costs as much again."""

SET_UP: Final = 1500.0  # seconds in which everybody is enrolled and nothing is wrong
REST: Final = 3 * HOUR  # at the end, in which nothing is wrong any more


@cache
def versions() -> tuple[tuple[Protocol, str], tuple[Protocol, str]]:
    """Return the bundled protocol, and a next version of it that says the same."""
    text = bundled_text()
    name = bundled().protocol.version
    later = text.replace(f'version = "{name}"', f'version = "{name}.next"', 1)
    return (bundled(), text), (parse_protocol(later, "the next version"), later)


class Story:
    """A clinic in which one seed's story happens; `happens` lets it."""

    def __init__(self, seed: int, path: Path, loop: VirtualLoop) -> None:
        self.seed = seed
        self.random = Random(f"{seed}:story")
        self.loop = loop
        self.agenda = Agenda(loop)
        start = MONDAY + timedelta(days=self.random.randrange(7), hours=self.random.uniform(-1, 5))
        self.machine = Machine(seed, start, loop, self.agenda, path)
        self.world = Witness(loop, self.machine.true_time, Limits())
        self.machine.world = self.world
        self.machine.weather = Weather(self.own("weather"))
        self.machine.settings = self.settings
        self.machine.protocol, self.machine.protocol_text = versions()[0]
        self.machine.ends, self.machine.begins = self.process_ends, self.process_begins
        self.troubles = Troubles(loop.time)
        self.tale = Tale(self)
        self.acts = Acts(self.world)
        self.acts.tells = self.tale.adds
        self.bot: Bot = self.world.opens()
        self.nurses: list[Nurse] = []
        self.staff: Group = self.employs()
        self.patients: list[Patient] = []
        stranger = self.world.user("Stranger")
        self.stranger = Stranger(stranger, self.own("stranger"), self.acts, self.patients)
        self.silent = self.world.supergroup("Trial", self.world.user("Olga"))
        self.silent.adds(self.bot)
        self.has_trial = self.random.random() < TRIALS
        self.end = SET_UP + self.random.uniform(0.5, 1.6) * DAY
        self.horizon = self.end + REST
        self.roster_changes: list[tuple[float, set[int]]] = []
        self.world.sees = self.everybody_sees

    def own(self, name: str) -> Random:
        """Return a source of chance of somebody's own."""
        return Random(f"{self.seed}:{name}")

    def employs(self) -> Group:
        """Make the staff and their group."""
        roles = [("Ben", "nurse"), ("Cleo", "doctor"), ("Dora", "nurse")]
        roles = roles[: self.random.choice((2, 2, 3))]
        people = [(self.world.user(name), role) for name, role in roles]
        found = self.world.group if self.random.random() < 0.4 else self.world.supergroup
        staff = found("Staff", *[person for person, _ in people])
        staff.adds(self.bot)
        for person, role in people:
            person.starts(self.bot)
            diligence = self.random.choice((0.15, 0.4, 0.8))
            self.nurses.append(
                Nurse(person, role, diligence, self.own(person.first_name), self.agenda,
                      self.world, self.acts, staff)
            )  # fmt: skip
        return staff

    def settings(self) -> Settings:
        """Return the settings as a start reads them now."""
        roster = ", ".join(f"{one.person.id}:{one.person.first_name}:{one.role}"
                           for one in self.nurses)  # fmt: skip
        return settings(
            _env_file=None, telegram_bot_token=self.bot.token, encryption_key=KEY,
            telegram_api_url="http://simulated", staff_chat_id=self.staff.id, staff_roster=roster,
            database_url=f"sqlite:///{self.machine.disk.path}", clinic_name="Clinic Sunrise",
            clinic_phone="+49 30 1234", clinic_timezone="Europe/Berlin", clinic_hours=HOURS,
            silent_chat_id=self.silent.id if self.has_trial else 0, emergency_number="112",
            urgent_line="116117",
        )  # fmt: skip

    def everybody_sees(self, one: Posted) -> None:
        """Let everybody see what the bot wrote."""
        self.tale.shows(one)
        for patient in self.patients:
            patient.sees(one)
        for nurse in self.nurses:
            nurse.sees(one)

    def process_begins(self) -> None:
        """Note that the bot works again."""
        self.tale.adds("— the bot works —")
        self.troubles.ends("down")

    def process_ends(self, how: str) -> None:
        """Note that the bot does not work."""
        self.tale.adds(f"— the bot {how} —")
        if not self.troubles.open["down"]:
            self.troubles.begins("down")

    async def happens(self) -> None:
        """Let the whole story happen, from the first enrolment to the calm at its end."""
        self.troubles.begins("down")
        self.machine.starts()
        while not self.machine.is_up():  # noqa: ASYNC110 - a start is waited for once
            await asyncio.sleep(1)
        for _ in range(self.random.choice((1, 2, 2, 3))):
            await self.enrols()
        self.loop.skip = self.machine.skips
        from bench.simulation.plot import plot  # noqa: PLC0415 - it is made for a story

        plot(self)
        await asyncio.sleep(self.end - self.loop.time())
        self.heals()
        await asyncio.sleep(self.horizon - self.loop.time())
        self.loop.skip = None
        self.troubles.closes()

    @property
    def machine_hours(self) -> ClinicHours:
        """The clinic's opening hours."""
        return self.settings().hours

    async def enrols(self) -> None:
        """Enrol one patient, at the command line, and hand the link over."""
        number = len(self.patients)
        treatment, area = self.random.choice(TREATMENTS)
        now = self.machine.true_time()
        ended = now - timedelta(hours=self.random.choice((0.1, 0.5, 3, 20)))
        process = self.machine.process
        assert process is not None
        request = EnrolmentRequest(treatment, ended, area, code=CODES[number])
        made = await process.database.run(lambda: enrol(process.app.office, request, now, None))
        person = self.world.user(f"Patient{number + 1}", language="en")
        session = Session(1, treatment, ended, now, "Europe/Berlin", area)
        patient = Patient(
            person, CODES[number], f"kiwi{number}q", session, made.link,
            self.own(f"patient {number}"), self.agenda, self.world, self.acts,
        )  # fmt: skip
        self.patients.append(patient)
        self.tale.adds(f"{person.name} is {CODES[number]}, {treatment}")
        self.agenda.after(self.random.uniform(5, 60), lambda: person.opens(made.link))

    def heals(self) -> None:
        """Let nothing be wrong any more."""
        self.tale.adds("— from here on nothing is wrong —")
        self.machine.weather.clears()
        for kind in ("weather", "dark", "disk", "full", "clock", "clock_off"):
            self.troubles.ends(kind)
        self.machine.disk.unlocks()
        self.machine.disk.is_full = False
        self.machine.skew = timedelta()
        if self.machine.process is not None:
            self.machine.process.fuse = -1
        self.machine.starts()

    def at(self, moment: float, act: Callable[[], object]) -> None:
        """Let something happen at a moment, unless the story is over by then."""
        if moment < self.end:
            self.agenda.at(moment, lambda: act() if self.loop.time() < self.end else None)
