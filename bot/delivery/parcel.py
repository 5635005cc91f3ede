"""What goes out as one call: composed at the last moment, marked when it is a repeat, mended.

Hazards: H37.
"""

import html
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from bot.delivery.outcome import Kind
from storage.outbox_rows import Lane, OutboxRow
from storage.transaction import Transaction

LONGEST: Final = {"text": 4096, "caption": 1024}  # UTF-16 units; Bot API reference
TAG: Final = re.compile(r"<[^<>]*>")
CUT: Final = " […]"


@dataclass(frozen=True)
class Upload:
    """A file that goes with a call, made when it goes; `open` returns its bytes or its path."""

    field: str
    name: str
    open: Callable[[], Awaitable[bytes | Path]]


@dataclass(frozen=True)
class Prepared:
    """A concrete call, without its `chat_id`."""

    method: str
    payload: dict[str, Any]
    upload: Upload | None = None


Prepare: TypeAlias = Callable[[Sequence[OutboxRow]], Transaction[Prepared | None]]
"""Composes the call for claimed rows of one chat; None if there is nothing to send any more.

Raises NotNowError where it is to go later.
"""

WAITED: Final = "a question that has waited"
"""What composes a check-in that could not go for so long; it has no method of its own."""
LATE: Final = timedelta(minutes=15)
"""From then on a check-in has waited: as long as one may come after the quiet hours have begun
(`flows.engine.nights.AT_THE_EDGE`)."""


def composed_as(row: OutboxRow, now: datetime) -> str:
    """Return under which name a row's call is composed: its method, or that of one that waited."""
    return WAITED if row.lane == Lane.CHECK_IN and now - row.created_at > LATE else row.method


def as_stored(row: OutboxRow) -> Prepared:
    """Return the call of a row that was stored as it is to be sent."""
    return Prepared(row.method, row.payload)


def marked(prepared: Prepared, rows: Sequence[OutboxRow]) -> Prepared:
    """Return a call with "repeat N" under it, where an earlier copy may have arrived.

    A text that has no room for it goes without: the mark must not be what stops an alert.
    """
    copies = [row.attempts + 1 for row in rows if row.unheard]
    field = next((name for name in LONGEST if name in prepared.payload), None)
    if not copies or field is None:
        return prepared
    text = f"{prepared.payload[field]}\n\nrepeat {max(copies)}"
    if units(text) > LONGEST[field]:
        return prepared
    return replace(prepared, payload=prepared.payload | {field: text})


def mended(prepared: Prepared, kind: Kind) -> Prepared | None:
    """Return the call without what Telegram refused in it; None where nothing can be mended.

    A topic or a message to reply to that is gone is left out. A text that cannot be read or is
    too long goes without its format, and cut.
    """
    left_out = {Kind.THREAD_GONE: "message_thread_id", Kind.REPLY_GONE: "reply_parameters"}
    payload = dict(prepared.payload)
    if kind in left_out:
        payload.pop(left_out[kind], None)
    if kind == Kind.BAD_TEXT:
        for field in LONGEST.keys() & payload.keys():
            is_html = str(payload.get("parse_mode", "")).lower() == "html"
            text = html.unescape(TAG.sub("", payload[field])) if is_html else payload[field]
            payload[field] = cut(text, LONGEST[field])
        for name in ("parse_mode", "entities", "caption_entities"):
            payload.pop(name, None)
    return replace(prepared, payload=payload) if payload != prepared.payload else None


def cut(text: str, longest: int) -> str:
    """Return a text that fits, its end marked where something is missing."""
    if units(text) <= longest:
        return text
    room = 2 * (longest - units(CUT))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


def units(text: str) -> int:
    """Return a length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
