"""What the board counts over the whole clinic; every query goes by an index, and is bounded."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from storage.case_keys import Keys
from storage.instants import stored
from storage.records import patient_of
from storage.transaction import Query, Transaction

LATEST: Final = 2_000
"""So many of the latest answers a median is taken of: more change it by less than a minute."""

MOST_ALERTS: Final = 5_000
MOST_UNREACHABLE: Final = 500

SENT = """
    SELECT COUNT(*) AS sent, COUNT(level) AS answered, COUNT(completed_at) AS completed
    FROM check_in
    WHERE sent_at > :since AND purpose = 'check_in' AND code <> '000000'
      AND (level IS NOT NULL OR sent_at <= :settled)
"""
TIMES = """
    SELECT sent_at, completed_at FROM check_in
    WHERE sent_at > :since AND purpose = 'check_in' AND completed_at IS NOT NULL
    ORDER BY sent_at DESC LIMIT :most
"""
RAISED = """
    SELECT alert, detail FROM action
    WHERE action = 'raised' AND at > :since AND code <> '000000'
"""
ALERTS = """
    SELECT alert.key AS key, alert.code AS code, alert.level AS level,
           alert.raised_at AS raised_at, alert.claimed_at AS claimed_at,
           alert.contacted_at AS contacted_at, alert.resolved_at AS resolved_at,
           session.number AS number, session.treatment AS treatment,
           session.lot AS lot, session.ended_at AS ended_at
    FROM alert LEFT JOIN session ON session.code = alert.code AND session.number = (
        SELECT MAX(number) FROM session AS earlier
        WHERE earlier.code = alert.code AND earlier.ended_at <= alert.opened_at)
    WHERE alert.raised_at > :since AND alert.level IN ('follow_up', 'urgent', 'emergency')
      AND alert.code <> '000000'
    ORDER BY alert.raised_at DESC LIMIT :most
"""
SESSIONS = """
    SELECT treatment, lot FROM session WHERE ended_at > :since AND code <> '000000'
"""
UNREACHABLE = """
    SELECT code FROM check_in
    WHERE state = 'unreachable' AND due_at > :earliest AND code <> '000000' LIMIT :most
"""
PATIENT = "SELECT * FROM patient WHERE code = :code AND length(wrapped_key) > 0"


class Answers(NamedTuple):
    """How many check-ins were sent, answered at all, and answered to the end."""

    sent: int
    answered: int
    completed: int


class Raised(NamedTuple):
    """An alert of a span: when it reached its level, when somebody saw to it, and its session.

    `heard_at` is the first thing that staff did about it at that level: a claim from before a
    raise was no answer to it. `ended_at` is the session's end as it is stored, which sorts as
    it is.
    """

    key: str
    code: str
    level: str
    raised_at: datetime
    heard_at: datetime | None
    is_acted_upon: bool
    session: tuple[str, int] | None
    treatment: str
    lot: str
    ended_at: str


class Sessions(NamedTuple):
    """So many sessions with one treatment and one lot."""

    treatment: str
    lot: str
    sessions: int


def answers(since: datetime, settled: datetime) -> Transaction[Answers]:
    """Return how check-ins were answered that were sent since; younger than `settled` only if so.

    Whoever was asked a moment ago has not failed to answer.
    """
    rows = yield Query(SENT, {"since": stored(since), "settled": stored(settled)})
    return Answers(rows[0]["sent"], rows[0]["answered"], rows[0]["completed"])


def answer_seconds(since: datetime) -> Transaction[list[float]]:
    """Return how long the latest answers took, in seconds."""
    rows = yield Query(TIMES, {"since": stored(since), "most": LATEST})
    return [
        (datetime.fromisoformat(row["completed_at"]) - datetime.fromisoformat(row["sent_at"]))
        .total_seconds()
        for row in rows
    ]  # fmt: skip


def reasons(since: datetime) -> Transaction[list[tuple[str, str]]]:
    """Return alert and reason of every raise: `urgent: FEV-07, TRD-04`, empty once erased."""
    rows = yield Query(RAISED, {"since": stored(since)})
    return [(row["alert"] or "", row["detail"]) for row in rows]


def raised(since: datetime) -> Transaction[list[Raised]]:
    """Return the alerts that came to call a person in a span, the latest first."""
    found = []
    for row in (yield Query(ALERTS, {"since": stored(since), "most": MOST_ALERTS})):
        done = (row["claimed_at"], row["contacted_at"], row["resolved_at"])
        raised_at = row["raised_at"]
        heard = min((at for at in done if at and at >= raised_at), default=None)  # sorted as text
        found.append(Raised(
            row["key"], row["code"], row["level"], datetime.fromisoformat(raised_at),
            datetime.fromisoformat(heard) if heard else None,
            row["contacted_at"] is not None or row["resolved_at"] is not None,
            None if row["number"] is None else (row["code"], row["number"]),
            row["treatment"] or "", row["lot"] or "", row["ended_at"] or "",
        ))  # fmt: skip
    return found


def sessions(since: datetime) -> Transaction[list[Sessions]]:
    """Return how many sessions ended since, by treatment and lot.

    They are counted here: grouping would have the database walk through all there ever were.
    """
    rows = yield Query(SESSIONS, {"since": stored(since)})
    counts = Counter((row["treatment"], row["lot"] or "") for row in rows)
    return [Sessions(treatment, lot, many) for (treatment, lot), many in counts.items()]


def unreachable(keys: Keys, earliest: datetime) -> Transaction[Sequence[tuple[str, datetime]]]:
    """Return whom the bot cannot write to, and since when, the longest first.

    Raises:
        SealError: a patient's row cannot be opened.
    """
    values = {"earliest": stored(earliest), "most": MOST_UNREACHABLE}
    found = []
    rows = yield Query(UNREACHABLE, values)
    for code in dict.fromkeys(row["code"] for row in rows):
        for patient_row in (yield Query(PATIENT, {"code": code})):
            key = keys.unwrap(bytes(patient_row["wrapped_key"]))
            patient = patient_of(patient_row, key)
            if patient.stage == "active" and patient.unreachable_since is not None:
                found.append((patient.code, patient.unreachable_since))
    return sorted(found, key=lambda one: one[1])
