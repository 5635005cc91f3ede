"""A check-in whose time has come, or whose time passed while nothing could be sent.

The catch-up policy (docs/sources.md, catching-up): a little late is sent as written; later than
that as one message that says so, standing for the older ones; outside the window not at all, and
staff are told. Nothing is sent in quiet hours, and nothing vanishes without a reason.

Hazards: H03.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.conversation import Screen
from flows.engine.alerts import Cause, raise_alert
from flows.engine.conversing import repeat_key, send, slot_of
from flows.engine.doubt import HELD, doubt, is_in_doubt
from flows.engine.events import Drop, Lane, Plan
from flows.engine.inputs import WasNotDelivered
from flows.engine.invitations import give_up, hold_back, is_invitation, why_open
from flows.engine.nights import AT_THE_EDGE, holds, may_be_asked, patient_quiet
from flows.engine.planning import about_check_in
from flows.engine.silences import plan_silence
from flows.engine.stored_check_in import CheckInState, StoredCheckIn
from flows.engine.turn import Turn
from flows.schedule import LAST_STAYS
from flows.verdict import Fired, Level

ON_TIME = timedelta(hours=2)
SHARE_OF_INTERVAL = 0.25
"""A check-in at most this late, or at most this share of the time to the next, goes as written
(docs/sources.md, catching-up)."""
FIRST_DAYS = timedelta(hours=48)
"""In these a check-in that quiet hours hold back is also staff's to call about (the same)."""
UNKNOWN_WAIT = timedelta(minutes=30)
"""A check-in whose delivery is unknown is reminded of this much later (docs/sources.md,
unknown-fate)."""

STEP_WAIT = timedelta(minutes=5)
"""So much later at least an answer's reply is shown a third time (own choice)."""

MISSED = "MISSED"


def check_in_due(turn: Turn, check_in: StoredCheckIn) -> None:
    """Send a check-in whose time has come, hold it, or say why it is not sent."""
    if check_in.state != "planned":
        return
    if turn.now < check_in.due_at:  # a clock that was set back, or a plan that moved
        turn.add(Plan("check_in", about_check_in(turn.record, check_in), check_in.due_at))
        return
    patient = turn.patient
    if patient.stage != "active":
        state: CheckInState = "cancelled" if patient.stage == "stopped" else "paused"
        end(turn, check_in, state, f"the patient is {patient.stage}")
        return
    if patient.unreachable_since is not None:
        end(turn, check_in, "unreachable", "the patient cannot be written to")
        return
    if patient.paused_until is not None and turn.now < patient.paused_until:
        end(turn, check_in, "paused", "the patient had asked for a pause")
        return
    newer = newest_due(turn, check_in)
    if newer is not None:
        end(turn, check_in, "collapsed", f"overdue together with {newer.key}, which asks for both")
        return
    at_its_time(turn, check_in)


def at_its_time(turn: Turn, check_in: StoredCheckIn) -> None:
    """Send a check-in as its lateness and the patient's night allow."""
    late = turn.now - check_in.due_at
    closes = window_end(turn, check_in)
    if is_invitation(check_in) and (why := why_open(turn)):
        if turn.now > closes:
            give_up(turn, check_in, why)
        else:
            hold_back(turn, check_in, why)
        return
    if turn.now > closes:
        end(turn, check_in, "missed_by_system", "its time passed while nothing could be sent")
        call_instead(turn, check_in)
        return
    if is_in_doubt(turn):
        doubt(turn)
        end(turn, check_in, "paused", HELD)
        return
    if holds(turn, check_in.due_at):
        hold(turn, check_in)
        return
    close_earlier(turn, check_in)
    as_written = late <= max(ON_TIME, SHARE_OF_INTERVAL * (closes - check_in.due_at))
    lead = ""
    if not (as_written or is_invitation(check_in)):
        lead = turn.phrase("check_in_late", due=turn.next_at(check_in.due_at))
    sent = send(turn, check_in, lead)
    plan_silence(turn, sent)


def hold(turn: Turn, check_in: StoredCheckIn) -> None:
    """Wait for the morning."""
    call_if_new(turn, check_in)
    held = patient_quiet(turn).held(turn.now)
    turn.add(Plan("check_in", about_check_in(turn.record, check_in), held))


def call_if_new(turn: Turn, check_in: StoredCheckIn) -> None:
    """Have staff call where the night holds a check-in back by our fault after a new treatment.

    A patient whose own quiet hours are longer than ours is not late: they wanted it so. What was
    due as a night began, or as the one before ended, was to be asked still.
    """
    new = turn.now - turn.record.visit(check_in.session).session.ended_at < FIRST_DAYS
    if new and not patient_quiet(turn).covers(check_in.due_at):
        call_instead(turn, check_in)


def newest_due(turn: Turn, check_in: StoredCheckIn) -> StoredCheckIn | None:
    """Return a later check-in of the same session that is due too, the newest."""
    later = [
        other
        for other in turn.record.check_ins.values()
        if other.session == check_in.session and other.purpose == check_in.purpose
        and other.state == "planned" and check_in.due_at < other.due_at <= turn.now
    ]  # fmt: skip
    return max(later, key=lambda other: other.due_at, default=None)


def window_end(turn: Turn, check_in: StoredCheckIn) -> datetime:
    """Return until when a check-in makes sense: the session's next, or twice its hours."""
    following = [
        other.due_at
        for other in turn.record.check_ins.values()
        if other.session == check_in.session and other.purpose == check_in.purpose
        and other.due_at > check_in.due_at and other.state == "planned"
    ]  # fmt: skip
    ended = turn.record.visit(check_in.session).session.ended_at
    last = ended + LAST_STAYS * timedelta(hours=check_in.hours)
    return min(following, default=max(last, check_in.due_at + ON_TIME))


def end(turn: Turn, check_in: StoredCheckIn, state: CheckInState, reason: str) -> None:
    """Note what became of a check-in that is not sent."""
    turn.record = turn.record.with_check_in(replace(check_in, state=state, reason=reason))


def close_earlier(turn: Turn, check_in: StoredCheckIn) -> None:
    """Let the new check-in take the place of the session's unfinished ones.

    Their silence goes on counting: a new question does not make up for an old one's silence.
    """
    for other in list(turn.record.check_ins.values()):
        unfinished = other.state == "sent" and other.session == check_in.session
        if unfinished and other.purpose == check_in.purpose and other.key != check_in.key:
            end(turn, other, "unanswered", f"{check_in.key} took its place")


def call_instead(turn: Turn, check_in: StoredCheckIn) -> None:
    """Have staff call a patient who could not be asked in time.

    A question about results or an invitation that went missing is only listed.
    """
    why = f"The check-in of {turn.for_staff(check_in.due_at)} could not be sent in time: phone"
    level = Level.FOLLOW_UP if check_in.purpose == "check_in" else Level.WATCH
    fired = Fired(MISSED, level, why, ("delivery",), "P2")
    raise_alert(turn, Cause(check_in, [fired], event="missed_by_system"))


def resend_due(turn: Turn, check_in: StoredCheckIn) -> None:
    """Remind of a check-in whose delivery is unknown, unless a press has proved it since.

    A second reminder says its time, so that none reads like another. At night it waits for the
    morning.
    """
    if check_in.state != "sent" or check_in.answered_at or check_in.message_id is not None:
        return
    reminded = check_in.reminded_at
    lately = reminded is not None and turn.now - reminded < UNKNOWN_WAIT
    if lately or not may_be_asked(turn):
        return
    quiet = patient_quiet(turn)
    if quiet.covers(turn.now):
        turn.add(Plan("resend", about_check_in(turn.record, check_in), quiet.held(turn.now)))
        return
    lead, repeat = turn.text("PNA"), "reminder"
    if reminded is not None:
        again = turn.phrase("check_in_written_again", time=turn.next_at(turn.now))
        lead, repeat = f"{again}\n\n{lead}", f"reminder:{turn.stamp}"
    check_in = replace(check_in, reminded_at=turn.now)
    sent = send(turn, check_in, lead, repeat)
    plan_silence(turn, sent)


def asked_again(turn: Turn, check_in: StoredCheckIn) -> None:
    """Ask an open question again after an outage: presses made meanwhile are gone.

    At night it waits for the morning.
    """
    if not is_open(check_in) or not may_be_asked(turn):
        return
    quiet = patient_quiet(turn)
    if quiet.covers(turn.now):
        turn.add(Plan("again", about_check_in(turn.record, check_in), quiet.held(turn.now)))
    else:
        send(turn, check_in, turn.phrase("check_in_again"), f"again:{turn.stamp}")


def is_open(check_in: StoredCheckIn) -> bool:
    """Whether a check-in waits for an answer, also one that the patient adds something to."""
    if check_in.state != "complete" or check_in.conversation is None:
        return check_in.state == "sent"
    return check_in.conversation.screen not in {Screen.END, Screen.STOP}


def shown_again(turn: Turn, check_in: StoredCheckIn) -> None:
    """Show the open question again to somebody who pressed a button of an older one."""
    repeat = f"instead:{check_in.revision}"
    send(turn, check_in, turn.phrase("check_in_instead"), repeat, Lane.REPLY)


def step_again(turn: Turn, check_in: StoredCheckIn, lost: WasNotDelivered) -> None:
    """Show once more what the patient's last answer led to: it may not have arrived.

    At once the first time. A copy that may be lost as well is followed by another, after as long
    again as the patient has waited. Its key says that it is one: what it was decided after may
    bear a later instant, of another worker's clock or of before the clock was set back.
    """
    said_last = check_in.answered_at or check_in.sent_at or turn.now
    repeat = f"resent:{check_in.revision}"
    is_copy = lost.repeat.partition(":part")[0] == repeat_key(turn, check_in, repeat)
    is_later = lost.decided_at is not None and lost.decided_at > said_last
    if is_copy or is_later:
        plan_step(turn, check_in, turn.now + max(STEP_WAIT, turn.now - said_last))
    elif is_asleep(turn, check_in):
        plan_step(turn, check_in, patient_quiet(turn).held(turn.now))
    else:
        send(turn, check_in, turn.phrase("check_in_resent"), repeat, Lane.REPLY)


def step_due(turn: Turn, check_in: StoredCheckIn) -> None:
    """Show a step again that may have been lost more than once, or in the night."""
    if check_in.state not in ("sent", "complete") or not may_be_asked(turn):
        return
    if is_asleep(turn, check_in):
        plan_step(turn, check_in, patient_quiet(turn).held(turn.now))
        return
    lead = turn.phrase("check_in_written_again", time=turn.next_at(turn.now))
    send(turn, check_in, lead, f"resent:{turn.stamp}", Lane.REPLY)


def plan_step(turn: Turn, check_in: StoredCheckIn, at: datetime) -> None:
    """Plan that a step is shown again, unless the patient says more until then."""
    turn.add(Plan("step", f"{about_check_in(turn.record, check_in)}:{check_in.revision}", at))


def is_asleep(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether it is night for the patient, and they have not just said something."""
    said_last = check_in.answered_at or check_in.sent_at or turn.now
    return patient_quiet(turn).covers(turn.now) and turn.now - said_last > AT_THE_EDGE


def drop_check_in(turn: Turn, check_in: StoredCheckIn, why: str) -> None:
    """Cancel a planned check-in for a reason."""
    end(turn, check_in, "cancelled", why)
    turn.add(Drop("check_in", slot_of(turn, check_in), why))
