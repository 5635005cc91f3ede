"""A clock that jumps: check-ins wait until Telegram's own says what time it is; alerts go on."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.reliability.kennel import a_kennel
from bot.clock import SteppedClock
from bot.watchdog.clock_watch import ClockWatch
from storage import due
from storage.due import DueRow

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
JUMPS = [
    pytest.param(timedelta(hours=1), id="an hour ahead"),
    pytest.param(-timedelta(hours=1), id="an hour back"),
    pytest.param(timedelta(days=1), id="a day ahead"),
    pytest.param(-timedelta(days=1), id="a day back"),
    pytest.param(datetime(1970, 1, 1, tzinfo=UTC) - NOON, id="1970"),
    pytest.param(datetime(2038, 1, 19, 4, tzinfo=UTC) - NOON, id="2038"),
]


class SetClock(SteppedClock):
    """A clock whose wall time somebody sets."""

    off = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.mark.hazard("H12")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_holds_check_ins_until_it_is_known_to_be_right(clock, jump) -> None:
    watch = ClockWatch(clock)
    clock.moves(hours=5)
    assert not watch.holds(), "time that passes is no jump"
    clock.off = jump
    assert watch.holds()
    watch.compared(clock.instant)
    assert watch.holds(), "Telegram says that it is wrong"
    watch.compared(None)
    assert watch.holds(), "nobody has said that it is right"
    watch.compared(clock.now())
    assert not watch.holds(), "it was wrong before, and was set right"


@pytest.mark.hazard("H12")
def test_a_clock_that_comes_back_by_itself_is_right_again(clock) -> None:
    watch = ClockWatch(clock)
    clock.off = timedelta(hours=1)
    assert watch.holds()
    clock.off = timedelta(0)
    assert not watch.holds()


@pytest.mark.hazard("H12")
def test_a_clock_that_was_wrong_from_the_start_is_found_at_the_first_comparison(clock) -> None:
    clock.off = timedelta(days=1)
    watch = ClockWatch(clock)
    watch.compared(clock.instant)
    assert watch.holds()


@pytest.mark.parametrize("seconds", [-120, 0, 120])
def test_two_minutes_are_no_jump(clock, seconds) -> None:
    watch = ClockWatch(clock)
    clock.off = timedelta(seconds=seconds)
    assert not watch.holds()


def test_small_steps_are_followed_where_telegram_does_not_answer(clock) -> None:
    watch = ClockWatch(clock)
    for minutes in range(1, 10):
        clock.off = timedelta(minutes=minutes)
        assert not watch.holds()
        watch.compared(None)


@pytest.mark.hazard("H12")
async def test_a_day_that_jumps_by_sends_no_check_in_and_still_tells_of_an_alert() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        [patient] = kennel.patients
        wrong = SetClock(kennel.clock.instant)
        wrong.off = timedelta(days=1)
        wrong.monotonic = kennel.clock.monotonic  # type: ignore[method-assign]
        kennel.app.tick.clock = kennel.app.clock_watch.clock = wrong
        late = DueRow("red_flag", f"{patient.code}:1/check_in/6", patient.code, wrong.now())
        await kennel.app.database.run(lambda: due.plan(late))
        await kennel.app.tick.run()
        asked = await kennel.rows("SELECT key FROM check_in WHERE sent_at IS NOT NULL")
        assert not asked, "nothing of the day that has not passed"
        rows = await kennel.rows("SELECT state FROM due WHERE kind = 'red_flag'")
        assert [row["state"] for row in rows] == ["done"]
