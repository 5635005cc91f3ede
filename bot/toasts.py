"""Answers to presses, which pop up and are gone; nothing depends on them, so they wait nowhere."""

import asyncio
import logging
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError

from bot.board.presses import FAMILY, Answers
from flows.engine.events import Toast

LOGGER = logging.getLogger(__name__)
LONGEST: Final = 200  # characters; Bot API reference, answerCallbackQuery


class Toasts:
    """Answers presses; `answering` holds the calls that are on their way."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.answering: set[asyncio.Task[None]] = set()
        self.board = Answers()

    def answer(self, press: str, toast: Toast) -> None:
        """Answer a press, so that its button stops turning; nothing depends on it."""
        if press.startswith(FAMILY):
            self.board.answer(press, toast)
            return
        task = asyncio.create_task(self.answered(press, toast))
        self.answering.add(task)
        task.add_done_callback(self.answering.discard)

    async def answered(self, press: str, toast: Toast) -> None:
        """Make the call; a press that is too old, or a broken connection, is no trouble."""
        values: dict[str, Any] = {"callback_query_id": press}
        if toast.text:
            values |= {"text": toast.text[:LONGEST], "show_alert": toast.alert}
        try:
            await self.bot.do_api_request("answercallbackquery", api_kwargs=values)
        except TelegramError as error:
            LOGGER.info("a press was not answered: %s", type(error))
