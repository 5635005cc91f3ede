"""A chat that a case may go to, once staff have confirmed it, and one that it has left.

Hazards: H05.
"""

from telegram import Message

from bot import outgoing
from bot.deciding import Cause, decide
from bot.office import Office
from bot.patient_said import said_by_patient
from flows.engine.desk import filled
from flows.engine.early_words import QUOTED
from flows.engine.events import Lane, Say
from flows.engine.events import Message as Words
from flows.engine.inputs import Commanded, FormerChatSaid, NewcomerSaid, SentPhoto, Wrote
from flows.engine.phrases import phrases
from flows.protocol import Protocol
from flows.staff_language import N_, _
from storage import clinic, records
from storage.records import Loaded
from storage.transaction import Transaction

PHOTO = N_("(a photo came, which is not shown here: please ask for it)")
"""What staff read in place of one from a chat that is not confirmed, as it may be another's."""
OTHER = N_("(something came that is no text, and is not shown here: please ask for it)")
"""The same of a voice message, a file, a place."""


def case_of(office: Office, chat_id: int) -> Transaction[Loaded | None]:
    """Return the case that may go to a chat, None where there is none."""
    code = yield from clinic.opened_by(chat_id)
    loaded = (yield from records.of_case(office.vault.keys, code)) if code else None
    waits = loaded is not None and loaded.record.patient.moving_to == chat_id
    return loaded if waits else None


def heard(office: Office, loaded: Loaded, message: Message, cause: Cause) -> Transaction[None]:
    """Let the case hear what somebody says in the chat that it may go to."""
    protocol = yield from office.protocol_named(loaded.record.patient.protocol)
    words, note = words_of(message, protocol)
    said = NewcomerSaid(message.chat.id, words, message.message_id, note)
    yield from decide(office, loaded, said, cause)


def words_of(message: Message, protocol: Protocol) -> tuple[str, str]:
    """Return a message's words alone, and in English what came besides or instead of any.

    A caption stands by itself, so that the words of a warning sign are known in it.
    """
    said = said_by_patient(message, protocol, edited=False)
    match said:
        case Wrote():
            return said.text, ""
        case Commanded():
            return said.words or f"/{said.command}", ""
        case SentPhoto():
            return said.caption, PHOTO
    return message.caption or "", OTHER


def left_by(office: Office, chat_id: int) -> Transaction[Loaded | None]:
    """Return the case whose link a chat opened that is not, or not any more, the case's."""
    code = yield from clinic.opened_by(chat_id)
    return (yield from records.of_case(office.vault.keys, code)) if code else None


def pressed_in_former_chat(
    office: Office, chat_id: int, code: str, cause: Cause
) -> Transaction[None]:
    """Tell staff of an answer in a chat that its case has left, and say there whom to call.

    So too where somebody wants to tell something, which is asked of nobody there.

    It may be the patient all the same, who presses a warning sign: that raises an alert.
    """
    loaded = yield from left_by(office, chat_id)
    if loaded is None:
        return
    yield from decide(office, loaded, FormerChatSaid(code=code), cause)
    language = loaded.record.patient.language
    words = filled(
        phrases(language)["stranger_ill"], office.settings.contact.words_in(language)
    )  # fmt: skip
    repeat = f"former:{chat_id}:{cause.now.isoformat()}"
    there = Say(chat_id, Words(words), Lane.ALERT, repeat)
    yield from outgoing.say(office, there, chat_id, None, cause.now)
    text = _(
        "⚠️ Somebody answered an old check-in in a chat that is not {code}'s any more. It may be "
        "the patient, who wants to tell you something: please phone.",
        code=loaded.record.patient.code,
    )
    yield from tell_staff(office, text, f"{repeat}:staff", cause)


def wrote_in_former_chat(office: Office, message: Message, cause: Cause) -> Transaction[None]:
    """Show staff what was written in a chat that its case has left, which learns nothing of it.

    Words that may hold a warning sign raise an alert besides.
    """
    loaded = yield from left_by(office, message.chat.id)
    if loaded is None:
        return
    protocol = yield from office.protocol_named(loaded.record.patient.protocol)
    said, note = words_of(message, protocol)
    if said == "/start":
        return
    heard_there = FormerChatSaid(said, message_id=message.message_id)
    yield from decide(office, loaded, heard_there, cause)
    words = said if len(said) <= QUOTED else f"{said[:QUOTED]} …"
    words = f"{words} {_(note) if note else ''}".strip()
    text = _(
        "⚠️ Somebody wrote in a chat that opened a link of {code}, and is not theirs, or not any "
        "more:\n“{words}”\nIt may be the patient all the same: please phone {code}. Nobody answers "
        "them here.",
        code=loaded.record.patient.code,
        words=words,
    )
    repeat = f"former:{message.chat.id}:{message.message_id}:{cause.now.isoformat()}"
    yield from tell_staff(office, text, repeat, cause)


def tell_staff(office: Office, text: str, repeat: str, cause: Cause) -> Transaction[None]:
    """Tell the staff chat, loudly."""
    staff = yield from office.staff_chat()
    say = Say(staff, Words(text), Lane.ALERT, repeat)
    yield from outgoing.say(office, say, staff, None, cause.now)
