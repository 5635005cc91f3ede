"""What staff do on the board: each press goes into the inbox, like one in the chat.

So there is one row, one decision and one transaction for it, whichever of the two was pressed; the
card in the chat changes too, and a form that is sent twice counts once.

Hazards: H18.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from bot.board import now
from bot.board.board import Board, Seat
from bot.board.carried import carry
from bot.board.entering import html, said
from bot.board.presses import FAMILY, press_of
from bot.board.ways import ways_back
from flows.engine.events import Toast
from flows.staff_language import N_, _
from storage import inbox

ACTS: Final = ("claim", "contacted", "resolve", "outcome", "back")
"""What an alert's card in the chat offers too."""

PATIENCE: Final = 4.0
"""Seconds that a press waits for its answer; after that the inbox says how it stands."""

AGAIN: Final = N_(
    "You pressed this before, and it counted once. How it stands now is on this page."
)
FAILED: Final = N_("This could not be worked on, and changed nothing. Please press it in the chat.")
STANDS: Final = {
    "new": N_("It is stored and will be worked on; this page shows it when it is done."),
    "done": N_("It was worked on. How it stands now is on this page."),
    "set_aside": FAILED,
    "": N_("This is not stored, and changed nothing. Please press it again."),
}
"""What is said of a press that nobody has answered here, by how it stands in the inbox."""
OVER: Final = {"done": AGAIN, "set_aside": FAILED}
"""The same of one that comes again, as from an old page, also after the bot was started anew."""
LONGEST_OPTION: Final = 30


async def acted(board: Board, request: web.Request, seat: Seat) -> web.Response:
    """Take a press, wait for what came of it, and show it."""
    form = await request.post()
    option, once = form.get("option", ""), form.get("once", "")
    if not isinstance(option, str) or not isinstance(once, str) or len(option) > LONGEST_OPTION:
        return said(board, 400, _("This form is none of ours."), seat, *ways_back(request.path))
    act = request.path.rpartition("/")[2]
    code = f"a:{act}{f'.{option}' if option else ''}:{request.match_info['key']}"
    toast = await answered(board, press_of(seat.who.id, code, once))
    if "HX-Request" in request.headers:
        return html(await now.listed(board, seat, toast.text))
    back = request.headers.get("Referer", "").startswith(f"{board.address}/board/case/")
    page = f"/board/case/{request.match_info['key'].partition('-')[0]}" if back else "/board"
    response = web.Response(status=303, headers={"Location": page})
    carry(board, seat, response, toast.text)
    return response


async def answered(board: Board, press: Mapping[str, Any]) -> Toast:
    """Store a press, and return what came of it; of one that comes again only that it does.

    What it came to then is not said again: since then a claim may have run out, or another have it.
    """
    number = int(press["update_id"])
    before = await board.bot.database.read(lambda: inbox.state_of(number))
    if before in OVER:
        return Toast(_(OVER[before]))
    answer = board.bot.toasts.board.of(f"{FAMILY}:{number}")
    await board.bot.intake.keep([press])
    try:
        return await asyncio.wait_for(asyncio.shield(answer), PATIENCE)
    except TimeoutError:
        stands = await board.bot.database.read(lambda: inbox.state_of(number))
        return Toast(_(STANDS[stands]))
