"""What staff may read of cases: one case's page."""

from bot.enrolment import EnrolmentError, case
from bot.staff.asked import Asked, how_to_be_reached
from flows.engine.case_page import case_page
from flows.engine.events import Lane, Message, Say
from flows.staff_language import _
from storage.transaction import Transaction


def case_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Send everything about a case to the private chat of whoever asks."""
    if len(words) != 1:
        yield from asked.answer(_("Write the case code too, like /case A7K2."))
        return
    try:
        loaded = yield from case(asked.office, words[0])
    except EnrolmentError as error:
        yield from asked.answer(str(error))
        return
    to = yield from private_or_told(asked)
    if to is None:
        return
    record = loaded.record
    desk = yield from asked.office.desk(record.patient.protocol, asked.now)
    for number, text in enumerate(case_page(desk, record)):
        repeat = f"case:{asked.repeat}:{number}"
        say = Say(to, Message(text), Lane.REPLY, repeat)
        yield from asked.say(say, record.patient.code)
    yield from told_where(asked, to)


def private_or_told(asked: Asked) -> Transaction[int | None]:
    """Return the asker's own chat; None after having said how to open it."""
    if asked.private is None:
        how = yield from how_to_be_reached()
        yield from asked.answer(
            _("This goes to a private chat only. Please {how}, then ask again.", how=how)
        )
    return asked.private


def told_where(asked: Asked, to: int) -> Transaction[None]:
    """Say in the staff chat that something went to a private one."""
    if to != asked.chat_id:
        yield from asked.answer(_("{name}, it comes to your private chat.", name=asked.who.name))
