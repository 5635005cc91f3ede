"""A strict stand-in for the Telegram Bot API, in memory, with people who use the bot.

`World` holds accounts, chats and messages; `create_app` serves it over HTTP as Telegram does.
It knows nothing of any particular bot.

Where it is stricter than Telegram: values of a wrong type are refused (Telegram reads many as
zero), an album has at least two entries, a text that only mentions a bot is not for it, a link
to a file ends after exactly an hour.

What it does not have: Markdown, files fetched from the web, reactions, quotes, replies into
another chat, a method in the answer to a webhook, the three seconds by which Telegram slows
pollers that get in each other's way. Photos are not scaled. How short a burst a private chat
bears, and that edits count towards a group's limit, are assumptions.
"""

from bot.standin.clock import MovableClock, no_patience, wait_for_real
from bot.standin.errors import (
    ButtonGoneError,
    MessageGoneError,
    NotAllowedError,
    NotInChatError,
    NotStartedError,
    Refusal,
    UnfairError,
)
from bot.standin.limits import UNLIMITED, Limits
from bot.standin.messages import Seen, Shown
from bot.standin.server import create_app
from bot.standin.webhook import Deliverer
from bot.standin.world import World

__all__ = [
    "UNLIMITED", "ButtonGoneError", "Deliverer", "Limits", "MessageGoneError", "MovableClock",
    "NotAllowedError", "NotInChatError", "NotStartedError", "Refusal", "Seen", "Shown",
    "UnfairError", "World", "create_app", "no_patience", "wait_for_real",
]  # fmt: skip
