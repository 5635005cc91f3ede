"""Command menus: a bot's commands by scope and language, and which of them a person sees."""

import re
from collections.abc import Mapping

from bot.standin.errors import Json, bad_request

Scope = tuple[str | int, ...]
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
LONGEST_DESCRIPTION = 256  # Bot API reference, BotCommand
MOST_COMMANDS = 100  # Bot API reference, setMyCommands
DEFAULT: Scope = ("default",)


class CommandMenu:
    """The commands of one bot."""

    def __init__(self) -> None:
        self.lists: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[object]) -> None:
        """Replace the commands of a scope and language; an empty list removes them.

        Raises:
            Refusal: 400 for a name, a description or a number of commands that is not allowed.
        """
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        checked = [checked_command(command) for command in commands]
        if not checked:
            self.remove(scope, language)
        else:
            self.lists[scope, checked_language(language)] = checked

    def remove(self, scope: Scope, language: str) -> None:
        """Forget the commands of a scope and language."""
        self.lists.pop((scope, checked_language(language)), None)

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Return the commands of exactly this scope and language."""
        return self.lists.get((scope, checked_language(language)), [])

    def seen(self, scopes: tuple[Scope, ...], language: str) -> list[Json]:
        """Return the commands a person sees: the narrowest scope first, then their language."""
        for scope in scopes:
            for spoken in (language[:2], ""):
                if found := self.lists.get((scope, spoken)):
                    return found
        return []


def checked_command(command: object) -> Json:
    """Return a command, its slash removed, or refuse it."""
    if not isinstance(command, Mapping):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name = str(command["command"]).removeprefix("/")
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command["description"])
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def checked_language(language: str) -> str:
    """Return a two-letter code or the empty one, which stands for every language."""
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def scopes_for(chat: int, person: int, *, private: bool, administers: bool) -> tuple[Scope, ...]:
    """Return the scopes a person's menu is looked up in, narrowest first.

    The order is the Bot API reference's, "Determining list of commands".
    """
    if private:
        return (("chat", chat), ("all_private_chats",), DEFAULT)
    own: tuple[Scope, ...] = (("chat_member", chat, person),)
    if administers:
        own += (("chat_administrators", chat),)
    own += (("chat", chat),)
    if administers:
        own += (("all_chat_administrators",),)
    return (*own, ("all_group_chats",), DEFAULT)
