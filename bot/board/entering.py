"""Coming in: by a link that works once, or with what Telegram says of who opened the Mini App.

A link is only used up by the press on its page: chat apps look at links before people do.

Hazards: H35.
"""

from typing import Final

from aiohttp import web

from bot.board import passes
from bot.board.board import Board, Seat
from bot.board.mini_app import NotTelegramError, checked
from bot.board.ways import OPEN_ALERTS, Way
from flows.escalation import StaffMember
from flows.staff_language import N_, _
from storage import board_passes
from storage.transaction import Transaction

DEAD: Final = N_(
    "This link was used already, or has run out. Send /board to the bot in your own chat with it, "
    "and it sends you a new one."
)
PLEASE: Final = N_(
    "Send /board to the bot, in your own chat with it: it sends you a link that lets you in."
)
"""The same to whoever comes without a cookie, and to whoever has left the roster."""


async def asks(board: Board, _request: web.Request) -> web.Response:
    """Show the button that uses a link up."""
    return html(board.rendered("enter.html"))


async def enters(board: Board, request: web.Request) -> web.Response:
    """Use a link up, and let this browser in."""
    digest, now = passes.digest(request.match_info["token"]), board.now

    def entering() -> Transaction[tuple[StaffMember, str] | None]:
        user_id = yield from board_passes.use_link(digest, now)
        return (yield from let_in(board, user_id))

    return await came_in(board, await board.bot.database.run(entering))


async def opens_app(board: Board, _request: web.Request) -> web.Response:
    """Show the page that hands on what Telegram put behind the address."""
    return html(board.rendered("app.html"))


async def enters_app(board: Board, request: web.Request) -> web.Response:
    """Let in whoever Telegram says has opened the Mini App, once for each time it says so."""
    data, now = (await request.post()).get("data", ""), board.now
    token = board.bot.settings.telegram_bot_token.get_secret_value()
    try:
        opened = checked(data if isinstance(data, str) else "", token, now)
    except NotTelegramError:
        return said(board, 403, _(PLEASE))

    def entering() -> Transaction[tuple[StaffMember, str] | None]:
        fresh = yield from board_passes.give(
            opened.digest, "mini_app", opened.user_id, now, passes.LINK_LIFE
        )
        return (yield from let_in(board, opened.user_id if fresh else None))

    return await came_in(board, await board.bot.database.run(entering))


def let_in(board: Board, user_id: int | None) -> Transaction[tuple[StaffMember, str] | None]:
    """Return a member of staff and the token of their browser; None for anybody else."""
    who = yield from passes.on_roster(board.office, user_id, board.now)
    if who is None:
        return None
    return who, (yield from passes.let_in(who.id, board.now))


async def came_in(board: Board, found: tuple[StaffMember, str] | None) -> web.Response:
    """Give the browser its cookie and lead it to the board, or say what to do."""
    if found is None:
        return said(board, 403, _(DEAD))
    who, token = found
    await board.note(who, "board_enter")
    response = web.Response(status=303, headers={"Location": "/board"})
    passes.set_cookie(response, board.address, token)
    return response


async def leaves(board: Board, request: web.Request, seat: Seat) -> web.Response:
    """Let this browser in no longer."""
    name = passes.cookie_name(board.address)
    digest, now = passes.digest(request.cookies[name]), board.now
    await board.bot.database.run(lambda: board_passes.end(digest, now))
    await board.note(seat.who, "board_leave")
    left = _("You have left the board.")
    response = said(board, 200, f"{left} {_(PLEASE)}")
    response.del_cookie(name, path="/", secure=name.startswith("__"), httponly=True,
                        samesite="Strict")  # fmt: skip
    return response


def please_enter(board: Board, request: web.Request) -> web.Response:
    """Tell whoever has no cookie, or has left the roster, how to come in."""
    response = said(board, 401, _(PLEASE))
    if "HX-Request" in request.headers:
        response.headers["HX-Redirect"] = "/board"
    return response


def said(
    board: Board, status: int, text: str, seat: Seat | None = None, *ways: Way
) -> web.Response:  # fmt: skip
    """Return a page with one thing to say, and the ways on; one leads to the open alerts."""
    if seat is not None and OPEN_ALERTS not in ways:
        ways = (*ways, OPEN_ALERTS)
    return html(board.rendered("message.html", seat, text=text, ways=ways), status)


def html(text: str, status: int = 200) -> web.Response:
    """Return a page."""
    return web.Response(text=text, status=status, content_type="text/html")
