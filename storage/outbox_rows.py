"""What stands in the outbox: lanes, a row to put in, a row that was claimed, how one ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Literal, TypeAlias

from flows.staff_language import N_

CARD: Final = "card"
CARD_REFRESH: Final = "card_refresh"
SECOND_CHANNEL: Final = "second_channel"
"""What goes to a member of staff by e-mail or to a web address, not through Telegram."""
UNHEARD: Final = "may have arrived"
"""How the reason begins of a row that goes again although an earlier copy may have arrived."""

HELD: Final = "held until it may go"
"""Why a row waits that is to go later, as a check-in in the night."""
STUCK: Final = N_("cannot be put together")
"""Stands in the reason of a row that goes again because its own call cannot be made: what is
younger in its chat does not wait behind it."""

State: TypeAlias = Literal[
    "pending", "sending", "sent", "unknown", "dead", "dropped", "replaced"
]  # fmt: skip
Payload: TypeAlias = dict[str, Any]


class Lane(IntEnum):
    """Who goes first, and what an unknown outcome means: see `bot.delivery.settling`."""

    ALERT = 0  # alerts, and safety advice to a patient
    REPLY = 1  # to somebody who waits for it
    CHECK_IN = 2
    REST = 3


@dataclass(frozen=True)
class NewRow:
    """A message that was decided.

    Args:
        dedup_key: One per intent; the same intent again changes nothing.
        lane: Which goes first.
        chat_id: Where to. It stands beside the payload, so that a group may change its number.
        method: A method of the Bot API, or a name under which its call is composed when it goes.
        payload: The method's parameters without `chat_id`, as JSON has them.
        code: The patient it is about, whose key seals it; None for the clinic's.
        slot: What only its newest message is worth sending for; see `supersede`.
        not_before: When it may go at the earliest; None for at once.
    """

    dedup_key: str
    lane: Lane
    chat_id: int
    method: str
    payload: Mapping[str, Any]
    code: str | None = None
    slot: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True)
class OutboxRow:
    """A row that a sender holds; `token` says which holding it is.

    `attempts` counts the tries that ended without success; `unheard` says that one of them may
    have arrived all the same.
    """

    id: int
    token: int
    lane: Lane
    chat_id: int
    method: str
    payload: Payload
    code: str | None
    slot: str | None
    attempts: int
    created_at: datetime
    unheard: bool = False
    dedup_key: str = ""


@dataclass(frozen=True)
class Ending:
    """How one holding of a row ends; `pending` is to go again, from `not_before` on."""

    state: State
    reason: str = ""
    message_id: int | None = None
    not_before: datetime | None = None
    counted: bool = False
    """Whether it was a try that failed."""


@dataclass(frozen=True)
class Held:
    """A message that is due and has to wait for its chat."""

    lane: Lane
    chat_id: int
    method: str


@dataclass(frozen=True)
class Claimed:
    """What a claim found.

    `rows`: what the claimer now holds, by lane, then by age. `held`: the first of each chat that
    was due but passed over. `later`: when to look again, None if nothing else waits. `more`:
    whether the claim was full. `lapsed`: rows whose holder is gone; each is still to be settled.
    """

    rows: tuple[OutboxRow, ...] = ()
    held: tuple[Held, ...] = ()
    later: datetime | None = None
    more: bool = False
    lapsed: tuple[OutboxRow, ...] = ()
