"""Who had a serious reaction after a session with a product of some lot."""

import logging
from datetime import datetime

from flows.lots import Reaction
from flows.verdict import Level
from storage.bodies import alert_fields, unpacked
from storage.case_keys import Keys, place
from storage.instants import instant, stored
from storage.sealing import SealError
from storage.transaction import Query, Transaction

LOGGER = logging.getLogger(__name__)

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

    An alert that cannot be opened is left out: another's must not fail for it.
    """
    found = []
    for row in (yield Query(SERIOUS, {"lot": lot, "since": stored(since)})):
        where = place("alert", row["code"], row["key"])
        try:
            key = keys.unwrap(bytes(row["wrapped_key"]))
            fields = alert_fields(unpacked(key.open(bytes(row["body"]), where)))
        except (SealError, ValueError, KeyError):
            LOGGER.exception("an alert cannot be opened; its lot is looked at without it")
            continue
        if row["number"] in fields["serious_in"] and not fields["event"]:
            level = Level.named(row["level"])
            found.append(Reaction(row["code"], row["key"], level, instant(row["raised_at"])))
    return found
