"""When Anna is enrolled late: what is asked at once, and what is skipped and stays on record."""

import pytest
from test_schedule import anna, find, messages, seen

from flows.course import plan
from flows.protocol_file import bundled


def test_enrolled_late_the_newest_past_check_in_is_asked_at_once_and_the_older_are_skipped() -> (
    None
):
    rows = plan(bundled(), anna("2026-05-04T10:00", known="2026-05-06T15:00"))
    assert [seen(rows, f"1/check_in/{hours}") for hours in (6, 24, 48, 72)] == [
        "04 May 16:00 skipped_enrolled_late",
        "05 May 10:00 skipped_enrolled_late",
        "06 May 15:00 asked_at_once",
        "07 May 10:00 planned",
    ]


def test_what_is_asked_at_once_says_when_it_was_due() -> None:
    row = find(plan(bundled(), anna("2026-05-04T10:00", known="2026-05-06T15:00")), "1/check_in/48")
    assert row.why == "was due 2026-05-06 10:00, before the session became known"


def test_enrolled_at_night_the_past_check_in_is_asked_when_quiet_hours_end() -> None:
    rows = plan(bundled(), anna("2026-05-04T20:00", known="2026-05-04T22:10"))
    assert seen(rows, "1/check_in/6") == "05 May 08:00 asked_at_once"


def test_a_past_check_in_is_asked_together_with_one_that_is_due_within_the_hour() -> None:
    rows = plan(bundled(), anna("2026-05-04T10:00", known="2026-05-05T09:20"))
    assert seen(rows, "1/check_in/6") == "05 May 09:20 merged"
    assert seen(rows, "1/check_in/24") == "05 May 09:20 asked_at_once"
    assert find(rows, "1/check_in/24").covers == (6, 24)


def test_enrolled_in_time_nothing_is_skipped() -> None:
    rows = plan(bundled(), anna("2026-05-04T10:00", known="2026-05-04T16:00"))
    assert seen(rows, "1/check_in/6") == "04 May 16:00 planned"
    assert len(messages(rows)) == len(rows)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("2026-10-31T09:00", "31 Oct 09:00 asked_at_once"),  # the clocks have gone back
        ("2026-10-31T09:01", "02 Aug 10:00 skipped_enrolled_late"),
    ],
)
def test_the_last_lump_check_is_caught_up_on_until_day_180(known: str, expected: str) -> None:
    rows = plan(bundled(), anna("2026-05-04T10:00", known=known))
    assert seen(rows, "1/check_in/2160") == expected


def test_results_and_reminders_that_were_past_are_skipped_and_stay_on_record() -> None:
    rows = plan(bundled(), anna("2026-05-04T15:00", known="2026-06-01T12:00"))
    assert seen(rows, "1/results/168") == "11 May 10:00 skipped_enrolled_late"
    assert seen(rows, "1/reminder/600") == "29 May 10:00 skipped_enrolled_late"
    assert seen(rows, "1/reminder/840") == "08 Jun 10:30 moved_apart"
