"""Copies of a SQLite file, made while the bot runs, and a file without traces of what was.

Hazards: H22.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from flows.engine.events import Did
from storage.audit import AuditKey
from storage.erasing import note_backup
from storage.freezing import check_keys
from storage.location import sqlite_path
from storage.opening import version_of
from storage.sealing import Keyring, SealError, clinic_key
from storage.sqlite import connect, connect_read_only, executor, run_now
from storage.sqlite_errors import storage_error
from storage.transaction import StorageError, Transaction, drive

BACKUP_AT = "backup_at"
"""Where the instant of the last copy of the night is kept; empty where none is to be made."""

NIGHTLY = Did(None, "Aftercheck", "backup")

REWRITTEN = ("patient", "invitation", "meta", "inbox", "outbox", "action")
"""Tables of PostgreSQL whose old rows could be read: they hold keys, or what the clinic's opens."""


def back_up(path: Path, target: Path, begins: Callable[[], None] = lambda: None) -> str:
    """Copy a database, whole and checked, to a file that only its owner may read.

    The bot goes on meanwhile. A copy has its name only when complete; one of that name is replaced.
    `begins` notes where the copy will be, before anything is written there. Returns the version of
    the schema.

    Raises:
        StorageError: the database or the copy is damaged, or the copy cannot be written.
    """
    if target.exists() and path.exists() and target.samefile(path):
        raise StorageError("The copy would replace the database itself: choose another file.")
    unfinished = unfinished_of(target)
    try:
        with closing(connect_read_only(path)) as source:
            version = version_of(source)
            if version is None:
                raise StorageError(f"{path} is empty: there is nothing to copy.")
            begins()
            copied(source, unfinished)
        unfinished.replace(target)
        flush(target.parent)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return version


def unfinished_of(target: Path) -> Path:
    """Return where a copy is while it is being made; a kill leaves it there."""
    return target.with_name(f"{target.name}.unfinished")


def keep(path: Path, folder: Path, keyring: Keyring, most: int, now: datetime) -> Path:
    """Copy a database into a folder, see that the copy can be restored, and delete the oldest.

    So many are kept at most; the last good ones stay where a new one cannot be made. It is noted
    before it is made, and what a kill left of an earlier one goes.

    Raises:
        OSError: the folder cannot be made.
        SealError: the keys in the copy cannot be opened with ENCRYPTION_KEY.
        StorageError: as `back_up`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{path.name}.backup-*Z.unfinished"):
        left.unlink()
    target = folder / f"{path.name}.backup-{now:%Y-%m-%dT%H%M%SZ}"
    back_up(path, target, lambda: note(path, target, keyring, NIGHTLY, now))
    try:
        with closing(connect_read_only(target)) as copy:
            check_whole(copy)
            drive(executor(copy.cursor()), check_keys(keyring))
    except (SealError, StorageError):
        target.unlink()
        raise
    for old in sorted(folder.glob(f"{path.name}.backup-*Z"))[:-most]:
        old.unlink()
    return target


def copied(source: sqlite3.Connection, target: Path) -> None:
    """Copy into a file of its own, without a journal beside it, and look whether it is whole.

    Raises:
        StorageError: it is not.
        OSError: the file cannot be made.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            check_whole(copy)
    except sqlite3.Error as error:
        raise storage_error(error) from error
    flush(target)


def check_whole(connection: sqlite3.Connection) -> None:
    """Read every page and index.

    Raises:
        StorageError: something is wrong inside.
    """
    said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        raise StorageError(f"The database file is damaged: {said[0]}. Keep it, and an older copy.")


def note(path: Path, target: Path, keyring: Keyring, by: Did, now: datetime) -> None:
    """Note in the database where a copy is, so that erasing can name it.

    Raises:
        SealError: ENCRYPTION_KEY does not open the database.
        StorageError: the database cannot be written.
    """

    def noted() -> Transaction[None]:
        key = AuditKey((yield from clinic_key(keyring)))
        yield from note_backup(key, by, str(target.absolute()), now)

    with closing(connect(path)) as connection:
        run_now(connection, noted)


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def beside(path: Path) -> list[Path]:
    """Return the copies beside a database that Aftercheck made by itself or was asked to."""
    return sorted(
        one
        for word in ("before", "backup", "replaced")
        for one in path.absolute().parent.glob(f"{path.name}.{word}-*")
    )


async def sweep(url: str) -> None:
    """Rewrite what holds keys, so that no earlier version of a row is left in free space.

    SQLite's file is rewritten whole and its journal emptied; the bot waits as long as that takes.

    Raises:
        StorageError: another program did not let go in time, or the disk is full.
    """
    path = sqlite_path(url)
    if path is not None:
        sweep_sqlite(path)
        return
    from storage import postgres  # noqa: PLC0415 - only where its driver is

    await postgres.rewrite(url, REWRITTEN)


def sweep_sqlite(path: Path) -> None:
    """Rewrite a SQLite file; errors as `sweep`."""
    with closing(connect(path)) as connection:
        try:
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise storage_error(error) from error
    if busy:
        raise StorageError(
            "Another program is reading the database, so its journal could not be emptied.",
            passing=True,
        )
