"""Ending a shift before its time."""

from datetime import datetime

from storage.instants import stored
from storage.transaction import Query, Transaction

END = """
    UPDATE shift SET ends_at = :now
    WHERE user_id = :user_id AND starts_at <= :now AND ends_at > :now
    RETURNING id
"""


def end_shifts(user_id: int, now: datetime) -> Transaction[int]:
    """End the shifts that somebody is on, and return how many there were."""
    return len((yield Query(END, {"user_id": user_id, "now": stored(now)})))
