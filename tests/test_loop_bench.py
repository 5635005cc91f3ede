"""What of a late loop is taken off as the machine's, and what is held against the process."""

from bench.loop import quantile, stood


def test_the_longest_wait_of_one_thread_for_a_processor_is_taken_off_once() -> None:
    """Two threads that stand in line at one time make the loop late by one of the two."""
    before = {"1": 4_000_000, "2": 1_000_000}
    after = {"1": 7_000_000, "2": 3_000_000, "3": 500_000}
    assert stood(before, after) == 3.0


def test_where_the_system_counts_no_waiting_nothing_is_taken_off() -> None:
    assert stood({}, {}) == 0.0


def test_the_99th_percentile_leaves_out_one_value_in_a_hundred() -> None:
    assert quantile([float(value) for value in range(1, 101)]) == 100.0
    assert quantile([1.0] * 199 + [9.0]) == 1.0
