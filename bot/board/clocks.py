"""The clocks of an alert: since when it has its level, who has it, what comes if nobody does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.engine.cards import waited
from flows.engine.desk import Desk, clock_time, day_and_time
from flows.engine.record import StoredAlert
from flows.escalation import Notification, next_notification
from flows.staff_language import N_, _

AUDIENCES = {
    "on_call": N_("on call"),
    "everyone": N_("everyone"),
    "digest": N_("in the digest"),
    "call_list": N_("the call list"),
    "clinic": N_("the clinic"),
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: what it shows, the instant for machines, and in words."""

    name: str
    text: str
    at: str = ""
    late: bool = False


def clocks(desk: Desk, alert: StoredAlert, now: datetime) -> list[Clock]:
    """Return the clocks of an open alert."""
    zone = desk.clinic.hours.zone
    found = [since(_("Raised"), alert.raised_at, now, zone)]
    if alert.has_risen:
        found.append(since(_("Opened"), alert.opened_at, now, zone))
    found.append(taken(desk, alert, now))
    if alert.contacted_at is not None:
        who = desk.name_of(alert.contacted_by)
        text = _("{name}, {time}", name=who, time=when(alert.contacted_at, now, zone))
        found.append(Clock(_("Contacted"), text, alert.contacted_at.isoformat()))
    upcoming = next_notification(alert.facts, desk.clinic, desk.protocol.escalation, now)
    if upcoming is not None:
        found.append(coming(desk, upcoming, now))
    return found


def since(name: str, at: datetime, now: datetime, zone: ZoneInfo) -> Clock:
    """Return since when something is so, and for how long."""
    return Clock(name, f"{when(at, now, zone)} ({waited(now - at)})", at.isoformat())


def taken(desk: Desk, alert: StoredAlert, now: datetime) -> Clock:
    """Return who has it."""
    if alert.claimed_at is None or alert.claimed_by is None:
        return Clock(_("Taken"), _("by nobody yet"), late=alert.facts.calls_a_person)
    member = desk.member(alert.claimed_by)
    at = when(alert.claimed_at, now, desk.clinic.hours.zone)
    filled = {"name": desk.name_of(alert.claimed_by), "time": at}
    if member is not None and not member.on_roster:
        text = _("by {name}, {time}, who has left: nobody has it", **filled)
        return Clock(_("Taken"), text, late=True)
    return Clock(_("Taken"), _("by {name}, {time}", **filled), alert.claimed_at.isoformat())


def coming(desk: Desk, upcoming: Notification, now: datetime) -> Clock:
    """Return who is told next, and in how long; whoever is on call then is named."""
    zone = desk.clinic.hours.zone
    left = upcoming.at - now
    soon = _("in {span}", span=waited(left)) if left >= MINUTE else _("now")
    who = _(AUDIENCES[upcoming.audience])
    if upcoming.audience == "on_call":
        who = f"{', '.join(map(desk.name_of, upcoming.who))} ({who})"
    text = f"{who}, {when(upcoming.at, now, zone)} ({soon})"
    return Clock(_("Told next"), text, upcoming.at.isoformat())


def when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return an instant, with its day where that is not today."""
    if instant.astimezone(zone).date() == now.astimezone(zone).date():
        return clock_time(instant, zone)
    return day_and_time(instant, zone)
