"""What somebody hears who is no patient here, or not in this chat: a sentence in their language."""

from collections.abc import Mapping
from typing import Any

from telegram import Message

from bot import outgoing
from bot.deciding import Cause
from bot.office import Office
from bot.patient_said import LINK
from flows.engine.desk import filled
from flows.engine.events import Lane, Say, Toast
from flows.engine.events import Message as Words
from flows.engine.phrases import phrases
from flows.engine.record import Patient
from flows.named_signs import signs_in
from flows.staff_language import _
from storage import clinic
from storage.transaction import Transaction


def tell_stranger(
    office: Office, message: Message, cause: Cause, phrase: str = "stranger"
) -> Transaction[None]:
    """Answer somebody nobody knows; words that sound like an emergency get the number first.

    Nothing about any case is said, whatever the reason: the same sentence for everybody.
    """
    person = message.from_user
    language = ((person.language_code if person else "") or "en")[:2]
    said = message.text or message.caption or ""
    is_link = said == "/start" or LINK.fullmatch(said)  # a token is no word
    if not is_link and signs_in(office.protocol, said).interrupt:
        phrase = "stranger_ill"
    text = filled(phrases(language)[phrase], office.settings.contact.words_in(language))
    repeat = f"stranger:{message.chat.id}:{message.message_id}"
    say = Say(message.chat.id, Words(text), Lane.REPLY, repeat)
    yield from outgoing.say(office, say, message.chat.id, None, cause.now)


def not_for_you(person: Mapping[str, Any], patient: Patient | None) -> Transaction[Toast]:
    """Return the answer to a press on a button that is another's, or in the wrong chat.

    `person` is Telegram's `User`; `patient` whose chat is theirs, None where none is.
    """
    if patient is not None:
        return Toast(phrases(patient.language)["not_for_you"])
    member = yield from clinic.member(int(person["id"]))
    if member is not None and member.on_roster:
        return Toast(_("This button is not for you."))
    return Toast(phrases(str(person.get("language_code") or "en")[:2])["not_for_you"])
