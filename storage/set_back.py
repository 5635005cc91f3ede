"""What a wall clock that was set back leaves in the future, and keeps from going out until then.

A check-in may wait for its real time; what is about an alert may not. Done twice, it changes
nothing more.

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

LONGEST_HOLD: Final = timedelta(minutes=1)
"""A sender's lease, and its longest pause between tries."""

DUE: Final = (
    "UPDATE due SET due_at = :latest WHERE state = 'waiting' AND kind = :kind AND due_at > :latest"
)
PENDING: Final = (
    "UPDATE outbox SET not_before = :latest WHERE state = 'pending' AND not_before > :latest"
)
SENDING: Final = (
    "UPDATE outbox SET lease_until = :latest WHERE state = 'sending' AND lease_until > :latest"
)


def set_back(now: datetime) -> Transaction[None]:
    """Let nothing about an alert, and no message, wait for an hour that comes a second time."""
    for kind, wait in WAITS.items():
        yield Query(DUE, {"kind": kind, "latest": stored(now + wait)})
    latest = {"latest": stored(now + LONGEST_HOLD)}
    yield Query(PENDING, latest)
    yield Query(SENDING, latest)
