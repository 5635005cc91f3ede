"""Words that were written before the check-in that is asked by now had come.

Where nobody was heard for a while, the next check-in may have come due meanwhile. What was typed
before that answers the question that stood in the chat then.

Hazards: H01, H25.
"""

from dataclasses import replace
from operator import itemgetter

from flows.answers import UNCLEAR
from flows.conversation import Screen, Typed
from flows.engine.answering import counted
from flows.engine.conversing import conversation, hours_since_session, lane_of, promises
from flows.engine.events import Noted
from flows.engine.inputs import Wrote
from flows.engine.shown_to_staff import show_words
from flows.engine.silences import plan_silence
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.verdict import ALERTING


def answered(turn: Turn, said: Wrote) -> bool:
    """Take words as the answer to the question that was open as they were written; whether so.

    What they say calls a person at once. The newer check-in stays the one that is asked: it brings
    up again what the patient had ticked.
    """
    newest, asked = turn.patient.current, asked_then(turn, said)
    if asked is None or asked.conversation is None:
        return False
    talk, state = conversation(turn, asked), asked.conversation
    hours = hours_since_session(turn, asked)
    if talk.asking.classifier.stored(state.current, said.text, hours) == UNCLEAR:
        return False
    step = talk.step(state, Typed(said.text), hours)
    marked = replace(asked, typed=(*asked.typed, (said.message_id, state.current)))
    after = counted(turn, marked, talk, Typed(said.text), step)
    if after.state == "sent":
        after = replace(turn.record.check_ins[after.key], state=asked.state, reason=asked.reason)
        turn.record = turn.record.with_check_in(after)
        plan_silence(turn, after)
    turn.record = turn.record.with_patient(current=newest)
    turn.add(Noted("patient", "words", said.text, asked.key))
    code = turn.patient.code
    show_words(turn, f"{code} wrote before the newest check-in came:\n“{said.text}”")
    verdict = conversation(turn, after).verdict(step.state, hours)
    calls = verdict.own_level >= ALERTING
    text = turn.text(verdict.text, **promises(turn, after)) if calls else turn.text("READ")
    foot = turn.text("FOOT")
    turn.tell(f"{text}\n\n{foot}", f"{asked.key}:before:{after.revision}", lane=lane_of(verdict))
    return True


def asked_then(turn: Turn, said: Wrote) -> StoredCheckIn | None:
    """Return the older check-in whose question stood in the chat when words were written, if any.

    A chat's messages are numbered in their order. None where the newest had come by then, or shows
    by an answer that it was seen.
    """
    newest = turn.record.check_ins.get(turn.patient.current)
    if newest is None or newest.state != "sent" or newest.answered_at is not None:
        return None
    if newest.message_id is not None and newest.message_id < said.message_id:
        return None
    above = [
        (one.message_id, one)
        for one in turn.record.check_ins.values()
        if one.key != newest.key and one.state in ("sent", "complete", "unanswered")
        and one.message_id is not None and one.message_id < said.message_id
    ]  # fmt: skip
    number, then = max(above, key=itemgetter(0), default=(0, newest))
    asks = then.conversation is not None and then.conversation.screen is Screen.QUESTION
    has_moved_on = any(typed > number for typed, _ in then.typed)
    return then if asks and not has_moved_on else None
