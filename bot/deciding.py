"""One decision as one transaction: the case is loaded, decided on, and saved with all it causes.

Hazards: H18, H20.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot import lots, outgoing
from bot.erasing import erase_as_asked
from bot.office import Office
from bot.trial_case import in_its_own_chat
from flows.engine.advance import Decision, advance
from flows.engine.events import (
    Answered,
    Change,
    Did,
    Drop,
    Erase,
    Event,
    Noted,
    Plan,
    RefreshCards,
    Say,
    SendCopy,
    ShowCard,
    ShowCurve,
    TellBySecondChannel,
    Toast,
)
from flows.engine.inputs import Input
from storage import audit, due, journal, records, saving
from storage.case_keys import Key
from storage.due import DueRow
from storage.records import Loaded
from storage.transaction import Transaction


class Cause(NamedTuple):
    """Where a decision comes from: the instant, and the update that it answers."""

    now: datetime
    update_id: int | None = None


class Worked(NamedTuple):
    """What working on an update came to: a word for the log, and the answer to a press."""

    what: str
    press: str = ""
    toast: Toast = Toast("")


def decide(office: Office, loaded: Loaded, said: Input, cause: Cause) -> Transaction[list[Toast]]:
    """Decide on an input and save everything that follows; return the answers to a press."""
    before = loaded.record
    desk = yield from office.desk(before.patient.protocol, cause.now)
    decision = in_its_own_chat(advance(desk, before, said, cause.now, cause.update_id or 0))
    yield from saving.save(loaded.key, before, decision.record, cause.now)
    toasts = yield from carry_out(office, loaded.key, decision, cause)
    yield from lots.watch(office, before, decision.record, cause.now)
    return toasts


def carry_out(
    office: Office, key: Key, decision: Decision, cause: Cause
) -> Transaction[list[Toast]]:
    """Store what a decision makes happen."""
    answers = 0
    for event in decision.events:
        if isinstance(event, Answered):
            answers += 1
            update = cause.update_id if answers == 1 else None
            code = decision.record.patient.code
            yield from journal.answered(code, key, event, update, cause.now)
        else:
            yield from store(office, key, decision, event, cause)
    if Erase() in decision.events:
        yield from erase_as_asked(office, decision.record.patient, cause.now)
    return [event for event in decision.events if isinstance(event, Toast)]


def store(
    office: Office, key: Key, decision: Decision, event: Event, cause: Cause
) -> Transaction[None]:
    """Store what one event makes happen; what ends a decision is none of it."""
    code, now = decision.record.patient.code, cause.now
    if isinstance(event, Noted):
        yield from journal.noted(code, key, event, cause.update_id, now)
    elif isinstance(event, Did):
        yield from audit.did(office.vault.audit, code, event, now)
    elif isinstance(event, Plan):
        yield from due.plan(DueRow(event.kind, event.about, code, event.at))
    elif isinstance(event, Drop):
        yield from due.end(event.kind, event.about, "cancelled", event.why, now)
    elif isinstance(event, ShowCurve):
        yield from outgoing.curve(office, event, decision.record.patient, now)
    elif isinstance(event, SendCopy):
        yield from outgoing.copy(office, event, decision.record.patient, now)
    elif not isinstance(event, (Toast, Erase)):
        yield from put_out(office, decision, event, cause)


def put_out(office: Office, decision: Decision, event: Event, cause: Cause) -> Transaction[None]:
    """Put a message, a change or a card into the outbox."""
    patient, now = decision.record.patient, cause.now
    if isinstance(event, RefreshCards):
        update_id = cause.update_id or 0
        yield from outgoing.refresh_cards(office, event, patient.code, now, update_id)
    elif isinstance(event, TellBySecondChannel):
        about = {"alert": event.alert}
        yield from outgoing.by_second_channel(
            office, event.to, event.repeat, about, patient.code, now
        )
    elif isinstance(event, Change):
        if patient.chat_id is not None:
            yield from outgoing.change(office, event, patient.chat_id, patient.code, now)
    elif isinstance(event, (Say, ShowCard)):
        chat_id = yield from chat_of(office, decision, event)
        if chat_id is None:
            missed = Did(None, "Aftercheck", "unsent", detail="the case has no chat")
            yield from audit.did(office.vault.audit, patient.code, missed, now)
        elif isinstance(event, Say):
            yield from outgoing.say(office, event, chat_id, patient.code, now)
        else:
            yield from outgoing.show_card(office, event, chat_id, patient.code, now)


def chat_of(office: Office, decision: Decision, event: Say | ShowCard) -> Transaction[int | None]:
    """Return the number of the chat that a message goes to; None for a patient without one."""
    if isinstance(event.to, int):
        return event.to
    if event.to == "staff":
        return (yield from office.staff_chat())
    return decision.record.patient.chat_id


def decide_due(office: Office, row: DueRow, said: Input, now: datetime) -> Transaction[bool]:
    """Do what is due; False where somebody else is at it, or has done it.

    The case is held first, as by every update that is worked on: so nobody waits for whoever waits
    for him. A case that somebody holds is left for the next look.
    """
    if row.code and (yield from records.is_busy(row.code)):
        return False
    if not (yield from due.done(row, now)):
        return False
    loaded = yield from records.of_case(office.vault.keys, row.code or "")
    if loaded is not None:
        yield from decide(office, loaded, said, Cause(now))
    return True


def toast_of(toasts: Sequence[Toast]) -> Toast:
    """Return the one answer that a press gets; the last thing decided is the most to the point."""
    return toasts[-1] if toasts else Toast("")
