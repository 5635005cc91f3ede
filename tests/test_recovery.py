"""How others felt: counted by course, told in tenths, and never beside an open case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.conversation import Screen, State
from flows.engine.record import Patient, Record, StoredAlert, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.recovery import LEAST, Day, Felt, curve_of, may_be_shown
from flows.schedule import Session
from flows.verdict import Level

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def answers(many: int, worst: int, hours: int = 72, *, first: int = 0) -> list[Felt]:
    """Return the answers of so many courses to one check-in."""
    return [Felt(f"C{number}", hours, worst) for number in range(first, first + many)]


def test_nineteen_courses_are_nobodys_to_see_and_twenty_are_counted() -> None:
    assert curve_of("inj_skin", answers(LEAST - 1, 0), NOW).days == ()
    [day] = curve_of("inj_skin", answers(LEAST, 0), NOW).days
    assert (day.hours, day.courses, day.nothing, day.little) == (72, 20, 20, 0)


def test_two_check_ins_of_one_course_count_once_and_the_worse_one_counts() -> None:
    twice = answers(LEAST, 0) + answers(LEAST, 2)
    [day] = curve_of("inj_skin", twice, NOW).days
    assert (day.courses, day.nothing, day.little) == (20, 0, 0)
    assert curve_of("inj_skin", answers(LEAST // 2, 0) * 4, NOW).days == ()


def test_each_day_needs_its_own_twenty() -> None:
    felt = answers(LEAST, 1, 24) + answers(LEAST - 1, 0, 72)
    curve = curve_of("inj_skin", felt, NOW)
    assert curve.at(24) is not None
    assert curve.at(72) is None


def test_checks_for_lumps_after_a_month_are_no_part_of_it() -> None:
    assert curve_of("inj_skin", answers(LEAST, 0, 1344), NOW).days == ()


@pytest.mark.parametrize(
    ("nothing", "little", "more", "tenths"),
    [(20, 0, 0, (10, 0, 0)), (0, 0, 20, (0, 0, 10)), (14, 4, 2, (7, 2, 1)),
     (19, 1, 0, (10, 0, 0)), (1, 1, 19, (0, 1, 9))],
)  # fmt: skip
def test_shares_are_told_in_tenths(nothing, little, more, tenths) -> None:
    assert Day(72, nothing + little + more, nothing, little).tenths == tenths


@given(some.integers(0, 60), some.integers(0, 60), some.integers(0, 60))
def test_tenths_are_ten_together_and_none_is_less_than_none(nothing, little, more) -> None:
    courses = max(nothing + little + more, 1)
    shares = Day(72, courses, nothing, little).tenths
    assert sum(shares) == 10
    assert min(shares) >= 0


# ── When it may be shown ───────────────────────────────────────────────────────────────────

SESSION = Session(1, "inj_skin", NOW - timedelta(days=3), NOW, "Europe/Berlin", "face")
DAY_3 = StoredCheckIn(
    "1/check_in/72", 1, "check_in", 72, NOW, state="complete", sent_at=NOW, answered_at=NOW,
    completed_at=NOW, level=Level.EXPECTED,
)  # fmt: skip
ANNA = Patient("A7K2", "exosome-aftercare@1.0.0", "active", "en", "Europe/Berlin", chat_id=7001)


def case(*more: StoredCheckIn, **changes: object) -> Record:
    """Return Anna's case with her day 3, which was expected, and more."""
    record = Record(ANNA, (Visit(SESSION),), {one.key: one for one in (DAY_3, *more)})
    return record.with_patient(**changes) if changes else record


def alert(**changes: object) -> StoredAlert:
    """Return an alert of Anna's."""
    one = StoredAlert("A7K2-1", "A7K2", Level.WATCH, NOW, NOW, 1, 72.0)
    return replace(one, **changes)  # type: ignore[arg-type]


def later(key: str, **changes: object) -> StoredCheckIn:
    """Return something that Anna said after her day 3."""
    one = replace(DAY_3, key=key, answered_at=NOW + timedelta(hours=1))
    return replace(one, **changes)  # type: ignore[arg-type]


def test_it_may_stand_beside_an_answer_that_was_expected() -> None:
    assert may_be_shown(case(), DAY_3)
    assert may_be_shown(case(later("report/1", purpose="report")), DAY_3)
    assert may_be_shown(case().with_alert(alert(resolved_at=NOW)), DAY_3)


@pytest.mark.hazard("H50")
@pytest.mark.parametrize("level", [one for one in Level if one is not Level.EXPECTED])
def test_nothing_above_expected_has_it_beside_it(level) -> None:
    higher = replace(DAY_3, level=level)
    assert not may_be_shown(case().with_check_in(higher), higher)
    assert not may_be_shown(case(later("report/1", purpose="report", level=level)), DAY_3)


@pytest.mark.hazard("H50")
@pytest.mark.parametrize(
    "record",
    [
        case().with_alert(alert()),
        case().with_alert(alert(contacted_at=NOW)),
        case(later("1/recheck/90", state="planned", answered_at=None, level=None)),
        case(later("1/recheck/90", state="sent", answered_at=None, level=None)),
        case(later("report/1", purpose="report", state="sent", level=None)),
        case(stage="stopped"),
        case(doubted_at=NOW),
    ],
)
def test_while_anything_is_open_or_in_doubt_it_is_not_shown(record) -> None:
    assert not may_be_shown(record, DAY_3)


@pytest.mark.hazard("H50")
@pytest.mark.parametrize(
    "waiting",
    [State(screen=Screen.FLAGS), State(screen=Screen.STOP),
     State(screen=Screen.QUESTION, alarming=("breathing",))],
)  # fmt: skip
def test_while_anna_has_the_warning_signs_before_her_it_is_not_shown(waiting) -> None:
    reopened = replace(DAY_3, conversation=waiting)
    assert not may_be_shown(case().with_check_in(reopened), reopened)
    report = later("report/1", purpose="report", conversation=waiting)
    assert not may_be_shown(case(report), DAY_3)
    before = later("report/1", answered_at=NOW - timedelta(hours=1), conversation=waiting)
    named = waiting.screen is Screen.STOP
    assert may_be_shown(case(before), DAY_3) == named, "what was named is an alert's to hold back"
    ended = replace(DAY_3, conversation=State(screen=Screen.END))
    assert may_be_shown(case().with_check_in(ended), ended)


def test_it_is_not_for_an_unfinished_check_in_or_another_kind() -> None:
    for changes in ({"state": "sent"}, {"purpose": "results"}, {"answered_at": None}):
        other = replace(DAY_3, **changes)
        assert not may_be_shown(case().with_check_in(other), other)
