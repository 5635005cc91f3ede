"""A reader of its own, for what takes long: the bot's reads and its event loop wait for none of it.

It has one connection that cannot write, in one thread; on PostgreSQL with an event loop of its own,
so that opening sealed rows and writing pages does not stand in the bot's.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from storage.location import sqlite_path
from storage.sqlite import connect_read_only, read_one
from storage.transaction import Startable, StorageError, T


class Reader:
    """Reads a database that the bot has opened already."""

    def __init__(self, url: str) -> None:
        self._path, self._url = sqlite_path(url), url
        self._thread = ThreadPoolExecutor(1, "board reader")
        self._read: Callable[[Startable[Any]], Any] | None = None
        self._let_go: Callable[[], None] = lambda: None

    async def read(self, transaction: Startable[T]) -> T:
        """Run on one unchanging view of what is committed; what it computes runs in the thread too.

        Raises:
            StorageError: it tried to write, or the database cannot be read.
            BaseException: what the transaction raised.
        """
        loop = asyncio.get_running_loop()
        found: T = await loop.run_in_executor(self._thread, self._in_thread, transaction)
        return found

    async def close(self) -> None:
        """Let go of the connection, after what is being read."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        self._let_go()

    def _in_thread(self, transaction: Startable[Any]) -> Any:  # noqa: ANN401 - whatever it returns
        if self._read is None:
            self._open()
        assert self._read is not None
        return self._read(transaction)

    def _open(self) -> None:
        if self._path is None:
            self._open_postgres()
            return
        connection = connect_read_only(self._path)

        def read(transaction: Startable[Any]) -> Any:  # noqa: ANN401
            outcome = read_one(connection, [transaction])[0]
            if outcome.error is not None:
                raise outcome.error
            return outcome.value

        self._read, self._let_go = read, connection.close

    def _open_postgres(self) -> None:
        from storage import postgres  # noqa: PLC0415 - only where its driver is

        runner = asyncio.Runner()
        pool = runner.run(postgres.one_reader(self._url))

        def read(transaction: Startable[Any]) -> Any:  # noqa: ANN401
            try:
                return runner.run(postgres.attempt(pool, transaction, reading=True))
            except OSError as error:
                raise StorageError(f"The database cannot be read: {error}.", passing=True) from None

        def let_go() -> None:
            runner.run(pool.close())
            runner.close()

        self._read, self._let_go = read, let_go
