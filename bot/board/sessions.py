"""Whose next session is to be booked: the desk's list, whom to call first on top."""

from itertools import groupby
from typing import Final

from aiohttp import web

from bot import next_sessions
from bot.board.board import Board, Seat
from bot.board.entering import html
from bot.next_sessions import HEADINGS
from storage.transaction import Transaction

SHOWN: Final = 60
"""So many are shown, more than a desk calls in a day (own choice); /due has them all."""


async def page(board: Board, _request: web.Request, seat: Seat) -> web.StreamResponse:
    """Show the list."""
    await board.note(seat.who, "board_sessions")
    now = board.now

    def whole() -> Transaction[str]:
        found = yield from next_sessions.coming(board.office, now)
        coming = [
            (HEADINGS[window].rstrip(":"), [(one.code, one.line().removeprefix(one.code),
                                             one.held_by is not None) for one in some])
            for window, some in groupby(found[:SHOWN], key=lambda one: one.window)
        ]  # fmt: skip
        more = max(0, len(found) - SHOWN)
        return board.rendered("sessions.html", seat, here="sessions", coming=coming, more=more)

    return html(await board.reader.read(whole))
