"""A database that came back from a backup is frozen: no patient hears anything before staff say so.

What it knows may be days old, so what it would ask may have been asked and answered since. Staff
are told and alerted as ever: an alert too many is better than one too few. And whoever says
meanwhile that something is badly wrong is told whom to call.

Hazards: H23, H39.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from storage.case_keys import Keys
from storage.clinic import get, put
from storage.instants import instant, stored
from storage.outbox import LEASE, Sealing, give_back
from storage.outbox import claim as claim_any
from storage.outbox_choice import Terms
from storage.outbox_rows import Claimed, Lane
from storage.transaction import Query, Transaction

FROZEN = "frozen"
SINCE = "frozen_since"
LAST_ALIVE = "last_alive"
LAST_ROW = "frozen_row"
"""The outbox's last row at the freezing: what is younger answers what was said since."""

WRAPPED = "SELECT wrapped_key FROM patient WHERE length(wrapped_key) > 0"
OUTDATED = """
    UPDATE outbox SET state = 'dropped', reason = :why, ended_at = :now, token = token + 1,
                      lease_until = NULL
    WHERE state IN ('pending', 'sending') AND lane > 0
      AND NOT (lane = 3 AND code IS NOT NULL AND method IN ('sendMessage', 'sendPhoto')
               AND (chat_id < 0 OR chat_id IN (SELECT user_id FROM staff)))
    RETURNING id
"""
"""All but alerts, safety advice, and what a patient said that staff have yet to read."""
WHY = "it waited in a backup that was restored: it has gone since, or is outdated"
THAW = "DELETE FROM meta WHERE key = 'frozen' RETURNING value"
QUESTIONS = """
    UPDATE outbox SET state = 'replaced', reason = :why, ended_at = :now
    WHERE state = 'pending' AND lane = 2 RETURNING id
"""
ANEW = "held back after a restore; it is asked anew"
YOUNGEST = "SELECT MAX(id) AS youngest FROM outbox"
ADVISED = """
    SELECT DISTINCT chat_id FROM outbox WHERE state = 'pending' AND lane = 0 AND id > :last_row
"""
NOT_STAFF = """
    SELECT chat_id FROM patient WHERE chat_id IS NOT NULL
    UNION
    SELECT chat_id FROM outbox
    WHERE state = 'pending' AND chat_id >= 0 AND chat_id NOT IN (SELECT user_id FROM staff)
"""


def check_keys(keys: Keys) -> Transaction[None]:
    """Open every patient's key.

    Raises:
        SealError: one cannot be opened.
    """
    for row in (yield Query(WRAPPED)):
        keys.unwrap(bytes(row["wrapped_key"]))


def freeze(now: datetime) -> Transaction[datetime]:
    """Freeze, and return the instant up to which the database knows what happened.

    Messages that wait are ended: the bot that made the backup has sent them, or they are outdated.
    Alerts and safety advice stay, and what a patient said that staff have yet to read: twice is
    better than never. The time without a bot counts from now.
    """
    last = (yield from get(SINCE)) if (yield from is_frozen()) else (yield from get(LAST_ALIVE))
    since = datetime.fromisoformat(last) if last else now
    yield from put(FROZEN, stored(now))
    yield from put(SINCE, stored(since))
    yield from put(LAST_ALIVE, stored(now))
    yield Query(OUTDATED, {"why": WHY, "now": stored(now)})
    [row] = yield Query(YOUNGEST)
    yield from put(LAST_ROW, str(row["youngest"] or 0))
    return since


def is_frozen() -> Transaction[bool]:
    """Say whether the database is frozen."""
    return bool((yield from get(FROZEN)))


def thaw() -> Transaction[datetime | None]:
    """End the freezing, and return up to when the backup knew what happened; None if not frozen.

    That instant is the last at which the bot ran, as far as patients are concerned.
    """
    if not (yield Query(THAW)):
        return None
    since = yield from get(SINCE)
    assert since is not None
    yield from put(LAST_ALIVE, since)
    return instant(since)


def end_questions(now: datetime) -> Transaction[None]:
    """End the questions that were held back, for who asks them anew."""
    yield Query(QUESTIONS, {"why": ANEW, "now": stored(now)})


def claim(terms: Terms, sealing: Sealing, lease: timedelta = LEASE) -> Transaction[Claimed]:
    """As `storage.outbox.claim`; while frozen, what is for staff, and new advice on an emergency.

    With it goes what waited for the same patient in that lane: twice is better than never. What
    goes by a second channel is for staff.
    """
    if terms.second or not (yield from is_frozen()):
        return (yield from claim_any(terms, sealing, lease))
    others = frozenset(row["chat_id"] for row in (yield Query(NOT_STAFF)))
    last_row = int((yield from get(LAST_ROW)) or 0)
    rows = yield Query(ADVISED, {"last_row": last_row})
    advised = others & {row["chat_id"] for row in rows}
    shut = {chat: min(Lane.REPLY, terms.shut.get(chat, Lane.REPLY)) for chat in advised}
    open_to = replace(
        terms, busy=terms.busy | (others - advised), shut={**terms.shut, **shut}
    )  # fmt: skip
    found = yield from claim_any(open_to, sealing, lease)
    return (yield from for_staff(found, others, advised))


def for_staff(
    found: Claimed, others: AbstractSet[int], advised: AbstractSet[int] = frozenset()
) -> Transaction[Claimed]:
    """Return what of a claim may go while frozen, and let go of the rest.

    The rest are chats that became a patient's, or wrote for the first time, during the claim.
    """
    patients = {row["chat_id"] for row in (yield Query(NOT_STAFF))} | others
    waiting = patients - advised
    yield from give_back([row for row in found.rows if row.chat_id in waiting])
    return replace(
        found,
        rows=tuple(row for row in found.rows if row.chat_id not in waiting),
        held=tuple(
            one
            for one in found.held
            if one.chat_id not in patients or (one.chat_id in advised and one.lane == Lane.ALERT)
        ),
    )
