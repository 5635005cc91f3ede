"""What is done about a time in which nobody was heard: who is asked again, what staff hear first.

Hazards: H01, H02, H03.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.deciding import Cause, decide
from bot.intake import PRESSES_LIVE
from bot.office import Office
from bot.tick import LAST_ALIVE, NOT_UP_SINCE
from bot.webhook_watch import KEPT, Look, heard_of, judged
from flows.engine.desk import day_and_time
from flows.engine.events import Lane, Message, Say
from flows.engine.inputs import BotWasDown
from flows.staff_language import _
from storage import clinic, outages, reconciliation, records
from storage.set_back import set_back
from storage.transaction import StorageError, Transaction, apart

LOGGER = logging.getLogger(__name__)
WORTH_TELLING: Final = timedelta(minutes=15)
"""A longer stop is told to staff before anything else (docs/sources.md, stops)."""
ASKED_LATELY: Final = timedelta(hours=48)
"""An open question older than this is not asked again by itself (own choice)."""
LISTED: Final = 40


def after_stop(office: Office, now: datetime) -> Transaction[None]:
    """Make up for the time the bot did not run: staff first, then whoever was being asked.

    Starts that came to nothing are part of one long stop.
    """
    stored = yield from outages.last_alive()
    since = datetime.fromisoformat(stored) if stored else now
    down = now - since
    if down < timedelta(0):
        yield from set_back(since, now)
    begun = yield from clinic.get(NOT_UP_SINCE)
    not_up_since = min(since, datetime.fromisoformat(begun)) if begun else since
    if now - not_up_since > WORTH_TELLING:
        key = since if down > WORTH_TELLING else not_up_since  # many short ones are told once
        yield from tell_staff(office, not_up_since, now, f"down:{key.isoformat()}")
    yield from clinic.put(NOT_UP_SINCE, not_up_since.isoformat())
    if down > PRESSES_LIVE:
        yield from ask_all_again(office, since, now)
        heard = heard_of((yield from clinic.get(KEPT)))
        if heard is not None:  # what Telegram failed to bring meanwhile is made up for
            yield from clinic.put(KEPT, replace(heard, well_at=now).text())
    yield from clinic.put(LAST_ALIVE, now.isoformat())
    yield from reconciliation.note_start(now)


def webhook_looked_at(
    office: Office, look: Look, last_update: datetime | None, now: datetime
) -> Transaction[bool]:
    """Ask open questions again after a time in which Telegram could bring nothing; whether so."""
    before = heard_of((yield from clinic.get(KEPT)))
    heard, ask = judged(before, look, last_update, now)
    if ask and before is not None:
        LOGGER.warning("Telegram could bring nothing for a while; open questions are asked again")
        yield from ask_all_again(office, before.well_at, now)
    yield from clinic.put(KEPT, heard.text())
    return ask


def ask_all_again(office: Office, since: datetime, now: datetime) -> Transaction[None]:
    """Ask every question again that was open between two instants: presses made then are gone."""
    asked = yield from outages.being_asked(now - ASKED_LATELY)
    asked_anyway = yield from outages.due_between(since, now)
    for code in asked:
        if code not in asked_anyway:  # the check-in that is due now takes the open one's place
            yield from ask_again(office, code, since, now)


def ask_again(office: Office, code: str, since: datetime, now: datetime) -> Transaction[None]:
    """Ask a case's open question again; one that fails keeps nobody else from it, nor from a start.

    What was begun of it is undone, and staff are told to phone.
    """
    try:
        yield from apart(asked_again(office, code, since, now))
    except Exception as error:
        if isinstance(error, StorageError) and error.passing:
            raise
        LOGGER.exception("a case could not be asked again")
        chat = yield from office.staff_chat()
        text = _(
            "⚠️ {code} cannot be read or asked again after a time in which nobody was "
            "heard. Please phone, and look at the log.",
            code=code,
        )
        say = Say(chat, Message(text), Lane.ALERT, f"unreadable:{code}:{now.isoformat()}")
        yield from outgoing.say(office, say, chat, None, now)


def asked_again(office: Office, code: str, since: datetime, now: datetime) -> Transaction[None]:
    """Load a case, and let it decide what a time means in which nobody was heard."""
    loaded = yield from records.of_case(office.vault.keys, code)
    if loaded is not None:
        yield from decide(office, loaded, BotWasDown(since, now), Cause(now))


def tell_staff(
    office: Office, since: datetime, now: datetime, key: str
) -> Transaction[None]:  # fmt: skip
    """Say honestly from when to when nobody was heard, and whom to call; once for each key."""
    missed = yield from outages.due_between(since, now)
    first = yield from outages.recent_sessions(now - ASKED_LATELY, now)
    zone = office.settings.hours.zone
    start, end = day_and_time(since, zone), day_and_time(now, zone)
    lines = [
        _("⚠️ The bot was down from {start} to {end}. Nobody was heard or asked in that time.",
          start=start, end=end),
        _("Check-ins that were due: {number} ({cases}).",
          number=len(missed), cases=listed(missed)),
        _("Please call, treated in the last 48 h: {cases}.", cases=listed(first)),
    ]  # fmt: skip
    chat = yield from office.staff_chat()
    say = Say(chat, Message("\n".join(lines)), Lane.ALERT, key)
    yield from outgoing.say(office, say, chat, None, now)


def listed(codes: Sequence[str]) -> str:
    """Return case codes as a sentence has them."""
    if not codes:
        return _("nobody")
    names, left = ", ".join(codes[:LISTED]), len(codes) - LISTED
    return _("{names} and {number} more", names=names, number=left) if left > 0 else names
