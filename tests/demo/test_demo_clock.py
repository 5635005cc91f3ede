"""The demo's clock, and moving it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo import DemoClock, first_morning
from bot.demo.desk import travel, travel_to_next

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class Machine:
    """The machine's own clock, which the test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def steady(self) -> float:
        return 100.0 + self.passed


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine) -> DemoClock:
    return DemoClock(real=machine.now, steady=machine.steady)


class Diary:
    """A bot that has some things to do, and notes when it was let to."""

    def __init__(self, clock: DemoClock, *hours: float) -> None:
        self.clock = clock
        self.due = [NOON + timedelta(hours=hour) for hour in hours]
        self.done: list[datetime] = []

    async def settle(self) -> None:
        while self.due and self.due[0] <= self.clock.now():
            self.due.pop(0)
            self.done.append(self.clock.now())

    async def next_due(self) -> tuple[datetime, str] | None:
        return (self.due[0], "check-in") if self.due else None

    goal = next_due


class Stuck(Diary):
    """A bot that leaves undone what it should do."""

    async def settle(self) -> None:
        self.done.append(self.clock.now())


def test_it_runs_as_the_real_one_does(clock, machine) -> None:
    machine.passed = 90.0
    assert clock.now() == NOON + timedelta(seconds=90)
    assert clock.monotonic() == 190.0


def test_what_it_was_moved_by_counts_as_passed(clock) -> None:
    clock.moves_to(NOON + timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)
    assert clock.monotonic() == 3700.0


def test_it_can_begin_at_another_time_and_then_runs(machine) -> None:
    start = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    clock = DemoClock(start, real=machine.now, steady=machine.steady)
    machine.passed = 5.0
    assert clock.now() == start + timedelta(seconds=5)
    assert clock.monotonic() == 105.0


def test_it_refuses_a_start_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DemoClock(datetime(2026, 11, 30))  # noqa: DTZ001


def test_moving_it_calls_wake_and_going_back_does_nothing(clock) -> None:
    woken = []
    clock.wake = lambda: woken.append(clock.now())
    clock.moves_to(NOON - timedelta(hours=1))
    clock.moves_to(NOON)
    assert (woken, clock.moves, clock.now()) == ([], 0, NOON)
    clock.moves_to(NOON + timedelta(hours=2))
    assert (woken, clock.moves) == ([NOON + timedelta(hours=2)], 1)


async def test_a_sleep_goes_on_until_the_clock_is_moved_past_its_end(clock) -> None:
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.moves_to(NOON + timedelta(minutes=30))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not sleeper.done()
    clock.moves_to(NOON + timedelta(minutes=60))
    await asyncio.wait_for(sleeper, 5)


async def test_a_sleep_of_nothing_is_over_at_once(clock) -> None:
    await asyncio.wait_for(clock.sleep(0), 5)


async def test_a_move_stops_at_everything_on_the_way(clock) -> None:
    diary = Diary(clock, 1, 2, 30)
    await travel(clock, diary, NOON + timedelta(hours=24))
    assert diary.done == [NOON + timedelta(hours=1), NOON + timedelta(hours=2)]
    assert clock.now() == NOON + timedelta(hours=24)


async def test_what_stays_undone_does_not_hold_the_clock(clock) -> None:
    diary = Stuck(clock, 1)
    await travel(clock, diary, NOON + timedelta(hours=3))
    assert clock.now() == NOON + timedelta(hours=3)
    assert len(diary.done) == 2


async def test_too_many_things_on_the_way_do_not_hold_the_clock(clock, monkeypatch) -> None:
    monkeypatch.setattr("bot.demo.desk.MOST_STOPS", 3)
    diary = Diary(clock, 1, 2, 3, 4)
    await travel(clock, diary, NOON + timedelta(hours=6))
    assert clock.now() == NOON + timedelta(hours=6)
    assert len(diary.done) == 4


async def test_the_next_thing_is_done_at_its_time(clock) -> None:
    diary = Diary(clock, 20)
    await travel_to_next(clock, diary)
    assert diary.done == [clock.now()] == [NOON + timedelta(hours=20)]
    await travel_to_next(clock, diary)
    assert clock.now() == NOON + timedelta(hours=20)


async def test_what_is_overdue_is_done_now(clock) -> None:
    diary = Diary(clock, -5)
    await travel_to_next(clock, diary)
    assert len(diary.done) == 1
    assert clock.now() - NOON < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-26T23:30:00+00:00", "2026-11-27T10:00:00+01:00"),  # it is Friday in Berlin
        ("2026-11-28T12:00:00+00:00", "2026-11-30T10:00:00+01:00"),
        ("2026-11-29T12:00:00+00:00", "2026-11-30T10:00:00+01:00"),
    ],
)
def test_the_demo_begins_on_a_working_morning(now, morning) -> None:
    expected = datetime.fromisoformat(morning)
    assert first_morning(datetime.fromisoformat(now)) == expected
