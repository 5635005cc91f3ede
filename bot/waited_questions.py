"""A check-in that could not go when it was decided, as while the bot was down or Telegram was.

Hazards: H01, H02.
"""

from datetime import datetime

from bot.delivery.outcome import NotNowError
from bot.delivery.parcel import Prepared, as_stored
from bot.office import Office
from flows.engine.due_check_ins import is_open
from flows.engine.nights import quiet_of
from storage import records
from storage.notices import is_outdated
from storage.outbox_rows import OutboxRow
from storage.transaction import Transaction


def composed(office: Office, row: OutboxRow, now: datetime) -> Transaction[Prepared | None]:
    """Return a check-in's message as it was decided.

    None where the check-in waits for no answer any more, since a later one took its place, or
    where a later message shows it, such as its reminder: both would come together. None too where
    the case has left the chat meanwhile, which may be another's: it is asked in its new one.

    Raises:
        NotNowError: it is night for the patient, who is left alone until the morning.
    """
    loaded = yield from records.of_case(office.vault.keys, row.code or "")
    if loaded is None:
        return as_stored(row)
    patient = loaded.record.patient
    if patient.chat_id != row.chat_id:
        return None
    check_in = loaded.record.check_ins.get((row.slot or "").removeprefix(f"{patient.code}:"))
    if check_in is not None and not is_open(check_in):
        return None
    if (yield from is_outdated(row.slot or "", row.chat_id, row.id, row.method)):
        return None
    quiet = quiet_of((yield from office.protocol_named(patient.protocol)), patient)
    if quiet.covers(now):
        raise NotNowError(quiet.held(now))
    return as_stored(row)
