"""When each check-in, results question and reminder of one session is due, in UTC.

Hours of a check-in are real hours after the session; results, reminders and maintenance are
days after it at a local wall time. Either way the patient's wall clock then decides about quiet
hours. Nothing vanishes: a row that will not be sent stays, with a status and a reason
(docs/schedule.md). `flows.course` puts the sessions of a course together.

Hazards: H11.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from flows.local_time import wall_time
from flows.protocol import Protocol
from flows.quiet_hours import Quiet, quiet_hours

SOONEST = timedelta(minutes=30)
"""No check-in is pulled nearer than this to the end of its session. Own choice: before that,
staff have just seen the patient."""
MERGE_WITHIN = timedelta(hours=1)
"""Check-ins of one session no further apart than this become one. Own choice: below the two
hours after which an unanswered one is reminded of; 3 h and 6 h of a drip stay apart."""
LAST_STAYS = 2
"""A schedule's last check-in is caught up on until this many times its hours. Own choice."""

Purpose = Literal["check_in", "results", "reminder", "maintenance"]
PURPOSES: tuple[Purpose, ...] = ("check_in", "results", "reminder", "maintenance")


class Status(StrEnum):
    """What became of a planned row; only the first four are sent."""

    PLANNED = "planned"
    MOVED_TO_EDGE = "moved_to_edge"
    MOVED_APART = "moved_apart"
    ASKED_AT_ONCE = "asked_at_once"
    MERGED = "merged"
    SKIPPED_ENROLLED_LATE = "skipped_enrolled_late"
    CANCELLED_BY_NEXT_SESSION = "cancelled_by_next_session"
    COURSE_COMPLETE = "course_complete"


TO_SEND = tuple(Status)[:4]


@dataclass(frozen=True, slots=True)
class Session:
    """One visit: its number in the course from 1, its treatment, and when it ended.

    `known_at` is when the bot could first send for it: at enrolment, or when staff entered or
    corrected it. Both times are aware and kept in UTC, where adding hours adds real hours.
    `zone` is the patient's IANA zone.
    """

    number: int
    treatment: str
    ended_at: datetime
    known_at: datetime
    zone: str
    area: str | None = None

    def __post_init__(self) -> None:
        """Turn both times to UTC.

        Raises:
            ValueError: a time has no zone.
        """
        for name in ("ended_at", "known_at"):
            given: datetime = getattr(self, name)
            if given.utcoffset() is None:
                raise ValueError(f"{name} is {given} in no zone; pass an aware time, as in UTC")
            object.__setattr__(self, name, given.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Due:
    """One planned message: when, which hour's questions, and what became of it and why.

    `hours` is an hour of the protocol's schedule, or 24 times a day of its course. `covers`
    holds every hour that this message stands for, its own last.
    """

    session: Session
    purpose: Purpose
    hours: int
    due_at: datetime
    covers: tuple[int, ...]
    status: Status = Status.PLANNED
    why: str = ""

    @property
    def key(self) -> str:
        """What stays the same when its time moves: `1/check_in/24`."""
        return f"{self.session.number}/{self.purpose}/{self.hours}"

    @property
    def kind(self) -> str:
        """The kind of `Occasion` whose questions it asks; maintenance is a later reminder."""
        return "reminder" if self.purpose == "maintenance" else self.purpose

    @property
    def local(self) -> datetime:
        """The patient's wall clock at `due_at`, naive."""
        return self.due_at.astimezone(ZoneInfo(self.session.zone)).replace(tzinfo=None)

    @property
    def to_send(self) -> bool:
        """Whether it is a message, and not the record of why there is none."""
        return self.status in TO_SEND


def check_ins(protocol: Protocol, session: Session, done: Sequence[Due]) -> Iterator[Due]:
    """Yield the session's check-ins that `done`, its rows already sent, does not hold."""
    quiet = quiet_hours(protocol, session.zone)
    parts = protocol.components(session.treatment)
    hours = sorted({hour for part in parts for hour in protocol.treatments[part].schedule})
    evening = session.ended_at.astimezone(quiet.zone).date()
    covered = {hour: row for row in done if row.purpose == "check_in" for hour in row.covers}
    waiting = []
    for hour in hours:
        nominal = session.ended_at + timedelta(hours=hour)
        row = Due(session, "check_in", hour, nominal, (hour,))
        if hour not in covered:
            first = evening if hour == hours[0] else None
            waiting.append(at_edge(row, quiet.moved(nominal, session.ended_at + SOONEST, first)))
        elif hour != covered[hour].hours:
            yield absorbed(replace(row, due_at=covered[hour].due_at), covered[hour])
    yield from merged(caught_up(quiet, waiting, max(covered, default=-1)))


def at_edge(row: Due, due_at: datetime) -> Due:
    """Return the row at `due_at`, where quiet hours moved it unless that is its own time."""
    if due_at == row.due_at:
        return row
    why = f"{row.local:%H:%M} lies in quiet hours"
    return replace(row, due_at=due_at, status=Status.MOVED_TO_EDGE, why=why)


def skipped(row: Due, why: str = "") -> Due:
    """Return the row as one that was past when its session became known, and is not asked."""
    why = f"past when the session became known{why}"
    return replace(row, status=Status.SKIPPED_ENROLLED_LATE, why=why)


def absorbed(row: Due, into: Due) -> Due:
    """Return the row as one that another check-in of its session stands for."""
    why = f"asked together with hour {into.hours}"
    return replace(row, covers=(row.hours,), status=Status.MERGED, why=why)


def caught_up(quiet: Quiet, rows: Sequence[Due], last_sent: int) -> Iterator[Due]:
    """Yield check-ins, with those settled that were past when their session became known.

    The newest of these is asked at once, or as soon as quiet hours end, and the older ones are
    skipped. It is skipped too when a later hour was already sent, and when it is the last of
    its schedule and `LAST_STAYS` has run out.
    """
    past = [row for row in rows if row.due_at < row.session.known_at]
    for row in rows:
        known_at = row.session.known_at
        stays = LAST_STAYS * timedelta(hours=row.hours)
        if row not in past:
            yield row
        elif row is not past[-1] or row.hours < last_sent:
            yield skipped(row, "; a later check-in stands for it")
        elif row is rows[-1] and known_at - row.session.ended_at > stays:
            yield skipped(row, ", and too long ago to be asked")
        else:
            why = f"was due {row.local:%Y-%m-%d %H:%M}, before the session became known"
            yield replace(row, due_at=quiet.held(known_at), status=Status.ASKED_AT_ONCE, why=why)


def merged(rows: Iterable[Due]) -> Iterator[Due]:
    """Yield check-ins, those within `MERGE_WITHIN` as one.

    It comes at the earlier time and asks the later hour's questions: nobody waits longer, and
    questions for a later hour are the fuller set.
    """
    last: Due | None = None
    for row in rows:
        kept = row
        if not row.to_send:
            yield row
            continue
        if last is not None and row.due_at - last.due_at <= MERGE_WITHIN:
            yield absorbed(last, row)
            kept = replace(last, hours=row.hours, covers=last.covers + row.covers)
        elif last is not None:
            yield last
        last = kept
    if last is not None:
        yield last


def courses(protocol: Protocol, session: Session) -> frozenset[str]:
    """Return the courses that the session's treatments belong to."""
    parts = protocol.components(session.treatment)
    return frozenset(protocol.treatments[part].course for part in parts) - {"none"}


def place_in_course(
    protocol: Protocol, session: Session, name: str, sessions: Iterable[Session]
) -> int:
    """Return which session of a course one is, from 1: a drip in between does not count."""
    earlier = (one for one in sessions if one.number < session.number)
    return 1 + sum(name in courses(protocol, one) for one in earlier)


def course_days(
    protocol: Protocol, session: Session, sessions: Sequence[Session]
) -> dict[tuple[Purpose, int], tuple[str, bool]]:
    """Return by purpose and day the wall time, and whether the session has no use for it.

    Two courses share a day at the earlier time. Only reminders lose their use: once every
    course that has one on this day has had its last session.
    """
    found: dict[tuple[Purpose, int], tuple[str, bool]] = {}
    names = courses(protocol, session)
    for name, course in ((n, c) for n, c in protocol.courses.items() if n in names):
        complete = place_in_course(protocol, session, name, sessions) >= course.sessions[1]
        moments_of = (course.results, course.reminders, course.maintenance)
        for purpose, moment in zip(PURPOSES[1:], moments_of, strict=True):
            useless = complete and purpose == "reminder"
            for days in moment.days:
                at, other = found.get((purpose, days), (moment.at, True))
                found[purpose, days] = min(at, moment.at), other and useless
    return found


def moments(
    protocol: Protocol, session: Session, done: Sequence[Due], sessions: Sequence[Session]
) -> Iterator[Due]:
    """Yield the results, reminders and maintenance that `done` does not hold, each day once.

    `sessions` are all of the patient's, to know how many of the course have been.
    """
    quiet = quiet_hours(protocol, session.zone)
    first = session.ended_at.astimezone(quiet.zone).date()
    sent = {row.key for row in done}
    for (purpose, days), (at, useless) in course_days(protocol, session, sessions).items():
        nominal = wall_time(first + timedelta(days=days), time.fromisoformat(at), quiet.zone)
        row = Due(session, purpose, 24 * days, nominal, (24 * days,))
        row = at_edge(row, quiet.moved(nominal, session.ended_at + SOONEST, None))
        if row.key in sent:
            continue
        if useless:
            yield replace(row, status=Status.COURSE_COMPLETE, why="the course has no more sessions")
        elif row.due_at < session.known_at:
            yield skipped(row)
        else:
            yield row
