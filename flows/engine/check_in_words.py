"""What staff call a check-in, and what became of it, in the chat as on the board."""

from collections.abc import Mapping
from typing import Final

from flows.engine.desk import since_session
from flows.engine.stored_check_in import REPORT, CheckInState, StoredCheckIn
from flows.staff_language import N_, _

PURPOSES: Final = {
    "check_in": N_("Check-in"),
    "results": N_("Question about the result"),
    "reminder": N_("Reminder of the next session"),
    "maintenance": N_("Reminder of a maintenance session"),
    "report": N_("Report by the patient"),
}
STATES: Final[Mapping[CheckInState, str]] = {
    "planned": N_("waits for its time"),
    "sent": N_("asked, not finished"),
    "complete": N_("answered"),
    "unanswered": N_("not answered"),
    "collapsed": N_("asked together with a later one"),
    "missed_by_system": N_("could not be sent in time"),
    "unreachable": N_("the patient cannot be written to"),
    "paused": N_("held back, by a pause or until staff have confirmed the chat"),
    "cancelled": N_("no longer needed"),
    "skipped": N_("was not to be sent"),
}
BEGUN: Final = N_("begun, not finished")
"""What became of one that is left after an answer, whether or not a later one took its place."""


def named(check_in: StoredCheckIn) -> str:
    """Return what a check-in is called: `Check-in, 24 h after`."""
    purpose = _(PURPOSES[check_in.purpose])
    if check_in.purpose == REPORT:
        return purpose
    return f"{purpose}, {since_session(check_in.hours)}"


def title(check_in: StoredCheckIn) -> str:
    """Return what it is called and what became of it: `Check-in, 24 h after: answered`."""
    asks = check_in.purpose not in ("reminder", "maintenance")
    left = asks and check_in.state in ("sent", "unanswered") and check_in.answered_at is not None
    return f"{named(check_in)}: {_(BEGUN if left else STATES[check_in.state])}"
