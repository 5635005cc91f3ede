"""Whether an urgent alert has waited too long for somebody to take it.

Hazards: H28.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.office import Office
from flows.engine.record import StoredAlert
from flows.escalation import Clinic
from flows.staff_language import ngettext
from flows.verdict import Level

SECOND_CHANNEL_AFTER: Final = timedelta(minutes=15)
"""So long an urgent alert may wait until the second channel is told (docs/sources.md, untaken)."""


def is_untaken(alert: StoredAlert, people: Clinic, office: Office, now: datetime) -> bool:
    """Whether an urgent alert has waited too long for somebody to take it."""
    facts = alert.facts
    waited = now - waits_since(alert)
    if alert.level < Level.URGENT or waited < SECOND_CHANNEL_AFTER:
        return False
    held = facts.held_until(people, office.protocol.escalation, now)
    return not facts.answered_by(facts.contacted_at) and (held is None or held <= now)


def waits_since(alert: StoredAlert) -> datetime:
    """Return since when an alert has been urgent and nobody has done anything about it.

    That it rose meanwhile makes it no younger.
    """
    acts = [at for at in (alert.claimed_at, alert.contacted_at) if at is not None]
    told = [one.at for one in alert.notified if one.level >= Level.URGENT]
    since = [at for at in told if all(at > act for act in acts)]
    return min([alert.raised_at, *since])


def minutes(span: timedelta) -> str:
    """Return a span in whole minutes, in words."""
    number = int(span.total_seconds() // 60)
    return ngettext("{number} minutes", "{number} minutes", number, number=number)
