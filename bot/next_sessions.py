"""Who is to come next: the list for the desk, in the staff chat and at the command line."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.office import Office
from flows.moments import NextSession, Window, coming_up, outdated
from flows.protocol import Protocol
from flows.schedule import Session
from flows.staff_language import N_, _, day_and_month
from storage.next_sessions import LastVisit, visits
from storage.transaction import Transaction

HEADINGS = {
    Window.DUE: N_("Due now:"),
    Window.OVERDUE: N_("The usual time is over:"),
    Window.SOON: N_("Soon:"),
}
"""The order of the list: whom to call first."""


class Coming(NamedTuple):
    """A patient's next session: after which it is, when, and what is known about it.

    `treated` is what was done in that session, in words; `reminded_at` is when the patient was
    last reminded; `held_by` is the open alert because of which no reminder goes out; `booked`: the
    patient has said that it is booked.
    """

    code: str
    session: Session
    treated: str
    next: NextSession
    window: Window
    reminded_at: datetime | None
    held_by: str | None
    booked: bool

    def line(self) -> str:
        """Return it in one line; days are the patient's."""
        zone = ZoneInfo(self.session.zone)
        first, last = (
            day_and_month(at.astimezone(zone)) for at in (self.next.first, self.next.last)
        )
        number = _("one more, to keep the result")
        if not self.next.is_maintenance:
            number = _("session {number} of {few} to {many}", number=self.next.number,
                       few=self.next.few, many=self.next.many)  # fmt: skip
        span = _("{start} to {end}", start=first, end=last)
        parts = [self.code, number, span, self.treated]
        if self.reminded_at is not None:
            parts.append(_("reminded {day}", day=day_and_month(self.reminded_at.astimezone(zone))))
        if self.booked:
            parts.append(_("has booked, says the patient"))
        if self.held_by is not None:
            parts.append(_("⏸ {alert} is open", alert=self.held_by))
        return " · ".join(parts)

    def as_object(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "case": self.code,
            "treatment": self.session.treatment,
            "area": self.session.area,
            "session": self.next.number,
            "maintenance": self.next.is_maintenance,
            "from": self.next.first.isoformat(),
            "until": self.next.last.isoformat(),
            "window": str(self.window),
            "reminded_at": self.reminded_at.isoformat() if self.reminded_at else None,
            "held_by": self.held_by,
            "booked": self.booked,
        }


def coming(office: Office, now: datetime) -> Transaction[list[Coming]]:
    """Return every next session that the desk has to think of, whom to call first on top.

    How far back is looked goes by the protocol that new enrolments are pinned to; each case is
    then judged by its own.
    """
    found = []
    for after, until in spans(office.protocol, now):
        for visit in (yield from visits(after, until)):
            protocol = yield from office.protocol_named(visit.protocol)
            if (one := standing(protocol, visit, now)) is not None:
                found.append(one)
    order = list(HEADINGS)
    return sorted(found, key=lambda one: (order.index(one.window), one.next.last, one.code))


def spans(protocol: Protocol, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return after when and until when sessions ended that another one may follow now.

    First those whose series goes on, then those whose result is to be kept; nothing where the
    protocol has no courses.
    """
    courses = protocol.courses.values()
    if not courses:
        return []
    days = (
        min(course.reminders.days[0] for course in courses),
        min(course.maintenance.days[0] for course in courses),
        max(course.maintenance.days[-1] for course in courses) + 1,
    )
    near, middle, far = (now - timedelta(days=one) for one in days)
    return [(middle, near), (far, middle)]


def standing(protocol: Protocol, visit: LastVisit, now: datetime) -> Coming | None:
    """Return what is to follow one visit; None where nothing is yet, or another one counts."""
    following = coming_up(protocol, visit.session, visit.sessions, now)
    if following is None or outdated(protocol, visit.session, visit.sessions):
        return None
    return Coming(
        visit.code, visit.session, protocol.treatment_in_words(visit.session.treatment), following,
        following.window(now), visit.reminded_at, visit.open_alert, visit.booked,
    )  # fmt: skip
