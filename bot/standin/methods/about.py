"""getMe, getFile, and what a bot says about itself: commands and descriptions."""

from datetime import timedelta

from bot.standin.call import Call
from bot.standin.commands import DEFAULT, Scope, checked_language
from bot.standin.errors import Json, bad_request
from bot.standin.files import DOWNLOAD_LIMIT, StoredFile

LINK_LIFE = timedelta(hours=1)  # Bot API reference, getFile: valid for at least one hour
LONGEST_DESCRIPTION = 512
WIDE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def get_me(call: Call) -> Json:
    """Return the bot's own `User` object."""
    return call.bot.about_itself()


def get_file(call: Call) -> Json:
    """Return where a file can be downloaded for an hour.

    Raises:
        Refusal: 400 for an identifier that is not this bot's, and for more than 20 MB.
    """
    identifier = call.arguments.text("file_id")
    if not identifier:
        raise bad_request("file_id not specified")
    file = call.world.files.by_id(call.bot.id, identifier)
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.upload.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    call.bot.links[file.path] = call.world.now() + LINK_LIFE
    return file.facts(call.bot.id) | {"file_path": file.path}


def downloadable(call: Call, path: str) -> StoredFile | None:
    """Return the file behind a link that `getFile` gave within the hour."""
    until = call.bot.links.get(path)
    if until is None or until <= call.world.now():
        return None
    return call.world.files.by_path(path)


def scope_of(call: Call) -> Scope:
    """Return the scope that a call names.

    Raises:
        Refusal: 400 for an unknown kind, chat or member.
    """
    given = call.arguments.fields("scope")
    if given is None:
        return DEFAULT
    kind = given.get("type")
    if kind in WIDE_SCOPES:
        return (str(kind),)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    named = given.get("chat_id")
    if named is None or named == "":
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    whole = isinstance(named, str) and named.lstrip("-").isdigit()
    chat = call.reach(int(str(named)) if whole else named, "read")
    if kind != "chat_member":
        if kind == "chat_administrators" and chat.kind == "private":
            raise bad_request("can't change commands of administrators in private chats")
        return (str(kind), chat.id)
    person = given.get("user_id")
    if not isinstance(person, int) or person <= 0:
        raise bad_request("can't parse BotCommandScope: Invalid user_id specified")
    return (str(kind), chat.id, person)


def set_my_commands(call: Call) -> bool:
    """Set the menu of one scope and language."""
    commands = call.arguments.items("commands")
    if commands is None:
        commands = []
    scope = scope_of(call)
    call.bot.commands.set(scope, call.arguments.text("language_code"), commands)
    return True


def get_my_commands(call: Call) -> list[Json]:
    """Return the menu of exactly one scope and language."""
    return call.bot.commands.get(scope_of(call), call.arguments.text("language_code"))


def delete_my_commands(call: Call) -> bool:
    """Remove the menu of one scope and language."""
    call.bot.commands.remove(scope_of(call), call.arguments.text("language_code"))
    return True


def set_my_description(call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    text = call.arguments.text("description")
    if len(text) > LONGEST_DESCRIPTION:
        raise bad_request("BOT_DESCRIPTION_TOO_LONG")
    call.bot.descriptions[checked_language(call.arguments.text("language_code"))] = text
    return True


def get_my_description(call: Call) -> Json:
    """Return what an empty chat with the bot shows, in a language or in any."""
    texts = call.bot.descriptions
    language = checked_language(call.arguments.text("language_code"))
    return {"description": texts.get(language) or texts.get("", "")}
