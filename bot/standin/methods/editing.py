"""editMessageText, editMessageReplyMarkup, deleteMessage, pinChatMessage, answerCallbackQuery."""

from datetime import timedelta

from bot.standin import markup
from bot.standin.accounts import Bot
from bot.standin.call import Call
from bot.standin.chats import Chat
from bot.standin.errors import Json, bad_request
from bot.standin.groups import Group
from bot.standin.messages import Message, Shown
from bot.standin.presses import Toast
from bot.standin.render import message_json
from bot.standin.styled import Styled, units
from bot.standin.wording import link_preview, message_text

DELETABLE = timedelta(hours=48)  # Bot API reference, deleteMessage
LONGEST_TOAST = 200
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
CREATIONS = ("supergroup_chat_created", "forum_topic_created", "migrate_from_chat_id")


def edit_message_text(call: Call) -> Json:
    """Change the text; without a keyboard in the call the message has none afterwards."""
    words = message_text(call)
    message = editable(call)
    if message.media or message.is_service:
        raise bad_request("there is no text in the message to edit")
    return changed(call, message, words)


def edit_message_reply_markup(call: Call) -> Json:
    """Change the keyboard only; no keyboard in the call removes it."""
    message = editable(call)
    return changed(call, message, message.words)


def editable(call: Call) -> Message:
    """Return the message to edit, one of the bot's own.

    Raises:
        Refusal: 400 where there is none, or it is not the bot's.
    """
    if not call.arguments.values.get("chat_id") and not call.arguments.number("message_id"):
        raise bad_request("message identifier is not specified")
    chat = call.chat("edit")
    message = call.message(chat, "message to edit")
    if message.sender is not call.bot or is_closed(chat):
        raise bad_request("message can't be edited")
    return message


def is_closed(chat: Chat) -> bool:
    """Whether the chat was upgraded and can no longer change."""
    return isinstance(chat, Group) and chat.became is not None


def changed(call: Call, message: Message, words: Styled) -> Json:
    """Give a message new words and the call's keyboard; 400 where that changes nothing."""
    given = call.arguments.fields("reply_markup")
    keyboard = markup.checked(given, private=message.chat.kind == "private")
    if keyboard and "inline_keyboard" not in keyboard:
        raise bad_request("inline keyboard expected")
    preview = link_preview(call) or message.link_preview
    old = (message.words, message.markup, message.link_preview)
    if old == (words, keyboard, preview):
        raise bad_request(NOT_MODIFIED)
    call.passes_gate(None if message.chat.kind == "private" else message.chat)
    message.words, message.markup, message.link_preview = words, keyboard, preview
    call.world.edit(message)
    return message_json(message, call.bot.id)


def delete_message(call: Call) -> bool:
    """Delete a message for everybody.

    Raises:
        Refusal: 400 for one older than 48 hours, or of somebody else in a group where the bot
            has no right to.
    """
    if not call.arguments.values.get("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not call.arguments.number("message_id"):
        raise bad_request("message identifier is not specified")
    chat = call.chat("write")
    message = call.message(chat, "message to delete")
    moderator = isinstance(chat, Group) and call.may(chat, "can_delete_messages")
    own = message.sender is call.bot or chat.kind == "private"
    if not (own or moderator) or any(name in message.service for name in CREATIONS):
        raise bad_request("message can't be deleted")
    too_old = call.world.now() - message.date >= DELETABLE
    if too_old and not (moderator and chat.kind == "supergroup"):
        raise bad_request("message can't be deleted for everyone")
    call.world.delete(message)
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message, with the notice that others see; pinning it again says nothing."""
    chat = call.chat("write")
    message = call.message(chat, "message to pin")
    if not call.may(chat, "can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if message not in chat.pins:
        chat.pins.append(message)
        now, number = call.world.now(), call.world.number(chat)
        call.world.post(Message(chat, number, now, call.bot, pinned=message))
    return True


def answer_callback_query(call: Call) -> bool:
    """Answer a press; the person sees the text, if any, over the chat.

    Raises:
        Refusal: 400 once the press is too old.
    """
    text = call.arguments.text("text")
    url = call.arguments.text("url")
    query = call.arguments.text("callback_query_id")
    press = call.world.presses.answerable(call.bot.id, query, call.world.now())
    if units(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not opens_the_bot(call.bot, url):
        raise bad_request("URL_INVALID")
    alert = call.arguments.flag("show_alert")
    press.answers.append(Toast(text, alert, url))
    person = call.world.accounts[press.person]
    if text:
        call.world.log.append(
            Shown(
                call.world.now(), person.id, person.name, press.message.chat.id,
                press.message.message_id, "alert" if alert else "toast", text, call.bot.name,
            )
        )  # fmt: skip
    return True


def opens_the_bot(bot: Bot, url: str) -> bool:
    """Whether an address is the only kind a press may open: the bot's own start link."""
    return url.lower().startswith(f"https://t.me/{bot.username}?start=".lower())
