"""How the database is: what is overdue in it, its version, whether it is whole and can be written.

The first part are transactions for a running bot; the second looks from outside, before one runs.
"""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from storage.cursor import cursor
from storage.due import AGAIN
from storage.exclusive import AlreadyRunningError, lock_file
from storage.instants import instant, stored
from storage.location import sqlite_path
from storage.sqlite_errors import storage_error
from storage.transaction import Query, Transaction

OVERDUE = """
    SELECT MIN(CASE WHEN reason LIKE 'failing since %' THEN substr(reason, 15) ELSE due_at END)
        AS oldest FROM due
    WHERE state = 'waiting' AND due_at <= :soon
      AND (due_at <= :now OR reason LIKE 'failing since %')
"""
"""What fails again and again is put off each time, and overdue since it failed first."""
UNSENT = """
    SELECT MIN(created_at) AS oldest FROM outbox
    WHERE lane = 0 AND state IN ('pending', 'sending') AND (reason <> '' OR not_before <= :now)
      AND method <> 'second_channel'
"""
"""What was put off waits since it was put in, also where its chat takes nothing for hours (429), so
that it was never tried. In Telegram: a second channel that takes nothing is said in the staff chat.
"""
UNHEARD = "SELECT MIN(received_at) AS oldest FROM inbox WHERE state = 'new'"
STAFF_CHAT_LOST = """
    SELECT value FROM meta
    WHERE key = 'staff_chat_lost' AND value <> '' AND NOT EXISTS (
        SELECT 1 FROM outbox
        WHERE outbox.chat_id < 0 AND outbox.state = 'sent' AND outbox.ended_at > meta.value
          AND outbox.method NOT LIKE 'edit%' AND outbox.method <> 'card_refresh'
          AND COALESCE(outbox.code, '') <> '000000')
"""
"""What only changes a message says nothing of new ones: a closed topic takes the one alone.
Nor does what the hourly trial sends into a group of its own."""
COPIED = "SELECT value FROM meta WHERE key = 'backup_at' AND value <> ''"
CLINIC_KEY = "SELECT value FROM meta WHERE key = 'clinic_key'"
WAIT = 2.0
"""Seconds to wait for a writer; a group of the bot's takes milliseconds."""


class Backlog(NamedTuple):
    """Since when something waits that should not, each by its oldest.

    `due_at`: a planned thing is overdue, or fails. `alert_at`: an alert is not delivered.
    `update_at`: what somebody wrote or pressed is stored and not worked on. `is_staff_chat_lost`:
    the staff's group refused a message, and nothing has arrived in a group since. `backup_at`: the
    last copy of a night; None where none is to be made.
    """

    due_at: datetime | None = None
    alert_at: datetime | None = None
    update_at: datetime | None = None
    is_staff_chat_lost: bool = False
    backup_at: datetime | None = None


def backlog(now: datetime) -> Transaction[Backlog]:
    """Return what waits that should not. An alert that is put off each time counts as well."""
    values = {"now": stored(now), "soon": stored(now + AGAIN)}
    found = []
    for text in (OVERDUE, UNSENT, UNHEARD):
        rows = yield Query(text, {name: at for name, at in values.items() if f":{name}" in text})
        oldest = rows[0]["oldest"]
        found.append(instant(oldest) if oldest else None)
    lost = yield from is_staff_chat_lost()
    due_at, alert_at, update_at = found
    copies = yield Query(COPIED)
    backup_at = instant(copies[0]["value"]) if copies else None
    return Backlog(due_at, alert_at, update_at, lost, backup_at)


def is_staff_chat_lost() -> Transaction[bool]:
    """Return whether the staff's group refused a message, and has taken none since."""
    return bool((yield Query(STAFF_CHAT_LOST)))


class Look(NamedTuple):
    """A database from outside: its schema, what is wrong inside it, the clinic's wrapped key."""

    version: str
    faults: tuple[str, ...]
    clinic_key: bytes | None


def look(url: str) -> Look:
    """Look at a database without changing it; it blocks.

    Raises:
        StorageError: it cannot be read, or has no tables of ours.
    """
    with cursor(url) as rows:
        version = str(next(iter(rows(Query("SELECT version_num FROM alembic_version"))))[0])
        faults: tuple[str, ...] = ()
        if sqlite_path(url) is not None:
            said = [str(row[0]) for row in rows(Query("PRAGMA quick_check"))]
            faults = tuple(line for line in said if line != "ok")
        kept = [bytes.fromhex(row[0]) for row in rows(Query(CLINIC_KEY))]
        return Look(version, faults, kept[0] if kept else None)


def damage(url: str) -> str:
    """Read every page and index of a SQLite file; return what is wrong first, empty for nothing.

    PostgreSQL watches its own files. It blocks, for a second per gigabyte or so.

    Raises:
        StorageError: it cannot be read.
    """
    if sqlite_path(url) is None:
        return ""
    with cursor(url) as rows:
        said = [str(row[0]) for row in rows(Query("PRAGMA integrity_check(1)"))]
    return "" if said == ["ok"] else said[0]


def check_writable(path: Path) -> None:
    """Begin to write to a SQLite file, and leave it as it was.

    Raises:
        StorageError: it cannot be written, and why.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with closing(
            sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)
        ) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE probe (one INTEGER)")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise storage_error(error) from error


def running_bots(url: str) -> int:
    """Return how many bots run on a database: on a SQLite file, one of this machine; it blocks.

    Raises:
        StorageError: it cannot be read.
    """
    path = sqlite_path(url)
    if path is None:
        from storage.postgres_locks import (  # noqa: PLC0415 - only where its driver is
            LOCKS,
            RUNNING,
        )

        with cursor(url) as rows:
            return int(next(iter(rows(Query(LOCKS, {"key": RUNNING}))))[0])
    if not Path(f"{path}.lock").exists():  # nor is it made here, where its owner may be another
        return 0
    try:
        lock_file(path)()
    except AlreadyRunningError:
        return 1
    return 0
