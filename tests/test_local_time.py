"""What a wall time means on the nights when the clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flows.local_time import wall_time

BERLIN = "Europe/Berlin"


def test_a_wall_time_that_the_clocks_skip_goes_to_later() -> None:
    assert wall_time(date(2026, 3, 29), time(2, 30), ZoneInfo(BERLIN)) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )  # 03:30


def test_of_a_wall_time_that_the_clocks_repeat_the_first_is_taken() -> None:
    assert wall_time(date(2026, 10, 25), time(2, 30, fold=1), ZoneInfo(BERLIN)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
