"""What opens the board: links that work once, Mini App data that was used, browsers let in.

Only the SHA-256 of each is kept: 128 random bits need no slower hash (docs/sources.md, tokens).
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from storage.instants import stored
from storage.transaction import Query, Transaction

Kind = Literal["link", "mini_app", "browser"]

KEPT: Final = timedelta(days=1)
"""For so long after its end a pass is kept; Mini App data is too old by then to come again."""

GIVE = """
    INSERT INTO board_pass (hash, kind, user_id, created_at, expires_at)
    VALUES (:hash, :kind, :user_id, :now, :expires_at)
    ON CONFLICT (hash) DO NOTHING RETURNING hash
"""
USE = """
    UPDATE board_pass SET used_at = :now
    WHERE hash = :hash AND kind = 'link' AND used_at IS NULL AND expires_at > :now
    RETURNING user_id
"""
HOLDER = """
    SELECT user_id FROM board_pass
    WHERE hash = :hash AND kind = 'browser' AND used_at IS NULL AND expires_at > :now
"""
END = "UPDATE board_pass SET used_at = :now WHERE hash = :hash AND used_at IS NULL"
FORGET = "DELETE FROM board_pass WHERE expires_at < :before"


def give(
    digest: str, kind: Kind, user_id: int, now: datetime, life: timedelta
) -> Transaction[bool]:
    """Keep a pass; False where it was there already, as with Mini App data that comes again."""
    yield Query(FORGET, {"before": stored(now - KEPT)})
    rows = yield Query(GIVE, {
        "hash": digest, "kind": kind, "user_id": user_id, "now": stored(now),
        "expires_at": stored(now + life),
    })  # fmt: skip
    return bool(rows)


def use_link(digest: str, now: datetime) -> Transaction[int | None]:
    """Use a link up, and return whose it is.

    None: it is unknown, was used, or has run out. Of two who open it at once one finds it unused.
    """
    rows = yield Query(USE, {"hash": digest, "now": stored(now)})
    return int(rows[0]["user_id"]) if rows else None


def holder(digest: str, now: datetime) -> Transaction[int | None]:
    """Return whose browser this is; None for one that is not, or no longer, let in."""
    rows = yield Query(HOLDER, {"hash": digest, "now": stored(now)})
    return int(rows[0]["user_id"]) if rows else None


def end(digest: str, now: datetime) -> Transaction[None]:
    """Let a browser in no longer."""
    yield Query(END, {"hash": digest, "now": stored(now)})
