"""The lead on PostgreSQL: an advisory lock of a session that the server ends when it falls silent.

The server frees the lock at once when a worker dies. A worker that is paused, or cut off, keeps its
connection; so its session has an `idle_session_timeout`, and whoever says nothing for `SILENCE`
seconds loses the lock, by no clock but the server's. The worker itself stops trusting the lead
`TRUSTED` seconds after it last asked, which is earlier, so that one that wakes does not send.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships none

from storage.postgres import LONGEST_PAUSE, WRITING
from storage.postgres_connection import Connection
from storage.postgres_errors import DRIVER_ERRORS
from storage.postgres_locks import WORKING, count_of_locks, share
from storage.transaction import StorageError

LEADING: Final = 6_204_733_019_120_003
"""The advisory lock of the worker that leads."""

SILENCE: Final = 8.0  # seconds, after which the server gives the lead away
TRUSTED: Final = 5.0  # seconds since it was asked for; what goes out in the last of them arrives
PATIENCE: Final = 3.0  # seconds for the server to answer
NAME: Final = "aftercheck leading"
"""What the server knows these sessions by."""

CHANNEL: Final = "aftercheck_outbox"
TROUBLE: Final = (TimeoutError, StorageError, *DRIVER_ERRORS)


END_SILENT: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND application_name IN ($1, $2)
    AND state = 'active' AND wait_event = 'ClientRead'
    AND state_change < clock_timestamp() - $3 * interval '1 second'
"""
"""The server ends by itself what stands still between two statements, but not within one: a worker
that was paused when it had sent a statement's text and not its values would hold its rows, or the
lead, for ever. Every worker looks for such sessions."""


class PostgresLeading:
    """As `Leading`."""

    is_shared = True

    def __init__(self, url: str, called: Callable[[], None]) -> None:
        self.workers = 0
        self._url = url
        self._called = called
        self._connection: Connection | None = None
        self._leads = False
        self._trusted_until = 0.0
        self._asking = asyncio.Lock()
        self._is_wanted = False
        self._telling: asyncio.Task[None] | None = None

    async def look(self, at: float) -> bool:
        """As in `Leading`; without an answer nobody leads here."""
        try:
            async with self._asking, asyncio.timeout(PATIENCE):
                await self._ask()
        except TROUBLE:
            self._drop()
        self._trusted_until = at + TRUSTED
        return self._leads

    async def _ask(self) -> None:
        is_lost = self._connection is not None and self._connection.is_closed()
        if self._connection is None or is_lost:
            led, self._leads = self._leads, False
            self._connection = await self._joined()
            if led:  # said once, even if nobody else has taken it: what goes with it begins anew
                return
        if not self._leads:
            taking = "SELECT pg_try_advisory_lock($1)"
            self._leads = await self._connection.fetchval(taking, LEADING)
        await self._connection.execute(END_SILENT, WRITING, NAME, LONGEST_PAUSE)
        self.workers = await count_of_locks(self._connection, WORKING)

    async def _joined(self) -> Connection:
        """Open a session that ends when it falls silent, and be counted among the workers.

        Raises:
            ChangingError: a program is alone with the database.
        """
        silence = {
            "application_name": NAME,
            "idle_session_timeout": str(int(SILENCE * 1000)),
        }
        connection = await asyncpg.connect(self._url, server_settings=silence)
        try:
            await share(connection, WORKING)
            await connection.add_listener(CHANNEL, lambda *_: self._called())
        except BaseException:
            connection.terminate()
            raise
        return connection

    def _drop(self) -> None:
        """Let go of a connection that does not answer; with it goes the lead."""
        if self._connection is not None:
            self._connection.terminate()
        self._connection, self._leads, self.workers = None, False, 0

    def holds(self, at: float) -> bool:
        """As in `Leading`; a connection that was lost is noticed here as well."""
        if self._connection is None or self._connection.is_closed():
            return False
        return self._leads and at < self._trusted_until

    def call(self) -> None:
        """As in `Leading`; several calls at once are one."""
        self._is_wanted = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            async with self._asking:
                if self._connection is not None:
                    with suppress(*TROUBLE):
                        await self._connection.execute(f"NOTIFY {CHANNEL}", timeout=PATIENCE)

    async def close(self) -> None:
        """As in `Leading`; the lead is free before this returns."""
        if self._telling is not None:
            await self._telling
        async with self._asking:
            connection, self._connection, self._leads = self._connection, None, False
            if connection is not None:
                with suppress(*TROUBLE):
                    await connection.execute("SELECT pg_advisory_unlock_all()", timeout=PATIENCE)
                connection.terminate()
