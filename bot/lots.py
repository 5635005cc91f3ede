"""Tells the doctor where one product's lot hurts several patients, in the deciding transaction.

Of two alerts that are raised in the same instant by two workers one sees the other: each holds
the audit trail's head until it is committed.
"""

from datetime import datetime

from bot import outgoing
from bot.office import Office
from flows.engine.events import Did, Lane, Message, Say
from flows.engine.record import Record
from flows.lots import SPAN, Cluster, cluster, lots_to_look_at, words
from storage import audit, lots
from storage.transaction import Transaction


def watch(office: Office, before: Record, after: Record, now: datetime) -> Transaction[None]:
    """Look whether what a decision changed makes a cluster, and tell of it."""
    for lot in lots_to_look_at(before, after):
        reactions = yield from lots.serious(office.vault.keys, lot, now - SPAN)
        found = cluster(lot, reactions, now)
        if found is not None:
            yield from tell(office, found, now)


def tell(office: Office, found: Cluster, now: datetime) -> Transaction[None]:
    """Tell the staff chat, and each doctor in private; the same cluster is told once."""
    people = yield from office.people(now)
    doctors = [one.id for one in people.roster if one.role == "doctor" and one.on_roster]
    staff = yield from office.staff_chat()
    for to in (staff, *doctors):
        say = Say(to, Message(words(found)), Lane.ALERT, f"lot:{found.name}:{to}")
        yield from outgoing.say(office, say, to, None, now)
    detail = f"{found.lot}: {', '.join(one.alert for one in found.reactions)}"
    event = Did(None, "Aftercheck", "lot_cluster", detail=detail)
    yield from audit.did(office.vault.audit, None, event, now)
