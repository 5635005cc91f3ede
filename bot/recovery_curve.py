"""How others felt, as a picture: `flows.engine.how_others_felt` says what is in it.

`recovery_curve.typ` says how it looks. Typst sets it, as it does PDFs, so that every language's
letters are right.

Hazards: H50.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot import outgoing
from bot.delivery.parcel import Prepared, Upload
from bot.export.pdf import NoTypesetterError, can_set, fonts, shown
from bot.office import Office
from flows.recovery import may_be_shown
from storage import records
from storage.outbox_rows import OutboxRow
from storage.transaction import Transaction

PAGE: Final = Path(__file__).with_name("recovery_curve.typ")
POINTS: Final = 200.0
"""Pixels an inch: a picture of some 950 pixels, which fills a phone's width sharply."""


def composed(office: Office, row: OutboxRow) -> Transaction[Prepared | None]:
    """Compose the picture of how others felt, or its words alone where nothing can draw it.

    None where an alert was raised since it was asked for, or the chat is no longer theirs.
    """
    loaded = yield from records.of_case(office.vault.keys, row.code or "")
    if loaded is None or loaded.record.patient.chat_id != row.chat_id:
        return None
    check_in = loaded.record.check_ins.get(row.payload["check_in"])
    if check_in is None or not may_be_shown(loaded.record, check_in):
        return None
    caption, picture = row.payload["caption"], row.payload["picture"]
    if not can_set():
        return Prepared("sendMessage", outgoing.text_only(caption))

    async def drawn() -> bytes:
        return await asyncio.to_thread(png, picture)

    return Prepared("sendPhoto", {"caption": caption}, Upload("photo", "others.png", drawn))


def png(picture: Mapping[str, Any]) -> bytes:
    """Return a curve as a PNG file.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    if not can_set():
        raise NoTypesetterError
    import typst  # noqa: PLC0415 - 80 MB, and only where somebody wants a picture

    data = {"data": json.dumps(shown(dict(picture)), ensure_ascii=False)}
    made = typst.compile(
        str(PAGE), font_paths=list(fonts()), ignore_system_fonts=True, sys_inputs=data,
        format="png", ppi=POINTS,
    )  # fmt: skip
    assert isinstance(made, bytes), "the picture is one page"
    return made
