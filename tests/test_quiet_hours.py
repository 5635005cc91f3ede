"""Anna's nights: a check-in in quiet hours goes to an edge that her clock has."""

import pytest
from test_schedule import anna, changed, find, seen

from flows.course import plan
from flows.protocol_file import bundled


@pytest.mark.parametrize(
    ("ended", "treatment", "hours", "expected"),
    [
        ("2026-05-04T15:00", "inj_skin", 6, "04 May 21:00 planned"),
        ("2026-05-04T16:00", "inj_skin", 6, "04 May 21:00 moved_to_edge"),
        ("2026-05-04T20:00", "inj_skin", 6, "04 May 21:00 moved_to_edge"),
        ("2026-05-04T20:30", "inj_skin", 6, "04 May 21:00 moved_to_edge"),  # 5.5 h either way
        ("2026-05-04T20:45", "inj_skin", 6, "05 May 08:00 moved_to_edge"),
        ("2026-05-04T22:30", "inj_skin", 6, "05 May 08:00 moved_to_edge"),
        ("2026-05-05T00:30", "inj_skin", 6, "05 May 08:00 moved_to_edge"),
        ("2026-05-05T02:00", "inj_skin", 6, "05 May 08:00 planned"),
        ("2026-05-04T22:30", "inj_skin", 24, "05 May 21:00 moved_to_edge"),
        ("2026-05-04T07:59", "inj_skin", 24, "05 May 08:00 moved_to_edge"),
        ("2026-05-04T14:30", "iv", 12, "04 May 21:00 moved_to_edge"),  # 5.5 h either way
        ("2026-05-04T14:31", "iv", 12, "05 May 08:00 moved_to_edge"),
        ("2026-05-04T18:30", "iv", 3, "04 May 21:00 moved_to_edge"),
    ],
)
def test_a_check_in_in_quiet_hours_goes_to_the_nearest_edge(
    ended: str, treatment: str, hours: int, expected: str
) -> None:
    assert seen(plan(bundled(), anna(ended, treatment)), f"1/check_in/{hours}") == expected


def test_the_first_evening_is_asked_at_21_even_when_the_morning_is_nearer() -> None:
    rows = plan(changed(inj_skin=(9, 10)), anna("2026-05-04T19:00"))
    assert seen(rows, "1/check_in/9") == "04 May 21:00 moved_to_edge"
    assert seen(rows, "1/check_in/10") == "05 May 08:00 moved_to_edge"


def test_a_first_check_in_of_a_later_night_goes_to_the_nearest_edge() -> None:
    rows = plan(changed(inj_skin=(36,)), anna("2026-05-04T17:00"))
    assert seen(rows, "1/check_in/36") == "06 May 08:00 moved_to_edge"


def test_quiet_hours_may_lie_within_one_day() -> None:
    rows = plan(changed(("13:00", "16:00"), inj_skin=(24, 49, 75)), anna("2026-05-04T13:00"))
    assert [seen(rows, f"1/check_in/{hours}") for hours in (24, 49, 75)] == [
        "05 May 13:00 planned",
        "06 May 13:00 moved_to_edge",
        "07 May 16:00 planned",
    ]


def test_an_edge_that_the_clocks_skip_is_not_used() -> None:
    """In Nuuk the clocks go from 23:00 to midnight on 28 March 2026."""
    protocol = changed(("23:15", "08:00"))
    rows = plan(protocol, anna("2026-03-28T17:30", zone="America/Nuuk"))
    assert seen(rows, "1/check_in/6") == "29 Mar 08:00 moved_to_edge"


def test_a_moved_row_says_which_time_was_quiet() -> None:
    rows = plan(bundled(), anna("2026-05-04T20:00"))
    assert find(rows, "1/check_in/6").why == "02:00 lies in quiet hours"
