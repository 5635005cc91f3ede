"""What a wall clock that was set back leaves in the future, and keeps from going out until then.

A check-in may wait for its real time; what is about an alert may not. Done twice, it changes
nothing more but that check-ins are looked at again.

Hazards: H12.
"""

from datetime import datetime, timedelta
from typing import Final

from storage.instants import stored
from storage.transaction import Query, Transaction

WAITS: Final = {
    "notify": timedelta(0),
    "red_flag": timedelta(minutes=5),
    "not_read": timedelta(0),
    "digest": timedelta(days=1),
}
"""As long as each kind of due row about alerts waits at most, by the protocol's [escalation] and
[silence]. An alert is looked at now, which plans its next notice by the new time."""

PUT_OFF_BY: Final = timedelta(days=1)
"""By less than this a night, or quiet hours of somebody's own, put a check-in off."""

LONGEST_HOLD: Final = timedelta(minutes=1)
"""A sender's lease, and its longest pause between tries."""

DUE: Final = (
    "UPDATE due SET due_at = :latest WHERE state = 'waiting' AND kind = :kind AND due_at > :latest"
)
PUT_OFF: Final = """
    UPDATE due SET due_at = :now
    WHERE state = 'waiting' AND kind = 'check_in' AND due_at > :now AND due_at <= :until
"""
PENDING: Final = (
    "UPDATE outbox SET not_before = :latest WHERE state = 'pending' AND not_before > :latest"
)
SENDING: Final = (
    "UPDATE outbox SET lease_until = :latest WHERE state = 'sending' AND lease_until > :latest"
)


def set_back(before: datetime, now: datetime) -> Transaction[None]:
    """Let nothing about an alert, and no message, wait for an hour that comes a second time.

    A check-in that was overdue by the wrong clock may have been put off to a morning that is a day
    too late. Whatever was due by then is looked at now, which plans it for its own time.

    Args:
        before: An instant that the wrong clock showed, the latest that is known.
        now: The instant that the clock was set back to.
    """
    for kind, wait in WAITS.items():
        yield Query(DUE, {"kind": kind, "latest": stored(now + wait)})
    yield Query(PUT_OFF, {"now": stored(now), "until": stored(before + PUT_OFF_BY)})
    latest = {"latest": stored(now + LONGEST_HOLD)}
    yield Query(PENDING, latest)
    yield Query(SENDING, latest)
