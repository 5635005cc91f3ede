"""Reminders to book a session: what they say, and that they wait while a case is open.

There is no diary of appointments: the patient calls the clinic, and a session that staff enter
ends the reminders of the one before. A reminder goes out at most once.

Hazards: H49.
"""

from dataclasses import replace
from datetime import timedelta

from flows.engine.events import Did, Drop, Key, Keys, Lane, Plan
from flows.engine.inputs import Pressed
from flows.engine.planning import about_check_in, sessions
from flows.engine.stored_check_in import WATCHED, CheckInState, StoredCheckIn
from flows.engine.turn import Turn
from flows.moments import next_session
from flows.schedule import courses
from flows.staff_language import _
from flows.stored_words import restated

INVITATIONS = ("reminder", "maintenance")
HELD = "held: "
"""How the reason of a reminder begins that waits for the end of a case."""
AGAIN = timedelta(days=1)
"""A held reminder is looked at again after this, besides when the case is closed (own choice)."""
TOLD_ONCE = "it may not have arrived; a reminder to book is not sent twice, and /due lists it"


ASK_BOOKED = "b:"
"""How the code of «I have booked» begins; the reminder's key follows."""
BOOKED = "the patient has booked"
"""Why later reminders of the same session do not go out; the desk's list shows it too."""


def is_invitation(check_in: StoredCheckIn) -> bool:
    """Whether it is a reminder to book a session."""
    return check_in.purpose in INVITATIONS


def session_words(turn: Turn, check_in: StoredCheckIn) -> dict[str, str]:
    """Return what fills the placeholders of a course's texts; days are the patient's."""
    session = turn.record.visit(check_in.session).session
    words = {"visit_date": turn.date(session.ended_at)}
    is_maintenance = check_in.purpose == "maintenance"
    coming = next_session(
        turn.desk.protocol, session, sessions(turn.record), is_maintenance=is_maintenance
    )
    if coming is None:
        return words
    return words | {
        "next_session": str(coming.number),
        "sessions_few": str(coming.few),
        "sessions_many": str(coming.many),
        "next_from": turn.date(coming.first),
        "next_until": turn.date(coming.last),
    }


def booking_key(turn: Turn, check_in: StoredCheckIn) -> Keys:
    """Return the button that ends the reminders, under a reminder to book."""
    if not is_invitation(check_in) or has_booked(turn, check_in):
        return ()
    return ((Key(turn.phrase("booked_button"), f"{ASK_BOOKED}{check_in.key}"),),)


def has_booked(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether the patient has said of this session's reminders that the next one is booked."""
    return any(one.reason == BOOKED for one in same_reminders(turn, check_in))


def same_reminders(turn: Turn, check_in: StoredCheckIn) -> list[StoredCheckIn]:
    """Return the reminders of one session and kind, the given one among them."""
    return [
        one
        for one in turn.record.check_ins.values()
        if (one.session, one.purpose) == (check_in.session, check_in.purpose)
    ]


def booked(turn: Turn, said: Pressed) -> None:
    """End the reminders of a session: the patient has booked the next one.

    The reminder itself can still be answered. A press on an old button says the same.
    """
    check_in = turn.record.check_ins.get(said.code.removeprefix(ASK_BOOKED))
    if check_in is None or not is_invitation(check_in) or check_in.sent_at is None:
        return
    turn.record = turn.record.with_check_in(replace(check_in, reason=BOOKED))
    for one in same_reminders(turn, check_in):
        if one.state in ("planned", "paused", "unreachable"):
            ended = replace(one, state="cancelled", reason=BOOKED)
            turn.record = turn.record.with_check_in(ended)
            turn.add(Drop("check_in", about_check_in(turn.record, one), BOOKED))
    turn.add(Did(None, "the patient", "booked"))
    turn.toast(turn.phrase("booked"), alert=True)


def why_open(turn: Turn) -> str:
    """Return what of the case is not finished, empty where nothing is.

    That is every open alert, a question that was planned because of an earlier answer, and a
    check-in or report that was begun and for whose end somebody still waits.
    """
    alerts = ", ".join(alert.key for alert in turn.record.open_alerts)
    if alerts:
        return f"alert {alerts} is open"
    for one in turn.record.check_ins.values():
        waits = one.state == "sent" and not one.reason
        begun = waits and one.purpose in WATCHED and one.answered_at is not None
        asks_again = "/recheck/" in one.key and not one.answered_at
        if begun or (asks_again and (waits or one.state == "planned")):
            return f"{one.key} is not finished"
    return ""


def hold_back(turn: Turn, check_in: StoredCheckIn, why: str) -> None:
    """Let a reminder wait for the end of the case, and tell staff once that it does."""
    held = replace(check_in, reason=f"{HELD}{why}")
    turn.record = turn.record.with_check_in(held)
    turn.add(Plan("check_in", about_check_in(turn.record, held), turn.now + AGAIN))
    turn.tell_staff(
        _(
            "{code}: the reminder to book the next session is held back, because {why}. "
            "It goes out as soon as the case is closed. /due lists who is to come.",
            code=turn.patient.code,
            why=restated(why),
        ),
        f"held:{check_in.key}",
        lane=Lane.REST,
    )


def give_up(turn: Turn, check_in: StoredCheckIn, why: str) -> None:
    """End a reminder whose time has passed while the case was open; the desk still lists it."""
    turn.record = turn.record.with_check_in(
        replace(check_in, state="cancelled", reason=f"its time has passed, and {why}")
    )
    turn.tell_staff(
        _(
            "{code}: the reminder to book the next session did not go out, because "
            "{why}. Please speak about it when you talk to the patient.",
            code=turn.patient.code,
            why=restated(why),
        ),
        f"held:{check_in.key}:over",
        lane=Lane.REST,
    )


def release(turn: Turn) -> None:
    """Let what was held back go out, once nothing of the case is open any more."""
    held = [
        one
        for one in turn.record.check_ins.values()
        if one.state == "planned" and one.reason.startswith(HELD)
    ]
    if not held or why_open(turn):
        return
    for one in held:
        turn.record = turn.record.with_check_in(replace(one, reason=""))
        turn.add(Plan("check_in", about_check_in(turn.record, one), turn.now))


def counts_anew(turn: Turn, check_in: StoredCheckIn, new: int) -> bool:
    """Whether a new session belongs to all the courses of the one that a reminder is about."""
    names = (
        courses(turn.desk.protocol, turn.record.visit(number).session)
        for number in (check_in.session, new)
    )
    before, after = names
    return before <= after


def overtaken(turn: Turn, new: int) -> None:
    """End reminders that are still to go out although their time has come: a session was entered.

    Those to come are the plan's, which knows of the session.
    """
    state: CheckInState = "cancelled"
    for one in list(turn.record.check_ins.values()):
        waits = one.state in ("planned", "paused", "unreachable") and one.due_at <= turn.now
        if is_invitation(one) and waits and one.session != new and counts_anew(turn, one, new):
            reason = f"session {new} counts anew"
            turn.record = turn.record.with_check_in(replace(one, state=state, reason=reason))
            turn.add(Drop("check_in", about_check_in(turn.record, one), reason))
