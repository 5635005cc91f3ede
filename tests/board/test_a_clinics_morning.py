"""A clinic's busy days, acted through from outside: phones, the staff chat, the board, the files.

Sixty are treated, two hundred check-ins come, twelve of them need a person, one is an emergency,
one lot hurts several, a nurse leaves with an alert in her hands, a protocol is changed, and in the
end somebody wants the figures.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import openpyxl
import pytest
from clinic import Journey
from sitting import AtTheBoard, Browser
from test_protocol_page import HARMLESS, comes_out, uploads

from bot.enrolment import set_lot
from bot.standin.people import Person
from flows.escalation import StaffMember
from flows.protocol_file import bundled
from storage import clinic as stored

PATIENTS, CHECK_INS = 60, 200
BAD_LOT, GOOD_LOT = "X9", "G1"
WELL = "All good, none of these"
ILL = {
    0: "39.2", 1: "39.4", 2: "38.6", 3: "38.7",  # of the bad lot
    10: "38.5", 17: "38.6", 24: "38.7", 31: "38.8", 38: "38.6", 45: "38.5", 52: "38.9",
}  # fmt: skip
"""Who has a fever in the first two days, and which; one more cannot breathe."""
BREATHLESS = 59
OF_BAD_LOT = range(6)


@dataclass
class Morning:
    """What people did, counted while they did it."""

    clinic: AtTheBoard
    people: list[Person] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    answered: int = 0
    ill: set[int] = field(default_factory=set)

    @property
    def journey(self) -> Journey:
        return self.clinic.journey

    async def enrols(self) -> None:
        """Take sixty through enrolment, and note which lot each was treated from."""
        journey = self.journey
        self.people = [journey.world.user(f"zephyr{n}qx", language="en") for n in range(PATIENTS)]
        self.codes = await journey.all_enrolled(self.people)
        ben = StaffMember(journey.ben.id, "Ben", "nurse")
        for number, code in enumerate(self.codes):
            lot = BAD_LOT if number in OF_BAD_LOT else GOOD_LOT
            now = journey.clock.now()
            await journey.app.database.run(
                lambda code=code, lot=lot, now=now: set_lot(
                    journey.app.office, (code, 1), lot, now, ben
                )
            )

    async def lives(self) -> None:
        """Let check-ins come, and everybody answer theirs within minutes."""
        journey = self.journey
        while self.answered < CHECK_INS:
            upcoming = await journey.coming_of("check_in")
            assert upcoming is not None
            left = upcoming.due_at - journey.clock.now() + timedelta(minutes=10)
            await journey.passes(seconds=left.total_seconds())
            for number, person in enumerate(self.people):
                if journey.offers(person, WELL) and self.answered < CHECK_INS:
                    await self.answers(number, person)
            await journey.settle()

    async def answers(self, number: int, person: Person) -> None:
        """Answer a check-in: a fever once where that is planned, else all is well."""
        journey = self.journey
        self.answered += 1
        if number in self.ill or number not in (*ILL, BREATHLESS):
            journey.press_now(person, WELL)
            return
        self.ill.add(number)
        if number == BREATHLESS:
            await journey.presses(person, "One of these", "Trouble breathing")
            return
        await journey.presses(person, "I have symptoms", "Fever", "Done")
        await journey.writes(person, ILL[number])

    def shown(self, person: Person) -> str:
        """Return all that somebody was ever shown."""
        return "\n".join(line.text for line in self.journey.world.log if line.person == person.id)


async def words(browser, page: str) -> str:
    """Return what a page of the board says."""
    status, text = await browser.get(page)
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
async def morning(clinic: AtTheBoard) -> Morning:
    """Two days after sixty were treated: two hundred check-ins are answered."""
    found = Morning(clinic)
    journey = clinic.journey
    eve = StaffMember(journey.eve.id, "Eve", "admin")
    await journey.app.database.run(lambda: stored.join(eve, journey.clock.now()))
    await found.enrols()
    await found.lives()
    return found


async def test_a_clinics_morning(morning: Morning) -> None:
    ben = await morning.clinic.enters(morning.journey.ben)
    keys = await sees_the_emergency_first(morning, ben)
    await dora_leaves(morning, keys[0])
    await everything_is_taken_care_of(morning, ben, keys)
    cleo = await morning.clinic.enters(morning.journey.cleo)
    await signs_a_protocol(morning, cleo)
    await asks_for_the_figures(morning, cleo)
    for person in morning.people:
        found = set(re.findall(r"zephyr\d+qx", morning.shown(person)))
        assert found <= {person.first_name}, "nobody was shown a word of anybody else"


async def sees_the_emergency_first(morning: Morning, ben: Browser) -> list[str]:
    """Let Ben look at the board, and the doctor hear of the lot; return the open alerts."""
    rows = await morning.clinic.alerts()
    assert len(rows) == len(ILL) + 1, Counter(row["reason"] for row in rows)
    now = await words(ben, "/board")
    keys = list(dict.fromkeys(re.findall(r"\b[A-Z0-9]{4}-\d\b", now)))
    assert keys[0] == f"{morning.codes[BREATHLESS]}-1"
    assert {key.partition("-")[0] for key in keys} == {morning.codes[n] for n in (*ILL, BREATHLESS)}
    assert f"Lot {BAD_LOT}: 2 patients" in morning.shown(morning.journey.cleo)
    return keys


async def dora_leaves(morning: Morning, key: str) -> None:
    """Let Dora claim an alert and be taken off the roster: it is nobody's then."""
    journey = morning.journey
    dora = await morning.clinic.enters(journey.dora)
    await dora.presses("claim", key)
    await journey.staff_writes(journey.eve, "/roster")
    await journey.staff_press(journey.eve, "Change Dora")
    await journey.staff_press(journey.eve, "Take Dora off the roster")
    await journey.staff_press(journey.eve, "Yes, at once")
    assert (await dora.get("/board"))[0] == 401
    assert (await morning.clinic.alerts())[0]["claimed_by"] is None


async def everything_is_taken_care_of(morning: Morning, ben: Browser, keys: list[str]) -> None:
    """Let Ben take care of half on the board, and of half in the chat."""
    for key in keys[::2]:
        for act in ("claim", "contacted", "resolve", "outcome.advised"):
            assert (await ben.presses(act, key))[0] == 200
    for key in keys[1::2]:
        for label in ("Claim", "Contacted", "Resolve", "Advised"):
            await morning.journey.staff_press(morning.journey.ben, label, key)
    assert "Nothing is open." in await words(ben, "/board")
    for number in (*ILL, BREATHLESS):
        assert "Ben has looked after" in morning.shown(morning.people[number])


async def signs_a_protocol(morning: Morning, cleo: Browser) -> None:
    """Let Cleo sign a changed protocol: whoever comes next is on it, the sixty keep theirs."""
    journey = morning.journey
    trial = await uploads(cleo, HARMLESS)
    assert "exosome-aftercare@8.0.0 is proved" in await comes_out(cleo, trial)
    fields = await cleo.form(trial, f"{trial}/sign")
    status, _ = await cleo.post(f"{trial}/sign", read="yes", **fields)
    assert status == 200
    said = await words(cleo, "/board/protocol")
    assert "Signed by Cleo, doctor" in said
    assert f"{PATIENTS} on {bundled().name}, which they keep" in said
    late = await journey.enrolled(journey.anna)
    rows = await journey.rows("SELECT code, protocol FROM patient WHERE code <> '000000'")
    pinned = dict.fromkeys(morning.codes, bundled().name) | {late: "exosome-aftercare@8.0.0"}
    assert {row["code"]: row["protocol"] for row in rows} == pinned


async def asks_for_the_figures(morning: Morning, cleo: Browser) -> None:
    """Let Cleo read the figures on the board, and get them as a file."""
    journey = morning.journey
    figures = await words(cleo, "/board/clinic?days=30")
    assert f"{CHECK_INS} of" in figures
    assert f"{BAD_LOT} stands out 6 4 (67 %)" in figures
    assert f"of {len(ILL) + 1} that call a person" in figures
    await journey.staff_writes(journey.cleo, "/export xlsx")
    [document] = [seen.document.upload for seen in journey.screen(journey.cleo) if seen.document]
    book = openpyxl.load_workbook(io.BytesIO(document.content))
    assert len(book.sheetnames) > 3
