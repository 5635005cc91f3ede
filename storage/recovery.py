"""How each treatment was felt, counted at night from what patients have answered.

Answers are sealed, each patient's under a key of their own, so who was erased cannot be counted.
Only the counts are kept, and nobody's code stands beside them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from flows.engine.stored_check_in import StoredCheckIn, worst_partial
from flows.recovery import LAST_DAY, LONGEST, Curve, Day, Felt
from storage.case_keys import Keys
from storage.instants import instant, stored
from storage.records import check_in_of
from storage.transaction import Query, Transaction

LOOKED_BACK: Final = timedelta(days=730)
"""Older sessions are left out: products and hands change (own choice)."""
MOST: Final = 500
"""Courses of one treatment that are counted, the newest: more change no tenth (own choice)."""

TREATMENTS: Final = """
    WITH RECURSIVE given AS (
        SELECT MIN(treatment) AS treatment FROM session
        UNION ALL
        SELECT (SELECT MIN(session.treatment) FROM session
                WHERE session.treatment > given.treatment)
        FROM given WHERE given.treatment IS NOT NULL)
    SELECT treatment FROM given WHERE treatment IS NOT NULL
"""
"""From one treatment to the next by the index: a clinic gives few, and has many sessions."""
COURSES: Final = """
    SELECT session.code AS code, session.number AS number, patient.wrapped_key AS wrapped_key
    FROM session JOIN patient ON patient.code = session.code
    WHERE session.treatment = :treatment AND session.ended_at > :since
      AND session.code <> '000000'
    ORDER BY session.ended_at DESC, session.code LIMIT :most
"""
ANSWERED: Final = """
    SELECT code, key, session, purpose, hours, due_at, state, reason, sent_at, completed_at, level,
           message_id, body
    FROM check_in
    WHERE code = :code AND session = :session AND purpose = 'check_in' AND state = 'complete'
      AND hours <= :last
"""
STALE: Final = "DELETE FROM recovery WHERE made_at <= :since"
FORGET: Final = "DELETE FROM recovery WHERE treatment = :treatment"
KEEP: Final = """
    INSERT INTO recovery (treatment, hours, courses, felt_nothing, felt_little, made_at)
    VALUES (:treatment, :hours, :courses, :felt_nothing, :felt_little, :made_at)
"""
KEPT: Final = """
    SELECT treatment, hours, courses, felt_nothing, felt_little, made_at FROM recovery
    WHERE made_at > :since ORDER BY treatment, hours
"""


class Course(NamedTuple):
    """One patient's session of a treatment, with the key that opens what was answered."""

    code: str
    session: int
    wrapped_key: bytes


def treatments() -> Transaction[list[str]]:
    """Return every treatment that was ever given, in order."""
    return [row["treatment"] for row in (yield Query(TREATMENTS))]


def courses(treatment: str, now: datetime) -> Transaction[list[Course]]:
    """Return the newest `MOST` sessions of a treatment of patients who were not erased."""
    values = {"treatment": treatment, "since": stored(now - LOOKED_BACK), "most": MOST}
    rows = yield Query(COURSES, values)
    return [
        Course(row["code"], row["number"], bytes(row["wrapped_key"]))
        for row in rows
        if row["wrapped_key"]
    ]


def felt(keys: Keys, some: Sequence[Course]) -> Transaction[list[Felt]]:
    """Return the worst severity of each scheduled check-in that these courses have answered.

    Raises:
        SealError: a case's key cannot be opened.
    """
    found = []
    for course in some:
        key = keys.unwrap(course.wrapped_key)
        values = {"code": course.code, "session": course.session, "last": LAST_DAY * 24}
        for row in (yield Query(ANSWERED, values)):
            one = check_in_of(key, *row)
            if is_scheduled(one):
                found.append(Felt(course.code, one.hours, worst_partial(one.answers)))
    return found


def is_scheduled(one: StoredCheckIn) -> bool:
    """Whether it is of the schedule: what is asked again after a *watch* has an hour of its own."""
    return one.key == f"{one.session}/check_in/{one.hours}"


def forget_stale(now: datetime) -> Transaction[None]:
    """Delete counts that are too old to be shown, as of a treatment that is given no more."""
    yield Query(STALE, {"since": stored(now - LONGEST)})


def keep(curve: Curve) -> Transaction[None]:
    """Put a treatment's counts in the place of those before."""
    yield Query(FORGET, {"treatment": curve.treatment})
    for day in curve.days:
        yield Query(KEEP, {
            "treatment": curve.treatment, "hours": day.hours, "courses": day.courses,
            "felt_nothing": day.nothing, "felt_little": day.little,
            "made_at": stored(curve.made_at),
        })  # fmt: skip


def curves(since: datetime) -> Transaction[dict[str, Curve]]:
    """Return every treatment's counts that were made after an instant."""
    found: dict[str, Curve] = {}
    for row in (yield Query(KEPT, {"since": stored(since)})):
        day = Day(row["hours"], row["courses"], row["felt_nothing"], row["felt_little"])
        before = found.get(row["treatment"])
        days = (*before.days, day) if before else (day,)
        found[row["treatment"]] = Curve(row["treatment"], instant(row["made_at"]), days)
    return found
