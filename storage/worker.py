"""A thread that owns one SQLite connection, and is handed whole groups of transactions at once.

All that is asked for in one round of the event loop, or while the thread is busy, goes over in one
hop, and its results come back in one. Why this is no aiosqlite: docs/decisions/6-one-hop.md.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from storage.transaction import Startable, StorageError, T

LARGEST_GROUP = 64
"""How many transactions share a hop (docs/sources.md, group-commit)."""


class Outcome(NamedTuple):
    """How one transaction ended: with a value, or with an error."""

    value: Any = None
    error: BaseException | None = None


Perform = Callable[[sqlite3.Connection, Sequence[Startable[Any]]], list[Outcome]]
"""Runs the first few (at least one) of the given transactions, and says how each ended."""


class Job(NamedTuple):
    """A transaction, and who waits for its outcome."""

    transaction: Startable[Any]
    waiter: asyncio.Future[Outcome]


class Worker:
    """Runs transactions in a thread of its own; made and used inside a running event loop."""

    def __init__(self, connection: sqlite3.Connection, perform: Perform, name: str) -> None:
        self._connection = connection
        self._perform = perform
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Job] = deque()
        self._groups: SimpleQueue[list[Job]] = SimpleQueue()
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopped = asyncio.Event()
        # A daemon, so that a program that fails never hangs here; a half-done commit is undone by
        # SQLite when the file is opened next.
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, transaction: Startable[T]) -> T:
        """Wait for a transaction's turn and return what it returned.

        Raises:
            StorageError: the database is closed or could not do it.
            BaseException: what the transaction raised.
        """
        if self._closing:
            raise StorageError("The database is closed: nothing more can be saved or read.")
        job = Job(transaction, self._loop.create_future())
        self._waiting.append(job)
        if self._idle.is_set():
            self._idle.clear()
            self._loop.call_soon(self._hand_over)
        outcome = await job.waiter
        if outcome.error is not None:
            raise outcome.error
        result: T = outcome.value
        return result

    async def close(self) -> None:
        """Finish what waits, close the connection, end the thread."""
        self._closing = True
        await self._idle.wait()
        self._groups.put([])
        await self._stopped.wait()
        self._thread.join()

    def _hand_over(self) -> None:
        if not self._waiting:
            self._idle.set()
            return
        count = min(len(self._waiting), LARGEST_GROUP)
        self._groups.put([self._waiting.popleft() for _ in range(count)])

    def _settle(self, jobs: Sequence[Job], outcomes: Sequence[Outcome], *, last: bool) -> None:
        for job, outcome in zip(jobs, outcomes, strict=True):
            if not job.waiter.done():
                job.waiter.set_result(outcome)
        if last:
            # After those who were just told: what they ask for next joins who waits already.
            self._loop.call_soon(self._hand_over)

    def _work(self) -> None:
        """Run group after group, in the thread; an empty group is the end."""
        while jobs := self._groups.get():
            while jobs:
                outcomes = self._outcomes(jobs)
                done, jobs = jobs[: len(outcomes)], jobs[len(outcomes) :]
                settle = partial(self._settle, done, outcomes, last=not jobs)
                self._loop.call_soon_threadsafe(settle)
        self._connection.close()
        self._loop.call_soon_threadsafe(self._stopped.set)

    def _outcomes(self, jobs: Sequence[Job]) -> list[Outcome]:
        try:
            return self._perform(self._connection, [job.transaction for job in jobs])
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            sentence = f"The database failed in a way that nobody foresaw: {error!r}"
            return [Outcome(error=StorageError(sentence)) for _ in jobs]
