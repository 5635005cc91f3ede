"""What staff answer to an enrolment's message: the product's lot number."""

from collections.abc import Sequence
from datetime import datetime

from bot.enrolment import EnrolmentError, set_lot
from bot.office import Office
from bot.staff.asked import Asked, refusal, why_not
from flows.escalation import StaffMember
from flows.staff_language import _
from storage.transaction import Transaction

KIND = "enrolment"


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
    try:
        before = yield from set_lot(office, (code, number), text, now, who)
    except EnrolmentError as error:
        yield from asked.answer(str(error), code)
        return True
    noted = _("{code}, session {number}: lot {lot} is noted.",
              code=code, number=number, lot=text.strip())  # fmt: skip
    if before:
        noted += " " + _("It was {lot} before.", lot=before)
    yield from asked.answer(noted, code)
    return True
