"""What making and renewing a one-time link asks of the database.

Hazards: H06.
"""

from datetime import datetime

from storage.instants import stored
from storage.transaction import Query, Transaction

TAKEN = "SELECT code FROM patient WHERE code = :code"
VOID = """
    UPDATE invitation SET expires_at = :now
    WHERE code = :code AND used_at IS NULL AND expires_at > :now
    RETURNING code
"""
ANNOUNCED = "SELECT id FROM outbox WHERE dedup_key = :key"


def is_taken(code: str) -> Transaction[bool]:
    """Say whether a case has this code, or once had it."""
    return bool((yield Query(TAKEN, {"code": code})))


def void_links(code: str, now: datetime) -> Transaction[int]:
    """Make every unused link of a case run out now, and return how many there were."""
    return len((yield Query(VOID, {"code": code, "now": stored(now)})))


def is_announced(key: str) -> Transaction[bool]:
    """Say whether a message with this key was put into the outbox, as after a double tap."""
    return bool((yield Query(ANNOUNCED, {"key": key})))
