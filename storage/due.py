"""What must happen at what instant: the due table, which is the truth about time."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from storage.instants import instant, stored
from storage.transaction import Query, Transaction

AGAIN: Final = timedelta(minutes=1)
"""A thing that failed is tried again after this (own choice)."""
FAILING: Final = "failing since "
"""Before the instant, in the reason of a thing that waits because it failed, until it is done."""


class DueRow(NamedTuple):
    """One planned thing: its kind, what it is about, the case it belongs to, and when."""

    kind: str
    about: str
    code: str | None
    due_at: datetime


PLAN = """
    INSERT INTO due (key, kind, code, due_at, state, reason)
    VALUES (:key, :kind, :code, :due_at, 'waiting', '')
    ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, state = 'waiting', reason = '',
                                    ended_at = NULL
"""
END = """
    UPDATE due SET state = :state, reason = :reason, ended_at = :now
    WHERE key = :key AND state = 'waiting'
    RETURNING key
"""
DONE = """
    UPDATE due SET state = 'done', reason = '', ended_at = :now
    WHERE key = :key AND state = 'waiting' AND due_at = :due_at
    RETURNING key
"""
PUT_OFF = """
    UPDATE due SET due_at = :again, reason = CASE
        WHEN reason LIKE 'failing since %' AND reason < :reason THEN reason ELSE :reason END
    WHERE key = :key AND state = 'waiting' AND due_at = :due_at
    RETURNING reason
"""
"""Of a clock that was set back the earlier instant counts."""
DUE_NOW = """
    SELECT key, kind, code, due_at FROM due
    WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at, key LIMIT :most
"""
ALERTS_NOW = """
    SELECT key, kind, code, due_at FROM due
    WHERE state = 'waiting' AND due_at <= :now
      AND kind IN ('notify', 'red_flag', 'not_read', 'digest', 'hand_over', 'hand_over_late')
    ORDER BY due_at, key LIMIT :most
"""
COMING = """
    SELECT key, kind, code, due_at FROM due WHERE state = 'waiting' ORDER BY due_at LIMIT 1
"""
COMING_KIND = """
    SELECT key, kind, code, due_at FROM due
    WHERE state = 'waiting' AND kind = :kind ORDER BY due_at LIMIT 1
"""


def plan(row: DueRow) -> Transaction[None]:
    """Plan something; an earlier plan for the same thing is moved, and wakes up if it had ended."""
    yield Query(PLAN, {"key": key_of(row.kind, row.about), "kind": row.kind, "code": row.code,
                       "due_at": stored(row.due_at)})  # fmt: skip


def end(kind: str, about: str, state: str, reason: str, now: datetime) -> Transaction[bool]:
    """End a plan as `done` or `cancelled`, with its reason.

    False means that it was not waiting: somebody else has done it, or it never was planned.
    """
    values = {"key": key_of(kind, about), "state": state, "reason": reason, "now": stored(now)}
    return bool((yield Query(END, values)))


def done(row: DueRow, now: datetime) -> Transaction[bool]:
    """End a plan that was found due, as done.

    False means that somebody else has done it, or planned the same thing for another time since.
    """
    key = key_of(row.kind, row.about)
    return bool((yield Query(DONE, {"key": key, "due_at": stored(row.due_at), "now": stored(now)})))


def put_off(row: DueRow, now: datetime) -> Transaction[datetime | None]:
    """Let a thing that failed be tried again in a minute, and return since when it has failed.

    None means that somebody else has done it, or planned the same thing for another time since.
    """
    rows = yield Query(PUT_OFF, {
        "key": key_of(row.kind, row.about), "due_at": stored(row.due_at),
        "again": stored(now + AGAIN), "reason": f"{FAILING}{stored(now)}",
    })  # fmt: skip
    return instant(rows[0]["reason"].removeprefix(FAILING)) if rows else None


def due_now(now: datetime, most: int, *, alerts_only: bool = False) -> Transaction[list[DueRow]]:
    """Return what is due, the longest overdue first.

    `alerts_only` leaves telling staff of alerts, in the digest too, where alone some are told of;
    raising one for an unanswered list of warning signs or a message that could not be worked on;
    and who is on call.
    """
    text = ALERTS_NOW if alerts_only else DUE_NOW
    rows = yield Query(text, {"now": stored(now), "most": most})
    return [DueRow(*of_key(row["key"]), row["code"], instant(row["due_at"])) for row in rows]


def coming(kind: str = "") -> Transaction[DueRow | None]:
    """Return the next planned thing, of one kind if one is named; it may be overdue."""
    rows = yield Query(COMING_KIND if kind else COMING, {"kind": kind} if kind else {})
    if not rows:
        return None
    return DueRow(*of_key(rows[0]["key"]), rows[0]["code"], instant(rows[0]["due_at"]))


def key_of(kind: str, about: str) -> str:
    """Return a plan's key: `silence:A7K2:1/check_in/24`."""
    return f"{kind}:{about}"


def of_key(key: str) -> tuple[str, str]:
    """Return a plan's kind and what it is about."""
    kind, _, about = key.partition(":")
    return kind, about
