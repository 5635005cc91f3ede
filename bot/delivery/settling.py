"""What an outcome means for a row: over, or again and when. Pure.

An unknown outcome is the hard one, and is resolved by lane:

- an alert goes again at once, marked as a repeat: better twice than never;
- a check-in is never repeated: its ordinary reminder, half an hour later, replaces it;
- a reply or anything else is dropped: who waits for it will ask again;
- but what is said in the staff's group, such as a patient's words, goes again as an alert does:
  nobody there knows that there is something to wait for;
- what does the same when done twice, such as an edit, is simply done again, in any lane.

Nothing ends without a reason, and only a refusal ends an alert, a reply or a check-in that
certainly did not arrive.

Hazards: H02, H19.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.delivery.outcome import (
    Kind,
    NotNow,
    NotSent,
    Outcome,
    Refused,
    Retry,
    Sent,
    Unknown,
    Waits,
    Withdrawn,
)
from bot.delivery.pacing import is_edit
from storage.outbox_rows import HELD, SECOND_CHANNEL, UNHEARD, Ending, Lane, OutboxRow

LONGEST_DELAY: Final = 60.0  # seconds between tries
LONGEST_ALERT_DELAY: Final = 15.0
GIVEN_UP_AFTER: Final = timedelta(hours=24)  # for the last lane, and no words for staff
LOOK_AGAIN: Final = timedelta(seconds=5)  # for a file that is being written (own choice)
SAYS: Final = frozenset({"sendMessage", "sendPhoto"})
HARMLESS: Final = frozenset({"pinChatMessage", "answerCallbackQuery", "sendChatAction"})


def ending(row: OutboxRow, outcome: Outcome, now: datetime) -> Ending:
    """Return how a row's holding ends.

    A group's change of number has to be written beside it: see `migrate_chat`.
    """
    match outcome:
        case Sent(message_id):
            return Ending("sent", message_id=message_id)
        case Withdrawn():
            return Ending("replaced", "there was nothing to send any more")
        case Retry() | Waits() | NotNow():
            return uncounted(row, outcome, now)
        case NotSent(text, after):
            return later(row, text, now, after)
        case Unknown(text):
            return unheard(row, text, now)
        case Refused():
            return refused(row, outcome, now)
        case _:
            assert_never(outcome)


def refused(row: OutboxRow, refusal: Refused, now: datetime) -> Ending:
    """Return what becomes of a row that Telegram refused."""
    if refusal.kind == Kind.MIGRATED:
        return again(row, now, refusal.text, counted=False)
    if refusal.kind == Kind.NOT_MODIFIED and is_edit(row.method):
        return Ending("sent", "the message shows this already")
    return Ending("dead", f"{refusal.kind}: {refusal.text}")


def unheard(row: OutboxRow, text: str, now: datetime) -> Ending:
    """Return what becomes of a row that may have arrived."""
    if is_edit(row.method) or row.method in HARMLESS:
        return later(row, text, now)
    match row.lane:
        case lane if lane == Lane.ALERT or is_for_staff(row):
            wait = delay(row) if row.unheard else 0.0
            return again(row, now + timedelta(seconds=wait), f"{UNHEARD}: {text}", counted=True)
        case Lane.CHECK_IN:
            return Ending("unknown", f"{UNHEARD}: {text}", counted=True)
        case _:
            return Ending("dropped", f"{UNHEARD}, and is not worth a repeat: {text}", counted=True)


def is_for_staff(row: OutboxRow) -> bool:
    """Whether somebody who does not wait for it has to read it: words or a picture in a group."""
    return row.chat_id < 0 and row.method in SAYS and row.lane != Lane.CHECK_IN


def later(row: OutboxRow, text: str, now: datetime, after: float = 0.0) -> Ending:
    """Return the next try of a row that is to go again, or its giving up.

    `after`: the seconds until then at least.
    """
    is_old = now - row.created_at >= GIVEN_UP_AFTER
    if row.lane == Lane.REST and is_old and not is_for_staff(row):
        return Ending("dropped", f"given up after 24 hours: {text}", counted=True)
    return again(row, now + timedelta(seconds=max(delay(row), after)), text, counted=True)


def uncounted(row: OutboxRow, outcome: Retry | Waits | NotNow, now: datetime) -> Ending:
    """Return when a row goes again that was not tried; a file is not written for ever."""
    if isinstance(outcome, NotNow):
        return again(row, outcome.until, HELD, counted=False)
    if isinstance(outcome, Retry):
        moment = now + timedelta(seconds=outcome.after)
        return again(row, moment, "too many calls", counted=False)
    if now - row.created_at >= GIVEN_UP_AFTER:
        return Ending("dropped", f"given up after 24 hours: {outcome.text}")
    return again(row, now + LOOK_AGAIN, outcome.text, counted=False)


def again(row: OutboxRow, moment: datetime, text: str, *, counted: bool) -> Ending:
    """Return an ending after which the row goes again; that it may have arrived is kept."""
    reason = text if text.startswith(UNHEARD) or not row.unheard else f"{UNHEARD}: {text}"
    return Ending("pending", reason, not_before=moment, counted=counted)


def delay(row: OutboxRow) -> float:
    """Return the seconds to the next try: 1, 2, 4 and so on to a minute, an alert's to 15.

    Mail servers shut out whoever asks too often, so by a second channel it is a minute too.
    """
    is_alert = row.lane == Lane.ALERT and row.method != SECOND_CHANNEL
    longest = LONGEST_ALERT_DELAY if is_alert else LONGEST_DELAY
    return min(2.0 ** min(row.attempts, 10), longest)
