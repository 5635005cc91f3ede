"""Trials: the disk fails while people act, and mends; a start on a file with changed bytes."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from bench.reliability.running import running
from bench.reliability.ward import Patient, Ward
from storage.opening import open_database
from storage.sealing import SealError
from storage.sqlite import SqliteDatabase
from storage.transaction import StorageError

DANGER: Final = "I cannot breathe"
PLAIN: Final = "the swelling looks the same to me"
STEP: Final = 1.0  # seconds of the stepped clock between two looks at the screens
LOCKED: Final = 30  # seconds (hazard 21)
AFTER: Final = 90.0  # seconds in which everything has to be well again
STATES: Final = "SELECT update_id, state FROM inbox"


def impatient(ward: Ward) -> SqliteDatabase:
    """Open a ward's database so that a foreign lock is reported at once, not waited for."""
    return SqliteDatabase(path_of(ward), busy_seconds=0.01)


class Full:
    """The disk has no room for another page."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    def tells(self, text: str) -> None:
        """Tell the connection that writes something that no transaction can."""
        database = self.ward.database.database
        assert isinstance(database, SqliteDatabase)
        database._writer._connection.execute(text)  # noqa: SLF001 - a fault, from behind

    def begins(self) -> None:
        """Let the file grow no more."""
        with closing(sqlite3.connect(path_of(self.ward))) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        self.tells(f"PRAGMA max_page_count = {pages}")

    def ends(self) -> None:
        """Free some space."""
        self.tells("PRAGMA max_page_count = 1000000")


class ReadOnly(Full):
    """Nothing can be written."""

    def begins(self) -> None:
        """Refuse every writing."""
        self.tells("PRAGMA query_only = ON")

    def ends(self) -> None:
        """Allow it again."""
        self.tells("PRAGMA query_only = OFF")


class Locked(Full):
    """Another program writes, and does not end."""

    def __init__(self, ward: Ward) -> None:
        super().__init__(ward)
        self.other: sqlite3.Connection | None = None

    def begins(self) -> None:
        """Take the lock."""
        self.other = sqlite3.connect(path_of(self.ward), isolation_level=None)
        self.other.execute("BEGIN IMMEDIATE")

    def ends(self) -> None:
        """Let go of it."""
        assert self.other is not None
        self.other.close()


FAULTS: Final[dict[str, Callable[[Ward], Full]]] = {
    "full": Full, "read-only": ReadOnly, "locked for 30 s": Locked,
}  # fmt: skip


def path_of(ward: Ward) -> Path:
    """Return a ward's database file."""
    return Path(ward.settings.database_url.removeprefix("sqlite:///"))


def states(path: Path) -> dict[int, str]:
    """Return what is on the disk of each update, by a connection that knows nothing of the bot."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return dict(connection.execute(STATES).fetchall())


@dataclass
class Told:
    """What a trial came to: a sentence for each that must not be."""

    acts: int = 0
    false: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refused: int = 0
    started: int = 0
    other: list[str] = field(default_factory=list)

    def add(self, other: "Told") -> None:
        """Take another trial's in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class Trial:
    """One time of trouble."""

    def __init__(self, ward: Ward, random: Random) -> None:
        self.ward = ward
        self.random = random
        self.acted: dict[int, list[int]] = {}
        self.seen = 0
        self.told = Told()

    async def runs(self, fault: Full, *, restarts: bool) -> Told:
        """Let the disk fail, people act, the disk mend, and look at all of it."""
        ward = self.ward
        async with running(ward) as bot:
            await bot.lives(seconds=AFTER)
            self.seen, before = len(ward.world.log), len(ward.world.log)
            fault.begins()
            for second in range(LOCKED):
                if second < LOCKED - 5 and self.random.random() < 0.2:
                    self.acts()
                await bot.lives(seconds=STEP)
                self.looks(ward)
            if not restarts:
                fault.ends()
                await bot.lives(seconds=AFTER)
        if restarts:
            await ward.stop()
            if isinstance(fault, Locked):
                fault.ends()
            await ward.start(impatient(ward))
            async with running(ward) as bot:
                await bot.lives(seconds=AFTER)
        self.ends(before)
        return self.told

    def acts(self) -> None:
        """Let a patient do something whose answer may not come before it is kept."""
        patient = self.random.choice(self.ward.patients)
        number = self.ward.bot.updates.next_id
        chat = patient.person.chat_with(self.ward.bot)
        seen = [one for one in self.ward.screen(patient) if one.buttons]
        if seen and self.random.random() < 0.5:
            patient.person.presses(seen[-1], self.random.choice(seen[-1].buttons[0]))
        else:
            patient.person.types(chat, self.random.choice((DANGER, PLAIN, "/report")))
        self.acted.setdefault(patient.person.id, []).append(number)
        self.told.acts += 1

    def looks(self, ward: Ward) -> None:
        """Hold that whoever was shown anything had everything kept that they did."""
        fresh = ward.world.log[self.seen :]
        self.seen = len(ward.world.log)
        kept = states(path_of(ward)) if fresh else {}
        for line in fresh:
            numbers = self.acted.get(line.person, [])
            by_bot = line.by != line.name
            if by_bot and numbers and not any(kept.get(one) == "done" for one in numbers):
                self.told.false.append(f"{line.what}: {line.text[:60]}")

    def ends(self, before: int) -> None:
        """Hold that everything was taken up, and that staff know of whoever is in danger."""
        ward, kept = self.ward, states(path_of(self.ward))
        staff = [one for one in ward.world.log[before:] if one.person == ward.ben.id]
        for patient in ward.patients:
            numbers = self.acted.get(patient.person.id, [])
            left = [one for one in numbers if kept.get(one) != "done"]
            self.told.lost += [f"update {one} is {kept.get(one)}" for one in left]
            if self.said(patient, DANGER, before) and not any(
                patient.code in one.text for one in staff
            ):
                self.told.lost.append(f"staff do not know of {patient.code}")

    def said(self, patient: Patient, words: str, before: int) -> bool:
        """Whether a patient wrote this."""
        return any(
            one.person == patient.person.id and one.text == words
            for one in self.ward.world.log[before:]
        )


class Copies:
    """Copies of a clinic's database in which bytes are changed, each started once.

    Args:
        ward: A ward that has stopped.
        random: Chooses the bytes.
    """

    def __init__(self, ward: Ward, random: Random) -> None:
        self.ward = ward
        self.random = random
        self.original = path_of(ward)
        self.content = self.original.read_bytes()

    async def tries(self, number: int) -> Told:
        """Change a few bytes in a copy, start the bot on it, and let a patient be in danger."""
        told, content = Told(), bytearray(self.content)
        for _ in range(self.random.choice((1, 1, 2, 8, 64))):
            content[self.random.randrange(len(content))] ^= self.random.randrange(1, 256)
        path = self.original.with_name(f"copy{number}.db")
        path.write_bytes(content)
        self.ward.given["database_url"] = f"sqlite:///{path}"
        try:
            await self.starts(told)
        finally:
            for one in path.parent.glob(f"{path.name}*"):
                one.unlink()
        return told

    async def starts(self, told: Told) -> None:
        """Start on the copy; a refusal has to say what to do."""
        ward, database = self.ward, None
        try:
            url = ward.settings.database_url
            database = await open_database(url, backup=False, exclusive=True)
            await ward.start(database)
        except (StorageError, SealError) as error:
            told.refused += 1
            if "restore" not in str(error).lower():
                told.other.append(f"refused without a way out: {error}")
            if database is not None:
                await database.close()
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, is what is looked for
            told.other.append(f"ended with {error!r}")
            if database is not None:
                await database.close()
            return
        told.started += 1
        await self.hears(told)
        await ward.stop()

    async def hears(self, told: Told) -> None:
        """Let a patient write; whoever is answered must be in the file."""
        ward = self.ward
        patient = self.random.choice(ward.patients)
        before, number = len(ward.world.log), ward.bot.updates.next_id
        async with running(ward) as bot:
            patient.person.types(patient.person.chat_with(ward.bot), DANGER)
            await bot.lives(seconds=10)
            answered = [one for one in ward.world.log[before:]
                        if one.person == patient.person.id and one.by != one.name]  # fmt: skip
            if answered and "could not take in" not in answered[0].text:
                kept = await ward.rows("SELECT update_id FROM inbox WHERE state = 'done'")
                if number not in [row["update_id"] for row in kept]:
                    told.false.append(answered[0].text[:60])
