"""`aftercheck chats`: the numbers of the group and of the people, for the settings."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.settings import Settings, SettingsError, settings
from bot.transport import Transport


def list_chats() -> None:
    """Print them, or say what is missing."""
    try:
        given = settings()
        updates = asyncio.run(waiting(given))
    except (SettingsError, TelegramError) as error:
        typer.echo(sentence(error), err=True)
        raise typer.Exit(1) from None
    lines = list(dict.fromkeys(described(updates)))
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo("Nobody has written yet. Add the bot to the group, write /start there, and "
                   "call this again.", err=True)  # fmt: skip
        raise typer.Exit(1)


async def waiting(given: Settings) -> Sequence[dict[str, Any]]:
    """Return updates that wait, without confirming any: the bot gets them all later."""
    address = given.telegram_api_url.rstrip("/")
    token = given.telegram_bot_token.get_secret_value()
    async with Bot(token, base_url=f"{address}/bot", request=Transport()) as bot:
        found: Sequence[dict[str, Any]] = await bot.do_api_request("getupdates")
        return found


def described(updates: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each group and each person."""
    for update in updates:
        message = update.get("message") or update.get("my_chat_member")
        if message is None:
            continue
        chat, person = message["chat"], message.get("from")
        if chat["type"] in ("group", "supergroup"):
            yield f"STAFF_CHAT_ID={chat['id']}   # {chat.get('title', '')}"
        if person and not person["is_bot"]:
            yield f"STAFF_ROSTER entry: {person['id']}:{person['first_name']}:nurse"


def sentence(error: Exception) -> str:
    """Say what is wrong and how to mend it."""
    match error:
        case InvalidToken():
            return "TELEGRAM_BOT_TOKEN is no bot's token; copy it again from @BotFather."
        case Conflict():
            return "The bot is running, or has a webhook: stop it first, then call this again."
        case TelegramError():
            return f"Telegram cannot be reached: {type(error).__name__}. Is there a network?"
    return str(error)
