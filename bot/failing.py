"""What staff are told of planned things that fail: above all of an alert that they are not told of.

Hazards: H46.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.composing import blind
from bot.office import Office
from flows.engine.events import Lane, Message, Say
from storage import outbox, synthetic
from storage.due import DueRow
from storage.instants import stored
from storage.outbox_rows import Lane as RowLane
from storage.outbox_rows import NewRow
from storage.transaction import StorageError, Transaction

LOGGER = logging.getLogger(__name__)
NOTIFY: Final = "notify"
AGAIN: Final = timedelta(minutes=15)
"""As long as staff hear nothing more of an alert that they cannot be told of (own choice)."""


def told(office: Office, row: DueRow, since: datetime, now: datetime) -> Transaction[None]:
    """Tell the staff chat once a day what fails, and everybody of an alert that nobody is shown."""
    chat = yield from office.staff_chat()
    text = (
        f"⚠️ Something planned for {row.code or 'the clinic'} failed ({row.kind}). "
        "It is tried again every minute. Please look at the log, and at the case."
    )
    say = Say(chat, Message(text), Lane.ALERT, f"put_off:{row.kind}:{row.about}:{now:%Y-%m-%d}")
    yield from outgoing.say(office, say, chat, None, now)
    if row.kind == NOTIFY and row.code != synthetic.CODE:
        yield from shown_blindly(office, row.about, chat, since, now)


def shown_blindly(
    office: Office, alert: str, staff: int, since: datetime, now: datetime
) -> Transaction[None]:
    """Say an alert without its card, where staff are and to each alone, each quarter of an hour.

    No key of the case is needed. What waits since the quarter before is outdated.
    """
    slot, time = f"failing:{alert}", f"{stored(since)}:{(now - since) // AGAIN}"
    for chat in (staff, *(yield from own_chats(office, now))):
        payload, key = outgoing.text_only(blind(alert)), f"{slot}:{chat}:{time}"
        row = NewRow(key, RowLane.ALERT, chat, "sendMessage", payload, None, slot)
        is_new = yield from outbox.put(row, now, office.vault)
        if is_new and chat == staff:
            yield from outbox.supersede(row, now, "said again")


def own_chats(office: Office, now: datetime) -> Transaction[list[int]]:
    """Return the chats of those who take alerts; none where the roster is what cannot be read."""
    try:
        people = yield from office.people(now)
    except Exception as error:
        if isinstance(error, StorageError) and error.passing:
            raise
        LOGGER.exception("the roster cannot be read; the staff chat alone hears of an alert")
        return []
    return [one.id for one in people.roster if one.takes_alerts and one.reachable]
