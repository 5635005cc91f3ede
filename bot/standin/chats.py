"""Chats: who is in them, what was said, and which bot may hear or do what."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.standin.accounts import Account, Bot
from bot.standin.errors import Json, MessageGoneError, NotInChatError
from bot.standin.messages import Message, Seen, seen

Kind = Literal["private", "group", "supergroup"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]
RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_pin_messages",
)  # fmt: skip
INSIDE = frozenset({"creator", "administrator", "member"})


@dataclass(eq=False)
class Member:
    """Somebody's place in a group."""

    account: Account
    status: Status
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    def may(self, right: str) -> bool:
        """Whether they have an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its number is that of the message which opened it."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


class Chat:
    """What every chat has: messages, and those who see them."""

    kind: Kind
    title = ""
    username = ""
    is_forum = False

    def __init__(self, number: int) -> None:
        self.id = number
        self.messages: dict[int, Message] = {}
        self.pins: list[Message] = []

    def json(self) -> Json:
        """Return the `Chat` object."""
        raise NotImplementedError

    def accounts(self) -> Iterator[Account]:
        """Everybody who is in the chat now."""
        raise NotImplementedError

    def holds(self, account: Account) -> bool:
        """Whether this account is in the chat now."""
        return any(one is account for one in self.accounts())

    @property
    def instance(self) -> str:
        """Return the number that a press carries for its chat."""
        digest = hashlib.sha256(f"{self.kind}:{self.id}".encode()).digest()
        return str(int.from_bytes(digest[:8], "big", signed=True))

    def standing(self) -> list[Message]:
        """Return the messages that were not deleted, in order."""
        return [message for message in self.messages.values() if not message.deleted]

    def message(self, number: int) -> Message:
        """Return a message that is still there.

        Raises:
            MessageGoneError: It was deleted, or never was in this chat.
        """
        found = self.messages.get(number)
        if found is None or found.deleted:
            raise MessageGoneError(f"message {number} is not in the chat {self.id}")
        return found

    def as_seen_by(self, person: Account) -> list[Seen]:
        """Return what this person's screen shows of the chat, in order.

        Raises:
            NotInChatError: The person is not in the chat.
        """
        if not self.holds(person):
            raise NotInChatError(f"{person.name} is not in the chat {self.id}")
        return [seen(message, person) for message in self.standing()]


class PrivateChat(Chat):
    """A person's chat with a bot; its number is the person's."""

    kind: Kind = "private"

    def __init__(self, person: Account, bot: Bot) -> None:
        super().__init__(person.id)
        self.person = person
        self.bot = bot
        self.started = False
        self.blocked = False
        self.reply_keyboard: Json | None = None

    def json(self) -> Json:
        """Return the `Chat` object: the person's names."""
        user = self.person.json()
        names = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        return {"id": self.id, "type": "private"} | names

    def accounts(self) -> Iterator[Account]:
        """The person and the bot."""
        yield from (self.person, self.bot)
