"""What follows when Anna says nothing: one reminder, then somebody's task, each to the minute."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from test_escalation import BERLIN, MINUTE, NIGHT

from flows.protocol import EVENTS
from flows.protocol_file import bundled
from flows.silence import SentCheckIn, Silent, red_flag_urgent_at, silence_step
from flows.verdict import Level

SILENCE = bundled().silence.model_copy(
    update={
        "reminder_after_minutes": 120,
        "unanswered_after_hours": 24,
        "unanswered_after_serious_hours": 1,
        "abandoned_after_hours": 2,
        "red_flag_question_minutes": 5,
    }
)
SENT = NIGHT
ANNA = SentCheckIn(SENT)


def silence_of(check_in: SentCheckIn, rules=SILENCE) -> list[tuple[str, int]]:
    """Run a silent patient; return each step with its minute after sending."""
    now, found = check_in.sent_at, []
    while (step := silence_step(check_in, rules, now)) and len(found) < 9:
        now = step.at
        found.append((step.what, (now - SENT) // MINUTE))
        if step.what == "reminder":
            check_in = replace(check_in, reminder_sent_at=now)
        else:
            check_in = replace(check_in, produced=check_in.produced | {step.what})
    return found


@pytest.mark.parametrize("level", [None, Level.EXPECTED, Level.WATCH, Level.FOLLOW_UP])
def test_silence_gets_one_reminder_and_is_a_task_after_a_day(level):
    found = silence_of(replace(ANNA, last_level=level))
    assert found == [("reminder", 120), ("no_answer_24h", 24 * 60)]


@pytest.mark.hazard("H40")
@pytest.mark.parametrize("level", [Level.URGENT, Level.EMERGENCY])
def test_silence_after_a_serious_answer_never_waits_for_the_reminder(level):
    found = silence_of(replace(ANNA, last_level=level))
    assert found == [("no_answer_1h", 60), ("reminder", 120)]


def test_an_anna_who_stopped_in_the_middle_has_abandoned_it_two_hours_later():
    found = silence_of(replace(ANNA, last_answer_at=SENT + 10 * MINUTE))
    assert found == [("reminder", 120), ("abandoned_2h", 130)]


def test_stopping_in_the_middle_of_something_serious_counts_from_the_last_answer():
    check_in = replace(ANNA, last_level=Level.URGENT, last_answer_at=SENT + 30 * MINUTE)
    assert silence_of(check_in) == [("no_answer_1h", 90), ("reminder", 120), ("abandoned_2h", 150)]


@pytest.mark.parametrize(
    ("facts", "minute", "what"),
    [
        ({}, 120, "reminder"),
        ({"reminder_sent_at": SENT + 120 * MINUTE}, 24 * 60, "no_answer_24h"),
        ({"last_level": Level.URGENT}, 60, "no_answer_1h"),
        (
            {"last_answer_at": SENT, "reminder_sent_at": SENT + 120 * MINUTE},
            120,
            "abandoned_2h",
        ),
    ],
)
@pytest.mark.parametrize("early", [-1, 0, 1])
def test_each_silence_comes_at_its_minute(facts, minute, what, early):
    due, now = SENT + minute * MINUTE, SENT + (minute + early) * MINUTE
    assert silence_step(replace(ANNA, **facts), SILENCE, now) == (max(due, now), due, what)


def test_after_an_outage_the_reminder_comes_first_and_has_its_time():
    up = SENT + timedelta(hours=30)
    assert silence_step(ANNA, SILENCE, up) == (up, SENT + 120 * MINUTE, "reminder")
    step = silence_step(replace(ANNA, reminder_sent_at=up), SILENCE, up)
    assert step is not None
    assert (step.what, step.at) == ("no_answer_24h", up + 120 * MINUTE)


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"last_level": Level.EMERGENCY}, "no_answer_1h"),
        ({"last_answer_at": SENT + MINUTE}, "abandoned_2h"),
    ],
)
def test_a_reminder_held_through_the_night_holds_no_event(facts, what):
    step = silence_step(replace(ANNA, **facts), SILENCE, SENT + timedelta(hours=5))
    assert step is not None
    assert step.what == what


def test_an_answered_check_in_is_silent_about_nothing():
    done = replace(ANNA, complete=True, last_level=Level.EMERGENCY)
    assert silence_step(done, SILENCE, SENT + timedelta(days=9)) is None


def test_an_unanswered_red_flag_question_is_urgent_after_five_minutes():
    assert red_flag_urgent_at(SENT.astimezone(BERLIN), SILENCE) == SENT + 5 * MINUTE


def test_every_silence_that_is_no_reminder_is_an_event_that_rules_know():
    assert set(get_args(Silent)) - {"reminder"} <= set(EVENTS)


@pytest.mark.parametrize(
    "use",
    [
        lambda naive: silence_step(SentCheckIn(NIGHT), SILENCE, naive),
        lambda naive: red_flag_urgent_at(naive, SILENCE),
    ],
)
def test_a_moment_without_a_zone_is_refused(use):
    with pytest.raises(ValueError, match="has no zone"):
        use(datetime(2026, 11, 25, 22, 10))  # noqa: DTZ001
