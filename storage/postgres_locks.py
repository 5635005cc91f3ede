"""Who holds a database on PostgreSQL: any number of running bots, or one program that is alone.

Each holds an advisory lock of its connection, which the server frees when that ends.
"""

from storage.exclusive import AlreadyRunningError, ChangingError
from storage.postgres_connection import Connection, connect, fetch
from storage.transaction import Query

RUNNING, WORKING = 6_204_733_019_120_002, 6_204_733_019_120_004
"""Advisory locks that every running bot shares: from its opening on, and as long as it answers. Any
numbers that nothing else in the database uses."""


ALONE = "SELECT pg_try_advisory_lock($1) AND pg_try_advisory_lock($2)"


LOCKS = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) + objid::bigint = :key
"""


async def hold(url: str, *, alone: bool) -> Connection:
    """Return a connection that holds the database until it is closed, alone or as one of several.

    Raises:
        AlreadyRunningError: a bot runs, and this was to be alone.
        ChangingError: a program is alone here.
    """
    connection = await connect(url)
    try:
        await (take(connection) if alone else share(connection, RUNNING))
    except BaseException:
        await connection.close()
        raise
    return connection


async def take(connection: Connection) -> None:
    """Be alone until the connection is closed.

    Raises:
        AlreadyRunningError: a bot runs.
    """
    if not await connection.fetchval(ALONE, RUNNING, WORKING):
        raise AlreadyRunningError


async def share(connection: Connection, lock: int) -> None:
    """Hold an advisory lock together with others, until the connection is closed.

    Raises:
        ChangingError: a program is alone here.
    """
    if not await connection.fetchval("SELECT pg_try_advisory_lock_shared($1)", lock):
        raise ChangingError


async def count_of_locks(connection: Connection, lock: int) -> int:
    """Return how many sessions hold an advisory lock; a `StorageError` where nobody answers."""
    rows = await fetch(connection, Query(LOCKS, {"key": lock}))
    return int(rows[0][0])
