"""What a decision makes happen besides changing the record; saved in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Literal

from flows.verdict import Verdict


class Lane(IntEnum):
    """Which messages go first."""

    ALERT = 0
    REPLY = 1
    CHECK_IN = 2
    REST = 3


@dataclass(frozen=True, slots=True)
class Key:
    """One button of a message: its label, and the at most 64 bytes it carries.

    `url` makes it a link instead, `app` a link that opens within the chat app.
    """

    label: str
    code: str = ""
    url: str = ""
    app: str = ""


Keys = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text and rows of buttons."""

    text: str
    keys: Keys = ()


@dataclass(frozen=True, slots=True)
class Say:
    """Send a message.

    `to` is `patient`, `staff` (the staff chat), or one person's chat by number. `slot` says
    what it shows, so that its number is remembered. `repeat` is a key that never comes twice:
    the same thing decided again is not sent again. `under` is the slot of a message in the same
    chat to reply to. `photo` is a file's identifier: then the text is its caption. `qr` is a
    link to draw.
    """

    to: Literal["patient", "staff"] | int
    message: Message
    lane: Lane
    repeat: str
    slot: str = ""
    under: str = ""
    photo: str = ""
    qr: str = ""


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Put the card of an alert up, in the staff chat or in one person's own.

    What it says is composed when it goes out, from what is stored then.
    """

    alert: str
    to: Literal["staff"] | int
    repeat: str
    number: int
    audience: str
    who: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TellBySecondChannel:
    """Tell somebody of an alert where Telegram does not lead; composed when it goes, as a card."""

    alert: str
    to: int
    repeat: str


@dataclass(frozen=True, slots=True)
class RefreshCards:
    """Change every card of an alert that has been put up so far to what is stored now."""

    alert: str


@dataclass(frozen=True, slots=True)
class Change:
    """Change a message that the patient has: what it says, and its buttons."""

    message_id: int
    message: Message
    slot: str
    repeat: str
    lane: Lane = Lane.REPLY


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a press with a short text over the chat; `alert` makes it wait to be read."""

    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Do something at an instant; a later plan under the same key takes its place."""

    kind: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not do what was planned, and why."""

    kind: str
    about: str
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One step of a check-in was answered: the answers now, and how they were sorted."""

    check_in: str
    revision: int
    hours: float
    answers: Mapping[str, object]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Noted:
    """Words or a picture to keep: by `patient`, or by a staff member's name."""

    author: str
    kind: Literal["words", "photo", "relay", "other"]
    text: str
    check_in: str = ""
    alert: str = ""
    file_id: str = ""
    unique_id: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """Somebody did something that has to be known later: who, what, and to which alert."""

    who: int | None
    name: str
    action: str
    alert: str = ""
    detail: str = ""
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Invited:
    """The link of this case was used, and by which chat."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class SendCopy:
    """Send the patient a file with everything that is stored, written when it goes."""

    file_format: Literal["json", "pdf"]
    caption: str
    repeat: str


@dataclass(frozen=True, slots=True)
class ShowCurve:
    """Send the patient a picture of how others felt, drawn when it goes.

    Whether it may be shown is looked at once more then: an alert may have come since.
    """

    check_in: str
    picture: Mapping[str, object]
    caption: str
    repeat: str


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase the case, after everything else of this decision."""


Event = (
    Say | ShowCard | TellBySecondChannel | RefreshCards | Change | Toast | Plan | Drop | Answered
    | Noted | Did | Invited | SendCopy | ShowCurve | Erase
)  # fmt: skip
