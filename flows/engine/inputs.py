"""What can happen to a case: everything that enters at the one door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.escalation import StaffMember
from flows.schedule import Session

Command = Literal[
    "start", "report", "faq", "status", "settings", "privacy", "mydata", "stop", "help",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """Somebody opened this case's one-time link; the caller has made sure that it is unused."""

    chat_id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class NewcomerSaid:
    """Somebody said something in the chat that has opened a known patient's new link.

    `text` are the words; `note` says, in English, what came besides or instead of any.
    """

    chat_id: int
    text: str
    message_id: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class FormerChatSaid:
    """Somebody said something in a chat that opened a link of this case and is not its chat now.

    `text` are words, or `code` is what a pressed button carries; one of them is empty.
    """

    text: str = ""
    code: str = ""
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Pressed:
    """The patient pressed a button under the bot's message `message_id`.

    `code` is what the button carries, without the part that says it is the patient's.
    """

    code: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """The patient typed something, or changed what was typed before (`edited`)."""

    text: str
    message_id: int
    edited: bool = False


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """The patient sent a photo; those of one `album` come one by one and count as one."""

    file_id: str
    unique_id: str
    message_id: int
    album: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class SentOther:
    """The patient sent something that is neither text nor photo, such as a voice message.

    A video or a file may bring words with it, its `caption`.
    """

    kind: str
    message_id: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """The patient gave a command of the menu; `words` are what stood after it."""

    command: Command
    words: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The patient blocked the bot (`blocked`), or let it back in."""

    blocked: bool


@dataclass(frozen=True, slots=True)
class StaffDid:
    """Somebody on the roster acted on the case, allowed to by `flows.engine.permissions`.

    `action` and `argument` are a button's, such as `claim` and the alert's key. `message_id`
    is the message it stands under, in `chat_id`.
    """

    who: StaffMember
    action: str
    argument: str = ""
    option: str = ""
    chat_id: int = 0
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class ClaimantLeft:
    """Whoever holds this alert takes no alerts now: off the roster, or an auditor."""

    who: StaffMember
    alert: str


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """Somebody on the roster answered a card: the patient gets the words."""

    who: StaffMember
    text: str
    alert: str = ""


@dataclass(frozen=True, slots=True)
class SessionAdded:
    """Somebody entered a known patient's next session; nothing else is needed.

    At the command line `who` is None, and `name` says who sits there.
    """

    who: StaffMember | None
    session: Session
    lot: str = ""
    name: str = "command line"


@dataclass(frozen=True, slots=True)
class CameDue:
    """A due row's time has come: its kind, and what it is about."""

    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class WasNotDelivered:
    """A message to the patient did not arrive: `unknown`, `held` over night, or as `blocked`.

    `decided_at` is when it was put into the outbox, and `repeat` its key there, where these are
    known.
    """

    slot: str
    why: str
    decided_at: datetime | None = None
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class CardRefused:
    """Telegram refused an alert's card in a member's own chat; `number` is the message's."""

    staff: int
    alert: str
    number: int


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """A photo that the patient sent is not kept, and why; staff may have been shown it.

    `sent_at` is when it came, where that is known.
    """

    unique_id: str
    why: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BotWasDown:
    """The bot did not run, or Telegram could not be heard; presses made in between are gone."""

    since: datetime
    until: datetime


Input = (
    LinkOpened | NewcomerSaid | FormerChatSaid | Pressed | Wrote | SentPhoto | SentOther
    | Commanded | Blocked | StaffDid | ClaimantLeft | StaffWrote | SessionAdded | CameDue
    | WasNotDelivered | CardRefused | PhotoRefused | BotWasDown
)  # fmt: skip
