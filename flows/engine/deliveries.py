"""What the delivery of a message, or its failure, means for the case.

Hazards: H04.
"""

from dataclasses import replace
from datetime import timedelta

from flows.derived import History
from flows.engine.alerts import Cause, raise_alert
from flows.engine.conversing import hours_since_session
from flows.engine.doubt import DELETED_WORDS, doubt
from flows.engine.due_check_ins import UNKNOWN_WAIT, check_in_due, hold, step_again
from flows.engine.events import Did, Drop, Plan
from flows.engine.inputs import Blocked, WasNotDelivered
from flows.engine.invitations import TOLD_ONCE, is_invitation
from flows.engine.planning import about_check_in
from flows.engine.stored_check_in import REPORT, CheckInState, StoredCheckIn
from flows.engine.turn import Turn
from flows.staff_language import _
from flows.stored_words import restated

REMINDED_OF = "the reminder takes its place"
HELD_BACK = "the night kept it back; it is asked in the morning"
PATIENT_GONE = ("blocked", "deactivated", "not a member")
"""Reasons why a patient cannot be written to at all."""


def check_in_of(turn: Turn, slot: str) -> StoredCheckIn | None:
    """Return the check-in whose message a slot names."""
    code, _, key = slot.partition(":")
    return turn.record.check_ins.get(key) if code == turn.patient.code else None


def was_not_delivered(turn: Turn, said: WasNotDelivered) -> None:
    """Plan the reminder of a check-in whose delivery is unknown; or note who is out of reach.

    A reminder of unknown fate is followed by another, each after as long again as the check-in
    has been out. Who has answered already waits for the next question: it is shown again.
    """
    check_in = check_in_of(turn, said.slot)
    if said.why == "deactivated":
        doubt(turn, DELETED_WORDS)
    if said.why in PATIENT_GONE:
        if check_in is not None:
            never_arrived(turn, check_in)
        lost(turn, said.why)
    elif said.why == "held":
        if check_in is not None and not has_arrived(check_in):
            hold(turn, taken_back(turn, check_in, "planned", ""))
    elif check_in is not None and is_talking(check_in):
        step_again(turn, check_in, said)
    elif check_in is not None and is_invitation(check_in):
        turn.record = turn.record.with_check_in(replace(check_in, reason=TOLD_ONCE))
    elif check_in is not None and check_in.state == "sent" and is_in_doubt(check_in):
        reason = f"delivery {said.why}; {REMINDED_OF}"
        turn.record = turn.record.with_check_in(replace(check_in, reason=reason))
        is_first = check_in.reminded_at is None
        out_for = timedelta(0) if is_first else turn.now - (check_in.sent_at or turn.now)
        wait = max(UNKNOWN_WAIT, out_for)
        turn.add(Plan("resend", about_check_in(turn.record, check_in), turn.now + wait))


def may_be_lost(check_in: StoredCheckIn) -> bool:
    """Whether a check-in went out, and nothing has shown since that it arrived."""
    silent = check_in.message_id is None and check_in.answered_at is None
    return check_in.state == "sent" and silent and check_in.reason.endswith(REMINDED_OF)


def is_in_doubt(check_in: StoredCheckIn) -> bool:
    """Whether no message of a check-in is known to have come, or its reminder is still to come."""
    return check_in.reminded_at is None or check_in.message_id is None


def is_talking(check_in: StoredCheckIn) -> bool:
    """Whether the patient has said something, or asked to, and waits for what comes next."""
    begun = check_in.answered_at is not None or check_in.purpose == REPORT
    return begun and check_in.state in ("sent", "complete")


def never_arrived(turn: Turn, check_in: StoredCheckIn) -> None:
    """Take back that a check-in was sent, so that it is asked once the patient is back."""
    if not has_arrived(check_in):
        taken_back(turn, check_in, "unreachable", "the patient cannot be written to")


def has_arrived(check_in: StoredCheckIn) -> bool:
    """Whether a check-in may be in the chat, or is none that is asked by itself."""
    silent = check_in.message_id is None and check_in.answered_at is None
    return check_in.state != "sent" or not silent or check_in.purpose == REPORT


def taken_back(
    turn: Turn, check_in: StoredCheckIn, state: CheckInState, reason: str
) -> StoredCheckIn:
    """Take back that a check-in was sent, and return it; nobody waits for its answer any more."""
    waits = replace(
        check_in, state=state, reason=reason, sent_at=None, reminded_at=None, conversation=None,
        refused_at=turn.now,
    )  # fmt: skip
    turn.record = turn.record.with_check_in(waits)
    turn.add(Drop("silence", about_check_in(turn.record, check_in), reason or HELD_BACK))
    return waits


def blocked(turn: Turn, said: Blocked) -> None:
    """Note that the patient blocked the bot, or let it back in."""
    if said.blocked:
        lost(turn, "blocked")
    elif turn.patient.unreachable_since is not None:
        found_again(turn)


def lost(turn: Turn, why: str) -> None:
    """Make somebody's task of a patient who cannot be written to any more."""
    if turn.patient.unreachable_since is not None:
        return
    turn.record = turn.record.with_patient(unreachable_since=turn.now)
    turn.add(Did(None, "Aftercheck", "unreachable", detail=why))
    if turn.patient.stage != "active" or not turn.record.check_ins:
        turn.tell_staff(
            _(
                "{code} cannot be written to ({why}). Please phone.",
                code=turn.patient.code,
                why=restated(why),
            ),
            f"lost:{turn.stamp}",
        )
        return
    asked = [one for one in turn.record.check_ins.values() if one.sent_at is not None]
    newest = max(asked, key=lambda one: one.sent_at or turn.now, default=None)
    check_in = newest or min(turn.record.check_ins.values(), key=lambda one: one.due_at)
    session = turn.record.visit(check_in.session).session
    last = turn.record.last_level(replace(check_in, key=""))
    history = History(
        turn.record.before(check_in), event="bot_blocked",
        misses=turn.record.misses(check_in), last_level="none" if last is None else str(last),
    )  # fmt: skip
    hours = hours_since_session(turn, check_in)
    classify = turn.desk.asking.classifier.classify
    verdict = classify(session.treatment, hours, check_in.answers, history)
    fired = verdict.own
    raise_alert(turn, Cause(check_in, fired, [f"the chat is {why}"], event="bot_blocked"))


def found_again(turn: Turn) -> None:
    """Take up again with a patient who can be written to: the newest missed question is asked."""
    turn.record = turn.record.with_patient(unreachable_since=None)
    turn.add(Did(None, "Aftercheck", "reachable"))
    catch_up(turn)


def catch_up(turn: Turn) -> None:
    """Ask the newest of what could not be asked meanwhile, and plan the rest anew."""
    held = [one for one in turn.record.check_ins.values() if one.state in ("unreachable", "paused")]
    for one in sorted(held, key=lambda check_in: check_in.due_at):
        turn.record = turn.record.with_check_in(replace(one, state="planned", reason=""))
    for one in sorted(held, key=lambda check_in: check_in.due_at):
        check_in_due(turn, turn.record.check_ins[one.key])
