"""sendMessage, sendPhoto, sendDocument, sendMediaGroup, sendChatAction."""

from collections.abc import Mapping

from bot.standin import markup
from bot.standin.call import Call
from bot.standin.chats import Chat, PrivateChat
from bot.standin.errors import Json, Refusal, bad_request
from bot.standin.files import StoredFile, Upload
from bot.standin.groups import Group
from bot.standin.messages import Message, Shown
from bot.standin.render import message_json
from bot.standin.styled import Styled
from bot.standin.wording import caption, link_preview, message_text

ALBUM = (2, 10)  # Bot API reference, sendMediaGroup
LARGEST_UPLOAD = 50 << 20  # bytes; Bot API reference, "Sending files"
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
})  # fmt: skip


def send_message(call: Call) -> Json:
    """Send a text."""
    words = message_text(call)
    message = draft(call, words)
    message.link_preview = link_preview(call)
    return sent(call, message)


def send_photo(call: Call) -> Json:
    """Send a photo, uploaded or by the identifier of any of its sizes."""
    photo = call.attached("photo")
    if photo is None:
        raise bad_request("there is no photo in the request")
    message = draft(call, caption(call))
    message.photo = as_photo(call, photo)
    return sent(call, message)


def send_document(call: Call) -> Json:
    """Send a file as it is."""
    document = call.attached("document")
    if document is None:
        raise bad_request("there is no document in the request")
    message = draft(call, caption(call))
    message.document = as_document(call, document)
    return sent(call, message)


def as_photo(call: Call, photo: Upload | StoredFile) -> tuple[StoredFile, ...]:
    """Return the sizes of a photo."""
    if isinstance(photo, Upload):
        return call.world.files.photo(photo)
    if photo.folder != "photos":
        raise bad_request("can't use file of type Document as Photo")
    return (photo,)


def as_document(call: Call, document: Upload | StoredFile) -> StoredFile:
    """Return a stored document."""
    if isinstance(document, StoredFile):
        if document.folder == "photos":
            raise bad_request("can't use file of type Photo as Document")
        return document
    if not document.content:
        raise bad_request("file must be non-empty")
    if len(document.content) > LARGEST_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    return call.world.files.keep(document, "documents")


def draft(call: Call, words: Styled) -> Message:
    """Return the message that a call describes, checked and not posted yet."""
    chat = call.chat("write")
    thread = topic(call, chat)
    keyboard = markup.checked(call.arguments.fields("reply_markup"), private=chat.kind == "private")
    message = Message(
        chat, 0, call.world.now(), call.bot, words, reply_to=replied(call, chat), thread=thread,
        protected=call.arguments.flag("protect_content"),
    )  # fmt: skip
    if message.reply_to and thread is None:
        message.thread = message.reply_to.thread
    if keyboard and "inline_keyboard" in keyboard:
        message.markup = keyboard
    elif keyboard and isinstance(chat, PrivateChat) and "force_reply" not in keyboard:
        chat.reply_keyboard = keyboard if "keyboard" in keyboard else None
    return message


def topic(call: Call, chat: Chat) -> int | None:
    """Return the topic to write into; a forum has General for what names none.

    Raises:
        Refusal: 400 where there is no such topic, or it is closed to the bot.
    """
    number = call.arguments.number("message_thread_id")
    is_forum = isinstance(chat, Group) and chat.is_forum
    if not is_forum and (not number or isinstance(chat, Group)):
        return None
    found = None
    if isinstance(chat, Group):
        found = chat.topics.get(number) if number else chat.general
    if found is None or found.deleted:
        raise bad_request("message thread not found")
    if found.closed and not call.may(chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return number or None


def replied(call: Call, chat: Chat) -> Message | None:
    """Return the message to reply to."""
    given = call.arguments.fields("reply_parameters")
    if not given:
        return None
    number = given.get("message_id")
    if not isinstance(number, int):
        raise bad_request("can't parse reply parameters JSON object")
    other = str(given.get("chat_id") or chat.id) != str(chat.id)
    found = None if other else chat.messages.get(number)
    if found is not None and not found.deleted:
        return found
    if given.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def sent(call: Call, *messages: Message, album: bool = False) -> Json:
    """Count messages, post them, and return the first; 429 where they are too many."""
    chat = messages[0].chat
    call.passes_gate(chat, len(messages))
    for message in messages:
        message.message_id = call.world.number(chat)
        if album:
            message.album = str(14_000_000_000 + messages[0].message_id)
        call.world.post(message)
    return message_json(messages[0], call.bot.id)


def send_media_group(call: Call) -> list[Json]:
    """Send photos, or documents, as one album."""
    entries = call.arguments.items("media")
    if entries is None:
        raise bad_request('parameter "media" is required')
    smallest, largest = ALBUM
    if not smallest <= len(entries) <= largest:
        few = "few" if len(entries) < smallest else "many"
        raise bad_request(f"too {few} messages to send as an album")
    kinds = {entry.get("type") for entry in entries if isinstance(entry, Mapping)}
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    messages = [album_message(call, entry) for entry in entries]
    sent(call, *messages, album=True)
    return [message_json(message, call.bot.id) for message in messages]


def album_message(call: Call, entry: object) -> Message:
    """Return one message of an album."""
    broken = "can't parse InputMedia"
    if not isinstance(entry, Mapping):
        raise bad_request(f"{broken}: expected an Object")
    if entry.get("type") not in ("photo", "document"):
        raise bad_request(f"{broken}: type must be photo or document")
    file = call.named(str(entry.get("media") or ""))
    if file is None:
        raise bad_request(f"{broken}: Media not found")
    message = draft(call, caption(call, entry))
    if entry["type"] == "photo":
        message.photo = as_photo(call, file)
    else:
        message.document = as_document(call, file)
    return message


def send_chat_action(call: Call) -> bool:
    """Show what the bot is doing."""
    action = call.arguments.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.chat("write")
    topic(call, chat)
    for account in chat.accounts():
        if not account.is_bot:
            now, by = call.world.now(), call.bot.name
            shown = Shown(now, account.id, account.name, chat.id, None, "action", action, by)
            call.world.log.append(shown)
    return True
