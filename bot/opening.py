"""What a start stores of the settings: protocol, the first roster, the bot's name, the digest."""

from datetime import datetime

from bot.office import BOT_NAME, STAFF_CHAT, Office
from bot.tick import DIGEST
from flows.engine.events import Did
from storage import audit, clinic, due, outbox
from storage.due import DueRow
from storage.transaction import Transaction

STAFF_CHAT_SET = "staff_chat_set"
"""Where the staff chat's number of the settings is kept, to see when it is changed."""


def opened(office: Office, bot_name: str, now: datetime) -> Transaction[None]:
    """Store what the settings say about the clinic, and see to it that a digest is planned."""
    yield from audit.begin(office.vault.audit, now)
    yield from follow_settings(office, now)
    yield from clinic.keep_protocol(office.protocol.name, office.protocol_text, now)
    yield from office.current()
    yield from clinic.put(BOT_NAME, bot_name)
    yield from begin_roster(office, now)
    if (yield from due.coming(DIGEST)) is None:
        at = office.settings.hours.next_at(office.protocol.escalation.digest_at, now)
        yield from due.plan(DueRow(DIGEST, "clinic", None, at))


def begin_roster(office: Office, now: datetime) -> Transaction[None]:
    """Let the roster begin with that of the settings, which counts at the first start only.

    From then on the people of the clinic change it themselves, and at once: what the settings say
    later must not bring back somebody who was taken off.
    """
    if (yield from clinic.roster()):
        return
    for member in office.settings.staff:
        yield from clinic.join(member, now)
        act = Did(member.id, member.name, "roster_joined", detail=f"{member.role}, by the settings")
        yield from audit.did(office.vault.audit, None, act, now)


def follow_settings(office: Office, now: datetime) -> Transaction[None]:
    """Let a staff chat that was newly set go before the one that an earlier group had become.

    What waits for the earlier one goes to the new.
    """
    given = office.settings.staff_chat_id
    before = yield from clinic.get(STAFF_CHAT_SET)
    if before is not None and int(before) != given:
        left = yield from office.staff_chat()
        yield from clinic.put(STAFF_CHAT, "")
        yield from outbox.migrate_chat(left, given, now)
    yield from clinic.put(STAFF_CHAT_SET, str(given))
