"""Erasing a patient who asked for it in the chat, and what they and staff hear of it."""

from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.office import Office
from flows.engine.events import Did, Lane, Message, Say
from flows.engine.phrases import phrases
from flows.engine.record import Patient
from flows.staff_language import _
from storage import clinic, due, erasing
from storage.due import DueRow
from storage.erasing import StillOpenError
from storage.instants import stored
from storage.transaction import Transaction

UNSWEPT: Final = "unswept"
"""Since when the database's free space may hold an erased patient's key; the night empties it."""

AGAIN: Final = timedelta(minutes=1)
BY_PATIENT: Final = Did(None, "patient", "erase")


def erase_as_asked(office: Office, patient: Patient, now: datetime) -> Transaction[None]:
    """Erase, and say so; while a message of theirs is unread it waits, for it may be an alarm."""
    try:
        yield from erasing.erase(office.vault.clinic, patient.code, now, by=BY_PATIENT)
    except StillOpenError:
        yield from due.plan(DueRow("erase", patient.code, patient.code, now + AGAIN))
        return
    yield from clinic.put(UNSWEPT, stored(now))
    staff = yield from office.staff_chat()
    text = _(
        "{code} is erased, as the patient asked in the chat. Cards in this chat stay "
        "until somebody deletes them. Backups from before go as they get old.",
        code=patient.code,
    )
    told = Say(staff, Message(text), Lane.REPLY, f"erased:{patient.code}:{now.isoformat()}")
    yield from outgoing.say(office, told, staff, None, now)
    if patient.chat_id is not None:
        words = phrases(patient.language)["erased"].format_map(
            office.settings.contact.words_in(patient.language)
        )
        said = Say(patient.chat_id, Message(words), Lane.REPLY, f"{told.repeat}:farewell")
        yield from outgoing.say(office, said, patient.chat_id, None, now)
