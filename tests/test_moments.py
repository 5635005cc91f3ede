"""When Anna's next session is due, and which text a message of her course has."""

from datetime import timedelta

import pytest
from edited_file import Edit, edited
from test_schedule import anna, seen

from flows.asking import Occasion
from flows.course import plan_course
from flows.moments import Window, coming_up, moment_of, next_session, outdated
from flows.protocol_file import bundled
from flows.verify import check

FIRST = anna("2026-05-04T10:00")


@pytest.mark.parametrize(
    ("kind", "day", "text"),
    [
        ("results", 7, "OPEN_RESULTS"),
        ("reminder", 25, "OPEN_SESSION"),
        ("reminder", 180, "OPEN_MAINTENANCE"),
    ],
)
def test_each_moment_of_annas_course_begins_with_words_of_its_own(kind, day, text) -> None:
    moment = moment_of(bundled(), Occasion(kind, day * 24, "inj_skin", "face"))
    assert moment is not None
    assert moment.opens == text


@pytest.mark.parametrize(
    "occasion",
    [Occasion("check_in", 168, "inj_skin"), Occasion("reminder", 600, "iv"),
     Occasion("results", 8 * 24, "inj_skin")],
)  # fmt: skip
def test_nothing_else_is_a_moment_of_a_course(occasion) -> None:
    assert moment_of(bundled(), occasion) is None


def test_annas_second_session_is_due_four_to_six_weeks_after_her_first() -> None:
    coming = next_session(bundled(), FIRST, (), is_maintenance=False)
    assert coming is not None
    assert (coming.number, coming.few, coming.many) == (2, 3, 4)
    assert coming.first - FIRST.ended_at == timedelta(weeks=4)
    assert coming.last - FIRST.ended_at == timedelta(weeks=6)
    assert coming.window(coming.first - timedelta(seconds=1)) is Window.SOON
    assert coming.window(coming.last) is Window.DUE
    assert coming.window(coming.last + timedelta(seconds=1)) is Window.OVERDUE


def test_skin_and_scalp_together_take_the_widest_of_both_courses() -> None:
    both = anna("2026-05-04T10:00", "inj_skin+inj_scalp")
    coming = next_session(bundled(), both, (), is_maintenance=False)
    assert coming is not None
    assert (coming.few, coming.many) == (3, 6)


def test_a_drip_has_no_next_session() -> None:
    drip = anna("2026-05-04T10:00", "iv")
    assert next_session(bundled(), drip, (), is_maintenance=False) is None
    assert coming_up(bundled(), drip, (), drip.ended_at + timedelta(days=30)) is None


@pytest.mark.parametrize(
    ("number", "days", "found"),
    [(1, 24, None), (1, 25, False), (1, 100, False), (1, 180, True), (1, 365, True), (1, 366, None),
     (4, 30, None), (4, 200, True)],
)  # fmt: skip
def test_the_desk_thinks_of_anna_from_her_first_reminder_to_her_last(number, days, found) -> None:
    session = anna("2026-05-04T10:00", number=number)
    before = [anna("2026-03-02T10:00", number=one) for one in range(1, number)]
    coming = coming_up(bundled(), session, before, session.ended_at + timedelta(days=days))
    assert (coming and coming.is_maintenance) is found


def test_a_later_session_of_the_same_courses_counts_and_a_drip_does_not() -> None:
    second = anna("2026-06-01T10:00", "mn_topical", number=2)
    drip = anna("2026-06-01T10:00", "iv", number=2)
    assert outdated(bundled(), FIRST, (FIRST, second))
    assert not outdated(bundled(), FIRST, (FIRST, drip))
    assert not outdated(bundled(), second, (FIRST, second))


def test_drips_in_between_do_not_use_up_annas_course() -> None:
    drips = [anna("2026-03-02T10:00", "iv", number=one) for one in (1, 2, 3)]
    fourth = anna("2026-05-04T10:00", number=4)
    coming = next_session(bundled(), fourth, drips, is_maintenance=False)
    assert coming is not None
    assert coming.number == 2
    rows = plan_course(bundled(), (*drips, fourth))
    assert seen(rows, "4/reminder/600") == "29 May 10:00 planned"


# ── What `protocol verify` says of a course ────────────────────────────────────────────────

SKIN, HAIR = "[courses.skin]", "[courses.hair]"


def broken(guarantee: str, *edits: Edit) -> list[str]:
    """Return what one guarantee says of the file after some edits."""
    return [problem.sentence for problem in check(edited(*edits), guarantee)]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(SKIN, ', opens = "OPEN_SESSION"', ""),
         ("courses › skin › reminders", "no words of its own")),
        (Edit("[texts.OPEN_SESSION]", "{clinic_phone}", "us"),
         ("courses › skin › reminders", "does not name {clinic_phone}")),
        (Edit("[texts.OPEN_MAINTENANCE]", "{next_until}", "soon"),
         ("courses › hair › maintenance", "does not name {next_until}")),
        (Edit("[texts.OPEN]", "Time for", "{next_from}: time for"),
         ("texts.OPEN.en", "«{next_from}» cannot be filled in")),
    ],
)  # fmt: skip
def test_a_course_without_its_words_is_refused(edit, words) -> None:
    found = broken("complete in words", edit)
    assert any(all(word in sentence for word in words) for sentence in found), found


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(SKIN, "sessions = [3, 4]", "sessions = [4, 3]"), "give the smaller number first"),
        (Edit(SKIN, "days = [25, 35, 42]", "days = [35, 25, 42]"), "in rising order"),
        (Edit(SKIN, "days = [25, 35, 42]", "days = [43, 44, 45]"), "after the last day"),
        (Edit(HAIR, "days = [25, 35, 42]", "days = [25, 35, 200]"), "maintenance begins before"),
        (Edit('[[questions]]\nid = "result"', '{ in = "results" }', "{ from = 0 }"),
         "asks nothing about the result"),
    ],
)  # fmt: skip
def test_a_course_that_contradicts_itself_is_refused(edit, words) -> None:
    assert any(words in sentence for sentence in broken("total", edit))
