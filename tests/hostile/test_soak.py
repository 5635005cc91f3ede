"""A day of a clinic, and what is said of many; the same code makes the page's table of 60 days."""

import signal

import pytest

from bench.reliability import soak
from bench.reliability.soak import nights, section, slope
from bench.reliability.soak_days import Night


async def test_after_days_everything_was_worked_on_and_nothing_is_left_open() -> None:
    found: list[Night] = []
    await nights(2, 8, found, lambda _what: None)
    first, second = found
    assert second.updates > first.updates
    assert second.undone == 0
    assert second.files == first.files
    assert second.tasks == first.tasks
    assert second.resident > 1


def test_a_slope_is_what_comes_on_with_each_day() -> None:
    assert slope([1.0, 3.0, 5.0, 7.0]) == pytest.approx(2.0)
    assert slope([4.0, 4.0, 4.0]) == pytest.approx(0.0)


def test_a_bot_that_grows_misses_its_figures() -> None:
    grown = [Night(day, 100.0 + 30 * day, day, day, 65.0, 1.0, 5, 700_000_001, 1)
             for day in range(8)]  # fmt: skip
    assert not any(figure.met for figure in section(grown).figures)
    calm = [one._replace(resident=100.0, tasks=1, files=9, wal=4.0, undone=0) for one in grown]
    assert all(figure.met for figure in section(calm).figures)


def test_ctrl_c_keeps_the_days_that_are_over(monkeypatch) -> None:
    monkeypatch.setattr(soak, "BUSY", 1)

    def ends(what: str) -> None:
        if what.startswith("day 3 "):
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        found = soak.measure(ends, full=False, count=9)
    finally:
        signal.signal(signal.SIGINT, before)
    assert found.figures[1].what == "growth of tasks, 2 days, 10 new patients a day"
