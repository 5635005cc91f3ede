"""Who had a serious reaction after a session with a product of some lot."""

from datetime import datetime

from flows.lots import Reaction
from flows.verdict import Level
from storage.bodies import alert_fields, unpacked
from storage.case_keys import Keys, place
from storage.instants import instant, stored
from storage.transaction import Query, Transaction

SERIOUS = """
    SELECT alert.key AS key, alert.code AS code, alert.level AS level, alert.body AS body,
           alert.raised_at AS raised_at, session.number AS number,
           patient.wrapped_key AS wrapped_key
    FROM session
    JOIN alert ON alert.code = session.code
    JOIN patient ON patient.code = session.code
    WHERE session.lot = :lot AND alert.level IN ('urgent', 'emergency')
      AND alert.raised_at > :since AND length(patient.wrapped_key) > 0
"""


def serious(keys: Keys, lot: str, since: datetime) -> Transaction[list[Reaction]]:
    """Return the serious reactions to a lot (as `same_lot` writes it) that were raised since.

    Raises:
        SealError: an alert cannot be opened.
    """
    found = []
    for row in (yield Query(SERIOUS, {"lot": lot, "since": stored(since)})):
        key = keys.unwrap(bytes(row["wrapped_key"]))
        where = place("alert", row["code"], row["key"])
        fields = alert_fields(unpacked(key.open(bytes(row["body"]), where)))
        if fields["session"] == row["number"] and not fields["event"]:
            level = Level.named(row["level"])
            found.append(Reaction(row["code"], row["key"], level, instant(row["raised_at"])))
    return found
