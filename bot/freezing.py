"""After a restore: what staff are told, and what happens when they say that it may go on.

Hazards: H23.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot import outgoing
from bot.intake import PRESSES_LIVE
from bot.office import STAFF_CHAT, Office
from bot.settings import Settings
from flows.engine.desk import day_and_time
from flows.engine.events import Did
from flows.staff_language import N_, _, speaking
from storage import audit, clinic, freezing, outbox
from storage.outbox_rows import Lane, NewRow
from storage.sealing import Keyring, clinic_key
from storage.transaction import Transaction
from storage.vault import Vault

LOST = N_(
    "⚠️ A backup was restored at {now}. It knows what happened up to {since}, "
    "and nothing since.\n\nUntil you say so, no patient hears anything from me: no "
    "check-in, no answer; only whom to call, where they say that something is "
    "badly wrong. What they write is read, and you get every alert as usual. "
    "Answer alerts by phone.\n\n1. Please call whoever was treated or alerted "
    "after {since}; I do not know of it.\n2. Enrol again whoever was enrolled "
    "after that.\n3. Do not press buttons under my messages from {since} to "
    "{now}: use /open.\n4. An admin looks at /roster: who was taken off after "
    "{since} is on it again.\n5. Then a doctor or an admin writes /resume, or "
    "whoever runs me: aftercheck resume."
)

RESTORED = Did(None, "command line", "restore")
RESUMED = N_(
    "Patients are written to again. What was due meanwhile is asked now, as after any stop."
)
NOT_FROZEN = N_("Nothing is frozen: patients are written to.")


def freeze(
    known: Settings, keyring: Keyring, now: datetime, who: Did = RESTORED
) -> Transaction[datetime]:
    """Freeze a restored database, and have staff told; return up to when it knows what happened.

    Raises:
        SealError: ENCRYPTION_KEY does not open it.
    """
    vault = Vault(keyring, (yield from clinic_key(keyring)))
    yield from freezing.check_keys(keyring)
    since = yield from freezing.freeze(now)
    chat = (yield from clinic.get(STAFF_CHAT)) or known.staff_chat_id
    zone = ZoneInfo(known.clinic_timezone)
    with speaking(known.staff_language):
        text = _(LOST, now=day_and_time(now, zone), since=day_and_time(since, zone))
    payload = outgoing.text_only(text)
    key = f"frozen:{now.isoformat()}"
    notice = NewRow(key, Lane.ALERT, int(chat), "sendMessage", payload)
    yield from outbox.put(notice, now, vault)
    yield from audit.did(vault.audit, None, who, now)
    return since


def resume(office: Office, who: Did, now: datetime) -> Transaction[bool]:
    """Let patients be written to again, and do what a start does after a stop; False if not frozen.

    Staff are told whom to call, open questions are asked again, and what is overdue is taken up.
    """
    from bot.outage import after_stop  # noqa: PLC0415 - it needs the staff's commands

    since = yield from freezing.thaw()
    if since is None:
        return False
    if now - since > PRESSES_LIVE:
        yield from freezing.end_questions(now)  # `after_stop` asks whatever is open
    with speaking(office.settings.staff_language):
        yield from after_stop(office, now)
    yield from audit.did(office.vault.audit, None, who, now)
    return True
