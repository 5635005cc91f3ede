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
from flows.engine.cards import since_session
from flows.engine.desk import Desk
from flows.engine.record import Record
from storage import board_case, records
from storage.board_case import Picture, Seen
from storage.transaction import Transaction

NOT_KEPT: Final = "This photo is not kept."


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo with its day."""

    number: int
    name: str
    at: str


def shots(desk: Desk, record: Record, seen: Seen, now: datetime) -> list[Shot]:
    """Return the photos that can be looked at, the first one first."""
    return [shot(record, one, now, desk) for one in seen.pictures if one.is_kept]


def shot(record: Record, picture: Picture, now: datetime, desk: Desk) -> Shot:
    """Return a photo with how long after its session it was sent."""
    ended = [one.session.ended_at for one in record.visits if one.session.ended_at <= picture.at]
    first = record.visits[0].session.ended_at
    hours = (picture.at - max(ended, default=first)).total_seconds() / 3600
    at = when(picture.at, now, desk.clinic.hours.zone)
    return Shot(picture.number, since_session(max(hours, 0.0)), at)


def pair(found: Sequence[Shot]) -> Sequence[tuple[str, Shot]]:
    """Return the first photo and the latest; the only one there is alone."""
    if not found:
        return []
    named_shots = [("First", found[0])]
    return named_shots if len(found) == 1 else [*named_shots, ("Latest", found[-1])]


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
            "picture.html", seat, title=f"Photo of case {code}", about=f"{one.name}, {one.at}",
            source=f"/board/case/{code}/photo/{number}", way=ways.case_page(code), wide=False,
            alt=f"Photo by the patient, {one.name}",
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
    return said(board, 404, NOT_KEPT, seat, ways.case_page(code))
