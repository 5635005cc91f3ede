"""Decided messages as rows of the outbox: chats, payloads, lanes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.delivery.parcel import units
from bot.export.pdf import can_set
from bot.office import Office
from flows.engine.alerts import card_slot
from flows.engine.events import (
    Change,
    Key,
    Keys,
    Lane,
    Message,
    RefreshCards,
    Say,
    SendCopy,
    ShowCard,
    ShowCurve,
)
from flows.engine.record import Patient
from storage import cards, outbox
from storage.outbox_rows import CARD, CARD_REFRESH, SECOND_CHANNEL, NewRow
from storage.outbox_rows import Lane as RowLane
from storage.transaction import Transaction

LONGEST = 4_000
"""UTF-16 units of one message; Telegram takes 4,096 (`telegram.constants.MessageLimit`), and
"repeat 2" may still be added."""
LONGEST_CAPTION = 1_000
"""UTF-16 units; Telegram takes 1,024."""

COPIES = 5
"""So many of an alert's newest cards are kept up to date: a group takes 20 changes a minute, and
buttons of older copies work all the same (own choice)."""

COPY = "copy"
"""The outbox's own name for everything about a case, which is written when it goes."""

CURVE = "curve"
"""How others felt: a picture that is drawn when it goes, and only if it may still be shown."""

QR = "qr"
"""A link that is sent as a picture to scan, drawn when it goes."""


def say(
    office: Office, event: Say, chat_id: int, code: str | None, now: datetime
) -> Transaction[None]:
    """Put a message into the outbox, in parts where it is longer than a message may be."""
    reply: dict[str, Any] = {}
    if event.under:
        newest = yield from cards.newest(event.under, chat_id)
        if newest is not None:
            reply = {
                "reply_parameters": {"message_id": newest, "allow_sending_without_reply": True}
            }
    for row in rows(event, chat_id, code):
        yield from outbox.put(
            replace(row, payload={**row.payload, **reply}), now, office.vault
        )  # fmt: skip


def rows(event: Say, chat_id: int, code: str | None) -> Iterator[NewRow]:
    """Yield the rows of one message."""
    lane, slot = RowLane(event.lane), event.slot or None
    texts = list(pieces(event.message.text, LONGEST_CAPTION if picture(event) else LONGEST))
    first = NewRow(event.repeat, lane, chat_id, "sendMessage", text_only(texts[0]), code, slot)
    if event.photo:
        payload = {"photo": event.photo, "caption": texts[0]}
        first = replace(first, method="sendPhoto", payload=payload)
    elif event.qr:
        first = replace(first, method=QR, payload={"link": event.qr, "caption": texts[0]})
    parts = [first] + [
        replace(first, dedup_key=f"{event.repeat}:part{number}", method="sendMessage",
                payload=text_only(text))
        for number, text in enumerate(texts[1:], 2)
    ]  # fmt: skip
    last = parts[-1]
    parts[-1] = replace(last, payload={**last.payload, **keyboard(event.message.keys)})
    yield from parts


def picture(event: Say) -> bool:
    """Whether the text is a picture's caption."""
    return bool(event.photo or event.qr)


def text_only(text: str) -> dict[str, Any]:
    """Return the payload of plain text; links show no preview, which could leak where they lead."""
    return {"text": text, "link_preview_options": {"is_disabled": True}}


def keyboard(keys: Keys) -> dict[str, Any]:
    """Return the buttons under a message; nothing where there are none."""
    if not keys:
        return {}
    rows = [[{"text": key.label, **leads(key)} for key in row] for row in keys]
    return {"reply_markup": {"inline_keyboard": rows}}


def leads(key: Key) -> dict[str, Any]:
    """Return what a button does."""
    if key.app:
        return {"web_app": {"url": key.app}}
    return {"url": key.url} if key.url else {"callback_data": key.code}


def payload_of(message: Message) -> dict[str, Any]:
    """Return a message as one payload, cut where it is too long."""
    return {**text_only(next(pieces(message.text, LONGEST))), **keyboard(message.keys)}


def pieces(text: str, longest: int) -> Iterator[str]:
    """Yield a text in parts of at most `longest` UTF-16 units, broken between lines if possible."""
    rest = text
    while units(rest) > longest:
        end = longest
        while units(rest[:end]) > longest:
            end -= 1
        line = rest.rfind("\n", longest // 2, end)
        end = line if line > 0 else end
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip("\n")
    yield rest or "…"


def copy(office: Office, event: SendCopy, patient: Patient, now: datetime) -> Transaction[None]:
    """Put a file with everything about a patient into the outbox; it is written when it goes.

    Where nothing is installed to set a PDF, the other file has to do.
    """
    if patient.chat_id is None or (event.file_format == "pdf" and not can_set()):
        return
    payload = {"format": event.file_format, "caption": event.caption}
    row = NewRow(event.repeat, RowLane.REPLY, patient.chat_id, COPY, payload, patient.code)
    yield from outbox.put(row, now, office.vault)


def curve(office: Office, event: ShowCurve, patient: Patient, now: datetime) -> Transaction[None]:
    """Put the picture of how others felt into the outbox."""
    if patient.chat_id is None:
        return
    payload = {
        "check_in": event.check_in, "picture": dict(event.picture), "caption": event.caption
    }  # fmt: skip
    row = NewRow(event.repeat, RowLane.REPLY, patient.chat_id, CURVE, payload, patient.code)
    yield from outbox.put(row, now, office.vault)


def change(
    office: Office, event: Change, chat_id: int, code: str | None, now: datetime
) -> Transaction[None]:
    """Put a changed message into the outbox; what waits to change the same one is outdated.

    The same change decided again is not put again, and then outdates nothing.
    """
    payload = {"message_id": event.message_id, **payload_of(event.message)}
    row = NewRow(
        f"change:{event.repeat}", RowLane(event.lane), chat_id, "editMessageText", payload, code,
        f"change:{event.slot}:{event.message_id}",
    )  # fmt: skip
    if (yield from outbox.put(row, now, office.vault)):
        yield from outbox.supersede(row, now, "a newer change")


def show_card(
    office: Office, event: ShowCard, chat_id: int, code: str, now: datetime
) -> Transaction[None]:
    """Put a card into the outbox; its text is composed when it goes."""
    payload = {
        "alert": event.alert, "number": event.number, "audience": event.audience,
        "who": list(event.who),
    }  # fmt: skip
    row = NewRow(
        f"card:{event.repeat}", RowLane.ALERT, chat_id, CARD, payload, code, card_slot(event.alert)
    )
    yield from outbox.put(row, now, office.vault)


def by_second_channel(  # noqa: PLR0913, PLR0917 - a message is this much
    office: Office, to: int, repeat: str, payload: Mapping[str, str], code: str | None,
    now: datetime,
) -> Transaction[None]:  # fmt: skip
    """Put something for a member of staff into the outbox that goes past Telegram.

    It names an alert, or a code; the address is looked up when it goes.
    """
    slot = f"second:{payload.get('alert', 'code')}"
    row = NewRow(f"second:{repeat}", RowLane.ALERT, to, SECOND_CHANNEL, payload, code, slot)
    yield from outbox.put(row, now, office.vault)


def refresh_cards(
    office: Office, event: RefreshCards, code: str, now: datetime, update_id: int = 0
) -> Transaction[None]:
    """Put a change of every recent card of an alert into the outbox.

    Whoever left the roster keeps what they were shown, and is shown no more of it.
    """
    left = yield from office.left(now)
    for chat_id, message_id in (yield from cards.copies(card_slot(event.alert), COPIES)):
        if chat_id in left:
            continue
        payload = {"message_id": message_id, "alert": event.alert}
        key = f"refresh:{chat_id}:{message_id}:{now.isoformat()}:{update_id}"
        row = NewRow(key, RowLane.REPLY, chat_id, CARD_REFRESH, payload, code)
        yield from outbox.put(row, now, office.vault)


assert [int(lane) for lane in Lane] == [int(lane) for lane in RowLane]
