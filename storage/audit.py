"""The audit trail: who did, saw and exported what, as a chain that shows every later change.

Each act is a row of `action`. Its `mac` is an HMAC over what the row says, its place (`seq`) and
the `mac` before it, under a key that is in no database: HKDF of the clinic's key, which is stored
only wrapped by ENCRYPTION_KEY and stays the same when that is rotated. So whoever can write to the
database, and has no key, cannot change, take out, put in or move a row unseen. The last row's place
and `mac`, the head, is kept in `meta` under an HMAC of its own, and said outside, in the digest and
by `aftercheck audit head`: a chain that was cut off together with its head no longer reaches it.

Subjects are case codes and staff's numbers. What erasing has to empty, a detail or who a patient
was, enters the chain as the digest of it with a salt of its own. Erasing empties the words and the
salt: the chain still verifies, and nobody can find out by guessing what stood there.
"""

import hmac
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from flows.engine.events import Did
from storage.case_keys import Key
from storage.instants import stored
from storage.transaction import Query, Transaction

PURPOSE: Final = "aftercheck audit 1"
SALT: Final = 16
DIGEST: Final = 32
"""Bytes: 128 random bits, and what SHA-256 gives."""

HEAD_SHOWN: Final = 16
"""Hexadecimal digits of a head that people keep: 64 bits, which nobody meets by chance."""

BEGUN, BROKEN = "audit_begun", "audit_broken"
"""Acts of the trail itself: its first one, and that its head was found changed."""

BATCH: Final = 500
LONGEST: Final = 200
"""Rows taken over at a time; characters of a broken head that are kept."""

HEAD = "SELECT value FROM meta WHERE key = 'audit_head' {for_update}"
FIRST_HEAD = "INSERT INTO meta (key, value) VALUES ('audit_head', '') ON CONFLICT DO NOTHING"
SET_HEAD = """
    INSERT INTO meta (key, value) VALUES ('audit_head', :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
LAST = "SELECT seq, mac FROM action WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1"
ROW = """
    INSERT INTO action (at, actor, name, action, code, alert, allowed, detail, seq, prev, mac,
                        who_mark, detail_mark)
    VALUES (:at, :actor, :name, :action, :code, :alert, :allowed, :detail, :seq, :prev, :mac,
            :who_mark, :detail_mark)
"""
LOOSE = """
    SELECT id, at, actor, name, action, code, alert, allowed, detail FROM action
    WHERE seq IS NULL AND id > :after ORDER BY id LIMIT :most
"""
CHAIN = """
    UPDATE action SET seq = :seq, prev = :prev, mac = :mac, who_mark = :who_mark,
                      detail_mark = :detail_mark
    WHERE id = :id
"""


class Head(NamedTuple):
    """The last row's place and `mac`; 0 and nothing before the first."""

    seq: int
    mac: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.mac.hex()[:HEAD_SHOWN]}"


class AuditKey:
    """Signs rows and heads."""

    def __init__(self, clinic: Key) -> None:
        self._key = clinic.derived(PURPOSE)

    def signed(self, what: str, content: bytes) -> bytes:
        """Return the HMAC of a content of some kind."""
        return hmac.digest(self._key, what.encode() + b"\0" + content, "sha256")

    def mark(self, content: object, salt: bytes | None = None) -> bytes:
        """Return the salt and the digest of what can be emptied."""
        salt = os.urandom(SALT) if salt is None else salt
        return salt + self.signed("mark", salt + canonical(content))

    def mac(self, seq: int, prev: bytes, row: Mapping[str, Any]) -> bytes:
        """Return the `mac` of a row with its marks, at this place after that one."""
        parts = [row[name] for name in ("at", "action", "code", "alert", "allowed")]
        marks = [row[name][-DIGEST:].hex() for name in ("who_mark", "detail_mark")]
        return self.signed("row", canonical([seq, prev.hex(), *parts, *marks]))

    def text_of(self, head: Head) -> str:
        """Return a head as it is stored."""
        return f"{head.seq}:{head.mac.hex()}:{self.proof(head).hex()}"

    def proof(self, head: Head) -> bytes:
        """Return the HMAC of a head."""
        return self.signed("head", f"{head.seq}:{head.mac.hex()}".encode())

    def head_of(self, text: str) -> Head | None:
        """Return the head that is stored; None where it was not written with this key."""
        try:
            seq, mac, proof = text.split(":")
            head = Head(int(seq), bytes.fromhex(mac))
            is_ours = hmac.compare_digest(self.proof(head), bytes.fromhex(proof))
        except ValueError:
            return None
        return head if is_ours else None


def canonical(content: object) -> bytes:
    """Return the one way to write a content down."""
    return json.dumps(content, separators=(",", ":"), default=repr).encode()


def did(key: AuditKey, code: str | None, event: Did, now: datetime) -> Transaction[None]:
    """Put an act at the end of the chain, in the transaction of what was done.

    On PostgreSQL the head's row is locked until that is committed, so acts stand in line.
    """
    head = yield from locked_head(key, now)
    yield from append(key, head, row_of(code, event, now))


def begin(key: AuditKey, now: datetime) -> Transaction[Head]:
    """Begin the chain where it has not begun, and return its head: what a start does first."""
    return (yield from locked_head(key, now))


def row_of(code: str | None, event: Did, now: datetime) -> dict[str, Any]:
    """Return an act as a row that is not chained yet."""
    return {
        "at": stored(now), "actor": event.who, "name": event.name, "action": event.action,
        "code": code, "alert": event.alert or None, "allowed": int(event.allowed),
        "detail": event.detail,
    }  # fmt: skip


def append(key: AuditKey, head: Head, row: dict[str, Any]) -> Transaction[Head]:
    """Put a row after the head, and return the new head."""
    linked = chained(key, head, row)
    yield Query(ROW, row | linked)
    return (yield from moved(key, head, linked))


def chained(key: AuditKey, head: Head, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that make a row the next one of the chain."""
    linked: dict[str, Any] = {
        "seq": head.seq + 1,
        "prev": head.mac,
        "who_mark": key.mark([row["actor"], row["name"]]),
        "detail_mark": key.mark(row["detail"]) if row["detail"] else b"",
    }
    return linked | {"mac": key.mac(linked["seq"], head.mac, dict(row) | linked)}


def moved(key: AuditKey, head: Head, linked: Mapping[str, Any]) -> Transaction[Head]:
    """Store and return the head after one more row."""
    head = Head(head.seq + 1, linked["mac"])
    yield Query(SET_HEAD, {"value": key.text_of(head)})
    return head


def locked_head(key: AuditKey, now: datetime) -> Transaction[Head]:
    """Return the head, which nobody else moves until this transaction ends.

    One that is not ours stops nothing, since an alert may hang on it: the chain goes on after its
    last row, with a row that says so for ever.
    """
    rows = yield Query(HEAD)
    if not rows:
        yield Query(FIRST_HEAD)  # so that there is something to lock: only one begins the chain
        rows = yield Query(HEAD)
    text = str(rows[0]["value"])
    head = key.head_of(text)
    if head is not None:
        return head
    last = yield Query(LAST)
    if not last and not text:
        return (yield from taken_over(key, now))
    found = Head(int(last[0]["seq"]), bytes(last[0]["mac"])) if last else Head(0, b"")
    broken = Did(None, "Aftercheck", BROKEN, detail=f"the head said: {text[:LONGEST] or 'nothing'}")
    return (yield from append(key, found, row_of(None, broken, now)))


def taken_over(key: AuditKey, now: datetime) -> Transaction[Head]:
    """Begin the chain, with the rows that were written before there was one, as they stand."""
    head, last = Head(0, b""), 0
    while rows := (yield Query(LOOSE, {"after": last, "most": BATCH})):
        for row in rows:
            linked = chained(key, head, {name: row[name] for name in row.keys()})  # noqa: SIM118
            yield Query(CHAIN, linked | {"id": row["id"]})
            head, last = Head(head.seq + 1, linked["mac"]), row["id"]
    begun = Did(None, "Aftercheck", BEGUN, detail=f"{head.seq} earlier rows were taken over")
    return (yield from append(key, head, row_of(None, begun, now)))
