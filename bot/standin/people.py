"""What people do: everything a test's or the demo's human side can."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlparse

from bot.standin.accounts import Bot, bots_among
from bot.standin.chats import Chat, Member, PrivateChat
from bot.standin.commands import scopes_for
from bot.standin.errors import (
    ButtonGoneError,
    Json,
    NotAllowedError,
)
from bot.standin.files import Upload
from bot.standin.groups import Group
from bot.standin.messages import Message, Seen
from bot.standin.presence import Presence
from bot.standin.presses import Press
from bot.standin.render import membership_json, message_json
from bot.standin.styled import Styled, detected, trimmed
from bot.standin.updates import CALLBACK_LIFE

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")  # Telegram's features page, "Deep linking"


@dataclass(eq=False)
class Person(Presence):
    """Somebody with a telephone."""

    def opens(self, link: str) -> Message:
        """Open a bot's link, `https://t.me/name?start=payload`, and press START.

        Raises:
            NotAllowedError: There is no such bot, or the payload is not a possible one.
        """
        parts = urlparse(link)
        bot = self.world.bot_named(parts.path.strip("/"))
        if parts.hostname not in ("t.me", "telegram.me") or bot is None:
            raise NotAllowedError(f"{link} leads to no bot")
        payload = parse_qs(parts.query).get("start", [""])[0]
        if not START_PAYLOAD.fullmatch(payload):
            raise NotAllowedError(f"{payload!r} is not a possible start payload")
        return self.starts(bot, payload)

    def starts(self, bot: Bot, payload: str = "") -> Message:
        """Press START (or RESTART, after having blocked the bot)."""
        chat = self.chat_with(bot)
        if chat.blocked:
            self.unblocks(bot)
        chat.started = True
        bot.met.add(self.id)
        return self.types(chat, f"/start {payload}".strip())

    def types(
        self, chat: Chat, text: str, *, reply_to: Message | Seen | None = None,
        topic: int | None = None,
    ) -> Message:  # fmt: skip
        """Send a text.

        Raises:
            NotInChatError: The person is not in the chat.
            NotStartedError: The bot was not started, or is blocked.
        """
        words = trimmed(Styled(text))
        if not words.text:
            raise NotAllowedError("Telegram sends no empty message")
        return self.world.post(self.draft(chat, words, reply_to, topic))

    def edits(self, message: Message | Seen, text: str) -> Message:
        """Change the text or caption of one's own message; the same text also counts."""
        found = self.own(message)
        found.words = detected(trimmed(Styled(text)))
        self.world.edit(found)
        return found

    def deletes(self, message: Message | Seen) -> None:
        """Delete one's own message for everybody; no bot is told."""
        self.world.delete(self.own(message))

    def presses(self, message: Message | Seen, label: str) -> Press:
        """Press a button.

        Raises:
            ButtonGoneError: There is no such button under the message now.
            NotAllowedError: It is a link; `opens` is for those.
        """
        found = self.present(message)
        button = found.button(label)
        if button is None:
            raise ButtonGoneError(f"{label!r} is not among {found.buttons}")
        if "callback_data" not in button:
            raise NotAllowedError(f"{label!r} opens a link or an app")
        bot = found.sender
        assert isinstance(bot, Bot)
        data = button["callback_data"]
        press = self.world.presses.make(self.id, bot.id, found, data, self.world.now())
        payload = {
            "id": press.id,
            "from": self.json(),
            "message": message_json(found, bot.id),
            "chat_instance": found.chat.instance,
            "data": data,
        }
        bot.met.add(self.id)
        lane = f"callback_query:{self.id}"
        self.world.push(bot, "callback_query", payload, lane, CALLBACK_LIFE)
        return press

    def taps(self, chat: PrivateChat, label: str) -> Message:
        """Tap a button of the keyboard that stands in place of the letters; it sends its label."""
        rows = (chat.reply_keyboard or {}).get("keyboard", [])
        labels = [key if isinstance(key, str) else key["text"] for row in rows for key in row]
        if label not in labels:
            raise ButtonGoneError(f"{label!r} is not among {labels}")
        if chat.reply_keyboard and chat.reply_keyboard.get("one_time_keyboard"):
            chat.reply_keyboard = None
        return self.types(chat, label)

    def sends_photo(
        self, chat: Chat, content: bytes, caption: str = "",
        *, reply_to: Message | Seen | None = None, topic: int | None = None,
    ) -> Message:  # fmt: skip
        """Send one photo, a PNG or JPEG."""
        message = self.draft(chat, trimmed(Styled(caption)), reply_to, topic)
        message.photo = self.world.files.photo(Upload("photo.jpg", content))
        return self.world.post(message)

    def sends_album(self, chat: Chat, *contents: bytes, caption: str = "") -> list[Message]:
        """Send several photos as one album; each is a message, the first has the caption."""
        album = str(13_000_000_000 + self.world.last_message)
        messages = []
        for position, content in enumerate(contents):
            message = self.draft(chat, Styled("" if position else caption))
            message.photo = self.world.files.photo(Upload("photo.jpg", content))
            message.album = album
            messages.append(self.world.post(message))
        return messages

    def sends_document(
        self, chat: Chat, name: str, content: bytes, mime: str = "application/octet-stream",
        caption: str = "",
    ) -> Message:  # fmt: skip
        """Send a file as it is."""
        message = self.draft(chat, trimmed(Styled(caption)))
        message.document = self.world.files.keep(Upload(name, content, mime), "documents")
        return self.world.post(message)

    def forwards(self, message: Message | Seen, chat: Chat) -> Message:
        """Forward a message.

        Raises:
            NotAllowedError: Its sender protected it.
        """
        found = self.present(message)
        if found.protected:
            raise NotAllowedError("the message is protected from forwarding")
        copy = self.draft(chat, found.words)
        copy.photo, copy.document = found.photo, found.document
        copy.origin = found.origin or (found.sender, found.date)
        return self.world.post(copy)

    def blocks(self, bot: Bot) -> None:
        """Stop and block a bot; it is told, and can no longer write."""
        self.turns(bot, blocked=True)

    def unblocks(self, bot: Bot) -> None:
        """Unblock a bot; it is told."""
        self.turns(bot, blocked=False)

    def turns(self, bot: Bot, *, blocked: bool) -> None:
        """Change whether a bot is blocked; `my_chat_member` only tells of a change."""
        chat = self.chat_with(bot)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        states = (Member(bot, "member"), Member(bot, "kicked"))
        old, new = states if blocked else states[::-1]
        payload = membership_json(chat, self, old, new, self.world.unix_now())
        self.world.push(bot, "my_chat_member", payload, f"my_chat_member:{chat.id}")

    def deletes_account(self) -> None:
        """Leave Telegram for good; bots only notice when they next write."""
        self.deactivated = True

    def menu(self, chat: Chat, bot: Bot | None = None) -> list[Json]:
        """Return the commands that this person is offered in a chat, in their language."""
        offering = bot or bots_among(chat.accounts())[0]
        administers = isinstance(chat, Group) and chat.member(self).status in (
            "creator",
            "administrator",
        )
        private = chat.kind == "private"
        scopes = scopes_for(chat.id, self.id, private=private, administers=administers)
        return offering.commands.seen(scopes, self.language)
