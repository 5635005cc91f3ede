"""What became of a call to the Bot API.

Only four things matter afterwards: it arrived, it certainly did not, nobody knows, or Telegram
refuses it for good. The library makes `BadRequest` and `TimedOut` kinds of `NetworkError`, so
they are told apart first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from bot.transport import NotSentError


class Kind(StrEnum):
    """Why Telegram refuses a call for good."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NOT_MEMBER = "not a member"
    MIGRATED = "migrated"
    NOT_MODIFIED = "not modified"
    GONE = "gone"
    THREAD_GONE = "thread gone"
    REPLY_GONE = "reply gone"
    BAD_TEXT = "bad text"
    NOT_TAKEN = "not taken there"
    OTHER = "other"


class RefusedError(Exception):
    """What a message is sent to will not take it, however often it is sent."""

    def __init__(self, kind: Kind, text: str) -> None:
        self.kind = kind
        super().__init__(text)


class NotNowError(Exception):
    """A message is to go, and not before an instant."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(str(until))


@dataclass(frozen=True)
class Sent:
    """It arrived; `message_id` is the new message's number where the call made one."""

    message_id: int | None = None
    result: object = None


@dataclass(frozen=True)
class Retry:
    """Too many calls (429): not carried out, and its chat takes nothing for so many seconds."""

    after: float


@dataclass(frozen=True)
class NotSent:
    """It certainly did not arrive, through no fault of its own; not again for `after` seconds."""

    text: str
    after: float = 0.0


@dataclass(frozen=True)
class Unknown:
    """It may or may not have arrived."""

    text: str


@dataclass(frozen=True)
class Refused:
    """Telegram will not carry it out, however often it is repeated."""

    kind: Kind
    text: str
    new_chat_id: int | None = None


@dataclass(frozen=True)
class Withdrawn:
    """When its turn came there was nothing to send any more."""


@dataclass(frozen=True)
class Waits:
    """Its file is still being written: so far `done` of `total`. No call was made."""

    done: int
    total: int

    @property
    def text(self) -> str:
        """How far it is."""
        return f"its file is being written: {self.done} of {self.total}"


@dataclass(frozen=True)
class NotNow:
    """It is to go, and not before `until`. No call was made."""

    until: datetime


Outcome: TypeAlias = Sent | Retry | NotSent | Unknown | Refused | Withdrawn | Waits | NotNow

FORBIDDEN = (("blocked by the user", Kind.BLOCKED), ("user is deactivated", Kind.DEACTIVATED))
"""Words of a 403; every other 403 means that the bot has no place or no right in the chat."""

REFUSALS = (
    ("message is not modified", Kind.NOT_MODIFIED),
    ("thread not found", Kind.THREAD_GONE),
    ("topic_closed", Kind.THREAD_GONE),
    ("topic_deleted", Kind.THREAD_GONE),
    ("replied not found", Kind.REPLY_GONE),
    ("reply message not found", Kind.REPLY_GONE),
    ("message to edit not found", Kind.GONE),
    ("message to delete not found", Kind.GONE),
    ("message to pin not found", Kind.GONE),
    ("message can't be edited", Kind.GONE),
    ("message can't be deleted", Kind.GONE),
    ("message_id_invalid", Kind.GONE),
    ("query is too old", Kind.GONE),
    ("query id is invalid", Kind.GONE),
    ("query_id_invalid", Kind.GONE),
    ("can't parse entities", Kind.BAD_TEXT),
    ("too long", Kind.BAD_TEXT),
    ("too_long", Kind.BAD_TEXT),
    ("text is empty", Kind.BAD_TEXT),
    ("text must be non-empty", Kind.BAD_TEXT),
    ("not enough rights", Kind.NOT_MEMBER),
    ("have no rights", Kind.NOT_MEMBER),
    ("chat_write_forbidden", Kind.NOT_MEMBER),
    ("chat not found", Kind.NOT_MEMBER),
    ("user not found", Kind.DEACTIVATED),
)
"""Words of a 400, in lower case; the first that occurs decides. From the official server."""


def arrived(result: Any) -> Sent:  # noqa: ANN401 - whatever the method returns
    """Return the outcome of a call that was answered with a result."""
    number = result.get("message_id") if isinstance(result, dict) else None
    return Sent(number if isinstance(number, int) else None, result)


def failed(error: Exception) -> Outcome:
    """Return the outcome of a call that ended with an exception, whatever it was.

    A token that is not accepted (401, 404) says nothing against the message: it was not carried
    out, and is repeated until the token is mended.
    """
    match error:
        case RetryAfter():
            return Retry(seconds(error.retry_after))
        case RefusedError():
            return Refused(error.kind, str(error))
        case ChatMigrated():
            return Refused(Kind.MIGRATED, error.message, error.new_chat_id)
        case Forbidden() | BadRequest():
            return Refused(kind_of(error), error.message)
        case NotSentError() | InvalidToken() | EndPointNotFound():
            return NotSent(error.message, getattr(error, "after", 0.0))
        case _:
            said = error.message if isinstance(error, NetworkError) else type(error).__name__
            return Unknown(said)


def kind_of(error: Forbidden | BadRequest) -> Kind:
    """Return the kind whose words occur in a description."""
    is_forbidden = isinstance(error, Forbidden)
    lowered = error.message.lower()
    for word, kind in FORBIDDEN if is_forbidden else REFUSALS:
        if word in lowered:
            return kind
    return Kind.NOT_MEMBER if is_forbidden else Kind.OTHER


def seconds(after: float | timedelta) -> float:
    """Return a time to wait in seconds; the library gives either, by its settings."""
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
