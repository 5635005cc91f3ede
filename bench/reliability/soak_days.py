"""Days of a clinic with many patients: who comes, who answers, how large the bot is at night."""

import asyncio
import os
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from bench.reliability.ward import Patient, Ward
from bot.standin.messages import Shown
from bot.standin.people import Person

ARRIVALS: Final = 8  # times a day at which patients come, an hour apart
WELL: Final = 0.9  # of check-ins are answered with one press
SILENT: Final = 0.05  # of check-ins are not answered
PRESSES: Final = 8  # at most, of one check-in
ALL_GOOD, END = "All good", "Change my answers"
STAFF_LABELS: Final = ("Claim", "Contacted", "Resolve", "Look", "Other", "Reached", "Yes")
COUNTS: Final = (
    "SELECT COUNT(*) FROM inbox", "SELECT COUNT(*) FROM outbox", "SELECT COUNT(*) FROM due",
)  # fmt: skip
UNDONE: Final = "SELECT COUNT(*) FROM inbox WHERE state <> 'done'"
KEPT: Final = 40  # messages of the staff chat that the stand-in keeps
MEGABYTE: Final = 1 << 20


class Night(NamedTuple):
    """What the bot takes at the end of a day, and what has come in since it began."""

    day: int
    resident: float
    tasks: int
    files: int
    wal: float
    database: float
    rows: int
    updates: int
    undone: int


class Days:
    """Lets a clinic live.

    Args:
        ward: The clinic.
        arrivals: How many patients come each day.
        random: What they do.
    """

    def __init__(self, ward: Ward, arrivals: int, random: Random) -> None:
        self.ward, self.arrivals, self.random = ward, arrivals, random
        self.people: dict[int, Patient] = {}
        self.left: Counter[int] = Counter()
        self.day = 0

    async def passes(self) -> Night:
        """Let a day pass, from eight to eight."""
        ward, begun = self.ward, self.ward.clock.instant
        for number in range(ARRIVALS):
            share = self.arrivals * (number + 1) // ARRIVALS - self.arrivals * number // ARRIVALS
            await ward.enrols(share)
            self.people |= {one.person.id: one for one in ward.patients}
            ward.patients.clear()
            await self.lives(begun + timedelta(hours=number + 1))
        await self.lives(begun + timedelta(days=1))
        self.day += 1
        return await self.measured()

    async def lives(self, end: datetime) -> None:
        """Do what is due at its time, and let everybody react to what they are shown."""
        ward = self.ward
        while True:
            await self.reacts()
            coming = await ward.app.coming()
            if coming is None or coming.due_at > end:
                break
            ward.clock.reaches(coming.due_at)
            await ward.settle()
        ward.clock.reaches(end)
        await ward.settle()
        await self.reacts()
        self.forgets()

    async def reacts(self) -> None:
        """Let everybody act on what is new on their screens, until nobody has anything to do."""
        log = self.ward.world.log
        while log:
            lines, log[:] = log[:], []
            acted = [self.acts(line) for line in lines if line.buttons]
            if not any(acted):
                return
            await self.ward.settle()

    def acts(self, line: Shown) -> bool:
        """Let somebody press under a message that they are shown; False where they do not."""
        if line.person == self.ward.ben.id:
            return self.presses(self.ward.ben, line, STAFF_LABELS)
        patient = self.people.get(line.person)
        labels = [label for row in line.buttons for label in row]
        if patient is None or any(END in label for label in labels):
            return False
        if any(ALL_GOOD in label for label in labels):
            chance = self.random.random()
            if line.what == "sent":
                self.left[line.person] = 0 if chance < SILENT else PRESSES
            if self.left[line.person] and chance < WELL:
                return self.presses(patient.person, line, (ALL_GOOD,))
        if self.left[line.person] <= 0:
            return False
        self.left[line.person] -= 1
        return self.presses(patient.person, line, (self.random.choice(labels),))

    def presses(self, person: Person, line: Shown, wanted: tuple[str, ...]) -> bool:
        """Press the first of the wanted buttons, if it is still there."""
        ward = self.ward
        chat = ward.staff if line.chat == ward.staff.id else person.chat_with(ward.bot)
        message = chat.messages.get(line.message_id or 0)
        labels = [label for row in message.buttons for label in row] if message else []
        for word in wanted:
            for label in labels:
                if word in label and "stop" not in label.lower():
                    person.presses(message, label)  # type: ignore[arg-type]
                    return True
        return False

    def forgets(self) -> None:
        """Let the stand-in forget what nobody looks at any more: its memory is not the bot's."""
        world = self.ward.world
        for chat in world.private.values():
            for number in list(chat.messages)[:-1]:
                del chat.messages[number]
        for number in list(self.ward.staff.messages)[:-KEPT]:
            del self.ward.staff.messages[number]
        world.presses.made.clear()
        world.gate.sent.clear()

    async def measured(self) -> Night:
        """Look at how large the bot is."""
        ward = self.ward
        rows = sum([(await ward.rows(text))[0][0] for text in COUNTS])
        undone = (await ward.rows(UNDONE))[0][0]
        wal, database = sizes(ward)
        return Night(
            self.day, resident(), len(asyncio.all_tasks()), open_files(), wal, database, rows,
            ward.bot.updates.next_id, undone,
        )  # fmt: skip


def sizes(ward: Ward) -> tuple[float, float]:
    """Return the sizes of the write-ahead log and of the database, in megabytes."""
    path = Path(ward.settings.database_url.removeprefix("sqlite:///"))
    wal = path.with_name(f"{path.name}-wal")
    return wal.stat().st_size / MEGABYTE, path.stat().st_size / MEGABYTE


def open_files() -> int:
    """Return how many files and sockets this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def resident() -> float:
    """Return this process's memory now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
