"""Reads a stored update: what no text can hold is replaced, and what is used has its right type.

A number that came as a text would be stored by SQLite as it is, and then stop whoever counts on
it. So the fields that are used are checked here; an update of another shape is set aside.
"""

import json
import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

LARGEST: Final = 2**63 - 1
"""The largest number that both databases keep; Telegram's own have 52 bits."""

NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""NUL as JSON writes it, and not after a backslash that is one itself."""

Number = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]


class Strict(BaseModel):
    """Part of an update; nothing in it is taken for what it is not."""

    model_config = ConfigDict(strict=True)


class Chat(Strict):
    """Where something was written."""

    id: Number
    type: str


class Person(Strict):
    """Who wrote or pressed."""

    id: Number
    first_name: str = ""
    language_code: str = ""


class Size(Strict):
    """One size of a photo."""

    file_id: str
    file_unique_id: str


class Answered(Strict):
    """The message that another one answers, or whose button was pressed."""

    message_id: Number
    chat: Chat


class Message(Answered):
    """A message."""

    writer: Person | None = Field(None, alias="from")
    text: str = ""
    caption: str = ""
    photo: list[Size] = []
    media_group_id: str = ""
    reply_to_message: Answered | None = None
    sender_chat: Chat | None = None
    migrate_to_chat_id: Number = 0
    migrate_from_chat_id: Number = 0


class Press(Strict):
    """A press of a button."""

    id: str
    presser: Person = Field(alias="from")
    data: str = ""
    message: Answered | None = None


class Place(Strict):
    """What somebody may do in a chat."""

    status: str
    user: Person


class Membership(Strict):
    """The bot's own place in a chat has changed."""

    chat: Chat
    new_chat_member: Place


class BoardPress(Strict):
    """A press on the staff's web page."""

    presser: Number = Field(alias="from")
    data: str


class Update(Strict):
    """Telegram's `Update`, as far as it is used, and what the board puts beside it."""

    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None
    board_press: BoardPress | None = None


def read(raw: bytes) -> dict[str, Any]:
    """Return an update as it was stored, as Telegram's JSON.

    Half of a surrogate pair has no UTF-8, and PostgreSQL takes no NUL: a sign of replacement
    stands for either.

    Raises:
        ValueError: it is no JSON, or no update of a shape that is known.
    """
    text = raw.decode()
    if r"\ud" in text or r"\u0000" in text:
        whole = NUL.sub("\\1\ufffd", json.dumps(json.loads(text), ensure_ascii=False))
        text = whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    update: dict[str, Any] = json.loads(text)
    Update.model_validate(update)
    return update
