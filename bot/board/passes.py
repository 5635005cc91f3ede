"""Who is let into the board: a one-time link from the bot, then a cookie of this browser's.

The cookie says only who holds it. Whether they are on the roster, and what their role may, is
looked up at each request, so who leaves the clinic is out with the next one.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from aiohttp import web

from bot.office import Office
from flows.escalation import StaffMember
from storage import board_passes
from storage.case_keys import Key
from storage.transaction import Transaction

LINK_LIFE: Final = timedelta(minutes=10)
"""From `/board` to the press on the link (own choice)."""

BROWSER_LIFE: Final = timedelta(hours=12)
"""A long day at the clinic (own choice); then `/board` again."""

TOKEN_BYTES: Final = 16
"""128 random bits, 22 characters of base64url (docs/sources.md, tokens)."""

CSRF: Final = "aftercheck board csrf 1"


def new_token() -> str:
    """Return a secret that is told once and kept by its hash alone."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode(errors="surrogateescape")).hexdigest()


def link(office: Office, who: StaffMember, now: datetime) -> Transaction[str]:
    """Return the address of a link that lets somebody in once."""
    token = new_token()
    yield from board_passes.give(digest(token), "link", who.id, now, LINK_LIFE)
    return f"{office.settings.board_url.rstrip('/')}/board/enter/{token}"


def let_in(user_id: int, now: datetime) -> Transaction[str]:
    """Let a browser in, and return the token of its cookie."""
    token = new_token()
    yield from board_passes.give(digest(token), "browser", user_id, now, BROWSER_LIFE)
    return token


def holder(office: Office, token: str, now: datetime) -> Transaction[StaffMember | None]:
    """Return who holds a cookie and is on the roster at this moment."""
    if not token:
        return None
    user_id = yield from board_passes.holder(digest(token), now)
    return (yield from on_roster(office, user_id, now))


def on_roster(
    office: Office, user_id: int | None, now: datetime
) -> Transaction[StaffMember | None]:
    """Return a member of staff by number; None for whoever is not, or no longer, on the roster."""
    people = yield from office.people(now)
    return next((one for one in people.roster if one.id == user_id and one.on_roster), None)


def cookie_name(address: str) -> str:
    """Return the cookie's name; `__Host-` has browsers refuse it from anywhere but this server."""
    return "__Host-board" if address.startswith("https://") else "board"


def set_cookie(response: web.StreamResponse, address: str, token: str) -> None:
    """Give a browser its cookie: for this server alone, out of reach of scripts."""
    response.set_cookie(
        cookie_name(address), token, path="/", httponly=True, samesite="Strict",
        secure=address.startswith("https://"), max_age=int(BROWSER_LIFE.total_seconds()),
    )  # fmt: skip


def csrf_of(clinic: Key, token: str) -> str:
    """Return what a form of this browser's has to bring: only our own pages know it."""
    mac = hmac.digest(clinic.derived(CSRF), token.encode(errors="surrogateescape"), "sha256")
    return urlsafe_b64encode(mac[:TOKEN_BYTES]).decode().rstrip("=")


def is_same(given: str, wanted: str) -> bool:
    """Compare in a time that says nothing of where they differ."""
    return hmac.compare_digest(
        given.encode(errors="surrogateescape"), wanted.encode(errors="surrogateescape")
    )
