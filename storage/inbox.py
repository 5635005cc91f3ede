"""Every update from Telegram, stored before it is confirmed, and what became of it.

Hazards: H13.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from storage.instants import stored
from storage.records import Key, place
from storage.transaction import Query, Transaction

TRIES = 3
"""An update that fails this often is set aside (delivery plan, hazard 36)."""


class Arrived(NamedTuple):
    """One update as it came: its number, the chat whose order it keeps, and its JSON."""

    update_id: int
    chat_id: int | None
    raw: bytes


class Waiting(NamedTuple):
    """A stored update that is still to be worked on."""

    update_id: int
    chat_id: int | None


KEEP = """
    INSERT INTO inbox (update_id, chat_id, body, state, tries, received_at)
    VALUES (:update_id, :chat_id, :body, 'new', 0, :now)
    ON CONFLICT (update_id) DO NOTHING RETURNING update_id
"""
WAITING = """
    SELECT update_id, chat_id FROM inbox WHERE state = 'new' ORDER BY received_at, update_id
"""
TAKE = "SELECT body FROM inbox WHERE update_id = :update_id AND state = 'new' {for_update}"
END = """
    UPDATE inbox SET state = :state, reason = :reason, ended_at = :now
    WHERE update_id = :update_id AND state = 'new'
"""
FAILED = """
    UPDATE inbox SET tries = tries + 1, reason = :reason
    WHERE update_id = :update_id AND state = 'new' RETURNING tries
"""


def keep(key: Key, updates: Sequence[Arrived], now: datetime) -> Transaction[list[Waiting]]:
    """Store updates, and return those that were not there before.

    The number decides by being there, not by its size: after an idle week Telegram's numbers
    start anywhere.
    """
    fresh = []
    for update in updates:
        body = key.seal(update.raw, place("inbox", str(update.update_id)))
        values = {"update_id": update.update_id, "chat_id": update.chat_id, "body": body}
        rows = yield Query(KEEP, values | {"now": stored(now)})
        if rows:
            fresh.append(Waiting(update.update_id, update.chat_id))
    return fresh


def waiting() -> Transaction[list[Waiting]]:
    """Return every update that is still to be worked on, in the order they came."""
    rows = yield Query(WAITING)
    return [Waiting(row["update_id"], row["chat_id"]) for row in rows]


def take(key: Key, update_id: int) -> Transaction[bytes | None]:
    """Return an update's JSON, held until the transaction ends; None when it was worked on."""
    rows = yield Query(TAKE, {"update_id": update_id})
    if not rows:
        return None
    return key.open(bytes(rows[0]["body"]), place("inbox", str(update_id)))


def done(update_id: int, reason: str, now: datetime) -> Transaction[None]:
    """Note that an update was worked on, and what it was."""
    values = {"update_id": update_id, "state": "done", "reason": reason, "now": stored(now)}
    yield Query(END, values)


def failed(update_id: int, reason: str, now: datetime) -> Transaction[bool]:
    """Count a failure; set the update aside at the third, and tell whether that was it."""
    rows = yield Query(FAILED, {"update_id": update_id, "reason": reason})
    if not rows or rows[0]["tries"] < TRIES:
        return False
    values = {"update_id": update_id, "state": "set_aside", "reason": reason, "now": stored(now)}
    yield Query(END, values)
    return True
