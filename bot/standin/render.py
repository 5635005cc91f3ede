"""Messages, files and members as the Bot API's JSON."""

from datetime import datetime

from bot.standin.accounts import Account, anonymous_admin
from bot.standin.chats import RIGHTS, Chat, Member
from bot.standin.clock import unix
from bot.standin.errors import Json
from bot.standin.files import StoredFile
from bot.standin.messages import Message


def message_json(message: Message, bot: int, *, nested: bool = False) -> Json:
    """Return the `Message` object for one bot; a nested one does not show what it replies to."""
    chat = message.chat
    body: Json = {"message_id": message.message_id, "date": unix(message.date), "chat": chat.json()}
    if message.anonymous:
        body |= {"from": anonymous_admin().json(), "sender_chat": chat.json()}
    else:
        body["from"] = message.sender.json()
    if message.thread and chat.is_forum:
        body |= {"message_thread_id": message.thread, "is_topic_message": True}
    if message.origin:
        body["forward_origin"] = origin_json(*message.origin)
    if message.edited_at:
        body["edit_date"] = unix(message.edited_at)
    if message.protected:
        body["has_protected_content"] = True
    if message.album:
        body["media_group_id"] = message.album
    if message.link_preview:
        body["link_preview_options"] = message.link_preview
    if message.markup:
        body["reply_markup"] = message.markup
    replied = message.reply_to or topic_root(message)
    if replied and not nested and not replied.deleted:
        body["reply_to_message"] = message_json(replied, bot, nested=True)
    return body | content_json(message, bot) | message.service


def topic_root(message: Message) -> Message | None:
    """Return the message that opened the topic; whatever is no other reply replies to it."""
    root = message.chat.messages.get(message.thread or 0) if message.chat.is_forum else None
    return root if root is not message else None


def content_json(message: Message, bot: int) -> Json:
    """Return the fields of a message's words, photo, document or pinned message."""
    body: Json = {}
    words = "caption" if message.media else "text"
    entities = "caption_entities" if message.media else "entities"
    if message.words.text:
        body[words] = message.words.text
    if message.words.entities:
        body[entities] = [dict(entity) for entity in message.words.entities]
    if message.photo:
        body["photo"] = [size_json(size, bot) for size in message.photo]
    if message.document:
        body["document"] = document_json(message.document, bot)
    if message.pinned:
        body["pinned_message"] = message_json(message.pinned, bot, nested=True)
    return body


def size_json(size: StoredFile, bot: int) -> Json:
    """Return the `PhotoSize` object."""
    return size.facts(bot) | {"width": size.width, "height": size.height}


def document_json(document: StoredFile, bot: int) -> Json:
    """Return the `Document` object."""
    return document.facts(bot) | {
        "file_name": document.upload.name,
        "mime_type": document.upload.mime,
    }


def origin_json(author: Account, date: datetime) -> Json:
    """Return the `MessageOriginUser` object of a forwarded message."""
    return {"type": "user", "date": unix(date), "sender_user": author.json()}


def member_json(member: Member, chat: Chat) -> Json:
    """Return the `ChatMember` object: owner, administrator, member, left or banned."""
    body: Json = {"status": member.status, "user": member.account.json()}
    if member.status == "creator":
        body["is_anonymous"] = member.anonymous
    elif member.status == "administrator":
        body |= {"can_be_edited": False, "is_anonymous": member.anonymous}
        body |= {right: right in member.rights for right in RIGHTS}
        if chat.kind == "supergroup":
            body["can_manage_topics"] = "can_manage_topics" in member.rights
    elif member.status == "kicked":
        body["until_date"] = 0
    return body


def membership_json(chat: Chat, by: Account, old: Member, new: Member, date: int) -> Json:
    """Return the `ChatMemberUpdated` object: whose place changed how, and who did it."""
    return {
        "chat": chat.json(),
        "from": by.json(),
        "date": date,
        "old_chat_member": member_json(old, chat),
        "new_chat_member": member_json(new, chat),
    }
