"""The clocks of an alert: since when it has its level, who has it, what comes if nobody does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.engine.cards import waited
from flows.engine.desk import Desk, clock_time, day_and_time
from flows.engine.record import StoredAlert
from flows.escalation import Notification, next_notification

AUDIENCES = {
    "on_call": "on call",
    "everyone": "everyone",
    "digest": "in the digest",
    "call_list": "the call list",
    "clinic": "the clinic",
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
    found = [since("Raised", alert.raised_at, now, zone)]
    if alert.has_risen:
        found.append(since("Opened", alert.opened_at, now, zone))
    found.append(taken(desk, alert, now))
    if alert.contacted_at is not None:
        who = desk.name_of(alert.contacted_by)
        text = f"{who}, {when(alert.contacted_at, now, zone)}"
        found.append(Clock("Contacted", text, alert.contacted_at.isoformat()))
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
        return Clock("Taken", "by nobody yet", late=alert.facts.calls_a_person)
    member = desk.member(alert.claimed_by)
    at = when(alert.claimed_at, now, desk.clinic.hours.zone)
    text = f"by {desk.name_of(alert.claimed_by)}, {at}"
    if member is not None and not member.on_roster:
        return Clock("Taken", f"{text}, who has left: nobody has it", late=True)
    return Clock("Taken", text, alert.claimed_at.isoformat())


def coming(desk: Desk, upcoming: Notification, now: datetime) -> Clock:
    """Return who is told next, and in how long; whoever is on call then is named."""
    zone = desk.clinic.hours.zone
    left = upcoming.at - now
    soon = f"in {waited(left)}" if left >= MINUTE else "now"
    who = AUDIENCES[upcoming.audience]
    if upcoming.audience == "on_call":
        who = f"{', '.join(map(desk.name_of, upcoming.who))} ({who})"
    text = f"{who}, {when(upcoming.at, now, zone)} ({soon})"
    return Clock("Told next", text, upcoming.at.isoformat())


def when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return an instant, with its day where that is not today."""
    if instant.astimezone(zone).date() == now.astimezone(zone).date():
        return clock_time(instant, zone)
    return day_and_time(instant, zone)
