"""Opening a database: one look at its version, and only where one is due, a backup and a change.

Hazards: H22, H38.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.exclusive import lock_file
from storage.location import sqlite_path
from storage.migrations import REVISIONS
from storage.sqlite import SqliteDatabase, connect
from storage.sqlite_errors import DAMAGED, SQLITE_ERRORS, storage_error
from storage.transaction import Database, StorageError


class NewerDatabaseError(StorageError):
    """The database was changed by a newer Aftercheck than this one."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The database is at schema {version}, and this Aftercheck knows schemas up to "
            f"{REVISIONS[-1]}. Install the newer Aftercheck again, or restore an older backup."
        )


async def open_database(
    url: str, *, backup: bool = True, exclusive: bool = False, alone: bool = False
) -> Database:
    """Open the database of this address, make it if there is none, bring its schema up to date.

    A SQLite file that holds data is copied first to `<file>.before-<schema>-<time>`, unless
    `backup` is false. `exclusive` is for the running bot: a second one on the same SQLite file is
    refused, and PostgreSQL takes several. `alone` is for what must not be done while any bot runs.
    A SQLite file is changed only while no bot runs on it.

    Raises:
        AlreadyRunningError: a bot is running on this database.
        ChangingError: a program is alone with this database.
        NewerDatabaseError: a newer Aftercheck has changed it.
        StorageError: it cannot be opened or changed; what was in it is as it was.
    """
    path = sqlite_path(url)
    if path is None:
        return await open_postgres(url, running=exclusive, alone=alone)
    release = lock_file(path) if exclusive or alone else None
    try:
        locked = release is not None
        await asyncio.to_thread(bring_up_to_date, path, backup=backup, locked=locked)
        if exclusive:
            await asyncio.to_thread(check_whole, path)
        return SqliteDatabase(path, release=release)
    except BaseException:
        if release is not None:
            release()
        raise


async def open_postgres(url: str, *, running: bool, alone: bool) -> Database:
    """Open a PostgreSQL database."""
    try:
        from storage import (  # noqa: PLC0415 - only where its driver is
            postgres,
            postgres_connection,
        )
    except ModuleNotFoundError as error:
        raise StorageError(
            "PostgreSQL needs its driver: pip install 'aftercheck[postgres]'."
        ) from error
    if change_due(await postgres.version_of(url)):
        from storage.migrations.upgrade import upgrade_postgres  # noqa: PLC0415 - heavy, rarely due

        await upgrade_postgres(lambda: postgres_connection.connect(url))
    return await postgres.PostgresDatabase.open(url, running=running, alone=alone)


def change_due(version: str | None) -> bool:
    """Say whether a database of this version, or of none, must be changed.

    Raises:
        NewerDatabaseError: the version is not known here.
    """
    if version is not None and version not in REVISIONS:
        raise NewerDatabaseError(version)
    return version != REVISIONS[-1]


def bring_up_to_date(path: Path, *, backup: bool, locked: bool) -> None:
    """Make a SQLite file or change its schema, where that is due."""
    with closing(connect(path)) as connection:
        try:
            version = version_of(connection)
        except SQLITE_ERRORS as error:
            raise storage_error(error) from error
        if not change_due(version):
            return
        release = None if locked else lock_file(path)
        try:
            if backup and version is not None:
                back_up(connection, path)
            change(path)
        finally:
            if release is not None:
                release()


def check_whole(path: Path) -> None:
    """Look through a whole SQLite file, its indexes too: about a second for each 100 MB.

    A row that an index no longer finds is a patient who is taken for a stranger.

    Raises:
        StorageError: it is damaged.
    """
    with closing(connect(path)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except SQLITE_ERRORS as error:
            raise storage_error(error) from error
    if said != "ok":
        raise StorageError(DAMAGED)


def change(path: Path) -> None:
    """Make all changes that are due, or none."""
    from storage.migrations.upgrade import upgrade_sqlite  # noqa: PLC0415 - heavy, rarely due

    upgrade_sqlite(path)


def version_of(connection: sqlite3.Connection) -> str | None:
    """Return the revision of the schema, or `None` for an empty file.

    Raises:
        StorageError: the file holds the tables of some other program.
    """
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StorageError(
                "The file is the database of another program. Look at DATABASE_URL."
            ) from error
        return None
    return str(row[0])


def back_up(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the database beside itself and return where; a copy has its name only when complete."""
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.before-{REVISIONS[-1]}-{time}")
    unfinished = target.with_name(f"{target.name}.unfinished")
    os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    return unfinished.replace(target)
