"""What a start stores of the settings: protocol, roster, the bot's name, the first digest."""

from datetime import datetime

from bot.office import BOT_NAME, STAFF_CHAT, Office
from bot.tick import DIGEST
from flows.engine.events import Did
from flows.escalation import StaffMember
from storage import audit, cards, clinic, due, outbox
from storage.due import DueRow
from storage.transaction import Transaction

STAFF_CHAT_SET = "staff_chat_set"
"""Where the staff chat's number of the settings is kept, to see when it is changed."""


def opened(office: Office, bot_name: str, now: datetime) -> Transaction[None]:
    """Store what the settings say about the clinic, and see to it that a digest is planned.

    A claim of somebody who is no longer on the roster counts no longer, so the others are told of
    that alert now, and not when the claim would have run out.
    """
    yield from audit.begin(office.vault.audit, now)
    yield from follow_settings(office)
    yield from clinic.keep_protocol(office.protocol.name, office.protocol_text, now)
    yield from clinic.put(BOT_NAME, bot_name)
    left = yield from follow_roster(office, now)
    for alert in (yield from cards.open_alerts(office.vault.keys)):
        if alert.claimed_by in left:
            yield from due.plan(DueRow("notify", alert.key, alert.code, now))
    if (yield from due.coming(DIGEST)) is None:
        at = office.settings.hours.next_at(office.protocol.escalation.digest_at, now)
        yield from due.plan(DueRow(DIGEST, "clinic", None, at))


def follow_roster(office: Office, now: datetime) -> Transaction[set[int]]:
    """Make the roster that of the settings, note what changed, and return who is not on it."""
    before = {member.id: member for member in (yield from clinic.roster())}
    given = {member.id: member for member in office.settings.staff}
    for member in given.values():
        old = before.get(member.id)
        yield from clinic.join(member, now)
        if old is None or not old.on_roster:
            yield from note_roster(office, member, "roster_joined", member.role, now)
        elif (old.role, old.name) != (member.role, member.name):
            detail = f"{old.name}, {old.role}, to {member.role}"
            yield from note_roster(office, member, "roster_changed", detail, now)
    for old in before.values():
        if old.id not in given:
            yield from clinic.leave(old.id)
            if old.on_roster:
                yield from note_roster(office, old, "roster_left", old.role, now)
    return before.keys() - given.keys()


def note_roster(
    office: Office, member: StaffMember, action: str, detail: str, now: datetime
) -> Transaction[None]:
    """Note in the audit trail that the settings changed who is on the roster."""
    act = Did(member.id, member.name, action, detail=f"{detail}, by the settings")
    yield from audit.did(office.vault.audit, None, act, now)


def follow_settings(office: Office) -> Transaction[None]:
    """Let a staff chat that was newly set go before the one that an earlier group had become.

    What waits for the earlier one goes to the new.
    """
    given = office.settings.staff_chat_id
    before = yield from clinic.get(STAFF_CHAT_SET)
    if before is not None and int(before) != given:
        left = yield from office.staff_chat()
        yield from clinic.put(STAFF_CHAT, "")
        yield from outbox.migrate_chat(left, given)
    yield from clinic.put(STAFF_CHAT_SET, str(given))
