"""What a patient says by changing an earlier message: it can raise, and takes nothing back.

Hazards: H16.
"""

from dataclasses import replace

from flows.answers import UNCLEAR
from flows.conversation import Screen
from flows.engine.answering import typed
from flows.engine.conversing import conversation, hours_since_session
from flows.engine.events import Noted
from flows.engine.inputs import Wrote
from flows.engine.reporting import SAYS_MORE, UNASKED, current, looked_at, new_report
from flows.engine.shown_to_staff import show_words
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.named_signs import signs_in
from flows.staff_language import _
from flows.verdict import ALERTING


def changed(turn: Turn, said: Wrote) -> None:
    """Take a changed message: what it says now can raise, and what it said stays.

    Where it was read as an answer the new one is taken only if it is no better; in any case
    the words are kept for a person.
    """
    for check_in in reversed(list(turn.record.check_ins.values())):
        question = dict(check_in.typed).get(said.message_id)
        if question is None or check_in.conversation is None:
            continue
        raised(turn, check_in, question, said.text)
        return
    turn.add(Noted("patient", "words", said.text))
    if signs_in(turn.desk.protocol, said.text).signs:
        typed(turn, current(turn) or new_report(turn), said.text, said.message_id)
    else:
        looked_at(turn, current(turn), UNASKED, SAYS_MORE)
    title = _("{code} changed a message to:", code=turn.patient.code)
    show_words(
        turn, f"{title}\n“{said.text}”", rings=bool(signs_in(turn.desk.protocol, said.text).signs)
    )


def raised(turn: Turn, check_in: StoredCheckIn, question: str, text: str) -> None:
    """Answer a question anew where that raises the level; keep the words either way."""
    assert check_in.conversation is not None
    again = replace(check_in.conversation, screen=Screen.QUESTION, current=question)
    trial = Turn(turn.desk, turn.record, turn.now, turn.update_id)
    typed(trial, replace(check_in, conversation=again), text, 0)
    after = trial.record.check_ins[check_in.key]
    if signs_in(turn.desk.protocol, text).signs or says_more(turn, check_in, after):
        turn.record = trial.record
        turn.add(*trial.events)
    elif is_no_answer(turn, check_in, question, text):
        looked_at(turn, check_in, UNASKED, SAYS_MORE)
    turn.add(Noted("patient", "words", text, check_in.key))
    title = _("{code} changed an answer to:", code=turn.patient.code)
    show_words(turn, f"{title}\n“{text}”", rings=bool(signs_in(turn.desk.protocol, text).signs))


def is_no_answer(turn: Turn, check_in: StoredCheckIn, question: str, text: str) -> bool:
    """Whether words cannot be read as the answer to a question, so that a person has to."""
    classifier = conversation(turn, check_in).asking.classifier
    return classifier.stored(question, text, hours_since_session(turn, check_in)) == UNCLEAR


def says_more(turn: Turn, before: StoredCheckIn, after: StoredCheckIn) -> bool:
    """Whether answers are worse by themselves, or raise a rule that calls a person.

    The open case's level says nothing here: behind it a new symptom would hide.
    """
    assert before.conversation is not None
    assert after.conversation is not None
    talk, hours = conversation(turn, before), hours_since_session(turn, before)
    was, now = (talk.verdict(state, hours) for state in (before.conversation, after.conversation))
    known = {one.rule for one in was.because}
    new = [one for one in now.because if one.rule not in known and one.level >= ALERTING]
    return now.own_level > was.own_level or bool(new)
