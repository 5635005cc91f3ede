"""SQLite: one writer whose waiting transactions share a commit, and a reader that never waits.

Every commit is flushed to the disk (`synchronous=FULL`) before anybody is told that it was saved.

Hazards: H21.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import thread_time
from typing import Any

from storage.markers import for_sqlite
from storage.sqlite_errors import SQLITE_ERRORS, storage_error
from storage.transaction import (
    Query,
    Rows,
    Startable,
    StorageError,
    T,
    drive,
    started,
)
from storage.worker import Outcome, Worker

GROUP_SECONDS = 0.005
"""How much work a group may do before it is committed, so that nobody in it waits long.

It is the thread's own time: a busy machine must not make groups smaller, and so be busier still.
"""

BUSY_SECONDS = 60.0
"""How long to wait for another program's lock: twice docs/sources.md, foreign-lock."""


def connect(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the file for writing, or make it, readable by its owner only.

    Raises:
        StorageError: it cannot be opened or is no database.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(path, **settings(busy_seconds))
    except OSError as error:
        raise StorageError(f"{path} cannot be made: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise storage_error(error) from error
    return configured(connection, "journal_mode = WAL")


def connect_read_only(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the file for reading only; it must exist.

    Raises:
        StorageError: it cannot be opened or is no database.
    """
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, **settings(busy_seconds))
    except sqlite3.Error as error:
        raise storage_error(error) from error
    return configured(connection, "query_only = ON")


def settings(busy_seconds: float) -> dict[str, Any]:
    """Return what every connection is opened with; a group begins and commits by itself."""
    return {
        "timeout": busy_seconds,
        "isolation_level": None,
        "check_same_thread": False,
        "cached_statements": 512,
    }


def configured(connection: sqlite3.Connection, own: str) -> sqlite3.Connection:
    """Set what every connection needs, and one thing of its own."""
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (own, "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
    except SQLITE_ERRORS as error:
        connection.close()
        raise storage_error(error) from error
    return connection


def executor(cursor: sqlite3.Cursor) -> Callable[[Query], Rows]:
    """Return what runs one query after the other with this cursor."""

    def execute(query: Query) -> Rows:
        try:
            return cursor.execute(for_sqlite(query.text), dict(query.values)).fetchall()
        except SQLITE_ERRORS as error:
            raise storage_error(error) from error

    return execute


def run_now(connection: sqlite3.Connection, transaction: Startable[T]) -> T:
    """Run one transaction here and now: for tools and simulations, which have no event loop.

    Raises:
        StorageError: the database could not save it.
        BaseException: what the transaction raised, after everything was rolled back.
    """
    outcome = commit_group(connection, [transaction])[0]
    if outcome.error is not None:
        raise outcome.error
    result: T = outcome.value
    return result


def commit_group(
    connection: sqlite3.Connection, transactions: Sequence[Startable[Any]]
) -> list[Outcome]:
    """Run the first few of the transactions, at least one, and commit them together.

    One that raises is rolled back alone. If the commit fails, or SQLite had to roll everything
    back, none of them was saved and each is told so.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return [Outcome(error=storage_error(error)) for _ in transactions]
    ends = thread_time() + GROUP_SECONDS
    cursor = connection.cursor()
    execute = executor(cursor)
    outcomes: list[Outcome] = []
    for transaction in transactions:
        outcomes.append(in_savepoint(cursor, execute, transaction))
        if not connection.in_transaction or thread_time() > ends:
            break
    failure = commit_failure(connection, outcomes[-1])
    if failure is None:
        return outcomes
    lost = (str(failure), failure.passing)
    return [
        o if o.error else Outcome(error=StorageError(lost[0], passing=lost[1])) for o in outcomes
    ]


def commit_failure(connection: sqlite3.Connection, last: Outcome) -> StorageError | None:
    """Commit; if that fails, leave nothing open and return why. `last` is what ran last."""
    if not connection.in_transaction:
        # Out of disk or memory, SQLite may roll back everything by itself.
        if isinstance(last.error, StorageError):
            return last.error
        return StorageError("The database undid the work of the group: nothing was saved.")
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        undo(connection, "ROLLBACK")
        return storage_error(error)
    return None


def in_savepoint(
    cursor: sqlite3.Cursor, execute: Callable[[Query], Rows], transaction: Startable[Any]
) -> Outcome:
    """Run one transaction inside an open one, undoing it alone if it raises."""
    try:
        cursor.execute("SAVEPOINT one")
        value = drive(execute, started(transaction))
        cursor.execute("RELEASE one")
    except BaseException as error:  # noqa: BLE001 - it belongs to who waits for this one
        undo(cursor.connection, "ROLLBACK TO one", "RELEASE one")
        return failed(error)
    return Outcome(value)


def undo(connection: sqlite3.Connection, *statements: str) -> None:
    """Roll back with these statements, or everything where they fail."""
    try:
        for statement in statements:
            if connection.in_transaction:
                connection.execute(statement)
    except sqlite3.Error:
        connection.rollback()


def failed(error: BaseException) -> Outcome:
    """Return the outcome of what raised."""
    return Outcome(error=storage_error(error) if isinstance(error, SQLITE_ERRORS) else error)


def read_one(
    connection: sqlite3.Connection, transactions: Sequence[Startable[Any]]
) -> list[Outcome]:
    """Run the first of the transactions on one unchanging view."""
    try:
        connection.execute("BEGIN")
        return [Outcome(drive(executor(connection.cursor()), started(transactions[0])))]
    except BaseException as error:  # noqa: BLE001 - it belongs to who waits for this one
        return [failed(error)]
    finally:
        undo(connection, "ROLLBACK")


class SqliteDatabase:
    """A `Database` in one file, for one process; make it inside a running event loop.

    `release` is called when it is closed.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        release: Callable[[], None] | None = None,
    ) -> None:
        writing, reading = connect(path, busy_seconds), connect_read_only(path, busy_seconds)
        self._writer = Worker(writing, commit_group, "database writer")
        self._reader = Worker(reading, read_one, "database reader")
        self._release = release

    async def run(self, transaction: Startable[T]) -> T:
        """As in `Database`; transactions that wait at the same time share a commit."""
        return await self._writer.run(transaction)

    async def read(self, transaction: Startable[T]) -> T:
        """As in `Database`, in a thread and on a connection of its own."""
        return await self._reader.run(transaction)

    async def close(self) -> None:
        """As in `Database`."""
        await self._reader.close()
        await self._writer.close()
        if self._release is not None:
            self._release()
