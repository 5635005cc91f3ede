"""Putting a backup in the place of a SQLite database, whole or not at all."""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from storage.backups import copied, flush
from storage.exclusive import lock_file
from storage.opening import change, change_due, version_of
from storage.sqlite import connect, connect_read_only, run_now
from storage.sqlite_errors import storage_error
from storage.transaction import Startable, StorageError

JOURNALS = ("-wal", "-shm")


def restore(path: Path, source: Path, prepare: Startable[object], now: datetime) -> Path | None:
    """Put a backup in the place of the database; return where the present one is kept, if any.

    `prepare` is run in the copy first. The database is replaced only once the copy is whole, of
    a schema that is known here, prepared, and on the disk.

    Raises:
        AlreadyRunningError: the bot is running.
        NewerDatabaseError: the backup is of a newer Aftercheck.
        StorageError: the backup is missing or damaged, or something cannot be written.
        BaseException: what `prepare` raised; nothing was replaced.
    """
    if not source.is_file():
        raise StorageError(f"There is no file {source}.")
    release = lock_file(path)
    unfinished = path.with_name(f"{path.name}.restoring")
    try:
        copy_of(source, unfinished)
        with closing(connect(unfinished)) as copy:
            run_now(copy, prepare)
            copy.execute("PRAGMA journal_mode = DELETE")
        flush(unfinished)
        kept = keep_beside(path, now) if path.exists() else None
        unfinished.replace(path)
        flush(path.absolute().parent)
    except OSError as error:
        raise StorageError(f"The backup cannot be put in place: {error.strerror}.") from error
    finally:
        for ending in ("", *JOURNALS):
            Path(f"{unfinished}{ending}").unlink(missing_ok=True)
        release()
    return kept


def copy_of(source: Path, target: Path) -> None:
    """Copy a backup, look whether it is whole, and bring the copy's schema up to date."""
    try:
        with closing(connect_read_only(source)) as reading:
            version = version_of(reading)
            if version is None:
                raise StorageError(f"{source} is empty: it is no backup.")
            is_older = change_due(version)
            copied(reading, target)
    except sqlite3.Error as error:
        raise storage_error(error) from error
    if is_older:
        change(target)


def keep_beside(path: Path, now: datetime) -> Path:
    """Give the present database a second name, under which it stays; its first is not gone before.

    What its journal holds is written into it first, where it is not too damaged for that.
    """
    with suppress(StorageError, sqlite3.Error), closing(connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = path.with_name(f"{path.name}.replaced-{now:%Y-%m-%dT%H%M%SZ}")
    kept.hardlink_to(path)
    for ending in JOURNALS:
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").rename(f"{kept}{ending}")
    return kept
