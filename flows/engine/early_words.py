"""What people write while nobody asks them anything: before the start, and after a stop.

Words that may hold a warning sign call a person at every stage, and are answered with the
emergency number. Other words are kept and shown to staff as soon as somebody has agreed to
that: a person may fall ill before the clinic has confirmed whose chat it is.

Hazards: H47.
"""

from dataclasses import replace

from flows.conversation import with_answer
from flows.engine.alerts import Cause, raise_alert
from flows.engine.conversing import conversation, hours_since_session
from flows.engine.enrolment_steps import show_step, unnamed_session
from flows.engine.events import Lane, Noted
from flows.engine.inputs import Wrote
from flows.engine.pressing import pressed_unasked, serious
from flows.engine.reporting import new_report
from flows.engine.stages import is_known
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.free_text import WORDS_RULE
from flows.named_signs import signs_in, signs_named
from flows.redflags import Detection
from flows.staff_language import N_, _
from flows.stored_words import SENT
from flows.verdict import LEVEL_WORDS, Fired

QUOTED = 3_000
"""Characters of the patient's words in a message to staff; Telegram takes 4,096."""

CRISIS = "PCR"
"""The protocol's text for somebody who may harm themselves."""

AGREED = ("asked_facts", "test_message", "pairing", "stopped")
"""Stages without check-ins at which words are kept: whoever is there has agreed once."""


def alarming(turn: Turn, said: Wrote) -> bool:
    """Answer words that may hold a warning sign, and call a person; whether they do."""
    found = signs_in(turn.desk.protocol, said.text)
    if not found.interrupt:
        return False
    patient, repeat = turn.patient, f"alarming:{said.message_id}:{turn.stamp}"
    turn.add(Noted("patient", "words", said.text))
    turn.tell_staff(staff_sentence(turn, said.text, found), f"{repeat}:staff")
    raise_urgent(turn, said)
    if patient.chat_id is not None:
        turn.tell(advice(turn, found), repeat, lane=Lane.ALERT)
    return True


def advice(turn: Turn, found: Detection) -> str:
    """Return what to do now; the day of the session is named to confirmed patients alone."""
    protocol = turn.desk.protocol
    if CRISIS in protocol.texts and "self_harm" in [sign.sign for sign in found.signs]:
        return turn.text(CRISIS)
    text = turn.text(protocol.levels["emergency"].text, **unnamed_session(turn))
    return f"{text}\n\n{turn.phrase('team_told')}"


def staff_sentence(turn: Turn, text: str, found: Detection) -> str:
    """Return what staff read of alarming words, and whose they are."""
    code, signs = turn.patient.code, ", ".join(sign.sign for sign in found.signs)
    whose = _("This chat was confirmed before.") if is_known(turn.patient) else _(NOT_CONFIRMED)
    return _(
        "🔴 {code} wrote something that may be an emergency ({signs}):\n“{quoted}”\n"
        "{whose} They were told to call the emergency number. Please phone them now.",
        code=code,
        signs=signs,
        quoted=quoted(text),
        whose=whose,
    )


NOT_CONFIRMED = N_(
    "Nobody has confirmed whose chat this is yet, so it may be another person than the code says."
)


def raise_urgent(turn: Turn, said: Wrote, *where: str) -> None:
    """Raise an alert on alarming words, so that staff are told until somebody took care.

    `where` they were written stands before them, where that is not the case's own chat.
    """
    if not turn.record.visits:
        return
    protocol, current = turn.desk.protocol, turn.patient.current
    table = protocol.free_text
    text = protocol.levels[table.alarming_level].text
    level = LEVEL_WORDS[table.alarming_level]
    fired = [Fired(WORDS_RULE, level, table.reason, table.sources, text)]
    report = replace(new_report(turn), state="complete", completed_at=turn.now)
    turn.record = turn.record.with_check_in(report).with_patient(current=current)
    fired += named_results(turn, report, said.text)
    raise_alert(turn, Cause(report, fired, [*where, f"“{quoted(said.text)}”"]))


def named_results(turn: Turn, report: StoredCheckIn, text: str) -> list[Fired]:
    """Return what fires where words name a warning sign: as much as where it is pressed."""
    named = signs_named(turn.desk.protocol, text)
    if not named:
        return []
    talk = conversation(turn, report)
    state = with_answer(talk.open(), talk.flags.id, named)
    verdict = talk.verdict(state, hours_since_session(turn, report))
    return [one for one in verdict.because if serious(one)]


def keep_words(turn: Turn, said: Wrote) -> None:
    """Keep other words and show them to staff, or say that nobody reads them yet."""
    if turn.patient.stage not in AGREED:
        show_step(turn, lead=turn.phrase("use_the_buttons"))
        return
    note(turn, said)
    show_step(turn, lead=turn.phrase("words_shown"))


def pressed_while_unasked(turn: Turn, code: str) -> None:
    """Hear a press under an old check-in: a warning sign calls a person, as its words would.

    Staff are told of every press that may say more than that all is well.
    """
    if not code.startswith("c:"):
        return
    pressed_unasked(turn, code)
    if not code.endswith(":all_good"):
        stopped = turn.patient.stage == "stopped"
        state = _("has stopped the check-ins") if stopped else _("is not confirmed yet")
        turn.tell_staff(
            _(
                "{code} {state}, and now pressed a button under an old check-in. They may "
                "want to tell you something: please phone.",
                code=turn.patient.code,
                state=state,
            ),
            f"pressed:{turn.stamp}",
        )


def note(turn: Turn, said: Wrote) -> None:
    """Keep words and show them to staff."""
    patient = turn.patient
    turn.add(Noted("patient", "words", said.text))
    state = _("is not confirmed yet")
    if patient.stage == "stopped":
        state = _("has stopped the check-ins")
    elif patient.doubted_at is not None:
        state = _("may be somebody else by now")
    words = N_("{code} {state} and wrote:")
    if said.edited:
        words = N_("{code} {state} and wrote (changed):")
    look = _("Nobody answers them here: please read it, and phone if it needs that.")
    turn.tell_staff(
        f"{_(words, code=patient.code, state=state)}\n“{shown(said.text)}”\n{look}",
        f"words:{said.message_id}:{turn.stamp}",
    )


def shown(text: str) -> str:
    """Return words as staff read them: «(voice)», which stands for none, in their language."""
    kind = text[1:-1]
    return f"({_(kind)})" if text == f"({kind})" and kind in SENT else quoted(text)


def quoted(text: str) -> str:
    """Return words short enough for a message to staff; all of them are kept with the case."""
    if len(text) <= QUOTED:
        return text
    return f"{text[:QUOTED]} … " + _("(the rest is kept with the case)")
