"""Walking through any number of rows in constant memory, beside a running bot."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from storage.location import sqlite_path
from storage.markers import for_sqlite
from storage.sqlite import connect_read_only
from storage.sqlite_errors import storage_error
from storage.transaction import Query, Row


def cursor(url: str) -> AbstractContextManager[Callable[[Query], Iterator[Row]]]:
    """Give a function that yields the rows of a query one by one, all from one unchanging view.

    It blocks, so use it in a thread or a process of its own, never in the event loop.

        with cursor(url) as rows:
            for row in rows(Query("SELECT … FROM answer")): …

    Raises:
        StorageError: the database cannot be read.
    """
    path = sqlite_path(url)
    if path is not None:
        return sqlite_cursor(path)
    from storage.postgres import postgres_cursor  # noqa: PLC0415 - only where its driver is

    return postgres_cursor(url)


@contextmanager
def sqlite_cursor(path: Path) -> Iterator[Callable[[Query], Iterator[Row]]]:
    """As `cursor`, on a connection of its own."""
    with closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")

        def rows(query: Query) -> Iterator[Row]:
            try:
                yield from connection.execute(for_sqlite(query.text), dict(query.values))
            except sqlite3.Error as error:
                raise storage_error(error) from error

        yield rows
