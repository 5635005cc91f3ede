"""What staff are told of planned things that fail: above all of an alert that they are not told of.

Hazards: H46, H53.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import outgoing
from bot.composing import blind
from bot.office import Office
from flows.engine.events import Lane, Message, Say
from flows.escalation import StaffMember
from flows.staff_language import _
from storage import outbox, synthetic
from storage.due import DueRow
from storage.instants import stored
from storage.notices import is_untaken
from storage.outbox_rows import Lane as RowLane
from storage.outbox_rows import NewRow
from storage.transaction import StorageError, Transaction

LOGGER = logging.getLogger(__name__)
NOTIFY: Final = "notify"
RAISING: Final = frozenset({"red_flag", "not_read"})
"""What raises an alert when it is due: as long as it fails there is none to be told of."""
AGAIN: Final = timedelta(minutes=15)
"""As long as staff hear nothing more of an alert that they cannot be told of (own choice)."""
QUARTERS: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""From here quarters of an hour count for a case, of which several plans may fail."""


def told(office: Office, row: DueRow, since: datetime, now: datetime) -> Transaction[None]:
    """Tell the staff chat once a day what fails, and everybody of an alert that nobody is shown.

    That is one that cannot be told again, and one that cannot be raised.
    """
    chat = yield from office.staff_chat()
    text = _(
        "⚠️ Something planned for {what} failed ({kind}). It is tried again every "
        "minute. Please look at the log, and at the case.",
        what=row.code or _("the clinic"),
        kind=row.kind,
    )
    say = Say(chat, Message(text), Lane.ALERT, f"put_off:{row.kind}:{row.about}:{now:%Y-%m-%d}")
    yield from outgoing.say(office, say, chat, None, now)
    if row.code is None or row.code == synthetic.CODE:
        return
    if row.kind == NOTIFY:
        yield from rung(office, {"alert": row.about}, blind(row.about), since, now)
    elif row.kind in RAISING:
        about = {"alert": row.code, "unraised": "yes"}
        yield from rung(office, about, unraised(row.code), QUARTERS, now)


def unraised(code: str) -> str:
    """Return what staff read of an alert that cannot be raised."""
    return _(
        "⚠️ {code}: an alert is to be raised, and that fails. Please phone the "
        "patient {code} now, and have whoever runs the bot look at the log.",
        code=code,
    )


def rung(
    office: Office, about: Mapping[str, str], text: str, since: datetime, now: datetime
) -> Transaction[None]:
    """Say something without a card, where staff are and to each alone, each quarter of an hour.

    No key of the case is needed. What waits since the quarter before is outdated. What Telegram
    has not taken by the next try, a minute later, goes by each one's second channel as well.
    """
    slot, time = f"failing:{about['alert']}", f"{stored(since)}:{(now - since) // AGAIN}"
    staff = yield from office.staff_chat()
    people = yield from takers(office, now)
    for chat in (staff, *(one.id for one in people if one.reachable)):
        payload, key = outgoing.text_only(text), f"{slot}:{chat}:{time}"
        row = NewRow(key, RowLane.ALERT, chat, "sendMessage", payload, None, slot)
        waits = yield from is_untaken(key)
        is_new = yield from outbox.put(row, now, office.vault)
        if is_new and chat == staff:
            yield from outbox.supersede(row, now, "said again")
        if waits:
            whose = [one for one in people if one.id == chat]
            yield from past_telegram(office, about, whose, time, now)
    away = [one for one in people if not one.reachable]
    yield from past_telegram(office, about, away, time, now)


def past_telegram(
    office: Office, about: Mapping[str, str], people: Iterable[StaffMember], time: str,
    now: datetime,
) -> Transaction[None]:  # fmt: skip
    """Say by the second channels of people, where they have one, that there is an alert."""
    for one in people:
        if one.has_second_channel:
            repeat = f"failing:{about['alert']}:{one.id}:{time}"
            yield from outgoing.by_second_channel(office, one.id, repeat, about, None, now)


def own_chats(office: Office, now: datetime) -> Transaction[list[int]]:
    """Return the chats of those who take alerts; none where the roster is what cannot be read."""
    people = yield from takers(office, now)
    return [one.id for one in people if one.reachable]


def takers(office: Office, now: datetime) -> Transaction[list[StaffMember]]:
    """Return those who take alerts; nobody where the roster is what cannot be read."""
    try:
        people = yield from office.people(now)
    except Exception as error:
        if isinstance(error, StorageError) and error.passing:
            raise
        LOGGER.exception("the roster cannot be read; the staff chat alone hears of an alert")
        return []
    return [one for one in people.roster if one.takes_alerts]
