"""Bring a database to the newest schema, or to another, in one transaction: all of it, or nothing.

Imported only when a change is due, because SQLAlchemy and Alembic double the time to start.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.transaction import StorageError

SCRIPTS = Path(__file__).parent
"""Where Alembic finds `env.py` and the folder of versions."""

HEAD, BASE = "head", "base"
"""Alembic's words for the newest schema, and for none."""

LOCK = 6_204_733_019_120_001
"""The advisory lock for changing the schema; any number that nothing else in the database uses."""


def upgrade_sqlite(path: Path, to: str = HEAD) -> None:
    """Make all changes that are due in a SQLite file, or bring it to another revision."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None), poolclass=NullPool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver would begin only at the first INSERT: a table made before that would stay.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with saying_what_failed(), engine.begin() as connection:
        bring(connection, to)


async def upgrade_postgres(connect: Callable[[], Awaitable[Any]], to: str = HEAD) -> None:
    """Make all changes that are due in the PostgreSQL database that `connect` reaches.

    Or bring it to another revision. A second process waits for the first, and then finds nothing
    to do.
    """
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    with saying_what_failed():
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(bring, to)


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """Turn a failed change into the error that the rest of the program knows."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(
            f"The schema could not be changed, and nothing of the database was: {error}"
        ) from error


def bring(connection: Connection, to: str) -> None:
    """Bring the schema to a revision, up or down, in a transaction that the caller commits.

    `base` is no schema at all. What an older schema has no place for is lost on the way down.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    is_behind = MigrationContext.configure(connection).get_current_revision() in earlier(config, to)
    (command.upgrade if is_behind else command.downgrade)(config, to)


def earlier(config: Config, to: str) -> set[str | None]:
    """Return a revision and every state of the schema before it; None is none at all."""
    if to == BASE:
        return set()
    walked = ScriptDirectory.from_config(config).iterate_revisions(to, BASE)
    return {None, *(script.revision for script in walked)}
