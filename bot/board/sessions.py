"""Whose next session is to be booked: the desk's list, whom to call first on top."""

from itertools import groupby
from typing import Final

from aiohttp import web

from bot import next_sessions
from bot.board.board import Board, Seat
from bot.board.entering import html
from bot.next_sessions import HEADINGS
from flows.staff_language import _
from storage.transaction import Transaction

SHOWN: Final = 60
"""So many are on a page, more than a desk calls in a day (own choice)."""

LONGEST_NUMBER: Final = 6
COLON: Final = " \u00a0:："
"""What a heading of the list in the chat ends with, in any language; one on a page has none."""


async def page(board: Board, request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show a page of the list; past its end the last one."""
    await board.note(seat.who, "board_sessions")
    now, wanted = board.now, number_of(request.query.get("page", ""))

    def whole() -> Transaction[str]:
        found = yield from next_sessions.coming(board.office, now)
        pages = max(1, -(-len(found) // SHOWN))
        number = min(wanted, pages)
        start = (number - 1) * SHOWN
        shown = found[start : start + SHOWN]
        coming = [
            (_(HEADINGS[window]).rstrip(COLON), [(one.code, one.line().removeprefix(one.code),
                                             one.held_by is not None) for one in some])
            for window, some in groupby(shown, key=lambda one: one.window)
        ]  # fmt: skip
        return board.rendered(
            "sessions.html", seat, here="sessions", coming=coming, number=number, pages=pages,
            first=start + 1, last=start + len(shown), of=len(found),
        )  # fmt: skip

    return html(await board.reader.read(whole))


def number_of(given: str) -> int:
    """Return which page is wanted; the first where it says nothing that is one."""
    known = given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER
    return max(1, int(given)) if known else 1
