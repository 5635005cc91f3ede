"""The two ways out of the outbox: through Telegram, and past it by a second channel.

Hazards: H53.
"""

from collections.abc import Mapping
from typing import Final

BY_TELEGRAM, BY_SECOND = "method <> 'second_channel'", "method = 'second_channel'"


def by_either(text: str) -> Mapping[bool, str]:
    """Return a query about what goes through Telegram, and one about what goes past it (`True`).

    Neither sees the other's rows, so that a mail server that hangs holds nobody's chat.
    """
    return {False: text.replace(":way", BY_TELEGRAM), True: text.replace(":way", BY_SECOND)}


SENDING: Final = by_either(
    "SELECT chat_id, lane FROM outbox WHERE state = 'sending' AND lease_until > :now AND :way"
)
LAPSED: Final = by_either(
    "SELECT * FROM outbox WHERE state = 'sending' AND lease_until <= :now AND :way"
    " ORDER BY lane, id LIMIT 50"
)
NEXT_LAPSE: Final = by_either(
    "SELECT MIN(lease_until) AS lapse FROM outbox WHERE state = 'sending' AND lease_until > :now"
    " AND :way"
)
PENDING: Final = by_either(
    "SELECT id, lane, chat_id, method, not_before, reason FROM outbox WHERE state = 'pending'"
    " AND lane <= :last AND (lane, id) > (:lane, :id) AND :way ORDER BY lane, id LIMIT 200"
)
