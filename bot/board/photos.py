"""A patient's photos: the first beside the latest, and each on a page with a way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.board import ways
from bot.board.board import Board, Seat
from bot.board.clocks import when
from bot.board.entering import html, said
from bot.pictures import PNG
from flows.engine.desk import Desk, since_session
from flows.engine.record import Record
from flows.staff_language import N_, _
from storage import board_case, records
from storage.board_case import Picture, Seen
from storage.transaction import Transaction

DAY: Final = 24.0  # hours
NOT_KEPT: Final = N_("This photo is not kept.")


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo with its day, and how many hours after the end of which session it was sent."""

    number: int
    name: str
    at: str
    session: int
    hours: float


def shots(desk: Desk, record: Record, seen: Seen, now: datetime) -> list[Shot]:
    """Return the photos that can be looked at, the first one first."""
    return [shot(record, one, now, desk) for one in seen.pictures if one.is_kept]


def shot(record: Record, picture: Picture, now: datetime, desk: Desk) -> Shot:
    """Return a photo with how long after its session it was sent."""
    sessions = sorted((one.session for one in record.visits), key=lambda one: one.ended_at)
    over = [one for one in sessions if one.ended_at <= picture.at]
    session = over[-1] if over else sessions[0]
    hours = max((picture.at - session.ended_at).total_seconds() / 3600, 0.0)
    at = when(picture.at, now, desk.clinic.hours.zone)
    return Shot(picture.number, since_session(hours), at, session.number, hours)


def pair(found: Sequence[Shot]) -> Sequence[tuple[str, Shot]]:
    """Return the first photo after the latest session that has one, and the latest.

    The first is called day 0 only where it is.
    """
    if not found:
        return []
    first, latest = next(one for one in found if one.session == found[-1].session), found[-1]
    name = _("Day 0") if first.hours < DAY else _("First, none of day 0")
    return [(name, first)] if first == latest else [(name, first), (_("Latest"), latest)]


async def photo_page(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show a photo, its day and the way back; that it was looked at is noted where it is sent."""
    code, number, now = request.match_info["code"], int(request.match_info["number"]), board.now

    def whole() -> Transaction[str | None]:
        found = yield from records.seen(board.office.vault.keys, code)
        if found is None:
            return None
        desk = yield from board.office.desk(found.record.patient.protocol, now)
        seen = yield from board_case.seen(code, found.key)
        kept = shots(desk, found.record, seen, now)
        one = next((each for each in kept if each.number == number), None)
        if one is None:
            return None
        return board.rendered(
            "picture.html", seat, title=_("Photo of case {code}", code=code),
            about=f"{one.name}, {one.at}",
            source=f"/board/case/{code}/photo/{number}", way=ways.case_page(code), wide=False,
            alt=_("Photo by the patient, {time}", time=one.name),
        )  # fmt: skip

    text = await board.reader.read(whole)
    return html(text) if text else not_kept(board, seat, code)


async def photo(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Send a photo of a case; nothing of it is decoded here."""
    code, number = request.match_info["code"], int(request.match_info["number"])
    await board.note(seat.who, "board_photo", code)

    def opening() -> Transaction[bytes | None]:
        found = yield from records.seen(board.office.vault.keys, code)
        if found is None:
            return None
        return (yield from board_case.picture(code, found.key, number))

    content = await board.reader.read(opening)
    if content is None:
        return not_kept(board, seat, code)
    kind = "image/png" if content.startswith(PNG) else "image/jpeg"
    return web.Response(body=content, content_type=kind)


def not_kept(board: Board, seat: Seat, code: str) -> web.Response:
    """Say that a photo is not there, and lead back to its case."""
    return said(board, 404, _(NOT_KEPT), seat, ways.case_page(code))
