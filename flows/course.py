"""When each message of a course is due: its sessions together, after what was already sent.

The plan is a pure function of the sessions and of what was sent. `flows.schedule` plans each
session; here a next session stands for an earlier one's rows, and messages keep apart.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from flows.asking import Occasion, roots
from flows.protocol import Protocol
from flows.quiet_hours import quiet_hours
from flows.schedule import PURPOSES, Due, Session, Status, check_ins, courses, moments

APART = timedelta(minutes=30)
"""All other messages keep this distance, so that one can be finished. Own choice."""
TAIL_FROM = 672
"""Hours (day 28) from which check-ins look for lumps, whatever session follows. S17: lumps come
two weeks to three months after a session; the day is the last one that every schedule shares."""
COVERED_BEFORE, COVERED_AFTER = timedelta(days=3), timedelta(days=7)
"""A next session's messages from this long before an earlier session's check-in to this long
after it stand for it, where they ask the same. Own choice: at most a week later, hardly sooner."""


def plan(protocol: Protocol, session: Session) -> tuple[Due, ...]:
    """Return every row of a first session; errors as `plan_course`."""
    return plan_course(protocol, (session,))


def plan_course(
    protocol: Protocol, sessions: Collection[Session], sent: Collection[Due] = ()
) -> tuple[Due, ...]:
    """Return every row of a course in order of time; the times of those to send all differ.

    A next session: pass the earlier ones and the new one. A corrected time, or a new zone:
    pass the session as it is now, its `known_at` the time of the change. Rows in `sent` come
    back unchanged, and no hour that they cover is planned again.

    Raises:
        ValueError: two sessions have one number, a treatment is not the protocol's, or a
            message was sent before its session is now said to have ended.
        ZoneInfoNotFoundError: there is no such zone.
    """
    by_number = {session.number: session for session in sessions}
    if len(by_number) < len(sessions):
        raise ValueError("two sessions have the same number; pass each one once, as it is now")
    rows: list[Due] = []
    every = list(by_number.values())
    for number, session in sorted(by_number.items()):
        done = [row for row in sent if row.session.number == number]
        refuse_early(session, done)
        fresh = [
            *done,
            *check_ins(protocol, session, done),
            *moments(protocol, session, done, every),
        ]
        rows = [r if r in sent else outlived(protocol, r, session, fresh) for r in rows] + fresh
    return spaced(protocol, rows, sent)


def refuse_early(session: Session, done: Iterable[Due]) -> None:
    """Refuse a corrected time after messages went out, since their hours would never be asked.

    Raises:
        ValueError: a row in `done` is older than the session.
    """
    for row in done:
        if row.due_at < session.ended_at:
            raise ValueError(
                f"{row.key} was sent before session {session.number} is now said to have ended; "
                f"enter the visit as a session of its own"
            )


def outlived(protocol: Protocol, row: Due, session: Session, fresh: Iterable[Due]) -> Due:
    """Return an earlier session's row, cancelled where the next session stands for it.

    Results, reminders and maintenance count anew from a session of the same courses. Check-ins
    before `TAIL_FROM` end with a session of the same treatments in the same area. Later ones
    end where the area is the same and the messages among `fresh` that are due around them
    together ask all that they ask. Everything else stays.
    """
    if not row.to_send or row.due_at <= max(session.ended_at, session.known_at):
        return row
    before, parts = row.session, protocol.components
    why = f"session {session.number} counts anew"
    if row.purpose != "check_in":
        over = courses(protocol, before) <= courses(protocol, session)
    elif before.area != session.area:
        over = False
    elif row.hours < TAIL_FROM:
        over = set(parts(before.treatment)) <= set(parts(session.treatment))
    else:
        first, last = row.due_at - COVERED_BEFORE, row.due_at + COVERED_AFTER
        near = [f for f in fresh if f.to_send and first <= f.due_at <= last]
        over = asked(protocol, row) <= set().union(*(asked(protocol, f) for f in near))
        why = f"session {session.number} asks the same around this time"
    return replace(row, status=Status.CANCELLED_BY_NEXT_SESSION, why=why) if over else row


def asked(protocol: Protocol, row: Due) -> set[str]:
    """Return the ids of the questions that a tick alone brings up in this message."""
    occasion = Occasion(row.kind, row.hours, row.session.treatment, row.session.area)
    return {question.id for found in roots(protocol, occasion).values() for question in found}


def spaced(protocol: Protocol, rows: Iterable[Due], sent: Collection[Due]) -> tuple[Due, ...]:
    """Return the rows in order of time, with messages closer than `APART` moved to later.

    What was sent stays. Check-ins have the first choice, the newest session's before others,
    then results, reminders and maintenance.
    """

    def rank(row: Due) -> tuple[int, int, datetime]:
        return PURPOSES.index(row.purpose), -row.session.number, row.due_at

    taken = [row.due_at for row in sent]
    found = []
    for row in sorted(rows, key=rank):
        due_at = row.due_at
        if row.to_send and row not in sent:
            while near := [other for other in taken if abs(other - due_at) < APART]:
                due_at = quiet_hours(protocol, row.session.zone).held(max(near) + APART)
            taken.append(due_at)
        found.append(apart(row, due_at))
    return tuple(sorted(found, key=lambda row: (row.due_at, row.to_send, row.key)))


def apart(row: Due, due_at: datetime) -> Due:
    """Return the row at `due_at`, where another message moved it unless that is its own time."""
    if due_at == row.due_at:
        return row
    at_once = row.status is Status.ASKED_AT_ONCE
    why = f"{row.local:%H:%M} is too close to another message"
    return replace(
        row, due_at=due_at, status=row.status if at_once else Status.MOVED_APART, why=why
    )
