"""What somebody hears who is no patient here: one kind sentence, and the emergency line."""

from telegram import Message

from bot import outgoing
from bot.deciding import Cause
from bot.office import Office
from flows.engine.desk import filled
from flows.engine.events import Lane, Say
from flows.engine.events import Message as Words
from flows.engine.phrases import phrases
from flows.named_signs import signs_in
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
    is_link = said.startswith("/start")  # its token is no word
    if not is_link and signs_in(office.protocol, said).interrupt:
        phrase = "stranger_ill"
    text = filled(phrases(language)[phrase], office.settings.contact.words_in(language))
    repeat = f"stranger:{message.chat.id}:{message.message_id}"
    say = Say(message.chat.id, Words(text), Lane.REPLY, repeat)
    yield from outgoing.say(office, say, message.chat.id, None, cause.now)
