"""What the watchdog asks the database besides how long things wait: unseen alerts, and a write."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from storage import clinic
from storage.instants import instant, stored
from storage.transaction import Query, Transaction

PROBE: Final = "watchdog"
LEDGER: Final = "watchdog_ledger"
"""Where the watchdog keeps that it wrote, and whom it has told of what."""

LONGEST_ALERT: Final = timedelta(seconds=60)
"""Docs/sources.md, watchdog."""

UNDELIVERED: Final = """
    SELECT key, code, level, raised_at FROM alert
    WHERE resolved_at IS NULL AND raised_at < :before
      AND (level IN ('urgent', 'emergency') OR EXISTS (
        SELECT 1 FROM outbox WHERE outbox.slot = 'alert:' || alert.key
          AND outbox.state IN ('pending', 'sending', 'dead') AND outbox.created_at < :before))
      AND (contacted_at IS NULL OR contacted_at < raised_at)
      AND (claimed_at IS NULL OR claimed_at < raised_at)
      AND code <> '000000' AND NOT EXISTS (
        SELECT 1 FROM outbox WHERE outbox.slot = 'alert:' || alert.key
          AND outbox.state = 'sent' AND outbox.ended_at >= alert.raised_at)
    ORDER BY raised_at, key
"""
"""A follow_up has a card when the clinic is open; from then on it is as undelivered as any."""


WAITING: Final = """
    SELECT COALESCE(code, substr(slot, 9)) AS about, MIN(created_at) AS oldest FROM outbox
    WHERE lane = 0 AND state IN ('pending', 'sending') AND (reason <> '' OR not_before <= :now)
      AND method <> 'second_channel' AND created_at < :before
      AND (code <> '000000' OR (code IS NULL AND slot LIKE 'failing:%'))
    GROUP BY COALESCE(code, substr(slot, 9)) ORDER BY oldest, about LIMIT 10
"""
"""Ten are enough to begin with (own choice). What is said without a case's key names it in its
slot, behind `failing:` (see `bot.failing`)."""


class Undelivered(NamedTuple):
    """An alert of which no card has arrived anywhere since it was raised."""

    key: str
    code: str
    level: str
    raised_at: datetime


def probe(now: datetime) -> Transaction[None]:
    """Write a row, which succeeds only if anything else could be written as well."""
    yield from clinic.put(PROBE, stored(now))


def undelivered(now: datetime) -> Transaction[list[Undelivered]]:
    """Return the alerts whose cards nobody can have seen, the longest waiting first."""
    rows = yield Query(UNDELIVERED, {"before": stored(now - LONGEST_ALERT)})
    return [
        Undelivered(row["key"], row["code"], row["level"], instant(row["raised_at"]))
        for row in rows
    ]


def waiting_about(now: datetime) -> Transaction[list[str]]:
    """Return the cases or alerts whose messages have waited too long, the longest waiting first."""
    values = {"now": stored(now), "before": stored(now - LONGEST_ALERT)}
    return [row["about"] for row in (yield Query(WAITING, values))]
