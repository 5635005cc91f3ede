"""The menu of commands in each kind of chat. Menus only show; who may do what is checked."""

import asyncio
import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from flows.engine.phrases import ENGLISH, phrases
from flows.staff_language import N_, _

LOGGER = logging.getLogger(__name__)

PATIENT = ("report", "faq", "status", "settings", "privacy", "mydata", "stop", "help")
STAFF = {
    "enrol": N_("A new patient"),
    "board": N_("The board, a web page: your link to it"),
    "open": N_("Every open alert"),
    "due": N_("Whose next session is to be booked"),
    "case": N_("One case, in your private chat"),
    "session": N_("A known patient's next session"),
    "link": N_("A new link for a case"),
    "lot": N_("The product's lot number: /lot CODE LOT"),
    "roster": N_("Who is on the roster; change it (admin)"),
    "oncall": N_("Who is on call; take over, plan (doctor, admin)"),
    "digest": N_("The daily list, now"),
    "export": N_("The history as a file (doctor, admin)"),
    "resume": N_("Go on after a restore (doctor, admin)"),
    "help": N_("What this chat can do"),
}


def of_patients(language: str, *before: str) -> dict[str, str]:
    """Return the patients' menu in a language; `before` names commands that go before it."""
    words = phrases(language)
    return {name: words[f"menu_{name}"] for name in (*before, *PATIENT)}


def of_staff() -> dict[str, str]:
    """Return the staff chat's menu, in the language of the staff."""
    return {name: _(words) for name, words in STAFF.items()}


def commands(menu: dict[str, str]) -> list[BotCommand]:
    """Return a menu as Telegram takes it."""
    return [BotCommand(name, words) for name, words in menu.items()]


async def set_menus(bot: Bot, staff_chat: int, languages: Iterable[str] = (ENGLISH,)) -> None:
    """Set every menu; one that Telegram does not take is no reason not to start.

    Whoever uses a chat app in one of `languages` sees it in that, all others in English. A staff
    chat that the bot is not in yet has none.
    """
    patients = (
        bot.set_my_commands(
            commands(of_patients(language, *before)), scope,
            language_code=None if language == ENGLISH else language,
        )
        for language in dict.fromkeys((ENGLISH, *languages))
        for scope, before in (
            (BotCommandScopeDefault(), ("start",)), (BotCommandScopeAllPrivateChats(), ()),
        )
    )  # fmt: skip
    answers = await asyncio.gather(
        *patients,
        bot.set_my_commands(commands(of_staff()), BotCommandScopeChat(staff_chat)),
        return_exceptions=True,
    )
    for answer in answers:
        if isinstance(answer, TelegramError):
            LOGGER.warning("a menu of commands was not set: %s", type(answer))
        elif isinstance(answer, BaseException):
            raise answer
