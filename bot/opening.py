"""What a start stores of the settings: protocol, roster, the bot's name, the first digest."""

from datetime import datetime

from bot.office import BOT_NAME, Office
from bot.tick import DIGEST
from storage import cards, clinic, due
from storage.due import DueRow
from storage.transaction import Transaction


def opened(office: Office, bot_name: str, now: datetime) -> Transaction[None]:
    """Store what the settings say about the clinic, and see to it that a digest is planned.

    A claim of somebody who is no longer on the roster counts no longer, so the others are told of
    that alert now, and not when the claim would have run out.
    """
    yield from clinic.keep_protocol(office.protocol.name, office.protocol_text, now)
    yield from clinic.put(BOT_NAME, bot_name)
    stored = {member.id for member in (yield from clinic.roster())}
    for member in office.settings.staff:
        yield from clinic.join(member, now)
    left = stored - {member.id for member in office.settings.staff}
    for gone in left:
        yield from clinic.leave(gone)
    for alert in (yield from cards.open_alerts(office.vault.keys)):
        if alert.claimed_by in left:
            yield from due.plan(DueRow("notify", alert.key, alert.code, now))
    if (yield from due.coming(DIGEST)) is None:
        at = office.settings.hours.next_at(office.protocol.escalation.digest_at, now)
        yield from due.plan(DueRow(DIGEST, "clinic", None, at))
