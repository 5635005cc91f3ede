"""What the board shows of open alerts; every query goes by an index."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from flows.engine.record import StoredAlert, Visit
from storage.cards import VISIT, as_far_as_readable
from storage.case_keys import Keys
from storage.instants import instant, stored
from storage.records import moment, visit_of
from storage.transaction import Query, Row, Transaction

OPEN = """
    SELECT alert.*, patient.wrapped_key AS wrapped_key, patient.protocol AS protocol
    FROM alert JOIN patient ON patient.code = alert.code
    WHERE alert.resolved_at IS NULL AND alert.code <> '000000'
    ORDER BY alert.opened_at, alert.key
"""

ASKED = """
    SELECT code, due_at FROM due
    WHERE state = 'waiting' AND kind = 'red_flag' AND due_at <= :until AND code <> '000000'
    ORDER BY due_at, key
"""

PAIRINGS = """
    SELECT patient.code AS code,
           (SELECT MAX(created_at) FROM outbox WHERE slot = 'pairing:' || patient.code) AS since
    FROM patient WHERE patient.stage = 'pairing' AND patient.code <> '000000'
"""

CLOSED = """
    SELECT alert.key AS key, alert.code AS code, alert.level AS level,
           alert.resolved_at AS resolved_at, alert.resolved_by AS resolved_by,
           alert.outcome AS outcome
    FROM alert JOIN patient ON patient.code = alert.code
    WHERE alert.resolved_at > :since AND alert.code <> '000000'
      AND length(patient.wrapped_key) > 0
    ORDER BY alert.resolved_at DESC LIMIT :most
"""


class Closed(NamedTuple):
    """An alert that somebody has closed: when, by whom, and how it ended."""

    key: str
    code: str
    level: str
    at: datetime
    by: int | None
    outcome: str


class OpenAlert(NamedTuple):
    """An alert that nobody has closed, its session, and the protocol that its case is pinned to."""

    alert: StoredAlert
    visit: Visit | None
    protocol: str


def rows() -> Transaction[Sequence[Row]]:
    """Return the rows of every open alert, sealed as they are."""
    return (yield Query(OPEN))


def asked(until: datetime) -> Transaction[list[tuple[str, datetime]]]:
    """Return who has the list of warning signs before them, and when that becomes an alert."""
    rows = yield Query(ASKED, {"until": stored(until)})
    return [(row["code"], instant(row["due_at"])) for row in rows]


def pairings() -> Transaction[list[tuple[str, datetime | None]]]:
    """Return whose chat waits to be confirmed, and since when, the longest first.

    None where the card of it is kept no longer.
    """
    rows = yield Query(PAIRINGS)
    found = [(row["code"], moment(row["since"])) for row in rows]
    return sorted(found, key=lambda one: (one[1] is not None, one[1], one[0]))


def closed(since: datetime, most: int) -> Transaction[list[Closed]]:
    """Return so many of the alerts that were closed since, the latest first."""
    rows = yield Query(CLOSED, {"since": stored(since), "most": most})
    return [
        Closed(row["key"], row["code"], row["level"], instant(row["resolved_at"]),
               row["resolved_by"], row["outcome"] or "")
        for row in rows
    ]  # fmt: skip


def version(found: Sequence[Row], waiting: Sequence[object] = ()) -> str:
    """Return what changes with any of these alerts: a sealed body is another with each change.

    So does it with whoever is `waiting` for an answer.
    """
    digest = sha256(repr(waiting).encode())
    for row in found:
        digest.update(str(row["key"]).encode())
        digest.update(bytes(row["body"]))
    return digest.hexdigest()[:16]


def opened(found: Sequence[Row], keys: Keys) -> Transaction[list[OpenAlert]]:
    """Return alerts as they are read; one that cannot be opened hides no other."""
    alerts = []
    for row in found:
        alert = as_far_as_readable(row, keys, bytes(row["wrapped_key"]))
        visits = yield Query(VISIT, {"code": alert.code, "number": alert.session})
        visit = visit_of(visits[0]) if visits else None
        alerts.append(OpenAlert(alert, visit, row["protocol"]))
    return alerts
