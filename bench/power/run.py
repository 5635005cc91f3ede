"""One run: a day is recorded, the power is cut at so many places in it, and each is looked at."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from shutil import rmtree
from sqlite3 import Connection
from typing import Final, NamedTuple

from bench.power.day import FILE, recorded_day
from bench.power.disk import Deleted, Flushed, Step, Told
from bench.power.losses import Disk
from storage.backups import check_whole
from storage.opening import open_database
from storage.sqlite import connect_read_only
from storage.transaction import StorageError

INDEX: Final = 32768  # bytes of the file beside the journal that only lives in memory


class State(NamedTuple):
    """What a database holds: the number of its last transaction, and a digest of every row."""

    number: int
    digest: str


@dataclass(frozen=True)
class Figures:
    """What came of a run."""

    cuts: int
    seconds: float
    steps: int
    told: int
    bitten: int
    """Cuts at which something that was written, and not flushed, was lost."""
    faults: list[str]


@dataclass(frozen=True)
class Cut:
    """What was found after one cut."""

    place: int
    told: int
    found: State


class Laboratory:
    """Puts files into an empty folder, and looks at what the product makes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE

    async def state(self, files: Mapping[str, bytes], random: Random) -> State:
        """Open a database as the product does, and say what it holds.

        The index of the journal lives in memory: after a cut anything may be in its file.

        Raises:
            StorageError: it cannot be opened, or is damaged.
        """
        rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        (self.folder / f"{FILE}-shm").write_bytes(random.randbytes(INDEX))
        database = await open_database(f"sqlite:///{self.path}", exclusive=True)
        await database.close()
        with closing(connect_read_only(self.path)) as connection:
            check_whole(connection)
            return held(connection)


def held(connection: Connection) -> State:
    """Return what a database holds.

    Raises:
        StorageError: a row names another that is not there.
    """
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise StorageError("a row names another that is not there")
    digest = hashlib.sha256()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for table in [row[0] for row in tables.fetchall()]:
        digest.update(table.encode())
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own names
            digest.update(repr(tuple(row)).encode())
    last = connection.execute("SELECT value FROM meta WHERE key = 'power'").fetchone()
    return State(int(last[0]) if last else 0, digest.hexdigest())


def is_commit(step: Step) -> bool:
    """Whether this step makes a transaction safe: the flush of one journal, or the other's end."""
    if isinstance(step, Flushed):
        return step.name == f"{FILE}-wal"
    return isinstance(step, Deleted) and step.name == f"{FILE}-journal"


def places_beside(steps: Sequence[Step], places: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return for each place where the last commit before it and the first after it end."""
    commits = [0, *(place for place, step in enumerate(steps, 1) if is_commit(step)), len(steps)]
    found = {}
    for place in places:
        before = max(one for one in commits if one <= place)
        found[place] = before, min(one for one in commits if one >= place)
    return found


async def cut_often(
    steps: Sequence[Step], cuts: int, folder: Path, seed: int, done: Callable[[int], None]
) -> Figures:
    """Cut at so many places of a record, and compare what is left with what was committed."""
    began = time.monotonic()
    random = Random(seed)
    places = sorted(random.choices(range(1, len(steps)), k=cuts))
    beside = places_beside(steps, places)
    wanted = {one for pair in beside.values() for one in pair}
    laboratory, disk = Laboratory(folder / "after"), Disk()
    whole: dict[int, State] = {}
    found: list[Cut] = []
    faults: list[str] = []
    told = bitten = 0
    for place, step in enumerate([None, *steps]):
        if step is not None:
            disk.takes(step)
            told = max(told, step.number) if isinstance(step, Told) else told
        if place in wanted:
            whole[place] = await laboratory.state(disk.whole(), random)
        for _ in range(places.count(place) if place in beside else 0):
            files = disk.cut(random)
            bitten += files != disk.whole()
            try:
                found.append(Cut(place, told, await laboratory.state(files, random)))
            except StorageError as error:
                faults.append(f"cut at step {place} of seed {seed}: {error}")
            done(len(found) + len(faults))
    for one in found:
        faults += differences(one, [whole[place] for place in beside[one.place]], seed)
    return Figures(cuts, time.monotonic() - began, len(steps), told, bitten, faults)


def differences(cut: Cut, allowed: Sequence[State], seed: int) -> list[str]:
    """Return what is wrong after a cut."""
    where = f"cut at step {cut.place} of seed {seed}"
    if cut.found.number < cut.told:
        return [f"{where}: transaction {cut.told} was said to be safe, {cut.found.number} is last"]
    if cut.found not in allowed:
        return [f"{where}: the rows are those of no moment between two transactions"]
    return []


async def run(
    cuts: int, folder: Path, seed: int = 1, done: Callable[[int], None] = lambda _: None
) -> Figures:
    """Record a day in a folder of its own, and cut the power in it so many times."""
    day = folder / "day"
    day.mkdir()
    steps = await recorded_day(day, seed)
    return await cut_often(steps, cuts, folder, seed, done)
