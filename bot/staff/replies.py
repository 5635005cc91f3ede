"""The product's lot number: an answer to an enrolment's message, or /lot with the case."""

from collections.abc import Sequence
from datetime import datetime

from bot.enrolment import EnrolmentError, case, set_lot
from bot.office import Office
from bot.staff.asked import Asked, refusal, why_not
from flows.escalation import StaffMember
from flows.lots import same_lot
from flows.staff_language import _
from storage.transaction import Transaction

KIND = "enrolment"
DIGITS = 4
"""A session's number has fewer."""


def replied(  # noqa: PLR0913, PLR0917 - an answer is this much
    office: Office, who: StaffMember | None, text: str, slots: Sequence[str], chat_id: int,
    now: datetime, person: int | None = None, update_id: int | None = None,
) -> Transaction[bool]:  # fmt: skip
    """Take an answer to a message of the bot; False where it was none of an enrolment's.

    `person` and `update_id` as for a press.
    """
    about = next((slot for slot in slots if slot.startswith(f"{KIND}:")), None)
    if about is None:
        return False
    code, *rest = about.split(":")[1:]
    number = int(rest[0]) if rest else 1
    why = yield from why_not(office, who, "lot", chat_id)
    repeat = f"{chat_id}:lot:{now.isoformat()}#{update_id}"
    if why or who is None:
        yield from refusal(who, person, "lot", why, code).told(office, chat_id, repeat, now)
        return True
    asked = Asked(office, who, chat_id, repeat, now)
    yield from noted(asked, code, number, text)
    return True


def lot_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Note a lot by its case: `/lot A7K2 AB12` of the latest session, `/lot A7K2 1 AB12` of one.

    An enrolment's message can be answered only as long as it is kept, and in the chat it came to.
    """
    if len(words) < 2:  # noqa: PLR2004 - a case code and a lot
        yield from asked.answer(_("Write the case code and the lot, like /lot A7K2 AB12."))
        return
    code, *rest = words
    is_named = len(rest) > 1 and rest[0].isascii() and rest[0].isdigit() and len(rest[0]) < DIGITS
    number = int(rest.pop(0)) if is_named else 0
    yield from noted(asked, code, number, " ".join(rest))


def noted(asked: Asked, code: str, number: int, text: str) -> Transaction[None]:
    """Note the lot of a session, 0 being the case's latest, and say which there was before."""
    known = None
    try:
        record = (yield from case(asked.office, code)).record
        known = code = record.patient.code
        number = number or record.visits[-1].session.number
        before = yield from set_lot(asked.office, (code, number), text, asked.now, asked.who)
    except EnrolmentError as error:
        yield from asked.answer(str(error), known)
        return
    said = _("{code}, session {number}: lot {lot} is noted.",
             code=code, number=number, lot=same_lot(text))  # fmt: skip
    if before:
        said += " " + _("It was {lot} before.", lot=before)
    yield from asked.answer(said, code)
