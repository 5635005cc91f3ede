"""A course's later moments: which text a message has, and when a next session is due."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from flows.asking import Occasion
from flows.protocol import Protocol
from flows.schedule import Session, courses, place_in_course
from flows.tables import Course, Moment

HOURS_A_DAY = 24


def moment_of(protocol: Protocol, occasion: Occasion) -> Moment | None:
    """Return the results check-in, reminder or maintenance that an occasion is; else None.

    Where two courses share a day, the first in the file speaks for both.
    """
    parts = protocol.components(occasion.treatment)
    names = {protocol.treatments[part].course for part in parts}
    day = occasion.hours // HOURS_A_DAY
    for course in (course for name, course in protocol.courses.items() if name in names):
        found = (moment for moment in moments_of(course, occasion.kind) if day in moment.days)
        if moment := next(found, None):
            return moment
    return None


def moments_of(course: Course, kind: str) -> tuple[Moment, ...]:
    """Return a course's moments of one kind of `Occasion`; maintenance is a later reminder."""
    return {"results": (course.results,), "reminder": (course.reminders, course.maintenance)}.get(
        kind, ()
    )


class Window(StrEnum):
    """How far a next session's time has come."""

    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"


class NextSession(NamedTuple):
    """The session after one: its number, of how many at least and at most, and from when to when.

    `is_maintenance`: the series is over, and this one keeps its result.
    """

    number: int
    few: int
    many: int
    first: datetime
    last: datetime
    is_maintenance: bool

    def window(self, now: datetime) -> Window:
        """Return whether its time is still to come, is now, or is over."""
        if now < self.first:
            return Window.SOON
        return Window.DUE if now <= self.last else Window.OVERDUE


def next_session(
    protocol: Protocol, session: Session, sessions: Collection[Session], *, is_maintenance: bool
) -> NextSession | None:
    """Return the next session of the series, or the one that keeps its result.

    Days and numbers are the protocol's, the widest of the session's courses; `sessions` are the
    patient's, of which those of other courses do not count. None: the session's treatments belong
    to no course.
    """
    names = courses(protocol, session)
    found = [course for name, course in protocol.courses.items() if name in names]
    if not found:
        return None
    spans = [
        (course.maintenance.days[0], course.maintenance.days[-1])
        if is_maintenance
        else course.gap_days
        for course in found
    ]
    return NextSession(
        1 + min(place_in_course(protocol, session, name, sessions) for name in names),
        min(course.sessions[0] for course in found),
        max(course.sessions[1] for course in found),
        session.ended_at + timedelta(days=min(first for first, _ in spans)),
        session.ended_at + timedelta(days=max(last for _, last in spans)),
        is_maintenance,
    )


def outdated(protocol: Protocol, session: Session, sessions: Collection[Session]) -> bool:
    """Whether a later session counts for everything that this one is counted for."""
    names = courses(protocol, session)
    return any(
        names <= courses(protocol, later) for later in sessions if later.number > session.number
    )


def coming_up(
    protocol: Protocol, session: Session, sessions: Collection[Session], now: datetime
) -> NextSession | None:
    """Return the session that is to follow one, where its time has come near; else None."""
    keeps = next_session(protocol, session, sessions, is_maintenance=True)
    if keeps is None:
        return None
    if now >= keeps.first:
        return keeps if now <= keeps.last else None
    names = courses(protocol, session)
    days = min(one.reminders.days[0] for name, one in protocol.courses.items() if name in names)
    if now < session.ended_at + timedelta(days=days):
        return None
    follows = next_session(protocol, session, sessions, is_maintenance=False)
    assert follows is not None
    return None if follows.number > follows.many else follows
