"""Whoever comes to an address that is none: led to the right one, or told, with the way on."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.board import passes
from bot.board.board import Board, Seat
from bot.board.entering import said
from bot.board.ways import OPEN_ALERTS, ways_back
from flows.staff_language import N_, _

NO_PAGE: Final = N_("There is no page at this address.")
CASE: Final = re.compile(r"(?P<case>/board/case/)(?P<code>[A-Za-z0-9]{4,6})(?P<rest>/.*)?")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def door(_board: Board, _request: web.Request) -> web.StreamResponse:
    """Lead whoever types the address alone to the board."""
    return moved(OPEN_ALERTS.path)


def answering(lost_one: Handler) -> Middleware:
    """Return what answers where no page does, but for what a server sends elsewhere."""

    @web.middleware
    async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            if request.method not in {"GET", "HEAD"} and not request.path.startswith("/board"):
                raise
        return await lost_one(request)

    return answered


async def lost(board: Board, request: web.Request) -> web.StreamResponse:
    """Lead to the case that is meant, or say that there is no such page."""
    about = CASE.fullmatch(request.path)
    if about and about["code"] != about["code"].upper():
        return moved(f"{about['case']}{about['code'].upper()}{about['rest'] or ''}")
    return said(board, 404, _(NO_PAGE), await seat_of(board, request), *ways_back(request.path),
                OPEN_ALERTS)  # fmt: skip


async def seat_of(board: Board, request: web.Request) -> Seat | None:
    """Return who sits there, for the menu; who has no cookie costs no look at the database."""
    token = request.cookies.get(passes.cookie_name(board.address), "")
    who = await board.holder(token) if token else None
    return Seat(who, board.csrf_of(token)) if who else None


def moved(path: str) -> web.Response:
    """Return the way to another address."""
    return web.Response(status=302, headers={"Location": path})
