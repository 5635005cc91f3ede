"""Where a person is: their chats, and what they can act on there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.standin.accounts import Account, Bot
from bot.standin.chats import Chat, PrivateChat
from bot.standin.errors import MessageGoneError, NotAllowedError, NotInChatError, NotStartedError
from bot.standin.groups import Group
from bot.standin.messages import Message, Seen
from bot.standin.styled import Styled, detected

if TYPE_CHECKING:
    from bot.standin.world import World


@dataclass(eq=False)
class Presence(Account):
    """A person's account, and the world it is in."""

    world: "World" = None  # type: ignore[assignment]  # given by World.user

    @property
    def chat(self) -> PrivateChat:
        """Return the chat with the only bot there is."""
        bots = self.world.bots()
        if len(bots) != 1:
            raise NotInChatError("there is not exactly one bot: say which, with chat_with")
        return self.chat_with(bots[0])

    def chat_with(self, bot: Bot) -> PrivateChat:
        """Return the chat with a bot."""
        return self.world.chat_of(self, bot)

    def sees(self, chat: Chat | None = None) -> list[Seen]:
        """Return what the person's screen shows of a chat, the one with the only bot if none."""
        return (chat or self.chat).as_seen_by(self)

    def draft(
        self, chat: Chat, words: Styled, reply_to: Message | Seen | None = None,
        topic: int | None = None,
    ) -> Message:  # fmt: skip
        """Return a message of this person that is not posted yet."""
        self.must_be_in(chat)
        replied = chat.message(reply_to.message_id) if reply_to else None
        if isinstance(chat, Group) and topic is not None:
            opened = chat.topics.get(topic)
            if opened is None or opened.deleted or opened.closed:
                raise NotAllowedError(f"there is no open topic {topic}")
        message = Message(
            chat, self.world.number(chat), self.world.now(), self, detected(words),
            reply_to=replied, thread=topic or (replied.thread if replied else None),
        )  # fmt: skip
        if isinstance(chat, Group):
            message.anonymous = chat.member(self).anonymous
        return message

    def must_be_in(self, chat: Chat) -> None:
        """Raise what keeps the person from acting in a chat."""
        if self.deactivated or not chat.holds(self):
            raise NotInChatError(f"{self.name} is not in the chat {chat.id}")
        if isinstance(chat, PrivateChat) and (chat.blocked or not chat.started):
            raise NotStartedError(f"{self.name} has not started {chat.bot.username}")

    def own(self, message: Message | Seen) -> Message:
        """Return the present state of a message of one's own."""
        found = self.present(message)
        if found.sender is not self:
            raise MessageGoneError("it is somebody else's message")
        return found

    def present(self, message: Message | Seen) -> Message:
        """Return the present state of a message that was seen earlier."""
        if isinstance(message, Message):
            chat: Chat = message.chat
        else:
            mine = [one for one in self.world.private.values() if one.person is self]
            chats: list[Chat] = [*self.world.groups.values(), *mine]
            holding = [one for one in chats if one.id == message.chat_id]
            holding = [one for one in holding if message.message_id in one.messages]
            if not holding:
                raise MessageGoneError(f"message {message.message_id} is nowhere")
            chat = holding[0]
        self.must_be_in(chat)
        return chat.message(message.message_id)
