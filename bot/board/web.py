"""The board's routes, and the door in front of them.

Each route has the name of what it does in `flows/engine/permissions.py`, and each but those that
let people in goes through `guarded`: a cookie, the roster of this moment, the role, and for
whatever changes something a token that only our own pages know.

Hazards: H30, H31, H35.
"""

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.board import acting, case, clinic, entering, finding, lost, now, passes, photos, sessions
from bot.board.board import STATIC, Board, Bot, Seat, versions
from bot.board.exports import Exports
from bot.board.protocol import Thresholds
from bot.board.trials import Trials
from bot.board.ways import OPEN_ALERTS, ways_back
from flows.staff_language import N_, _
from storage.transaction import StorageError

LOGGER = logging.getLogger(__name__)
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TURN: Final = 0.0005
"""Seconds after which a thread that writes a page lets the bot's event loop go first; Python's own
choice is ten times that, which the loop would notice."""

CODE: Final = "{code:[A-Z0-9]{4,6}}"
PHOTO: Final = r"photo/{number:\d{1,12}}"
TRIAL: Final = "{trial:[A-Za-z0-9_-]{22}}"
KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

TOO_LARGE: Final = N_("This is too large: a file has 500 kB at most.")
TOO_OLD: Final = N_("This page is too old. Open it again from the menu, and press once more.")
NO_DATABASE: Final = N_("The database cannot be used right now. Alerts still go through Telegram.")
NOT_MADE: Final = N_(
    "This page could not be made. Alerts still go through Telegram; please tell whoever runs the "
    "bot, whose log says why."
)

Page = Callable[[Board, web.Request, Seat], Awaitable[web.StreamResponse]]
Adds = Callable[[str, str, Page], None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_board(app: web.Application, bot: Bot) -> None:
    """Put the board under `/board`, where it has an address."""
    if not bot.settings.board_url:
        return
    board, router = Board(bot), app.router
    sys.setswitchinterval(TURN)

    def opens(path: str, act: str, page: Page) -> None:
        router.add_get(path, guarded(board, act, page), name=act)

    def does(path: str, act: str, page: Page) -> None:
        router.add_post(path, guarded(board, act, page), name=act)

    router.add_get("/{rest:(?:board/)?}", public(board, lost.door), name="board_door")
    enter = router.add_resource(r"/board/enter/{token:[A-Za-z0-9_-]{22}}", name="board_enter")
    enter.add_route("GET", public(board, entering.asks))
    enter.add_route("POST", public(board, entering.enters))
    mini_app = router.add_resource("/board/app", name="board_app")
    mini_app.add_route("GET", public(board, entering.opens_app))
    mini_app.add_route("POST", public(board, entering.enters_app))
    router.add_get(r"/board/file/{name:[a-z.]+}", public(board, file), name="board_file")
    opens("/board", "board_now", now.page)
    add_cases(opens)
    opens("/board/sessions", "board_sessions", sessions.page)
    opens("/board/clinic", "board_clinic", clinic.page)
    add_protocol(board, opens, does)
    exports = Exports(board)
    add_exports(board, router, exports)
    does("/board/leave", "board_leave", entering.leaves)
    for act in acting.ACTS:
        does(rf"/board/alert/{{key:[A-Z0-9]{{4,6}}-\d{{1,9}}}}/{act}", act, acting.acted)
    app.middlewares.append(lost.answering(public(board, elsewhere)))
    app.on_response_prepare.append(protected)

    async def close(_app: web.Application) -> None:
        await exports.close()
        await board.reader.close()

    app.on_cleanup.append(close)


def add_cases(opens: Adds) -> None:
    """Add the pages about one case, and the way to it."""
    opens("/board/find", "board_find", finding.page)
    opens(f"/board/case/{CODE}", "board_case", case.page)
    opens(f"/board/case/{CODE}/{PHOTO}", "board_photo", photos.photo)
    opens(f"/board/case/{CODE}/{PHOTO}/page", "board_photo_page", photos.photo_page)


def add_exports(board: Board, router: web.UrlDispatcher, exports: Exports) -> None:
    """Add the page that files are taken out on."""
    export = router.add_resource("/board/export", name="board_export")
    export.add_route("GET", guarded(board, "board_export", exports.page))
    export.add_route("POST", guarded(board, "board_export", exports.orders))


def add_protocol(board: Board, opens: Adds, does: Adds) -> None:
    """Add the pages about the protocol."""
    trials = Trials(board)
    thresholds = Thresholds(trials)
    opens("/board/protocol", "board_protocol", thresholds.page)
    opens("/board/protocol/thresholds", "board_thresholds", thresholds.thresholds)
    opens("/board/protocol/chart/{name:[a-z0-9_]+[.]svg}", "board_chart", thresholds.chart)
    opens("/board/protocol/chart/{name:[a-z0-9_]+}", "board_chart_page", thresholds.chart_page)
    does("/board/protocol/try", "board_try", trials.uploaded)
    opens(f"/board/protocol/trial/{TRIAL}", "board_trial", trials.trial)
    opens(f"/board/protocol/trial/{TRIAL}/text", "board_trial_text", trials.text)
    does(f"/board/protocol/trial/{TRIAL}/sign", "board_sign", trials.signs)


def guarded(board: Board, act: str, page: Page) -> Handler:
    """Return a handler that shows or does something for whoever may see or do it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        token = request.cookies.get(passes.cookie_name(board.address), "")
        who = await board.holder(token)
        if who is None:
            return entering.please_enter(board, request)
        seat = Seat(who, board.csrf_of(token))
        if not seat.may(act):
            await board.note(who, act, request.match_info.get("code"), allowed=False)
            return entering.said(board, 403, _("Your role may not do this."), seat)
        if request.method == "POST":
            ways = ways_back(request.path)
            try:
                given = (await request.post()).get("csrf", "")
            except web.HTTPRequestEntityTooLarge:
                return entering.said(board, 413, _(TOO_LARGE), seat, *ways)
            if not isinstance(given, str) or not passes.is_same(given, seat.csrf):
                return entering.said(board, 403, _(TOO_OLD), seat, *ways)
        return await page(board, request, seat)

    return public(board, lambda _board, request: handle(request))


def public(
    board: Board, page: Callable[[Board, web.Request], Awaitable[web.StreamResponse]]
) -> Handler:
    """Return a handler that says so where the database cannot be used."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await page(board, request)
        except StorageError:
            LOGGER.exception("the board could not use the database")
            ways = (*ways_back(request.path), OPEN_ALERTS)
            return entering.said(board, 503, _(NO_DATABASE), None, *ways)
        except web.HTTPRequestEntityTooLarge:
            return entering.said(board, 413, _(TOO_LARGE))
        except web.HTTPException:
            raise
        except Exception:
            LOGGER.exception("a page of the board could not be made")
            ways = (*ways_back(request.path), OPEN_ALERTS)
            return entering.said(board, 500, _(NOT_MADE), None, *ways)

    return handle


async def file(_board: Board, request: web.Request) -> web.Response:
    """Send a style or a script; its address changes with its content."""
    name = request.match_info["name"]
    if name not in versions():
        raise web.HTTPNotFound
    path = STATIC / name
    return web.Response(
        body=path.read_bytes(), content_type=KINDS[path.suffix], charset="utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )  # fmt: skip


async def elsewhere(board: Board, request: web.Request) -> web.StreamResponse:
    """Answer at an address that is none, of the board's or of anything else."""
    response = await lost.lost(board, request)
    protect(response)
    return response


async def protected(request: web.Request, response: web.StreamResponse) -> None:
    """Protect whatever is under the board's address."""
    if request.path.startswith("/board"):
        protect(response)


def protect(response: web.StreamResponse) -> None:
    """Keep a page from loading or running anything that is not its own, and from being kept."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
