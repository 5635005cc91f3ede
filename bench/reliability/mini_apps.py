"""What somebody says of themselves in Telegram's name: data of a Mini App, changed at random."""

import json
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Final
from urllib.parse import urlencode

from bot.board.mini_app import NotTelegramError, checked, signature

TOKEN: Final = f"7001000001:{'A' * 35}"
ANOTHER: Final = f"7001000002:{'B' * 35}"
SIGNS: Final = (33, 127)
"""Of a mutation: those that can be typed."""


def data(user_id: int, now: datetime, token: str = TOKEN, **changes: str) -> str:
    """Return what Telegram puts behind the address when somebody opens the Mini App."""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps({"id": user_id, "first_name": "Ben & «Co»", "language_code": "de"}),
        "auth_date": str(int(now.timestamp())),
        "signature": "FwWV-hPWZSBPQv5r",
        **changes,
    }
    return urlencode(fields | {"hash": signature(fields, token)})


def forged(real: str, random: Random) -> Iterator[str]:
    """Yield changed data for ever: signs changed, taken out, doubled, put in, cut off, moved."""
    while True:
        here = random.randrange(len(real))
        yield real[:here] + chr(random.randrange(*SIGNS)) + real[here + 1 :]
        yield real[:here] + real[here + 1 :]
        yield real[:here] + real[here] + real[here:]
        yield real[:here]
        yield f"{real}&user={real[here:]}"
        yield f"{real[here:]}&{real[:here]}"


def let_in(count: int, now: datetime, random: Random) -> int:
    """Return how many of so many forgeries were believed to say anything but what is true."""
    real, found = data(5001, now), 0
    truth = checked(real, TOKEN, now)
    forgeries = forged(real, random)
    for number in range(count):
        given = data(5001 + number, now, ANOTHER) if number % 7 == 0 else next(forgeries)
        try:
            found += checked(given, TOKEN, now) != truth
        except NotTelegramError:
            continue
    return found
