"""A case by its code, as somebody says it on the phone: typed in whatever way."""

from typing import Final

from aiohttp import web

from bot.board.board import Board, Seat
from bot.board.entering import said
from bot.case_codes import CODE
from flows.staff_language import N_, _

NO_CODE: Final = N_(
    "This is no case code. One has four to six letters and digits, like A7K2; it stands first on "
    "every card."
)


async def page(board: Board, request: web.Request, seat: Seat) -> web.Response:
    """Lead to a case; its page notes who looked, and says where there is none.

    Small letters and spaces are as good, and so is the key of one of its alerts.
    """
    code = "".join(request.query.get("code", "").split()).upper().partition("-")[0]
    if not CODE.fullmatch(code):
        return said(board, 404, _(NO_CODE), seat)
    return web.Response(status=303, headers={"Location": f"/board/case/{code}"})
