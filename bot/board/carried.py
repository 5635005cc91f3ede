"""What came of a press, carried over the redirect that follows where no script runs.

It is a cookie that the next page shows once. It is signed for this browser's time at the board, so
that nobody else, on this browser or from elsewhere, has a page say something.
"""

import hmac
from typing import Final
from urllib.parse import quote, unquote

from aiohttp import web

from bot.board import passes
from bot.board.board import Board, Seat

LIFE: Final = 60
"""Seconds for a redirect on a slow line (own choice)."""

LONGEST: Final = 200
"""Characters, as in the chat; a browser keeps about 4,000."""


def carry(board: Board, seat: Seat, response: web.StreamResponse, text: str) -> None:
    """Let the next page say what came of a press."""
    if not text:
        return
    said = text[:LONGEST]
    response.set_cookie(
        cookie_name(board), f"{proof(seat, said)}.{quote(said, safe='')}", path="/",
        httponly=True, samesite="Strict", secure=is_secure(board), max_age=LIFE,
    )  # fmt: skip


def carried(board: Board, request: web.Request, seat: Seat) -> str:
    """Return what came of the press before this page; empty where there was none."""
    given, _, rest = request.cookies.get(cookie_name(board), "").partition(".")
    said = unquote(rest)
    return said if given and passes.is_same(given, proof(seat, said)) else ""


def shown_once(board: Board, request: web.Request, response: web.StreamResponse) -> None:
    """Let no other page say it again."""
    name = cookie_name(board)
    if name in request.cookies:
        response.del_cookie(
            name, path="/", secure=is_secure(board), httponly=True, samesite="Strict"
        )


def proof(seat: Seat, text: str) -> str:
    """Return what only this server could have put before a text for this browser."""
    return hmac.digest(seat.csrf.encode(), f"carried {text}".encode(), "sha256").hex()


def cookie_name(board: Board) -> str:
    """Return the cookie's name, beside that which lets somebody in."""
    return passes.cookie_name(board.address) + "-said"


def is_secure(board: Board) -> bool:
    """Whether browsers are to send it encrypted alone."""
    return board.address.startswith("https://")
