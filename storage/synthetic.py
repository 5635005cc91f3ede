"""The clinic's own trial case: a patient who is nobody, and goes the whole way once an hour.

It lives only while it is under way. Its code sorts before every other and can be nobody's, since
no case code has a 0 in it; every list, count and export leaves it out by that code.
"""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from storage.clinic import get, put
from storage.outbox import Sealing, place_of
from storage.transaction import Query, Row, Transaction

CODE: Final = "000000"
FIRST_REAL_CODE: Final = "1"
"""Sorts after the trial case and before every other."""

PROGRESS: Final = "trial_case"
"""Where it is kept how far the present round has come, so that a restart goes on with it."""

FORGET: Final = (
    "DELETE FROM answer WHERE code = '000000'",
    "DELETE FROM photo WHERE code = '000000'",
    "DELETE FROM message WHERE code = '000000'",
    "DELETE FROM alert WHERE code = '000000'",
    "DELETE FROM check_in WHERE code = '000000'",
    "DELETE FROM session WHERE code = '000000'",
    "DELETE FROM due WHERE code = '000000'",
    "DELETE FROM outbox WHERE code = '000000'",
    "DELETE FROM patient WHERE code = '000000'",
    "DELETE FROM inbox WHERE update_id BETWEEN -4000000000000000000 AND -1 AND state = 'done'",
)
"""Telegram numbers updates upwards from 1; the trial's are below 0, the board's far below."""

NEWEST: Final = """
    SELECT id, dedup_key, message_id, body FROM outbox
    WHERE code = '000000' AND state = 'sent' AND message_id IS NOT NULL
      AND (slot = :slot OR slot LIKE 'change:' || :slot || ':%')
    ORDER BY id DESC LIMIT 1
"""
CARD_SHOWN: Final = """
    SELECT outbox.id FROM outbox JOIN alert ON outbox.slot = 'alert:' || alert.key
    WHERE alert.code = '000000' AND outbox.state = 'sent' AND outbox.message_id IS NOT NULL
"""
IN_CARE: Final = "SELECT code FROM patient WHERE stage = 'active' AND code <> :trial LIMIT 1"


class Screen(NamedTuple):
    """The newest message of the trial's check-in that has arrived: its row, number and payload."""

    row: int
    message_id: int
    payload: dict[str, Any]


def forget() -> Transaction[None]:
    """Delete everything of the trial case; what is still on its way ends at its sender."""
    for text in FORGET:
        yield Query(text)


def newest_screen(slot: str, sealing: Sealing) -> Transaction[Screen | None]:
    """Return what the trial patient sees: None as long as nothing of the check-in has arrived."""
    rows = yield Query(NEWEST, {"slot": slot})
    if not rows:
        return None
    row: Row = rows[0]
    plain = yield from sealing.open(CODE, bytes(row["body"]), place_of(row["dedup_key"]))
    return Screen(row["id"], row["message_id"], json.loads(plain))


def card_is_shown() -> Transaction[bool]:
    """Whether an alert's card of the trial case has arrived."""
    return bool((yield Query(CARD_SHOWN)))


class Progress(NamedTuple):
    """How far the present round is: when it began, the last row that was pressed on, its end.

    `failing_since` is when the first of the rounds began that did not come round; None while
    they do.
    """

    began: datetime
    pressed: int = 0
    ended: bool = False
    failing_since: datetime | None = None


def progress() -> Transaction[Progress | None]:
    """Return how far the trial is; None where there never was one."""
    text = yield from get(PROGRESS)
    if not text:
        return None
    kept = json.loads(text)
    failing = kept["failing_since"]
    return Progress(
        datetime.fromisoformat(kept["began"]), kept["pressed"], kept["ended"],
        datetime.fromisoformat(failing) if failing else None,
    )  # fmt: skip


def keep(now: Progress) -> Transaction[None]:
    """Keep how far the trial is."""
    failing = now.failing_since.isoformat() if now.failing_since else None
    yield from put(PROGRESS, json.dumps({
        "began": now.began.isoformat(), "pressed": now.pressed, "ended": now.ended,
        "failing_since": failing,
    }))  # fmt: skip


def has_patients() -> Transaction[bool]:
    """Whether anybody is in care; the trial's case is nobody."""
    rows = yield Query(IN_CARE, {"trial": CODE})
    return bool(rows)
