"""Presses of buttons, and the bot's answers to them."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.standin.errors import bad_request
from bot.standin.messages import Message
from bot.standin.updates import CALLBACK_LIFE

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
FIRST_QUERY = 4_382_000_000_000_000_001


@dataclass(frozen=True)
class Toast:
    """What the person saw over the chat after a press; an alert stays until it is closed."""

    text: str
    is_alert: bool = False
    url: str = ""


@dataclass(eq=False)
class Press:
    """One press of a callback button; its answers come when the bot gives them."""

    id: str
    person: int
    bot: int
    message: Message
    data: str
    at: datetime
    answers: list[Toast] = field(default_factory=list)


class Presses:
    """Every press of the world."""

    def __init__(self) -> None:
        self.made: dict[str, Press] = {}

    def make(self, person: int, bot: int, message: Message, data: str, at: datetime) -> Press:
        """Note a press."""
        press = Press(str(FIRST_QUERY + len(self.made)), person, bot, message, data, at)
        self.made[press.id] = press
        return press

    def answerable(self, bot: int, query: str, now: datetime) -> Press:
        """Return a press that its bot may still answer.

        Raises:
            Refusal: 400 for an unknown or another bot's press, and for one that is too old.
        """
        press = self.made.get(query)
        if press is None or press.bot != bot or now >= press.at + CALLBACK_LIFE:
            raise bad_request(TOO_OLD)
        return press
