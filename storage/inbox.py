"""Every update from Telegram, stored before it is confirmed, and what became of it.

Hazards: H13.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from storage.case_keys import Key, place
from storage.instants import stored
from storage.transaction import Query, Transaction

TRIES = 3
"""An update that fails this often is set aside (docs/sources.md, poison)."""


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
TAKE = """
    SELECT update_id, body FROM inbox
    WHERE state = 'new'
        AND update_id = (SELECT MIN(update_id) FROM inbox WHERE state = 'new' AND chat_id = :chat)
    {skip_locked}
"""
TAKE_OF_NO_CHAT = TAKE.replace("chat_id = :chat", "chat_id IS NULL")
END = """
    UPDATE inbox SET state = :state, reason = :reason, ended_at = :now
    WHERE update_id = :update_id AND state = 'new'
"""
STATE_OF = "SELECT state FROM inbox WHERE update_id = :update_id"
CASE_OF = "SELECT code, language FROM patient WHERE chat_id = :chat_id"
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


class Taken(NamedTuple):
    """An update that is worked on: its number, and its JSON, sealed."""

    update_id: int
    body: bytes

    def opened(self, key: Key) -> bytes:
        """Return its JSON."""
        return key.open(self.body, place("inbox", str(self.update_id)))


def take(chat_id: int | None) -> Transaction[Taken | None]:
    """Return a chat's oldest update that is to be worked on, held until the transaction ends.

    Only the oldest is ever taken, so a chat keeps its order whoever works on it. The oldest is the
    one with the lowest number: numbers grow for as long as anything waits. None: nothing waits, or
    another worker holds it, who looks for the next one afterwards.
    """
    text = TAKE_OF_NO_CHAT if chat_id is None else TAKE
    rows = yield Query(text, {} if chat_id is None else {"chat": chat_id})
    return Taken(rows[0]["update_id"], bytes(rows[0]["body"])) if rows else None


def done(update_id: int, reason: str, now: datetime) -> Transaction[None]:
    """Note that an update was worked on, and what it was."""
    values = {"update_id": update_id, "state": "done", "reason": reason, "now": stored(now)}
    yield Query(END, values)


def state_of(update_id: int) -> Transaction[str]:
    """Return how an update stands: `new`, `done` or `set_aside`; empty where it is not stored."""
    rows = yield Query(STATE_OF, {"update_id": update_id})
    return str(rows[0]["state"]) if rows else ""


class Whose(NamedTuple):
    """The case whose chat it is, and its language."""

    code: str
    language: str


def case_of(chat_id: int | None) -> Transaction[Whose | None]:
    """Return whose chat this is, without opening anything of the case; None for nobody's."""
    rows = yield Query(CASE_OF, {"chat_id": chat_id})
    return Whose(rows[0]["code"], rows[0]["language"]) if rows else None


def failed(update_id: int, reason: str, now: datetime) -> Transaction[bool]:
    """Count a failure; set the update aside at the third, and tell whether that was it."""
    rows = yield Query(FAILED, {"update_id": update_id, "reason": reason})
    if not rows or rows[0]["tries"] < TRIES:
        return False
    values = {"update_id": update_id, "state": "set_aside", "reason": reason, "now": stored(now)}
    yield Query(END, values)
    return True
