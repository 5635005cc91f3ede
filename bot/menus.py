"""The menu of commands in each kind of chat. Menus only show; who may do what is checked."""

import asyncio
import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

LOGGER = logging.getLogger(__name__)

PATIENT = {
    "report": "Tell us how you are, at any time",
    "faq": "Answers of the clinic: /faq and a word",
    "status": "What comes next, and who has seen your answers",
    "settings": "Language, quiet hours, time zone, pause",
    "privacy": "What is kept, and who sees it",
    "mydata": "Everything that is kept about you",
    "stop": "Stop the check-ins",
    "help": "What this chat can do",
}
STAFF = {
    "enrol": "A new patient",
    "board": "The board, a web page: your link to it",
    "open": "Every open alert",
    "due": "Whose next session is to be booked",
    "case": "One case, in your private chat",
    "session": "A known patient's next session",
    "link": "A new link for a case",
    "roster": "Who is on the roster; change it (admin)",
    "oncall": "Who is on call; take over, plan (doctor, admin)",
    "digest": "The daily list, now",
    "export": "The history as a file (doctor, admin)",
    "resume": "Go on after a restore (doctor, admin)",
    "help": "What this chat can do",
}


def commands(menu: dict[str, str]) -> list[BotCommand]:
    """Return a menu as Telegram takes it."""
    return [BotCommand(name, words) for name, words in menu.items()]


async def set_menus(bot: Bot, staff_chat: int) -> None:
    """Set every menu; one that Telegram does not take is no reason not to start.

    A staff chat that the bot is not in yet has none.
    """
    answers = await asyncio.gather(
        bot.set_my_commands(commands({"start": "Begin", **PATIENT}), BotCommandScopeDefault()),
        bot.set_my_commands(commands(PATIENT), BotCommandScopeAllPrivateChats()),
        bot.set_my_commands(commands(STAFF), BotCommandScopeChat(staff_chat)),
        return_exceptions=True,
    )
    for answer in answers:
        if isinstance(answer, TelegramError):
            LOGGER.warning("a menu of commands was not set: %s", type(answer).__name__)
        elif isinstance(answer, BaseException):
            raise answer
