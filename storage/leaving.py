"""Taking somebody off the roster: what is theirs ends with them, in one transaction.

Hazards: H31.
"""

from datetime import datetime

from storage import clinic, rota
from storage.instants import stored
from storage.transaction import Query, Transaction

LEFT = "left the roster"
"""The reason, or the outcome, of whatever ends because somebody leaves."""

LINKS = """
    UPDATE staff_invitation SET ended_at = :now, outcome = :why
    WHERE created_by = :user_id AND ended_at IS NULL
"""
SHIFTS = "DELETE FROM shift WHERE user_id = :user_id"
"""Ended ones too: by these they would stay on call until the next one has accepted."""
DAYS_OFF = "DELETE FROM day_off WHERE user_id = :user_id OR cover = :user_id"
MESSAGES = """
    UPDATE outbox SET state = 'dropped', reason = :why, ended_at = :now
    WHERE chat_id = :user_id AND state = 'pending'
      AND (code IS NULL OR code NOT IN (SELECT code FROM patient WHERE chat_id = :user_id))
"""
"""What waits to be shown to them; whoever is a patient too still gets what is about themselves."""


FREE = """
    UPDATE alert SET claimed_by = NULL, claimed_at = NULL
    WHERE key = :key AND contacted_at IS NULL AND resolved_at IS NULL
"""


def free(key: str) -> Transaction[None]:
    """Let go of an alert by its columns alone, whose case cannot be read."""
    yield Query(FREE, {"key": key})


def leave(user_id: int, now: datetime) -> Transaction[None]:
    """Take somebody off; what they did stays theirs.

    Links they made, their shifts, and what waits to be shown to them end. Their claims are the
    caller's to give back, since that is decided case by case.
    """
    at = {"user_id": user_id, "now": stored(now)}
    yield from clinic.leave(user_id)
    yield from off_the_rota(user_id, now)
    yield Query(LINKS, {**at, "why": LEFT})
    yield Query(MESSAGES, {**at, "why": LEFT})


def off_the_rota(user_id: int, now: datetime) -> Transaction[None]:
    """Take somebody off the rota: they are not on call any more, and stand in for nobody."""
    yield from rota.end_shifts(user_id, now)
    yield Query(SHIFTS, {"user_id": user_id})
    yield Query(DAYS_OFF, {"user_id": user_id})
