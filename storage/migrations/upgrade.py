"""Bring a database to the newest schema, in one transaction: all of it, or nothing.

Imported only when a change is due, because SQLAlchemy and Alembic double the time to start.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.transaction import StorageError

SCRIPTS = Path(__file__).parent
"""Where Alembic finds `env.py` and the folder of versions."""

LOCK = 6_204_733_019_120_001
"""The advisory lock for changing the schema; any number that nothing else in the database uses."""


def upgrade_sqlite(path: Path) -> None:
    """Make all changes that are due in a SQLite file."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None), poolclass=NullPool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver would begin only at the first INSERT: a table made before that would stay.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with saying_what_failed(), engine.begin() as connection:
        upgrade(connection)


async def upgrade_postgres(connect: Callable[[], Awaitable[Any]]) -> None:
    """Make all changes that are due in the PostgreSQL database that `connect` reaches.

    A second process waits for the first, and then finds nothing to do.
    """
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    with saying_what_failed():
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(upgrade)


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """Turn a failed change into the error that the rest of the program knows."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(
            f"The schema could not be changed, and nothing of the database was: {error}"
        ) from error


def upgrade(connection: Connection) -> None:
    """Make all changes that are due, on a connection whose transaction the caller commits."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
