"""Whether a chat is still the patient's: a number, and its account, can get a new holder.

After 30 days in which nobody was heard from, or once an account was deleted, nothing medical is
shown before staff have looked and said whose chat it is. Meanwhile warning signs are heard as ever.

Hazards: H05.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.engine.events import Did, Plan
from flows.engine.pairing import card_keys
from flows.engine.record import Record
from flows.engine.stored_check_in import REPORT
from flows.engine.suitability import WARNING
from flows.engine.turn import Turn
from flows.staff_language import N_, _

IDLE = timedelta(days=30)
"""So long without a sign of the patient, and the chat is in doubt (docs/sources.md,
recycled-numbers)."""

AGAIN = timedelta(days=3)
"""Staff are told again this much later, when the clinic opens. Own choice: nobody waits at the
desk, as they do while pairing, but a check-in may be held."""

HELD = "held until staff have confirmed again whose chat this is"
IDLE_WORDS = N_("has not been heard from for {days} days")
WHY = N_(
    "A phone number can get a new owner.\nPlease phone the patient, then press. Until then no "
    "check-in goes out and nothing about the case is shown in the chat. You hear of warning signs "
    "as ever."
)
DELETED_WORDS = N_("had deleted the account of this chat")


def last_sign(record: Record) -> datetime | None:
    """Return when somebody last knew that the chat is the patient's, or heard from them.

    Staff who enter a session have the patient before them.
    """
    patient = record.patient
    asked = (one.sent_at for one in record.check_ins.values() if one.purpose == REPORT)
    answered = (one.answered_at for one in record.check_ins.values())
    entered = (visit.session.known_at for visit in record.visits)
    signs = [patient.consented_at, patient.recognised_at, *asked, *answered, *entered]
    return max((sign for sign in signs if sign is not None), default=None)


def no_sign(turn: Turn, before: Record) -> None:
    """Let reports that are new since be no sign of the patient: they came from another chat."""
    for key, one in turn.record.check_ins.items():
        if one.purpose == REPORT and key not in before.check_ins:
            turn.record = turn.record.with_check_in(replace(one, sent_at=None))


def is_in_doubt(turn: Turn) -> bool:
    """Whether nobody knows any more that this chat is the patient's."""
    last = last_sign(turn.record)
    idle = last is not None and turn.now - last >= IDLE
    return turn.patient.doubted_at is not None or idle


def doubt(turn: Turn, why: str = IDLE_WORDS) -> None:
    """Ask staff whose chat this is, once for each doubt."""
    if turn.patient.doubted_at is not None:
        return
    days = (turn.now - (last_sign(turn.record) or turn.now)).days
    turn.record = turn.record.with_patient(doubted_at=turn.now)
    turn.add(Did(None, "Aftercheck", "doubted", detail=why.format(days=days)))
    if turn.patient.stage == "active":
        reads = _("{code} {why}. Is this chat still theirs?",
                  code=turn.patient.code, why=_(why, days=days))  # fmt: skip
        ask(turn, f"{WARNING} {reads}")


def ask(turn: Turn, first: str) -> None:
    """Put the question up, and plan to put it again."""
    code = turn.patient.code
    turn.tell_staff(
        f"{first} {_(WHY)}",
        f"doubt:{turn.stamp}",
        keys=card_keys(turn),
        slot=f"case:{code}",
    )
    again = turn.desk.clinic.hours.opening(turn.now + AGAIN)[0]
    turn.add(Plan("doubt", code, again))


def ask_again(turn: Turn) -> None:
    """Put the question once more, unless somebody has decided."""
    if turn.patient.doubted_at is not None and turn.patient.stage == "active":
        held = [one for one in turn.record.check_ins.values() if one.reason == HELD]
        asks = _("{code}: is this chat still the patient's?", code=turn.patient.code)
        waits = [_("{number} check-in(s) wait for that.", number=len(held))] if held else []
        ask(turn, " ".join((WARNING, asks, *waits)))
