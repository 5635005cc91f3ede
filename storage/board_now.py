"""What the board shows of open alerts; every query goes by an index."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from flows.engine.record import StoredAlert, Visit
from storage.cards import VISIT, as_far_as_readable
from storage.case_keys import Keys
from storage.instants import instant, stored
from storage.records import visit_of
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
