"""Reminders, and silence that becomes somebody's task.

Hazards: H40.
"""

from dataclasses import replace
from datetime import datetime

from flows.conversation import Screen
from flows.derived import History
from flows.engine.alerts import Cause, raise_alert
from flows.engine.conversing import conversation, hours_since_session, said_lines, send
from flows.engine.events import Drop, Lane, Plan
from flows.engine.nights import may_be_asked, patient_quiet, within_reach
from flows.engine.planning import about_check_in
from flows.engine.stored_check_in import REPORT, WATCHED, StoredCheckIn, worst_partial
from flows.engine.turn import Turn
from flows.silence import SentCheckIn, SilenceStep, Silent, silence_step
from flows.verdict import Level, Verdict

STAFF_KNOW = "no answer came, and staff know"
"""Why nobody waits any more for the answer to a check-in that was sent."""
ANSWERED_ELSEWHERE = "was answered meanwhile"
"""What stands after the key of what was answered instead, where that is why nobody waits."""


def plan_silence(turn: Turn, check_in: StoredCheckIn) -> None:
    """Plan what follows if the patient says nothing more."""
    about = about_check_in(turn.record, check_in)
    at = next_silence(turn, check_in)
    if at is None:
        turn.add(Drop("silence", about, "nothing more is expected of this check-in"))
        note_why(turn, check_in.key, STAFF_KNOW)
    else:
        turn.add(Plan("silence", about, at))


def note_why(turn: Turn, key: str, why: str) -> None:
    """Note on an unfinished check-in why nobody waits for it any more; it can still be answered."""
    stored = turn.record.check_ins[key]
    if stored.state == "sent" and stored.purpose in WATCHED:
        turn.record = turn.record.with_check_in(replace(stored, reason=why))


def next_silence(turn: Turn, check_in: StoredCheckIn) -> datetime | None:
    """Return when the next step of a silence comes; a reminder waits for the morning."""
    upcoming = steps(turn, check_in)
    quiet = patient_quiet(turn)
    times = [quiet.held(one.at) if one.what == "reminder" else one.at for one in upcoming]
    return min(times, default=None)


def steps(turn: Turn, check_in: StoredCheckIn) -> list[SilenceStep]:
    """Return the next step of a silence, and where that is a reminder also the one after it.

    Only the reminder may be held, so what comes after must not wait behind it.
    """
    if check_in.sent_at is None or not is_waited_for(turn, check_in):
        return []
    rules = turn.desk.protocol.silence
    facts = silence_facts(turn, check_in)
    first = silence_step(facts, rules, turn.now)
    if first is None:
        return []
    if first.what != "reminder":
        return [first]
    later = silence_step(
        replace(facts, produced=facts.produced | {"reminder"}), rules, turn.now
    )  # fmt: skip
    return [first, later] if later else [first]


def silence_facts(turn: Turn, check_in: StoredCheckIn) -> SentCheckIn:
    """Return what the rules of silence look at.

    A report that was opened and left counts as begun: the patient wanted to say something. So
    does a complete check-in to which something is being added. A check-in that a later one
    replaced is not reminded of, nor is somebody who may not be asked; their silence becomes a
    task all the same.
    """
    facts = check_in.silence(turn.record.last_level(check_in))
    if check_in.purpose == REPORT and facts.last_answer_at is None:
        facts = replace(facts, last_answer_at=check_in.sent_at)
    is_added_to = facts.complete and lacks_answers(turn, check_in)
    facts = replace(facts, complete=facts.complete and not is_added_to)
    unasked = check_in.state == "unanswered" or check_in.purpose != "check_in" or is_added_to
    if unasked or not may_be_asked(turn):
        facts = replace(facts, reminder_sent_at=facts.reminder_sent_at or check_in.sent_at)
    return facts


def is_waited_for(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether an answer is somebody's task: nobody waits for one about results or a booking.

    But for the rest of a complaint that somebody has begun to say in one.
    """
    state = check_in.conversation
    if check_in.purpose in WATCHED or state is None:
        return check_in.purpose in WATCHED
    return bool(state.ticked - conversation(turn, check_in).always)


def lacks_answers(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether a question is open that what was said has brought up.

    Looking at the answers again, or at the list of symptoms, brings up none.
    """
    state = check_in.conversation
    if state is None or state.screen in (Screen.END, Screen.STOP):
        return False
    due = conversation(turn, check_in).due(state)
    return any(question.id not in state.answers for question in due)


def abandon(turn: Turn, check_in: StoredCheckIn) -> None:
    """Take what somebody has begun to say for all that they will say, without waiting."""
    facts = silence_facts(turn, check_in)
    is_begun = facts.last_answer_at is not None and not facts.complete
    is_task = is_begun and is_waited_for(turn, check_in)
    if is_task and "abandoned_2h" not in facts.produced:
        event(turn, check_in, "abandoned_2h")


def silence_due(turn: Turn, check_in: StoredCheckIn) -> None:
    """Do what a silence has led to by now."""
    quiet = patient_quiet(turn)
    for step in steps(turn, check_in):
        held = step.what == "reminder" and quiet.covers(turn.now)
        if step.at <= turn.now and not held:
            if step.what == "reminder" and another_is_due(turn, check_in):
                check_in = replace(check_in, reminded_at=turn.now)
                turn.record = turn.record.with_check_in(check_in)
            elif step.what == "reminder":
                check_in = remind(turn, check_in)
            else:
                check_in = event(turn, check_in, step.what)
            break
    plan_silence(turn, check_in)


def another_is_due(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether a later check-in of the session is to be sent now, which reminds well enough."""
    return any(
        other.state == "planned"
        and other.session == check_in.session
        and other.purpose == check_in.purpose
        and other.due_at <= turn.now
        for other in turn.record.check_ins.values()
    )


def remind(turn: Turn, check_in: StoredCheckIn) -> StoredCheckIn:
    """Send the one reminder: the same question again, with the same buttons."""
    check_in = replace(check_in, reminded_at=turn.now)
    return send(turn, check_in, lead=turn.text("PNA"), repeat="reminder")


def event(turn: Turn, check_in: StoredCheckIn, what: Silent) -> StoredCheckIn:
    """Sort a silence, together with what was answered before it, and call whom it needs."""
    check_in = replace(check_in, produced=check_in.produced | {what})
    turn.record = turn.record.with_check_in(check_in)
    verdict = sorted_silence(turn, check_in, what)
    cause = Cause(check_in, verdict.own, silent_lines(turn, check_in), event=what)
    if cause.level >= Level.WATCH:
        raise_alert(turn, cause)
    if cause.level >= Level.URGENT and within_reach(turn):
        repeat = f"{check_in.key}:{what}:{turn.stamp}"
        turn.tell(turn.text("PNA_serious"), repeat, lane=Lane.ALERT)
    return check_in


def silent_lines(turn: Turn, check_in: StoredCheckIn) -> list[str]:
    """Return what staff read of a silence: since when, and what was answered before it."""
    since = turn.for_staff(check_in.answered_at or check_in.sent_at or check_in.due_at)
    lines = [f"no answer since {since}"]
    if check_in.answered_at and check_in.conversation:
        lines += said_lines(turn, conversation(turn, check_in), check_in.conversation)
    return lines


def sorted_silence(turn: Turn, check_in: StoredCheckIn, what: str) -> Verdict:
    """Return the verdict on a silence, with the half-finished answers that came before it."""
    talk = conversation(turn, check_in)
    last = turn.record.last_level(check_in)
    last = check_in.level if check_in.level is not None else last
    history: History = replace(
        talk.history, event=what, misses=turn.record.misses(check_in),
        last_level=str(last) if last is not None else "none",
        worst_partial=worst_partial(check_in.answers),
    )  # fmt: skip
    classify = turn.desk.asking.classifier.classify
    hours = hours_since_session(turn, check_in)
    return classify(talk.occasion.treatment, hours, check_in.answers, history)


def forget_silences(turn: Turn, answered: StoredCheckIn) -> None:
    """Drop the silences of other check-ins: the patient has said something since.

    A check-in that was begun and left is still to be finished or given up, so its own stays.
    """
    if answered.revision > 1:
        return
    for other in turn.record.check_ins.values():
        if other.key != answered.key and other.sent_at and not other.answered_at:
            about = about_check_in(turn.record, other)
            turn.add(Drop("silence", about, f"{answered.key} was answered"))
            note_why(turn, other.key, f"{answered.key} {ANSWERED_ELSEWHERE}")
