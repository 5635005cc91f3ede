"""Whose next session is to be thought of: the last visits, with what was sent about the next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from flows.engine.invitations import BOOKED
from flows.schedule import Session
from storage.instants import instant, stored
from storage.records import moment
from storage.transaction import Query, Row, Transaction

MOST: Final = 1_000
"""Visits of one span that are looked at, the newest first: more than a desk can call (own
choice)."""

VISITS: Final = """
    SELECT session.code AS code, session.number AS number, session.treatment AS treatment,
           session.area AS area, session.ended_at AS ended_at, session.known_at AS known_at,
           session.zone AS zone, patient.protocol AS protocol,
           (SELECT MAX(check_in.sent_at) FROM check_in
            WHERE check_in.code = session.code AND check_in.session = session.number
              AND check_in.purpose IN ('reminder', 'maintenance')) AS reminded_at,
           (SELECT COUNT(*) FROM check_in
            WHERE check_in.code = session.code AND check_in.session = session.number
              AND check_in.reason = :booked) AS booked,
           (SELECT MAX(later.number) FROM session AS later
            WHERE later.code = session.code) AS newest,
           (SELECT MIN(alert.key) FROM alert
            WHERE alert.code = session.code AND alert.resolved_at IS NULL) AS open_alert
    FROM session CROSS JOIN patient
    WHERE session.ended_at > :after AND session.ended_at <= :until AND session.code <> '000000'
      AND patient.code = session.code AND patient.stage = 'active'
    ORDER BY session.ended_at DESC, session.code LIMIT :most
"""
"""`CROSS JOIN` holds SQLite to the order: from the latest visit back until there are enough, not
through everybody who is looked after, which is nearly everybody there ever was."""

OF_CASE: Final = "SELECT * FROM session WHERE code = :code ORDER BY number"


class LastVisit(NamedTuple):
    """One session of a patient who is looked after, with all of the patient's where there are more.

    `reminded_at` is when they were last reminded to book the one after it, and `booked` whether
    they have said that they did. `open_alert` is the key of an alert that nobody has closed.
    """

    code: str
    protocol: str
    session: Session
    sessions: Sequence[Session]
    reminded_at: datetime | None
    open_alert: str | None
    booked: bool


def visits(after: datetime, until: datetime) -> Transaction[list[LastVisit]]:
    """Return the newest `MOST` sessions that ended in a span, the newest first."""
    values = {"after": stored(after), "until": stored(until), "most": MOST, "booked": BOOKED}
    found = []
    for row in (yield Query(VISITS, values)):
        is_only = row["newest"] == 1
        of_case = [] if is_only else (yield Query(OF_CASE, {"code": row["code"]}))
        found.append(
            LastVisit(
                row["code"], row["protocol"], session_of(row), [session_of(one) for one in of_case],
                moment(row["reminded_at"]), row["open_alert"], bool(row["booked"]),
            )
        )  # fmt: skip
    return found


def session_of(row: Row) -> Session:
    """Return a session from a row."""
    return Session(
        row["number"], row["treatment"], instant(row["ended_at"]), instant(row["known_at"]),
        row["zone"], row["area"],
    )  # fmt: skip
