"""The end of a check-in on day 0 asks who is well for a photo; later ones are compared with it.

Nothing waits for it. While an alert is open its own text says what to do, and nothing is asked.
"""

from typing import Final

from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.recovery import may_be_shown
from flows.schedule import courses

DAY_0: Final = 24.0
"""Hours after a session in which a photo is of day 0."""


def asked(turn: Turn, check_in: StoredCheckIn) -> str:
    """Return the words that ask for it, empty where nothing is to be asked.

    It is for treatments of a course, whose results are asked about later, and for a patient whom
    nothing speaks against reassuring.
    """
    session = turn.record.visit(check_in.session).session
    hours = (turn.now - session.ended_at).total_seconds() / 3600
    if hours >= DAY_0 or not courses(turn.desk.protocol, session):
        return ""
    if not may_be_shown(turn.record, check_in):
        return ""
    return turn.phrase("check_in_photo_ask")
