"""What the clinic itself has stored: settings that change, its people, its protocols, links.

Hazards: H17.
"""

from datetime import datetime
from typing import NamedTuple

from flows.escalation import StaffMember
from storage.cursor import cursor
from storage.instants import stored
from storage.transaction import Query, Row, Transaction, drive

GET = "SELECT value FROM meta WHERE key = :key"
SET = """
    INSERT INTO meta (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
STAFF = "SELECT * FROM staff ORDER BY since, user_id"
MEMBER = "SELECT * FROM staff WHERE user_id = :user_id {for_update}"
JOIN = """
    INSERT INTO staff (user_id, name, role, on_roster, reachable, since)
    VALUES (:user_id, :name, :role, 1, 0, :since)
    ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, role = excluded.role, on_roster = 1
"""
LEAVE = """
    UPDATE staff SET on_roster = 0, channel = NULL, channel_state = 'none' WHERE user_id = :user_id
"""
REACH = "UPDATE staff SET reachable = :reachable WHERE user_id = :user_id"
PROTOCOL = "SELECT text FROM protocol WHERE name = :name"
KEEP_PROTOCOL = """
    INSERT INTO protocol (name, text, stored_at) VALUES (:name, :text, :now)
    ON CONFLICT (name) DO UPDATE SET text = excluded.text, stored_at = excluded.stored_at
    WHERE NOT EXISTS (SELECT 1 FROM patient WHERE patient.protocol = excluded.name)
"""
PINNED = """
    SELECT text FROM protocol
    WHERE name = :name AND EXISTS (SELECT 1 FROM patient WHERE patient.protocol = :name)
"""
INVITE = """
    INSERT INTO invitation (token_hash, code, created_by, created_at, expires_at)
    VALUES (:token_hash, :code, :created_by, :created_at, :expires_at)
"""
USE = """
    UPDATE invitation SET used_at = :now, chat_id = :chat_id
    WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
    RETURNING code
"""
INVITED = """
    SELECT code FROM invitation
    WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
"""
OPENED_BY = """
    SELECT code FROM invitation WHERE chat_id = :chat_id AND used_at IS NOT NULL
    ORDER BY used_at DESC LIMIT 1
"""


class Invitation(NamedTuple):
    """A one-time link: only the hash of its token is kept."""

    token_hash: str
    code: str
    created_by: int | None
    created_at: datetime
    expires_at: datetime


def get(key: str) -> Transaction[str | None]:
    """Return a stored setting."""
    rows = yield Query(GET, {"key": key})
    return str(rows[0]["value"]) if rows else None


def put(key: str, value: str) -> Transaction[None]:
    """Store a setting."""
    yield Query(SET, {"key": key, "value": value})


def roster() -> Transaction[tuple[StaffMember, ...]]:
    """Return everybody who is or was on the roster, in the order they came."""
    rows = yield Query(STAFF)
    return tuple(member_of(row) for row in rows)


def roster_in(url: str) -> tuple[StaffMember, ...]:
    """As `roster`, from outside and beside a running bot; it blocks.

    Raises:
        StorageError: the database cannot be read.
    """
    with cursor(url) as rows:
        return drive(lambda query: list(rows(query)), roster())


def member(user_id: int) -> Transaction[StaffMember | None]:
    """Return who is or was on the roster by this number, and keep them as they are until the end.

    Nobody can take them off, or give them another role, between this look and what they do.
    """
    rows = yield Query(MEMBER, {"user_id": user_id})
    return member_of(rows[0]) if rows else None


def member_of(row: Row) -> StaffMember:
    """Return a member of staff as stored."""
    return StaffMember(
        row["user_id"], row["name"], row["role"], bool(row["reachable"]), bool(row["on_roster"]),
        row["channel_state"],
    )  # fmt: skip


def join(member: StaffMember, now: datetime) -> Transaction[None]:
    """Put somebody on the roster, or change their name or role."""
    yield Query(JOIN, {"user_id": member.id, "name": member.name, "role": member.role,
                       "since": stored(now)})  # fmt: skip


def leave(user_id: int) -> Transaction[None]:
    """Take somebody off the roster; what they did stays theirs, their second channel does not."""
    yield Query(LEAVE, {"user_id": user_id})


def reach(user_id: int, *, reachable: bool) -> Transaction[None]:
    """Note whether a member of staff can be written to in private."""
    yield Query(REACH, {"user_id": user_id, "reachable": int(reachable)})


def protocol_text(name: str) -> Transaction[str | None]:
    """Return the text of a protocol version that enrolments are pinned to."""
    rows = yield Query(PROTOCOL, {"name": name})
    return str(rows[0]["text"]) if rows else None


def keep_protocol(name: str, text: str, now: datetime) -> Transaction[None]:
    """Store a protocol version; once somebody is enrolled on it, it is never changed."""
    yield Query(KEEP_PROTOCOL, {"name": name, "text": text, "now": stored(now)})


def pinned_text(name: str) -> Transaction[str | None]:
    """Return the text of a protocol version that somebody is enrolled on, else None."""
    rows = yield Query(PINNED, {"name": name})
    return str(rows[0]["text"]) if rows else None


def invite(invitation: Invitation) -> Transaction[None]:
    """Store a one-time link."""
    yield Query(INVITE, {
        "token_hash": invitation.token_hash, "code": invitation.code,
        "created_by": invitation.created_by, "created_at": stored(invitation.created_at),
        "expires_at": stored(invitation.expires_at),
    })  # fmt: skip


def use_invitation(token_hash: str, chat_id: int, now: datetime) -> Transaction[str | None]:
    """Use a link up, and return its case.

    None: it is unknown, was used, or has run out. Two people who open it at once cannot both
    get the case, since only one finds it unused.
    """
    values = {"token_hash": token_hash, "chat_id": chat_id, "now": stored(now)}
    rows = yield Query(USE, values)
    return str(rows[0]["code"]) if rows else None


def opened_by(chat_id: int) -> Transaction[str | None]:
    """Return the case whose link a chat opened last."""
    rows = yield Query(OPENED_BY, {"chat_id": chat_id})
    return str(rows[0]["code"]) if rows else None


def invited(token_hash: str, now: datetime) -> Transaction[str | None]:
    """Return the case of a link that still works, without using it up; None for any other."""
    rows = yield Query(INVITED, {"token_hash": token_hash, "now": stored(now)})
    return str(rows[0]["code"]) if rows else None
