"""A chat that has opened a known patient's new link, and that staff have not confirmed yet.

Hazards: H05.
"""

from telegram import Message

from bot.deciding import Cause, decide
from bot.office import Office
from bot.patient_said import said_by_patient
from flows.engine.inputs import Commanded, NewcomerSaid, SentPhoto, Wrote
from storage import clinic, records
from storage.records import Loaded
from storage.transaction import Transaction


def case_of(office: Office, chat_id: int) -> Transaction[Loaded | None]:
    """Return the case that may go to a chat, None where there is none."""
    code = yield from clinic.opened_by(chat_id)
    loaded = (yield from records.of_case(office.vault.keys, code)) if code else None
    waits = loaded is not None and loaded.record.patient.moving_to == chat_id
    return loaded if waits else None


def heard(office: Office, loaded: Loaded, message: Message, cause: Cause) -> Transaction[None]:
    """Let the case hear what somebody says in the chat that it may go to."""
    said = NewcomerSaid(message.chat.id, words_of(message), message.message_id)
    yield from decide(office, loaded, said, cause)


def words_of(message: Message) -> str:
    """Return a message's words, or what came instead of any."""
    said = said_by_patient(message, edited=False)
    match said:
        case Wrote():
            return said.text
        case Commanded() if said.words:
            return said.words
        case Commanded():
            return f"/{said.command}"
        case SentPhoto():
            return said.caption or "(photo)"
    return message.caption or "(something that is no text)"
