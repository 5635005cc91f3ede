"""A press on a button of a check-in, which may be an old one.

Hazards: H14, H45, H47.
"""

from dataclasses import replace

from flows.answers import UNCLEAR
from flows.checkin import CheckIn
from flows.conversation import Screen, State, Tap, with_answer
from flows.engine import answering, due_check_ins, reporting, warning_list
from flows.engine.alerts import Cause, raise_alert
from flows.engine.buttons import ButtonError, Meaning, changes_nothing, meaning_of
from flows.engine.conversing import conversation, hours_since_session, promises, said_lines
from flows.engine.enrolment_steps import unnamed_session
from flows.engine.events import Lane, Noted
from flows.engine.inputs import Pressed
from flows.engine.older_copies import at_button
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.verdict import ALERTING, CASE_RULE, Fired, Level, Verdict


def pressed(turn: Turn, said: Pressed) -> None:
    """Take a press on a check-in; one that is over, or that nobody knows, opens a report.

    One that went out after a backup was made is known to nobody once that backup is restored, or
    is still to be sent; its buttons are in the chat all the same.
    """
    try:
        meaning = meaning_of(turn.desk.protocol, said.code)
    except ButtonError:
        meaning = None
    check_in = turn.record.check_ins.get(meaning.check_in) if meaning else None
    if meaning is not None and check_in is not None and is_open(turn, check_in):
        answering.pressed(turn, check_in, meaning, said.message_id)
        untaken = turn.record.check_ins[check_in.key].revision == check_in.revision
        if untaken and meaning.tap.action == "answer":
            pressed_late(turn, meaning)
        return
    turn.toast(turn.phrase("check_in_over"))
    if meaning is not None:
        pressed_late(turn, meaning)
    ask_instead(turn, meaning)


def is_open(turn: Turn, check_in: StoredCheckIn) -> bool:
    """Whether a press may still answer it: it was sent, and no later one took its place.

    A finished one may be changed until the patient is asked again.
    """
    if check_in.state == "sent":
        return True
    if check_in.state != "complete":
        return False
    newer = (
        other
        for other in turn.record.check_ins.values()
        if other.sent_at and check_in.sent_at and other.sent_at > check_in.sent_at
    )
    return next(newer, None) is None


def pressed_late(turn: Turn, meaning: Meaning) -> None:
    """Call a person where a button of a check-in that is not open says something serious.

    The check-in itself stays as it is: what the patient means now is asked anew. But nobody who
    presses a warning sign has to press it twice.
    """
    cause = serious_late(turn, meaning)
    if cause is not None:
        call(turn, cause, meaning)


def serious_late(turn: Turn, meaning: Meaning) -> Cause | None:
    """Return why a late press calls a person; None, and the record as it was, where it does not."""
    unheard = turn.record
    check_in = behind(turn, meaning)
    talk = conversation(turn, check_in)
    state = at_button(talk, check_in.conversation or State(), meaning.tap)
    hours = hours_since_session(turn, check_in)
    before = talk.verdict(state, hours)
    after, verdict = state, before
    if not changes_nothing(turn.desk.protocol, meaning, state):
        after, verdict = taken(talk, state, meaning.tap, hours)
    known = set() if meaning.is_sign else {one.rule for one in before.because}
    new = [one for one in verdict.because if one.rule not in known and serious(one)]
    if new:
        return Cause(check_in, new, said_lines(turn, talk, after))
    turn.record = unheard
    return None


def taken(talk: CheckIn, state: State, tap: Tap, hours: float) -> tuple[State, Verdict]:
    """Return the answers with a late press, and how they are sorted.

    An answer counts by itself where the answers that brought its question up are not known.
    """
    step = talk.step(state, tap, hours)
    if tap.action == "answer" and tap.question not in step.state.answers:
        value = talk.asking.classifier.stored(tap.question, tap.option, hours)
        if value != UNCLEAR:
            path = (*state.path, tap.question) if tap.question in talk.offered else state.path
            alone = replace(with_answer(state, tap.question, value), path=path)
            return alone, talk.verdict(alone, hours)
    return step.state, step.verdict


def behind(turn: Turn, meaning: Meaning) -> StoredCheckIn:
    """Return the check-in that a button stands under, else a report that stands for it."""
    return turn.record.check_ins.get(meaning.check_in) or reporting.unasked_report(turn)


def call(turn: Turn, cause: Cause, meaning: Meaning) -> None:
    """Call a person because of a late press, and tell the patient what to do meanwhile."""
    check_in, first = cause.check_in, cause.fired[0]
    alert = raise_alert(turn, cause)
    turn.add(Noted("patient", "other", "a late press on an old button", check_in.key, alert.key))
    text = turn.text(first.text, **promises(turn, check_in), **unnamed_session(turn))
    lane = Lane.ALERT if first.level >= Level.URGENT else Lane.REPLY
    turn.tell(text, f"{meaning.check_in}:late:{alert.key}:{alert.version}", lane=lane)


def pressed_unasked(turn: Turn, code: str) -> bool:
    """Hear a press of somebody whom nobody asks now; whether it is a check-in's button.

    Nothing is asked instead, so a warning sign has to call a person by this one press; and so has
    «one of these», whose list is not shown and could be answered by nobody.
    """
    try:
        meaning = meaning_of(turn.desk.protocol, code)
    except ButtonError:
        return False
    if not turn.record.visits:
        return False
    pressed_late(turn, meaning)
    if meaning.tap.action == "one_of_these":
        call(turn, unsaid(turn, meaning), meaning)
    return True


def unsaid(turn: Turn, meaning: Meaning) -> Cause:
    """Return why «one of these» calls a person where its list cannot be shown."""
    check_in = behind(turn, meaning)
    state = check_in.conversation or State()
    said = said_lines(turn, conversation(turn, check_in), state)
    return Cause(check_in, [warning_list.UNSAID], said)


def serious(one: Fired) -> bool:
    """Whether a rule calls a person by itself."""
    return one.level >= ALERTING and one.rule != CASE_RULE


def ask_instead(turn: Turn, meaning: Meaning | None) -> None:
    """Ask anew whoever pressed an old button, unless it said that all is well.

    Who pressed «one of these» sees the list of warning signs at once.
    """
    if meaning is not None and meaning.tap.action == "all_good":
        return
    fresh = reporting.current(turn)
    waiting = fresh is not None and fresh.state == "sent"
    if meaning is not None and meaning.tap.action == "one_of_these":
        check_in = fresh if fresh is not None and waiting else reporting.new_report(turn)
        state = check_in.conversation
        if state is None or state.screen is Screen.OPENING:
            answering.take(turn, check_in, conversation(turn, check_in), meaning.tap, None)
            return
    if fresh is not None and waiting:
        due_check_ins.shown_again(turn, fresh)
    else:
        reporting.open_report(turn)
