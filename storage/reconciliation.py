"""No silent end: whatever was decided ended in a state with a reason, or waits for something.

Each query finds rows of one kind of which neither is true: nobody would ever look at them again.
A healthy database has none. They read whole queues, so this is for once a day.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from flows.engine.silences import ANSWERED_ELSEWHERE, STAFF_KNOW
from flows.staff_language import N_
from storage import clinic, freezing
from storage.cursor import cursor
from storage.instants import stored
from storage.outbox_rows import HELD
from storage.synthetic import CODE
from storage.transaction import Query, Transaction, drive

LATE: Final = timedelta(minutes=10)
"""As the watchdog's longest delay of a check-in (docs/sources.md, watchdog)."""
UNSENT: Final = timedelta(hours=1)
"""So long a message may be tried again and again before somebody looks at it (own choice)."""
FRESH: Final = timedelta(days=4)
"""A link lives for 72 h and then staff are told; the plan that did so is there for a day at least.
An older enrolment that came to nothing has been told of, and its plan is forgotten."""
MOST: Final = 1000
"""Rows of a kind that are named; more are a fault of the program and not of a row."""

OVERDUE: Final = N_("planned, and not done in its time")
UNPLANNED: Final = N_("a check-in that is planned, with nothing that will send it")
UNHEARD: Final = N_("a check-in that was sent, with nothing that notices silence")
UNKNOWN: Final = N_("a check-in that may not have arrived, with no reminder")
UNTOLD: Final = N_("an open alert, with nothing that will tell staff again")
UNDELIVERED: Final = N_("a message that has waited for an hour")
UNREAD: Final = N_("an update that nobody has worked on")
UNFINISHED: Final = N_("an enrolment that nobody would be told of")
NO_REASON: Final = N_("ended without a reason")

PLANS: Final = """
    SELECT code, key AS what FROM due
    WHERE state = 'waiting' AND (
        due_at < :late OR (reason LIKE 'failing since %' AND substr(reason, 15) < :late))
"""
MESSAGES: Final = """
    SELECT code, dedup_key AS what FROM outbox
    WHERE state IN ('pending', 'sending') AND created_at < :unsent
      AND NOT (reason = :held AND not_before > :unsent)
"""
CHECK_INS_PLANNED: Final = """
    SELECT code, key AS what FROM check_in
    WHERE state = 'planned' AND NOT EXISTS (
        SELECT 1 FROM due WHERE due.state = 'waiting'
          AND due.key = 'check_in:' || check_in.code || ':' || check_in.key)
"""
CHECK_INS_SENT: Final = """
    SELECT code, key AS what FROM check_in
    WHERE state = 'sent' AND purpose IN ('check_in', 'report')
      AND reason <> :known AND reason NOT LIKE :elsewhere AND NOT EXISTS (
        SELECT 1 FROM due WHERE due.state = 'waiting'
          AND due.key IN ('silence:' || check_in.code || ':' || check_in.key,
                          'resend:' || check_in.code || ':' || check_in.key,
                          'again:' || check_in.code || ':' || check_in.key,
                          'red_flag:' || check_in.code || ':' || check_in.key))
"""
CHECK_INS_UNKNOWN: Final = """
    SELECT outbox.code AS code, outbox.slot AS what FROM outbox
    JOIN check_in ON check_in.code = outbox.code
                 AND outbox.slot = check_in.code || ':' || check_in.key
    WHERE outbox.state = 'unknown' AND check_in.state = 'sent' AND check_in.message_id IS NULL
      AND check_in.purpose = 'results' AND NOT EXISTS (
        SELECT 1 FROM due WHERE due.key = 'resend:' || outbox.slot)
"""
ALERTS: Final = """
    SELECT code, key AS what FROM alert
    WHERE resolved_at IS NULL AND (contacted_at IS NULL OR contacted_at <= raised_at)
      AND NOT EXISTS (
        SELECT 1 FROM due WHERE due.key = 'notify:' || alert.key AND due.state = 'waiting')
"""
UPDATES: Final = """
    SELECT NULL AS code, CAST(update_id AS TEXT) AS what FROM inbox
    WHERE state = 'new' AND received_at < :late
"""
ENROLMENTS: Final = """
    SELECT code, stage AS what FROM patient
    WHERE changed_at > :fresh AND stage IN ('invited', 'asked_consent', 'asked_facts',
                                           'test_message')
      AND NOT EXISTS (
        SELECT 1 FROM due
        WHERE due.key = 'invitation:' || patient.code AND due.state IN ('waiting', 'done'))
    UNION ALL
    SELECT code, stage AS what FROM patient
    WHERE stage = 'pairing' AND NOT EXISTS (
        SELECT 1 FROM due WHERE due.key = 'pairing:' || patient.code AND due.state = 'waiting')
"""
REASONS: Final = """
    SELECT code, key AS what FROM due
    WHERE state <> 'waiting' AND (ended_at IS NULL OR (state <> 'done' AND reason = ''))
    UNION ALL
    SELECT code, dedup_key AS what FROM outbox
    WHERE state IN ('unknown', 'dead', 'dropped', 'replaced') AND reason = ''
    UNION ALL
    SELECT code, key AS what FROM check_in
    WHERE state NOT IN ('planned', 'sent', 'complete') AND reason = ''
    UNION ALL
    SELECT NULL AS code, CAST(update_id AS TEXT) AS what FROM inbox
    WHERE state <> 'new' AND reason = ''
"""

QUERIES: Final = {
    UNTOLD: ALERTS,
    UNREAD: UPDATES,
    OVERDUE: PLANS,
    UNPLANNED: CHECK_INS_PLANNED,
    UNHEARD: CHECK_INS_SENT,
    UNKNOWN: CHECK_INS_UNKNOWN,
    UNDELIVERED: MESSAGES,
    UNFINISHED: ENROLMENTS,
    NO_REASON: REASONS,
}
"""By kind, the worst first."""

WAITING: Final = {OVERDUE: LATE, UNREAD: LATE, UNDELIVERED: UNSENT}
"""Kinds that only wait, and for how long the bot must have run before that is odd."""
HELD_BACK: Final = frozenset({OVERDUE, UNDELIVERED})
"""Kinds that say nothing while a restored database is frozen: staff were told, and say when."""
UP_SINCE: Final = "up_since"
"""Where it is kept when the bot was started last."""


class Unaccounted(NamedTuple):
    """A row that nobody would look at again: its kind, the case if there is one, its own name."""

    kind: str
    code: str | None
    what: str


def unaccounted(now: datetime) -> Transaction[list[Unaccounted]]:
    """Return every such row, the worst kind first, by case.

    What only waits is none while the bot has just been started: it is being taken up.
    """
    values = {
        "late": stored(now - LATE), "unsent": stored(now - UNSENT), "fresh": stored(now - FRESH),
        "known": STAFF_KNOW, "elsewhere": f"% {ANSWERED_ELSEWHERE}",
        "held": HELD,
    }  # fmt: skip
    frozen = yield from freezing.is_frozen()
    started = yield from clinic.get(UP_SINCE)
    up = now - datetime.fromisoformat(started) if started else timedelta.max
    found: list[Unaccounted] = []
    for kind, text in QUERIES.items():
        if (frozen and kind in HELD_BACK) or up < WAITING.get(kind, timedelta.min):
            continue
        named = {name: value for name, value in values.items() if f":{name}" in text}
        rows = yield Query(f"{text} LIMIT {MOST}", named)
        listed = [Unaccounted(kind, row["code"], row["what"]) for row in rows]
        real = (one for one in listed if one.code != CODE)
        found += sorted(real, key=lambda one: (one.code or "", one.what))
    return found


def unaccounted_in(url: str, now: datetime) -> list[Unaccounted]:
    """As `unaccounted`, from outside and beside a running bot; it blocks.

    Raises:
        StorageError: the database cannot be read.
    """
    with cursor(url) as rows:
        return drive(lambda query: list(rows(query)), unaccounted(now))


def note_start(now: datetime) -> Transaction[None]:
    """Note that the bot was started: from here on it takes up what waits."""
    yield from clinic.put(UP_SINCE, now.isoformat())
