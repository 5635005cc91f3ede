"""A message, and how a bot and a person see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.standin.accounts import Account
from bot.standin.errors import Json
from bot.standin.files import StoredFile
from bot.standin.styled import EMPTY, Styled

if TYPE_CHECKING:
    from bot.standin.chats import Chat

Buttons = tuple[tuple[str, ...], ...]


@dataclass(eq=False)
class Message:
    """One message of a chat; `words` are its text, or the caption of its photo or document."""

    chat: "Chat"
    message_id: int
    date: datetime
    sender: Account
    words: Styled = EMPTY
    photo: tuple[StoredFile, ...] = ()
    document: StoredFile | None = None
    reply_to: "Message | None" = None
    markup: Json | None = None
    thread: int | None = None
    album: str = ""
    edited_at: datetime | None = None
    origin: tuple[Account, datetime] | None = None
    anonymous: bool = False
    protected: bool = False
    link_preview: Json | None = None
    service: Json = field(default_factory=dict)
    pinned: "Message | None" = None
    deleted: bool = False

    @property
    def media(self) -> str:
        """Return `photo`, `document`, or nothing."""
        return "photo" if self.photo else "document" if self.document else ""

    @property
    def is_service(self) -> bool:
        """Whether it tells of an event, such as somebody joining."""
        return bool(self.service) or self.pinned is not None

    @property
    def buttons(self) -> Buttons:
        """Return the labels of the inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(tuple(button["text"] for button in row) for row in rows)

    def button(self, label: str) -> Json | None:
        """Return the first button with this label."""
        for row in (self.markup or {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label:
                    return dict(button)
        return None


@dataclass(frozen=True)
class Seen:
    """A message as a person's screen shows it at one moment."""

    chat_id: int
    message_id: int
    at: datetime
    by: str
    mine: bool
    text: str
    entities: tuple[Json, ...]
    buttons: Buttons
    media: str
    photo: StoredFile | None
    document: StoredFile | None
    edited: bool
    reply_to: int | None
    thread: int | None
    service: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One line of the truth log: what a person was shown, whatever a bot believes.

    `what`: `sent`, `edited` or `deleted` (a message), `toast` or `alert` (the answer to a
    press), `action` ("typing"). `by` is the name over the message.
    """

    at: datetime
    person: int
    name: str
    chat: int
    message_id: int | None
    what: str
    text: str
    by: str = ""
    buttons: Buttons = ()
    media: str = ""


def seen(message: Message, person: Account) -> Seen:
    """Return what a person's screen shows of a message."""
    return Seen(
        chat_id=message.chat.id,
        message_id=message.message_id,
        at=message.date,
        by=message.chat.title if message.anonymous else message.sender.name,
        mine=message.sender is person,
        text=message.words.text,
        entities=message.words.entities,
        buttons=message.buttons,
        media=message.media,
        photo=message.photo[-1] if message.photo else None,
        document=message.document,
        edited=message.edited_at is not None,
        reply_to=message.reply_to.message_id if message.reply_to else None,
        thread=message.thread,
        service=("pinned_message",) if message.pinned else tuple(message.service),
    )
