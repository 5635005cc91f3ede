"""The buttons of an enrolment carry everything chosen so far, and nothing of another protocol."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff import enrol_steps
from bot.staff.enrol_choice import Choice, ChoiceError, choice_of, code_of
from flows.engine.events import Message
from flows.protocol_file import bundled

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
STEPS = st.sampled_from(["what", "area", "when", "ok", "make", "stop"])
PLACES = st.frozensets(st.integers(0, len(bundled().treatments) - 1))
AREAS = st.none() | st.integers(0, len(bundled().areas) - 1)
MINUTES = st.none() | st.integers(0, 14 * 24 * 60).map(lambda m: NOW - timedelta(minutes=m))
CHOICES = st.builds(Choice, PLACES, AREAS, MINUTES, STEPS)


@given(CHOICES)
def test_a_choice_comes_back_from_its_button(choice) -> None:
    code = code_of(bundled(), choice)
    assert choice_of(bundled(), code, NOW) == choice
    assert len(code.encode()) <= 64


@given(CHOICES.filter(lambda choice: choice.treatments))
def test_every_button_of_every_step_fits_and_can_be_read(choice) -> None:
    message = enrol_steps.shown(bundled(), choice, BERLIN, NOW)
    codes = [key.code for row in message.keys for key in row]
    assert all(len(code.encode()) <= 64 for code in codes)
    assert len(set(codes)) == len(codes)
    for code in codes:
        choice_of(bundled(), code, NOW)
    assert len(message.text) <= 1000


@given(st.text(max_size=64))
def test_a_forged_button_is_refused_and_nothing_else(text) -> None:
    with pytest.raises(ChoiceError):
        choice_of(bundled(), f"n:{text}", NOW)


@pytest.mark.parametrize(
    "part",
    [
        (1, "fffff"), (1, "-1"), (2, "7"), (2, "-1"), (3, "zz"), (3, "9" * 40), (3, "9999999999m"),
        (4, "jump"), (5, "0000"),
    ],
)  # fmt: skip
def test_a_button_with_one_wrong_part_is_refused(part) -> None:
    place, value = part
    parts = code_of(bundled(), Choice(frozenset({0}), 0, NOW, "ok")).split(":")
    choice_of(bundled(), ":".join(parts), NOW)
    parts[place] = value
    with pytest.raises(ChoiceError):
        choice_of(bundled(), ":".join(parts), NOW)


def test_just_now_is_when_it_is_pressed() -> None:
    keys = labels(enrol_steps.shown(bundled(), at_when(), BERLIN, NOW))
    later = NOW + timedelta(hours=9)
    assert choice_of(bundled(), keys["Just now"], later).at == later
    assert choice_of(bundled(), keys["2 h ago"], later).at == later - timedelta(hours=2)


def test_a_time_of_day_stays_what_its_label_says() -> None:
    keys = labels(enrol_steps.shown(bundled(), at_when(), BERLIN, NOW))
    chosen = choice_of(bundled(), keys["Today 13:00"], NOW + timedelta(days=2))
    assert chosen.at == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_early_in_the_morning_yesterdays_times_are_offered() -> None:
    early = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    keys = labels(enrol_steps.shown(bundled(), at_when(), BERLIN, early))
    assert "Yesterday 17:00" in keys
    assert not any(label.startswith("Today") for label in keys)


def test_the_usual_area_stands_first_unless_there_are_two() -> None:
    one = enrol_steps.shown(bundled(), Choice(frozenset({8}), step="area"), BERLIN, NOW)
    assert one.keys[0][0].label == "Scalp (usual)"
    two = enrol_steps.shown(bundled(), Choice(frozenset({0, 8}), step="area"), BERLIN, NOW)
    assert not any("usual" in label for label in labels(two))


def at_when() -> Choice:
    return Choice(frozenset({0}), 0, None, "when")


def labels(message: Message) -> dict[str, str]:
    return {key.label: key.code for row in message.keys for key in row}
