"""What staff do on the board: each press goes into the inbox, like one in the chat.

So there is one row, one decision and one transaction for it, whichever of the two was pressed; the
card in the chat changes too, and a form that is sent twice counts once.

Hazards: H18.
"""

import asyncio
from typing import Final

from aiohttp import web

from bot.board import now
from bot.board.board import Board, Seat
from bot.board.carried import carry
from bot.board.entering import html, said
from bot.board.presses import FAMILY, press_of
from bot.board.ways import ways_back
from flows.engine.events import Toast
from flows.staff_language import N_, _

ACTS: Final = ("claim", "contacted", "resolve", "outcome", "back")
"""What an alert's card in the chat offers too."""

PATIENCE: Final = 4.0
"""Seconds that a press waits for its answer; it is stored by then, and worked on in its turn."""

ON_ITS_WAY: Final = N_("It is stored and will be worked on; this page shows it when it is done.")
AGAIN: Final = N_(
    "You pressed this before, and it counted once. How it stands now is on this page."
)
LONGEST_OPTION: Final = 30


async def acted(board: Board, request: web.Request, seat: Seat) -> web.Response:
    """Take a press, wait for what came of it, and show it."""
    form = await request.post()
    option, once = form.get("option", ""), form.get("once", "")
    if not isinstance(option, str) or not isinstance(once, str) or len(option) > LONGEST_OPTION:
        return said(board, 400, _("This form is none of ours."), seat, *ways_back(request.path))
    act = request.path.rpartition("/")[2]
    code = f"a:{act}{f'.{option}' if option else ''}:{request.match_info['key']}"
    press = press_of(seat.who.id, code, once)
    answer = board.bot.toasts.board.of(f"{FAMILY}:{press['update_id']}")
    was_answered = answer.done()  # since then a claim may have run out, or another have it
    await board.bot.intake.store([press])
    try:
        toast = await asyncio.wait_for(asyncio.shield(answer), PATIENCE)
        toast = Toast(_(AGAIN)) if was_answered else toast
    except TimeoutError:
        toast = Toast(_(ON_ITS_WAY))
    if "HX-Request" in request.headers:
        return html(await now.listed(board, seat, toast.text))
    back = request.headers.get("Referer", "").startswith(f"{board.address}/board/case/")
    page = f"/board/case/{request.match_info['key'].partition('-')[0]}" if back else "/board"
    response = web.Response(status=303, headers={"Location": page})
    carry(board, seat, response, toast.text)
    return response
