"""What holds for anyone anywhere: each slot once, in daytime, and every message apart."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_course import after, until
from test_schedule import BERLIN, changed, messages

from flows.course import APART, plan, plan_course
from flows.protocol_file import bundled
from flows.schedule import Due, Session, Status

HOUR = timedelta(hours=1)
ZONES = (
    BERLIN,
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Cairo",  # at midnight
    "America/Santiago",  # at midnight, southern
    "Asia/Kathmandu",  # never, and 5 h 45 min
)


CLOCKS = (time(0, 30), time(9), time(14, 45), time(20, 50))


def wanted(session: Session) -> list[str]:
    """Every key that a first session must have, straight from the protocol file."""
    protocol = bundled()
    parts = [protocol.treatments[part] for part in session.treatment.split("+")]
    hours = {hour for part in parts for hour in part.schedule}
    keys = {f"1/check_in/{hour}" for hour in hours}
    for name in {part.course for part in parts} - {"none"}:
        course = protocol.courses[name]  # type: ignore[index]
        keys |= {f"1/results/{24 * days}" for days in course.results.days}
        keys |= {f"1/reminder/{24 * days}" for days in course.reminders.days}
        keys |= {f"1/maintenance/{24 * days}" for days in course.maintenance.days}
    return sorted(keys)


def check(session: Session, rows: Sequence[Due]) -> None:
    """What must hold for any first session of the bundled protocol."""
    assert sorted(row.key for row in rows) == wanted(session)
    sent = messages(rows)
    assert all(a.due_at + APART <= b.due_at for a, b in pairwise(sent))
    covered = [(row.purpose, hour) for row in sent for hour in row.covers]
    skipped = [row for row in rows if not row.to_send and row.status is not Status.MERGED]
    assert len(covered) + len(skipped) == len(rows)
    day = session.ended_at.astimezone(ZoneInfo(session.zone)).date()
    for row in sent:
        local = row.due_at.astimezone(ZoneInfo(session.zone))
        assert time(8) <= local.time() <= time(21), row
        assert row.due_at >= max(session.ended_at, session.known_at), row
        if row.purpose == "check_in":
            check_real_hours(row)
        elif row.status is Status.PLANNED:
            moment = datetime.combine(day + timedelta(hours=row.hours), time(10))
            assert row.local == moment, row


def check_real_hours(row: Due) -> None:
    """A check-in is at its hour, or at an edge at most half a night away."""
    late = row.due_at - row.session.ended_at - row.covers[0] * HOUR
    if row.status is Status.PLANNED:
        assert late == timedelta(0), row
    elif row.status is Status.MOVED_TO_EDGE:
        assert row.local.time() in (time(8), time(21)), row
        assert abs(late) <= (11 if row.covers[0] <= 6 else 6) * HOUR, row
    else:
        assert row.status is Status.ASKED_AT_ONCE, row


def transitions(zone: ZoneInfo) -> Iterator[date]:
    """The days of ten years on which the clocks change; two a year where they never do."""
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(3653)]
    noons = [datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in days]
    found = [day for day, (a, b) in zip(days[1:], pairwise(noons), strict=True) if a != b]
    yield from found or [day for day in days if day.day == 21 and day.month in (3, 9)]


@pytest.mark.hazard("H11")
@pytest.mark.parametrize("zone", ZONES)
def test_around_every_change_of_the_clocks_each_slot_is_there_once_and_in_daytime(
    zone: str,
) -> None:
    """Every day within a fortnight of each change in 2023 to 2032.

    A session ends at another of four times of the day each year, so that over the years each day
    around the change to summer time, and to winter time, has had all four.
    """
    changes = list(transitions(ZoneInfo(zone)))
    assert len(changes) >= 20
    for change in changes:
        for offset in range(-14, 15):
            clock = CLOCKS[(offset + change.year) % len(CLOCKS)]
            day = change + timedelta(days=offset)
            ended = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
            session = Session(1, "mn_topical+iv", ended, ended, zone)
            check(session, plan(bundled(), session))


INSTANTS = st.datetimes(datetime(2012, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TREATMENTS = st.lists(st.sampled_from(list(bundled().treatments)), min_size=1, max_size=4)
ZONE_NAMES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
DELAYS = st.one_of(st.just(0.0), st.floats(-48, 48), st.floats(0, 24 * 400))


@settings(max_examples=400, deadline=None)
@given(ended=INSTANTS, parts=TREATMENTS, zone=ZONE_NAMES, delay=DELAYS)
def test_anyone_anywhere_enrolled_whenever_has_each_slot_once(
    ended: datetime, parts: list[str], zone: str, delay: float
) -> None:
    session = Session(1, "+".join(parts), ended, ended + delay * HOUR, zone)
    check(session, plan(bundled(), session))


@settings(max_examples=200, deadline=None)
@given(
    ended=INSTANTS,
    zone=ZONE_NAMES,
    start=st.times(time(18), time(23, 59)),
    end=st.times(time(5), time(11)),
)
def test_whatever_the_quiet_hours_nothing_is_sent_within_them(
    ended: datetime, zone: str, start: time, end: time
) -> None:
    protocol = changed((f"{start:%H:%M}", f"{end:%H:%M}"))
    for row in messages(plan(protocol, Session(1, "mn_rf+iv", ended, ended, zone))):
        assert f"{end:%H:%M}" <= f"{row.local:%H:%M:%S}" <= f"{start:%H:%M}:00", row


@settings(max_examples=100, deadline=None)
@given(
    ended=INSTANTS,
    zone=ZONE_NAMES,
    gap=st.floats(1, 60 * 24),
    parts=st.tuples(TREATMENTS, TREATMENTS),
)
def test_two_sessions_keep_every_row_and_all_messages_apart(
    ended: datetime, zone: str, gap: float, parts: tuple[list[str], list[str]]
) -> None:
    again = ended + gap * HOUR
    first = Session(1, "+".join(parts[0]), ended, ended, zone)
    second = Session(2, "+".join(parts[1]), again, again, zone)
    rows = after(first, second)
    alone = [*plan(bundled(), first), *plan_course(bundled(), (second,))]
    assert {row.key for row in rows} == {row.key for row in alone}
    assert len({row.key for row in rows}) == len(rows)
    assert all(a.due_at + APART <= b.due_at for a, b in pairwise(messages(rows)))


@settings(max_examples=200, deadline=None)
@given(
    ended=INSTANTS,
    zone=ZONE_NAMES,
    passed=st.floats(0, 60 * 24),
    moved=st.floats(-48, 48),
    parts=TREATMENTS,
)
def test_a_correction_loses_no_hour_and_repeats_none(
    ended: datetime, zone: str, passed: float, moved: float, parts: list[str]
) -> None:
    known = ended + passed * HOUR
    first = Session(1, "+".join(parts), ended, ended, zone)
    again = Session(1, first.treatment, ended + moved * HOUR, known, zone)
    sent = until(plan(bundled(), first), known)
    assume(all(row.due_at >= again.ended_at for row in sent))
    rows = plan_course(bundled(), (again,), sent)
    assert sorted(row.key for row in rows) == wanted(again)
    assert set(sent) <= set(rows)
    times = [row.due_at for row in messages(rows)]
    assert times == sorted(set(times))
