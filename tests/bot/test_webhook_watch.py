"""When Telegram could bring nothing for longer than it keeps a press, the bot makes up for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.webhook_watch import Heard, Look, fault_of, heard_of, judged, look_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WELL = Heard(NOON)
STANDS, GONE = True, False


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def failed(minutes: float, waiting: int = 0) -> Look:
    """Telegram failed last so many minutes after noon."""
    return Look(STANDS, int(at(minutes).timestamp()), waiting)


def story(*looks: tuple[float, Look, float | None], before: Heard | None = WELL) -> list[float]:
    """Look at each minute, with the last update's; return the minutes at which it is made up."""
    made_up = []
    for minute, look, update in looks:
        last = at(update) if update is not None else None
        before, ask = judged(before, look, last, at(minute))
        made_up += [minute] if ask else []
    return made_up


def test_nothing_is_made_up_for_while_nothing_fails():
    quiet = Look(STANDS, 0, 0)
    assert story((1, quiet, None), (60, quiet, 59), (61, quiet._replace(waiting=1), 59)) == []


@pytest.mark.hazard("H02")
def test_a_press_that_was_kept_no_longer_is_made_up_for_once_nothing_waits():
    looks = [(1, failed(0.9, 1), -5), (2, failed(1.9, 1), -5), (3, failed(1.9), -5)]
    assert story(*looks, (4, failed(1.9), -5)) == [3]


@pytest.mark.hazard("H02")
def test_what_comes_after_the_last_failure_ends_it_too():
    assert story((1, failed(0.9, 3), -5), (3, failed(2.5, 3), -5), (4, failed(3.5, 2), 3.9)) == [4]


def test_a_short_failure_lost_no_press():
    assert story((1, failed(0.9, 1), 0), (2, failed(0.9), 1.1)) == []
    assert story((1, failed(0.9, 1), 0), (2, failed(1.5), 0), (2.4, failed(1.5), 0)) == []


def test_single_failures_between_updates_that_come_ask_nobody():
    assert (
        story(*((minute, failed(minute - 0.5, 1), minute - 0.1) for minute in range(1, 90))) == []
    )


@pytest.mark.hazard("H02")
def test_while_it_goes_on_failing_it_is_asked_again_once_and_once_more_at_the_end():
    """The question asked again brings a press that is lost like the first."""
    press = (1, failed(0.9, 1), 0), (2, failed(1.9, 1), 0), (3, failed(2.9), 0), (4, failed(2.9), 0)
    again = (
        (6, failed(5.9, 1), 0),
        (7, failed(6.9, 1), 0),
        (9, failed(6.9), 0),
        (10, failed(6.9), 0),
    )
    assert story(*press, *again) == [4]
    assert story(*press, *again, (11, failed(6.9), 10.5)) == [4, 11]


def test_who_answers_the_question_asked_again_is_not_asked_a_third_time():
    press = (1, failed(0.9, 1), 0), (2, failed(1.9, 1), 0), (3, failed(2.9), 0), (4, failed(2.9), 0)
    assert story(*press, (5, failed(2.9), 4.5), (6, failed(2.9), 4.5)) == [4]


@pytest.mark.hazard("H02")
def test_a_webhook_that_was_taken_away_is_a_time_without_ears():
    away, back = Look(GONE, 0, 0), Look(STANDS, 0, 0)
    assert story((1, away, 0), (2, away, 0), (4, back, 0)) == [4]
    assert story((1, away, 0), (2, back, 0)) == []


def test_an_old_failure_at_the_very_first_look_is_nobodys():
    assert story((1, failed(-3, 1), None), (9, failed(-3), None), before=None) == []


def test_what_is_kept_reads_back_and_what_nobody_can_read_is_as_if_nothing_were():
    heard = replace(WELL, error=7, made_up=3, away=True, blindly=True)
    assert heard_of(heard.text()) == heard
    assert [heard_of(text) for text in (None, "", "{}", "[1]", '{"well_at": "x"}')] == [None] * 5


def test_a_look_says_why_nothing_comes():
    look = look_of(
        {"url": "https://a", "last_error_date": 5, "pending_update_count": 1}, "https://a"
    )
    assert look == Look(STANDS, 5, 1)
    assert "taken away" in fault_of(look_of({}, "https://a"), NOON)
    assert "cannot deliver" in fault_of(failed(-1, 1), NOON)
    assert not fault_of(failed(-1), NOON)
    assert not fault_of(failed(-3, 1), NOON)
