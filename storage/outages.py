"""Who was affected while the bot did not run."""

from datetime import datetime

from storage.instants import stored
from storage.transaction import Query, Transaction

LAST_ALIVE = "SELECT value FROM meta WHERE key = 'last_alive' {for_update}"
BEING_ASKED = """
    SELECT DISTINCT code FROM check_in
    WHERE state IN ('sent', 'complete') AND due_at > :since AND code <> '000000' ORDER BY code
"""
DUE_BETWEEN = """
    SELECT DISTINCT code FROM due
    WHERE state = 'waiting' AND kind = 'check_in' AND due_at > :since AND due_at <= :until
      AND code <> '000000'
    ORDER BY code
"""
RECENT_SESSIONS = """
    SELECT DISTINCT session.code AS code FROM session JOIN patient ON patient.code = session.code
    WHERE session.ended_at > :since AND session.ended_at <= :until AND patient.stage = 'active'
      AND patient.code <> '000000'
    ORDER BY session.code
"""


def last_alive() -> Transaction[str | None]:
    """Return when a bot last said that it runs, held until the transaction ends.

    Of several that start at once only the first finds an outage.
    """
    rows = yield Query(LAST_ALIVE)
    return rows[0]["value"] if rows else None


def being_asked(since: datetime) -> Transaction[list[str]]:
    """Return the cases with a check-in that was due after an instant, and was sent.

    A finished one may have been opened again, which only its conversation says.
    """
    rows = yield Query(BEING_ASKED, {"since": stored(since)})
    return [row["code"] for row in rows]


def due_between(since: datetime, until: datetime) -> Transaction[list[str]]:
    """Return the cases whose check-ins fell due between two instants and still wait."""
    values = {"since": stored(since), "until": stored(until)}
    rows = yield Query(DUE_BETWEEN, values)
    return [row["code"] for row in rows]


def recent_sessions(since: datetime, until: datetime) -> Transaction[list[str]]:
    """Return the patients in care whose session ended between two instants."""
    values = {"since": stored(since), "until": stored(until)}
    rows = yield Query(RECENT_SESSIONS, values)
    return [row["code"] for row in rows]
