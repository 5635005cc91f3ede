"""What the errors of SQLite mean, and what must not get into it."""

import sqlite3
from datetime import date, datetime
from typing import NoReturn

from storage.transaction import ConflictError, StorageError

DAMAGED = (
    "The database file is damaged. Keep a copy of it, and restore a backup with "
    "`aftercheck restore`."
)
SENTENCES = {
    sqlite3.SQLITE_FULL: ("The disk is full: nothing was saved. Free some space.", True),
    sqlite3.SQLITE_IOERR: ("The disk failed or is full: nothing was saved. Look at it now.", True),
    sqlite3.SQLITE_BUSY: (
        "Another program holds the database locked: nothing was saved. Close that program.",
        True,
    ),
    sqlite3.SQLITE_READONLY: (
        "The database cannot be written here: the file, its folder or this way to it is read-only.",
        False,
    ),
    sqlite3.SQLITE_CORRUPT: (
        DAMAGED,
        False,
    ),
    sqlite3.SQLITE_NOTADB: (
        "The file is no SQLite database. Look at DATABASE_URL; if it was one, restore a backup.",
        False,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The database file cannot be opened: see that its folder exists and may be written.",
        False,
    ),
}
"""What the errors of SQLite mean, by their primary code, and whether they pass by themselves."""


SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""All that the driver raises; the second where a damaged text is part of its own message."""


def storage_error(error: sqlite3.Error | UnicodeDecodeError) -> StorageError:
    """Return the same error in words that say how to mend it."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        return StorageError(DAMAGED)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_CONSTRAINT:
        return ConflictError(f"The database refused a row: {error}")
    refused = (
        f"The database refused a statement: {error}. If the bot ran on it before, the file may be "
        "damaged: restore a backup with `aftercheck restore`."
    )
    sentence, passing = SENTENCES.get(code, (refused, False))
    return StorageError(sentence, passing=passing)


def refuse_time(moment: date) -> NoReturn:
    """Keep times out that were not made text: they would be stored in a form that sorts wrongly."""
    raise TypeError(f"{type(moment).__name__} in a query; use storage.instants.stored")


sqlite3.register_adapter(datetime, refuse_time)
sqlite3.register_adapter(date, refuse_time)
