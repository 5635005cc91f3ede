"""How others felt after the same treatment: counted by course, told in tenths, and only with care.

Reassurance must never contradict an alert. `may_be_shown` is the one place that says when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from flows.conversation import Screen, list_is_open
from flows.engine.record import Record
from flows.engine.stored_check_in import StoredCheckIn
from flows.verdict import Level

LEAST = 20
"""Courses that have to have answered on a day before it is shown (the clinic's own rule: so few
that everybody could be guessed are nobody's to see)."""

LONGEST = timedelta(days=2)
"""So old a curve may be: it is made anew each night, and one night may fail (own choice)."""

LAST_DAY = 28
"""Days that the curve shows: later check-ins look for lumps, which some get when all else is
over."""

TENTHS = 10
MILD = 1
"""The severity that is told as «a little»; 2 and 3 are «more»."""


class Felt(NamedTuple):
    """One answered check-in: whose course, at which hour of the schedule, the worst severity."""

    course: str
    hours: int
    worst: int


class Day(NamedTuple):
    """One check-in of the schedule: how many courses answered, and how many felt how."""

    hours: int
    courses: int
    nothing: int
    little: int

    @property
    def tenths(self) -> tuple[int, int, int]:
        """How many of ten felt nothing, a little, and more; together ten.

        Told no finer, so that nobody's answer can be read out of two curves.
        """
        well = round(TENTHS * (self.nothing + self.little) / self.courses)
        nothing = min(round(TENTHS * self.nothing / self.courses), well)
        return nothing, well - nothing, TENTHS - well


@dataclass(frozen=True)
class Curve:
    """How a treatment was felt, day by day, as it was counted at one instant."""

    treatment: str
    made_at: datetime
    days: tuple[Day, ...]

    def at(self, hours: int) -> Day | None:
        """Return the day of one check-in's hour; None where too few have answered."""
        return next((day for day in self.days if day.hours == hours), None)


def curve_of(treatment: str, felt: Iterable[Felt], made_at: datetime) -> Curve:
    """Count courses, not check-ins: of several answers of one course to an hour the worst counts.

    Hours that fewer than `LEAST` courses have answered are left out.
    """
    worst: dict[int, dict[str, int]] = {}
    for one in felt:
        if one.hours <= LAST_DAY * 24:
            courses = worst.setdefault(one.hours, {})
            courses[one.course] = max(courses.get(one.course, 0), one.worst)
    days = (
        Day(
            hours, len(courses), sum(not one for one in courses.values()),
            sum(one == MILD for one in courses.values()),
        )
        for hours, courses in sorted(worst.items())
        if len(courses) >= LEAST
    )  # fmt: skip
    return Curve(treatment, made_at, tuple(days))


def may_be_shown(record: Record, check_in: StoredCheckIn) -> bool:
    """Whether how others felt may stand beside what this patient has said.

    Only beside a finished check-in that was expected, as long as nothing the patient has said
    since is more than expected, no alert is open, no list of warning signs was left without its
    answer, before the check-in either, and no question waits that asks after an earlier one. It is
    for a patient who is being looked after and whose chat is in no doubt.
    """
    patient = record.patient
    asked_again = any(
        "/recheck/" in one.key and one.state in ("planned", "sent")
        for one in record.check_ins.values()
    )
    told_since = [
        one
        for one in record.check_ins.values()
        if one.answered_at and check_in.answered_at and one.answered_at >= check_in.answered_at
    ]
    return (
        patient.stage == "active"
        and patient.doubted_at is None
        and check_in.purpose == "check_in"
        and check_in.state == "complete"
        and not any(True for _ in record.open_alerts)
        and not asked_again
        and bool(told_since)
        and all(one.level is Level.EXPECTED for one in told_since)
        and not any(signs_wait(one) for one in told_since)
        and not any(
            one.conversation and list_is_open(one.conversation) for one in record.check_ins.values()
        )
    )


def signs_wait(check_in: StoredCheckIn) -> bool:
    """Whether the patient has a list of warning signs, or the emergency text, before them.

    Its level says nothing of that: who was well, and presses «one of these» under an older copy,
    stays expected until a sign is named or the wait for one is over.
    """
    state = check_in.conversation
    return state is not None and (
        bool(state.alarming) or state.screen in (Screen.FLAGS, Screen.STOP)
    )
