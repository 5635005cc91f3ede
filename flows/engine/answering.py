"""What a patient's press or words do to a check-in, and what that makes necessary.

Hazards: H25, H48.
"""

from dataclasses import replace
from datetime import timedelta

from flows.checkin import CheckIn
from flows.conversation import Screen, State, Step, Tap, Typed, list_is_open
from flows.engine import warning_list
from flows.engine.alerts import Cause, raise_alert
from flows.engine.buttons import Meaning, changes_nothing
from flows.engine.conversing import (
    RECHECK_AFTER,
    asks_again,
    bring_up_to_date,
    conversation,
    hours_since_session,
    said_lines,
    show_step,
    shown,
)
from flows.engine.events import Answered, Noted, Plan
from flows.engine.nights import patient_quiet
from flows.engine.older_copies import heard_at
from flows.engine.planning import about_check_in, next_planned
from flows.engine.silences import forget_silences, plan_silence
from flows.engine.stored_check_in import WATCHED, StoredCheckIn
from flows.engine.turn import Turn
from flows.free_text import WORDS_RULE
from flows.screens import Screens
from flows.verdict import ALERTING, Fired, Level

RECHECK_WITHIN = timedelta(hours=12), timedelta(hours=24)
"""A *watch* is asked again in 12 to 24 h (the protocol's [levels.watch])."""


def pressed(turn: Turn, check_in: StoredCheckIn, meaning: Meaning, message_id: int) -> None:
    """Take a press under a check-in's message.

    A press also proves that the message arrived, and which number it has. A tick that is already
    as wanted changes nothing; but whoever presses a warning sign again, after staff have spoken
    to them about it, is called again. What changes nothing still brings its message up to date:
    it may be a copy that was left behind, whose buttons would seem dead.
    """
    talk = conversation(turn, check_in)
    state = check_in.conversation or talk.open()
    if not changes_nothing(turn.desk.protocol, meaning, state):
        heard = replace(check_in, conversation=heard_at(talk, state, meaning))
        take(turn, heard, talk, meaning.tap, message_id)
    elif meaning.is_sign:
        call_again(turn, check_in, talk, state)
    if turn.record.check_ins[check_in.key].revision == check_in.revision:
        bring_up_to_date(turn, check_in, talk, message_id)
        if meaning.wanted is False and meaning.tap.option in talk.locked:
            turn.toast(turn.phrase("check_in_locked"))


def typed(turn: Turn, check_in: StoredCheckIn, text: str, message_id: int) -> None:
    """Take typed words: a button's name, an answer, or words that a person has to read."""
    talk = conversation(turn, check_in)
    state = check_in.conversation or talk.open()
    hours = hours_since_session(turn, check_in)
    verdict = talk.verdict(state, hours)
    heard = Screens(talk, turn.patient.language).heard(state, verdict, text)
    if isinstance(heard, Tap) and takes_back(talk, state, heard, hours):
        heard = Typed(text)
    if isinstance(heard, Typed) and state.current:
        mark = (message_id, state.current)
        check_in = replace(check_in, typed=(*check_in.typed, mark))
    take(turn, check_in, talk, heard, None)


def takes_back(talk: CheckIn, state: State, tap: Tap, hours: float) -> bool:
    """Whether a typed button's name would untick something, or do nothing: words never do."""
    signs = state.answers.get(talk.flags.id, frozenset())
    assert isinstance(signs, frozenset)
    if tap.action in ("tick", "flag") and tap.option in state.ticked | signs:
        return True
    return talk.step(state, tap, hours).state == state


def take(
    turn: Turn, check_in: StoredCheckIn, talk: CheckIn, said: Tap | Typed, under: int | None
) -> None:
    """Take one input, store what it changed, raise what it raises, and show the next step."""
    state = check_in.conversation or talk.open()
    hours = hours_since_session(turn, check_in)
    step = talk.step(state, said, hours)
    if step.state == state and not step.kept_words:
        said_before(turn, check_in, talk, state, said)
        return
    before = turn.record.case_level
    check_in = counted(turn, check_in, talk, said, step)
    warning_list.watch(turn, check_in, state, step.state)
    verdict = step.verdict
    if turn.record.case_level != before:  # what the patient reads goes by the alert just raised
        verdict = conversation(turn, check_in).verdict(step.state, hours)
    message = shown(turn, talk, check_in, step.state, verdict)
    if step.kept_words and not says_what_became_of_words(step.state):
        message = replace(message, text=f"{turn.text('READ')}\n\n{message.text}")
    show_step(turn, check_in, message, verdict, under)


def says_what_became_of_words(state: State) -> bool:
    """Whether a screen says by itself that words were kept, not understood, or taken as a sign."""
    if state.screen is Screen.QUESTION:
        return state.tries > 0
    return bool(state.alarming) or state.screen in (Screen.END, Screen.STOP)


def counted(
    turn: Turn, asked: StoredCheckIn, talk: CheckIn, said: Tap | Typed, step: Step
) -> StoredCheckIn:
    """Store a step of a check-in, and do what it makes necessary; the chat shows nothing yet."""
    hours = hours_since_session(turn, asked)
    check_in = stored(turn, asked, talk, step, hours)
    turn.add(Answered(check_in.key, check_in.revision, hours, check_in.answers, step.verdict))
    if step.kept_words:
        turn.add(Noted("patient", "words", step.kept_words, check_in.key))
    attend(turn, check_in, talk, step, asked, is_answer=is_answer(said, step))
    return check_in


def stored(
    turn: Turn, check_in: StoredCheckIn, talk: CheckIn, step: Step, hours: float
) -> StoredCheckIn:
    """Return the check-in after a step, put into the record; once complete it stays so.

    A silence after this answer is a new one, whatever an earlier one has led to.
    """
    done = check_in.completed_at or (turn.now if step.finished else None)
    after = replace(
        check_in, state="complete" if done else "sent", reason="", completed_at=done,
        sent_at=check_in.sent_at or turn.now, answered_at=turn.now, answered_hours=hours,
        level=step.verdict.level, conversation=step.state, answers=talk.complete(step.state),
        revision=check_in.revision + 1, produced=frozenset(),
    )  # fmt: skip
    turn.record = turn.record.with_check_in(after).with_patient(current=after.key)
    return after


def attend(  # noqa: PLR0913 - a step is this much
    turn: Turn, check_in: StoredCheckIn, talk: CheckIn, step: Step, before: StoredCheckIn, *,
    is_answer: bool,
) -> None:  # fmt: skip
    """Raise, plan and forget what a step makes necessary.

    A person is called at the step that needs one, not at the end of the check-in; a *watch* at
    the end, or at once where no end may come: where the check-in had ended before, or asks about
    results, which nobody waits for. Looking at another screen says nothing, so it calls nobody
    again whom staff have spoken to since; the same answer given again does.
    """
    state = before.conversation or talk.open()
    fired = own_results(step, state)
    level = max((one.level for one in fired), default=Level.EXPECTED)
    reopened = before.completed_at is not None
    unwaited = check_in.purpose not in WATCHED and not list_is_open(step.state)
    needed = level >= ALERTING or (
        level is Level.WATCH and (step.finished or reopened or (unwaited and step.kept_words))
    )  # fmt: skip
    higher = before.level is None or level > before.level
    first = step.finished and not reopened
    if needed and (higher or first or is_answer or says_something(step, state)):
        said, replaced = said_lines(turn, talk, step.state), said_lines(turn, talk, state)
        raise_alert(turn, Cause(check_in, fired, said, replaced=replaced))
    if step.finished and asks_again(turn, step.verdict):
        plan_recheck(turn, check_in)
    forget_silences(turn, check_in)
    plan_silence(turn, check_in)


def is_answer(said: Tap | Typed, step: Step) -> bool:
    """Whether an input answers a question, rather than leading to another screen."""
    return said.action == "answer" if isinstance(said, Tap) else not step.kept_words


def says_something(step: Step, before: State) -> bool:
    """Whether a step says anything, rather than only looking at another screen."""
    was, now = (
        (one.answers, one.ticked, one.alarming) for one in (before, step.state)
    )  # fmt: skip
    return bool(step.kept_words) or was != now


def said_before(
    turn: Turn, check_in: StoredCheckIn, talk: CheckIn, state: State, said: Tap | Typed
) -> None:
    """Take what was said before and is said again: staff may have seen to it since.

    A list of warning signs whose wait is over is waited for again.
    """
    action = said.action if isinstance(said, Tap) else ""
    if action in ("call_me", "answer"):
        call_again(turn, check_in, talk, state)
    elif action == "one_of_these" and list_is_open(state):
        warning_list.ask_again(turn, check_in)


def call_again(turn: Turn, check_in: StoredCheckIn, talk: CheckIn, state: State) -> None:
    """Call a person about what the answers say, unless somebody is called already."""
    verdict = talk.verdict(state, hours_since_session(turn, check_in))
    if verdict.own_level >= ALERTING:
        raise_alert(turn, Cause(check_in, verdict.own, said_lines(turn, talk, state)))


def own_results(step: Step, before: State) -> list[Fired]:
    """Return the rules that these answers fired, without the open case's ratchet.

    While the patient has the list of warning signs before them, their words alone call nobody:
    that is what the planned `red_flag` is for. Whoever writes on instead of answering it is not
    waited for again.
    """
    waiting = bool(step.state.alarming) and not (list_is_open(before) and step.kept_words)
    return [one for one in step.verdict.own if not (waiting and one.rule == WORDS_RULE)]


def plan_recheck(turn: Turn, check_in: StoredCheckIn) -> None:
    """Ask a *watch* again in 12 to 24 h, unless a planned check-in does.

    A message of the course does not count: a reminder to book is held while the case is open.
    """
    soonest, latest = (turn.now + wait for wait in RECHECK_WITHIN)
    upcoming = next_planned(turn.record, turn.now, ("check_in",))
    if upcoming is not None and upcoming <= latest:
        return
    quiet = patient_quiet(turn)
    due_at = quiet.moved(turn.now + RECHECK_AFTER, soonest, None)
    session = turn.record.visit(check_in.session).session
    hours = int((due_at - session.ended_at).total_seconds() // 3600)
    key = f"{check_in.session}/recheck/{hours}"
    if key in turn.record.check_ins:
        return
    again = StoredCheckIn(
        key, check_in.session, "check_in", hours, due_at, (),
        reason=f"{check_in.key} was watch",
    )  # fmt: skip
    turn.record = turn.record.with_check_in(again)
    turn.add(Plan("check_in", about_check_in(turn.record, again), due_at))
