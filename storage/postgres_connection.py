"""One connection to PostgreSQL, and one query over it.

Hazards: H21.
"""

from typing import Any, TypeAlias

import asyncpg  # type: ignore[import-untyped]  # it ships none

from storage.markers import for_postgres
from storage.postgres_errors import DRIVER_ERRORS, storage_error
from storage.transaction import Query, Rows, StorageError

Connection: TypeAlias = Any


Pool: TypeAlias = Any


Portal: TypeAlias = Any
"""What the driver gives; it ships no types."""


async def connect(url: str) -> Connection:
    """Open one connection.

    Raises:
        StorageError: the server cannot be reached or refuses.
    """
    try:
        return await asyncpg.connect(url)
    except ValueError:
        # What is wrong is not repeated, because it may be a part of the password.
        raise StorageError(
            "DATABASE_URL is no address of PostgreSQL: write postgresql://user:password@host/name, "
            "with special characters in the password as %40 and the like."
        ) from None
    except DRIVER_ERRORS as error:
        raise storage_error(error) from None


def bound(query: Query, *, reading: bool = False) -> tuple[str, list[object]]:
    """Return a query as the driver takes it: numbered markers, and their values in order.

    `reading`: on a connection that cannot write, so that it locks no rows.

    Raises:
        StorageError: a marker has no value.
    """
    text, names = for_postgres(query.text, reading=reading)
    try:
        return text, [query.values[name] for name in names]
    except KeyError as error:
        raise StorageError(f"No value for :{error.args[0]} in: {query.text}") from error


async def fetch(connection: Connection, query: Query, *, reading: bool = False) -> Rows:
    """Run one query and return its rows; `reading` as in `bound`."""
    text, values = bound(query, reading=reading)
    try:
        rows: Rows = await connection.fetch(text, *values)
    except DRIVER_ERRORS as error:
        raise storage_error(error) from None
    return rows
