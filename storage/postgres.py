"""PostgreSQL: the same transactions over a pool of connections, several processes at a time.

Writing is READ COMMITTED with the row locks that a query asks for; reading sees one view.

Hazards: H21.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Self

import asyncpg  # type: ignore[import-untyped]  # it ships none

from storage.postgres_connection import Connection, Pool, Portal, bound, connect, fetch
from storage.postgres_errors import DRIVER_ERRORS, LockedOutError, storage_error
from storage.postgres_locks import hold
from storage.transaction import Query, Row, Startable, StorageError, T, Transaction, started

WRITERS = 10
"""Connections that write: 16 gave 3.4 times the commits of one (docs/sources.md, connections)."""

READERS = 2
"""Connections that only read, kept apart so that reading never waits for who writes."""

TRIES = 5
"""How often a transaction is begun that is rolled back because two waited for each other."""

BATCH = 500
"""How many rows a streamed query fetches at once."""


WRITING = "aftercheck writing"
"""What the server knows connections by that write."""

LONGEST_PAUSE = 5.0
"""Seconds within a transaction, after which the server ends one whose worker does nothing: it must
not hold others up for ever."""


async def drive(connection: Connection, transaction: Transaction[T], *, reading: bool) -> T:
    """Run a transaction to its end; an error in a statement is raised within it."""
    with closing(transaction):
        try:
            query = next(transaction)
            while True:
                try:
                    rows = await fetch(connection, query, reading=reading)
                except Exception as error:  # noqa: BLE001 - the transaction says what becomes of it
                    query = transaction.throw(error)
                else:
                    query = transaction.send(rows)
        except StopIteration as end:
            result: T = end.value
            return result


class PostgresDatabase:
    """A `Database` on a server, for any number of processes."""

    def __init__(self, writing: Pool, reading: Pool, held: Connection | None) -> None:
        self._writing = writing
        self._reading = reading
        self._held = held
        self._closing = False
        self._unfinished = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @classmethod
    async def open(cls, url: str, *, running: bool = False, alone: bool = False) -> Self:
        """Connect, as one of any number of `running` bots, or `alone`, while none runs.

        Raises:
            AlreadyRunningError: a bot runs, and this was to be alone.
            ChangingError: a bot was to run, and a program is alone here.
            StorageError: the server cannot be reached or refuses.
        """
        held = await hold(url, alone=alone) if running or alone else None
        writing = {
            "application_name": WRITING,
            "idle_in_transaction_session_timeout": str(int(LONGEST_PAUSE * 1000)),
        }
        read_only = {"default_transaction_read_only": "on"}
        # Without a smallest size nothing is connected yet, so nothing can fail and be left open.
        return cls(
            await asyncpg.create_pool(url, min_size=0, max_size=WRITERS, server_settings=writing),
            await asyncpg.create_pool(url, min_size=0, max_size=READERS, server_settings=read_only),
            held,
        )

    async def run(self, transaction: Startable[T]) -> T:
        """As in `Database`; given what makes a transaction, it is tried up to `TRIES` times."""
        with self._counted():
            for _ in range(TRIES - 1 if callable(transaction) else 0):
                try:
                    return await attempt(self._writing, transaction, reading=False)
                except LockedOutError:
                    continue
            return await attempt(self._writing, transaction, reading=False)

    async def read(self, transaction: Startable[T]) -> T:
        """As in `Database`, on connections that refuse to write."""
        with self._counted():
            return await attempt(self._reading, transaction, reading=True)

    async def close(self) -> None:
        """As in `Database`."""
        self._closing = True
        await self._idle.wait()
        await self._reading.close()
        await self._writing.close()
        if self._held is not None:
            await self._held.close()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a transaction from before it has a connection, so that closing waits for it."""
        if self._closing:
            raise StorageError("The database is closed: nothing more can be saved or read.")
        self._unfinished += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._unfinished -= 1
            if not self._unfinished:
                self._idle.set()


async def attempt(pool: Pool, transaction: Startable[T], *, reading: bool) -> T:
    """Run a transaction once and commit it; one that only reads sees one view, and locks nothing.

    Raises:
        StorageError: the database could not do it.
        BaseException: what the transaction raised, after everything was rolled back.
    """
    raised: BaseException | None = None
    finished = False
    isolation = "repeatable_read" if reading else "read_committed"
    try:
        async with pool.acquire() as connection, connection.transaction(isolation=isolation):
            try:
                result = await drive(connection, started(transaction), reading=reading)
            except BaseException as error:
                raised = error
                raise
            finished = True
    except DRIVER_ERRORS as error:
        if error is raised:
            raise
        raise storage_error(error, committing=finished) from None
    return result


async def one_reader(url: str) -> Pool:
    """Return a pool of one connection that cannot write."""
    return await asyncpg.create_pool(
        url, min_size=0, max_size=1, server_settings={"default_transaction_read_only": "on"}
    )


async def rewrite(url: str, tables: Sequence[str]) -> None:
    """Write tables anew, so that nothing of earlier rows is left in their files.

    Raises:
        StorageError: the server refuses.
    """
    connection = await connect(url)
    try:
        await connection.execute(f"VACUUM (FULL) {', '.join(tables)}")
    except DRIVER_ERRORS as error:
        raise storage_error(error) from None
    finally:
        await connection.close()


async def version_of(url: str) -> str | None:
    """Return the revision of the schema, or `None` for a database that has none yet."""
    connection = await connect(url)
    try:
        version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return version


@contextmanager
def postgres_cursor(url: str) -> Iterator[Callable[[Query], Iterator[Row]]]:
    """As `cursor`, on a connection and an event loop of its own."""
    with asyncio.Runner() as runner:
        connection = runner.run(connect(url))

        async def begin() -> None:
            await connection.transaction(isolation="repeatable_read", readonly=True).start()

        def rows(query: Query) -> Iterator[Row]:
            text, values = bound(query, reading=True)
            try:
                portal = runner.run(opened(connection, text, values))
                while batch := runner.run(portal.fetch(BATCH)):
                    yield from batch
            except DRIVER_ERRORS as error:
                raise storage_error(error) from None

        runner.run(begin())
        try:
            yield rows
        finally:
            runner.run(connection.close())


async def opened(connection: Connection, text: str, values: list[object]) -> Portal:
    """Return the driver's cursor over a query, on the server's side."""
    return await connection.cursor(text, *values)
