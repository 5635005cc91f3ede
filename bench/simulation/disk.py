"""The bot's SQLite file as one process has it: the real engine, in no thread, with real trouble.

What runs is `storage.sqlite.commit_group`, so statements, savepoints and commits are the product's.
The group's time limit, which a machine's load decides, is left out. A locked file is locked by a
second connection, and a full disk is SQLite's own limit on pages: the errors are SQLite's.
"""

import asyncio
import sqlite3
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage import sqlite
from storage.sqlite import BUSY_SECONDS, commit_group, connect, connect_read_only, read_one
from storage.transaction import Startable, T
from storage.worker import LARGEST_GROUP, Job, Outcome

if TYPE_CHECKING:
    from bench.simulation.machine import Process

SLOWEST: Final = 0.004  # seconds that a commit takes at most
MOST_PAGES: Final = 1 << 30
LOOK: Final = 0.5  # seconds between two looks at a locked file


def in_no_time() -> float:
    """Stand for the time a group has run: here no group is ever too slow."""
    return 0.0


sqlite.thread_time = in_no_time  # type: ignore[attr-defined]


class Disk:
    """The file, whoever has it open, and what is wrong with it now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_full = False
        self.foreign: sqlite3.Connection | None = None
        self.opened: list[sqlite3.Connection] = []

    def locks(self) -> None:
        """Let another program lock the file."""
        if self.foreign is None:
            self.foreign = sqlite3.connect(self.path, timeout=0, isolation_level=None)
            self.foreign.execute("BEGIN IMMEDIATE")

    def unlocks(self) -> None:
        """Let the other program go."""
        if self.foreign is not None:
            self.foreign.close()
            self.foreign = None

    def free(self, _folder: Path) -> float:
        """Return the share of the disk that is free, as the watchdog asks for it."""
        return 0.0 if self.is_full else 0.5

    def closes(self) -> None:
        """Close everything."""
        self.unlocks()
        for connection in self.opened:
            connection.close()


class SimulatedDatabase:
    """A `Database` for one process; once that is dead nothing reaches the file any more."""

    def __init__(self, process: "Process", disk: Disk) -> None:
        self.process = process
        self.disk = disk
        self.writing, self.reading = connect(disk.path, 0.0), connect_read_only(disk.path, 0.0)
        disk.opened += [self.writing, self.reading]
        self.waiting: deque[Job] = deque()
        self.working = False

    async def run(self, transaction: Startable[T]) -> T:
        """As in `Database`; what waits at the same time shares a commit."""
        await self.process.lives()
        self.process.busy += 1
        try:
            done: T = value(await self.queued(transaction))
            return done
        finally:
            self.process.busy -= 1

    async def queued(self, transaction: Startable[Any]) -> Outcome:
        """Put a transaction into the line; return what it came to."""
        job = Job(transaction, asyncio.get_running_loop().create_future())
        self.waiting.append(job)
        if not self.working:
            self.working = True
            self.process.keeps(asyncio.ensure_future(self.works()))
        return await job.waiter

    async def read(self, transaction: Startable[T]) -> T:
        """As in `Database`."""
        await self.process.lives()
        outcome = read_one(self.reading, [transaction])[0]
        self.process.busy += 1
        try:
            await self.process.sleeps(SLOWEST / 4)
        finally:
            self.process.busy -= 1
        done: T = value(outcome)
        return done

    async def close(self) -> None:
        """As in `Database`; the connections stay open until the story ends."""
        while self.working:
            await self.process.sleeps(SLOWEST)

    async def works(self) -> None:
        """Commit group after group."""
        while self.waiting:
            await self.process.sleeps(self.process.random.uniform(0.0001, SLOWEST))
            await self.waits_for_lock()
            await self.process.passes("before a commit")
            outcomes = self.commits([job.transaction for job in self.waiting][:LARGEST_GROUP])
            await self.process.passes("after a commit")
            for outcome in outcomes:
                job = self.waiting.popleft()
                if not job.waiter.done():
                    job.waiter.set_result(outcome)
        self.working = False

    async def waits_for_lock(self) -> None:
        """Wait as long as SQLite does for another program's lock."""
        left = BUSY_SECONDS
        while self.disk.foreign is not None and left > 0:
            await self.process.sleeps(LOOK)
            left -= LOOK

    def commits(self, transactions: list[Startable[Any]]) -> list[Outcome]:
        """Run a group on the file as it is now."""
        pages = MOST_PAGES
        if self.disk.is_full:
            pages = self.writing.execute("PRAGMA page_count").fetchone()[0]
        self.writing.execute(f"PRAGMA max_page_count = {pages}")
        return commit_group(self.writing, transactions)


def value(outcome: Outcome) -> Any:  # noqa: ANN401 - what the transaction returned
    """Return what a transaction came to.

    Raises:
        BaseException: what ended it.
    """
    if outcome.error is not None:
        raise outcome.error
    return outcome.value
