"""One call of a method: its arguments, and the chat it reaches or is kept out of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.standin.accounts import Bot
from bot.standin.chats import INSIDE, Chat, PrivateChat
from bot.standin.errors import Refusal, bad_request, forbidden
from bot.standin.files import StoredFile, Upload
from bot.standin.groups import Group
from bot.standin.messages import Message
from bot.standin.parameters import Arguments
from bot.standin.people import Person
from bot.standin.world import World

Need = Literal["read", "edit", "write"]


@dataclass(frozen=True)
class Call:
    """Who calls which method with what."""

    world: World
    bot: Bot
    method: str
    arguments: Arguments

    def chat(self, need: Need) -> Chat:
        """Return the chat that `chat_id` names.

        Raises:
            Refusal: 400 for one the bot does not know, 403 for one it may not use this way.
        """
        named = self.arguments.values.get("chat_id")
        if named is None:
            raise bad_request("chat_id is empty")
        return self.reach(named, need)

    def reach(self, named: object, need: Need) -> Chat:
        """Return the chat of this number or public name."""
        if isinstance(named, str) and named.startswith("@"):
            for group in self.world.groups.values():
                if group.username and group.username.lower() == named[1:].lower():
                    return self.group(group, need)
        if not isinstance(named, int):
            raise bad_request("chat not found")
        if named > 0:
            return self.private_chat(named, need)
        found = self.world.groups.get(named)
        if found is None or self.bot.id not in found.members:
            raise bad_request("chat not found")
        return self.group(found, need)

    def private_chat(self, number: int, need: Need) -> PrivateChat:
        """Return a private chat, unless its person cannot be written to."""
        person = self.world.accounts.get(number)
        if isinstance(person, Bot):
            raise forbidden("bot can't send messages to bots")
        if not isinstance(person, Person) or number not in self.bot.met:
            raise bad_request("chat not found")
        chat = self.world.chat_of(person, self.bot)
        if need == "read":
            return chat
        if person.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def group(self, group: Group, need: Need) -> Group:
        """Return a group, unless the bot was removed or it was upgraded.

        The cases and their order are `check_chat_access` of the official server's Client.cpp.
        """
        if group.became is not None:
            if need != "write":
                return group
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": group.became.id},
            )
        status = group.member(self.bot).status
        if status in INSIDE or (group.kind == "group" and need == "read"):
            return group
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {group.kind} chat")
        raise forbidden(f"bot is not a member of the {group.kind} chat")

    def may(self, chat: Chat, right: str) -> bool:
        """Whether the bot has this right there; in private it has those it needs."""
        return not isinstance(chat, Group) or chat.member(self.bot).may(right)

    def message(self, chat: Chat, purpose: str) -> Message:
        """Return the message that `message_id` names.

        Raises:
            Refusal: 400, "message to edit not found" and the like.
        """
        found = chat.messages.get(self.arguments.number("message_id"))
        if found is None or found.deleted:
            raise bad_request(f"{purpose} not found")
        return found

    def passes_gate(self, chat: Chat | None, count: int = 1) -> None:
        """Count messages about to be sent, or refuse them with 429."""
        self.world.gate.passes(
            self.bot.id,
            chat.id if chat else None,
            self.world.now(),
            private=chat is None or chat.kind == "private",
            count=count,
        )

    def attached(self, field: str) -> Upload | StoredFile | None:
        """Return the file a parameter brings, or the stored one it names by identifier."""
        if field in self.arguments.files:
            return self.arguments.files[field]
        return self.named(self.arguments.text(field))

    def named(self, reference: str) -> Upload | StoredFile | None:
        """Return the file behind `attach://name` or an identifier.

        Raises:
            Refusal: 400 for an address on the web, and for another bot's identifier.
        """
        if reference.startswith("attach://"):
            return self.arguments.files.get(reference.removeprefix("attach://"))
        if not reference:
            return None
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        found = self.world.files.by_id(self.bot.id, reference)
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return found


Handler = Callable[[Call], object]
