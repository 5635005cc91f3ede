"""What the bot is called, where no bot has run on this database yet: Telegram knows it."""

from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.office import BOT_NAME
from bot.settings import Settings
from storage import clinic
from storage.transaction import Database

PATIENCE = 10.0
"""Seconds to wait for Telegram's answer to who the bot is."""


class NoNameError(RuntimeError):
    """The bot's name, which every link needs, cannot be found out; the sentence says how to."""


async def learn_name(known: Settings, database: Database) -> None:
    """Store the bot's name if no bot has run on this database yet: Telegram knows it.

    Raises:
        NoNameError: it could not be asked.
    """
    if await database.read(lambda: clinic.get(BOT_NAME)):
        return
    name = await asked_name(known)
    await database.run(lambda: clinic.put(BOT_NAME, name))


async def asked_name(known: Settings) -> str:
    """Ask the Bot API for the bot's name; the address holds the token and is never repeated.

    Raises:
        NoNameError: there is no token, no connection, or no such bot.
    """
    token = known.telegram_bot_token.get_secret_value()
    start = "The link needs the bot's name, which is not known yet"
    if not token:
        raise NoNameError(f"{start}: set TELEGRAM_BOT_TOKEN, or start the bot once.")
    address = f"{known.telegram_api_url.rstrip('/')}/bot{token}/getMe"
    try:
        async with (
            ClientSession(timeout=ClientTimeout(PATIENCE)) as session,
            session.get(address) as answer,
        ):
            found: dict[str, Any] = await answer.json(content_type=None)
            return str(found["result"]["username"])
    except (ClientError, OSError, ValueError):
        why = "Telegram cannot be reached; look at the network and at TELEGRAM_API_URL"
    except (KeyError, TypeError):
        why = "Telegram knows no bot with this TELEGRAM_BOT_TOKEN; copy it again from @BotFather"
    raise NoNameError(f"{start}: {why}.")
