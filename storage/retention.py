"""What is kept no longer than it is needed: updates, messages and plans that are over."""

from datetime import datetime, timedelta
from typing import Final

from storage.instants import stored
from storage.transaction import Query, Transaction

KEPT: Final = timedelta(days=30)
"""Delivery plan, section 1: the inbox is kept for 30 days. What was said is kept with its case."""

OVER: Final = (
    "DELETE FROM inbox WHERE state = 'done' AND ended_at < :before",
    "DELETE FROM outbox WHERE ended_at < :before AND state NOT IN ('pending', 'sending')",
    "DELETE FROM due WHERE state <> 'waiting' AND ended_at < :before",
)


def forget_old(now: datetime) -> Transaction[None]:
    """Delete what ended more than `KEPT` ago; what waits, or was set aside unread, stays."""
    for text in OVER:
        yield Query(text, {"before": stored(now - KEPT)})
