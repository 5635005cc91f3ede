"""Links by which somebody comes onto the roster: once used, an admin says whether it is them.

Hazards: H30.
"""

from datetime import datetime
from typing import NamedTuple

from flows.escalation import Role, StaffMember
from storage.instants import instant, stored
from storage.transaction import Query, Row, Transaction

INVITE = """
    INSERT INTO staff_invitation (token_hash, name, role, created_by, created_at, expires_at)
    VALUES (:token_hash, :name, :role, :created_by, :now, :expires_at)
"""
USE = """
    UPDATE staff_invitation SET used_at = :now, user_id = :user_id, account = :account,
                                expires_at = :until
    WHERE token_hash = :token_hash AND used_at IS NULL AND ended_at IS NULL AND expires_at > :now
    RETURNING *
"""
DECIDE = """
    UPDATE staff_invitation SET ended_at = :now, outcome = CAST(:outcome AS TEXT)
    WHERE id = :id AND ended_at IS NULL AND expires_at > :now
      AND (used_at IS NOT NULL OR CAST(:outcome AS TEXT) = 'withdrawn')
    RETURNING *
"""
OPEN = """
    SELECT * FROM staff_invitation WHERE ended_at IS NULL AND expires_at > :now ORDER BY id
"""


class NewLink(NamedTuple):
    """A link to store: the hash of its token, and whom it is for."""

    token_hash: str
    name: str
    role: Role
    created_by: StaffMember
    expires_at: datetime


class StaffInvitation(NamedTuple):
    """A link that was made: whom it is for, and who opened it.

    `user_id` is None until somebody has; `account` is what their account is called.
    """

    id: int
    name: str
    role: Role
    expires_at: datetime
    user_id: int | None
    account: str


def invite(link: NewLink, now: datetime) -> Transaction[None]:
    """Store a link."""
    yield Query(INVITE, {
        "token_hash": link.token_hash, "name": link.name, "role": link.role,
        "created_by": link.created_by.id, "now": stored(now),
        "expires_at": stored(link.expires_at),
    })  # fmt: skip


def use(
    token_hash: str, user_id: int, account: str, until: datetime, now: datetime
) -> Transaction[StaffInvitation | None]:
    """Use a link up; an admin has time until `until` to say whether it is them.

    None: it is unknown, was used or withdrawn, or has run out. Of two who open it at once one
    finds it unused.
    """
    rows = yield Query(USE, {
        "token_hash": token_hash, "user_id": user_id, "account": account, "now": stored(now),
        "until": stored(until),
    })  # fmt: skip
    return invitation_of(rows[0]) if rows else None


def decide(number: int, outcome: str, now: datetime) -> Transaction[StaffInvitation | None]:
    """Let in (`let_in`), `refuse`, or take a link back (`withdrawn`).

    None: somebody has decided before, it has run out, or nobody has opened it yet.
    """
    rows = yield Query(DECIDE, {"id": number, "outcome": outcome, "now": stored(now)})
    return invitation_of(rows[0]) if rows else None


def still_open(now: datetime) -> Transaction[list[StaffInvitation]]:
    """Return the links that still work, and those that wait for an admin, the oldest first."""
    rows = yield Query(OPEN, {"now": stored(now)})
    return [invitation_of(row) for row in rows]


def invitation_of(row: Row) -> StaffInvitation:
    """Return an invitation as stored."""
    return StaffInvitation(
        row["id"], row["name"], row["role"], instant(row["expires_at"]), row["user_id"],
        row["account"] or "",
    )  # fmt: skip
