"""What Telegram says of whoever opened the Mini App, believed only with Telegram's signature.

The scheme is Telegram's, "Validating data received via the Mini App": an HMAC-SHA-256 over all
fields but `hash`, sorted, under a key made from the bot's token.

Hazards: H35.
"""

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

OLDEST: Final = timedelta(minutes=5)
AHEAD: Final = timedelta(seconds=30)
"""How old it may be, and how far ahead another clock (docs/sources.md, mini-app)."""

LONGEST: Final = 8_192
"""Characters; a real one has about 500."""

KEY: Final = b"WebAppData"
"""Telegram's word for what the key is for."""


class NotTelegramError(ValueError):
    """The data is not Telegram's, is too old, or names nobody. Nobody is told which."""


class Opened(NamedTuple):
    """Who opened it by Telegram user id, and the digest by which the data is used only once."""

    user_id: int
    digest: str


def checked(data: str, bot_token: str, now: datetime) -> Opened:
    """Return who opened the Mini App.

    Args:
        data: `initData` as the app brings it.
        bot_token: The bot's token.
        now: The present instant.

    Raises:
        NotTelegramError: it is not to be believed.
    """
    try:
        if len(data) > LONGEST:
            raise NotTelegramError
        pairs = parse_qsl(data, keep_blank_values=True, strict_parsing=True)
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise NotTelegramError
        given = fields.pop("hash")
        if not hmac.compare_digest(given.encode(), signature(fields, bot_token).encode()):
            raise NotTelegramError
        age = now - datetime.fromtimestamp(int(fields["auth_date"]), now.tzinfo)
        user_id = json.loads(fields["user"])["id"]
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        raise NotTelegramError from None
    if not -AHEAD <= age <= OLDEST or type(user_id) is not int:
        raise NotTelegramError
    return Opened(user_id, sha256(given.encode()).hexdigest())


def signature(fields: dict[str, str], bot_token: str) -> str:
    """Return what Telegram signs such fields with, in hexadecimal digits."""
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(KEY, bot_token.encode(), "sha256")
    return hmac.digest(key, lines.encode(errors="surrogateescape"), "sha256").hex()
