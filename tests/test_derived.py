"""Quantities that no single answer holds, on Anna's earlier check-ins."""

import pytest
from generated_cases import classifier, protocol

from flows.derived import (
    DERIVED,
    Earlier,
    History,
    came_back,
    fever_hours,
    infection_signs,
    jumped,
    low_grade_hours,
    worse_twice,
)


def past(question: str, *values: object) -> list[Earlier]:
    """Check-ins a day apart, oldest first; None stands for «not asked»."""
    return [
        Earlier(24.0 * day, {} if value is None else {question: value})
        for day, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("now", "count"),
    [
        ({}, 0),
        ({"redness": 1, "pain": 1, "swelling": 1, "warmth": False, "discharge": "clear"}, 0),
        ({"redness": 2}, 1),
        ({"redness": 1, "redness_spread": "yes"}, 1),
        ({"redness": 3, "redness_spread": "fast"}, 1),
        ({"redness_spread": "no"}, 0),
        ({"warmth": True}, 1),
        ({"pain": 2}, 1),
        ({"swelling": 3}, 1),
        ({"discharge": "pus"}, 1),
        ({"lump_tender": True}, 1),
        ({"redness": 2, "warmth": True, "pain": 2, "swelling": 2, "discharge": "pus",
          "lump_tender": True}, 6),
    ],
)  # fmt: skip
def test_signs_of_infection_are_counted(now, count) -> None:
    assert infection_signs(now, []) == count


@pytest.mark.parametrize("symptom", ["redness", "swelling", "pain", "tingle", "chills"])
def test_two_steps_above_the_last_check_in_is_a_jump(symptom) -> None:
    assert jumped({symptom: 2}, past(symptom, 0))
    assert jumped({symptom: 3}, past(symptom, 3, 1))
    assert not jumped({symptom: 2}, past(symptom, 1))
    assert not jumped({symptom: 2}, past(symptom, 0, 1))


@pytest.mark.parametrize(
    ("now", "before"),
    [({"redness": 3}, []), ({"redness": 3}, past("redness", None)), ({}, past("redness", 0)),
     ({"itch": 3}, past("itch", 0))],
)  # fmt: skip
def test_there_is_no_jump_without_two_answers(now, before) -> None:
    assert not jumped(now, before)


@pytest.mark.parametrize("symptom", ["redness", "swelling", "pain"])
def test_what_had_improved_and_rose_again_came_back(symptom) -> None:
    assert came_back({symptom: 2}, past(symptom, 3, 1))
    assert came_back({symptom: 1, "warmth": True}, past(symptom, 2, 0))
    assert came_back({symptom: 2}, past(symptom, 3, 2, 1))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ({"redness": 2}, []),
        ({"redness": 2}, past("redness", 1)),
        ({"redness": 2}, past("redness", 1, 1)),
        ({"redness": 2}, past("redness", 0, 1)),
        ({"redness": 1}, past("redness", 2, 0)),
        ({"redness": 2}, past("redness", 3, 2)),
        ({"redness": 2}, past("redness", 3, None)),
        ({}, past("redness", 3, 1)),
        ({"redness": 2, "baseline": {"redness": 2}}, past("redness", 3, 1)),
    ],
)
def test_what_never_improved_or_was_there_before_did_not_come_back(now, before) -> None:
    assert not came_back(now, before)


def test_above_the_baseline_it_did_come_back() -> None:
    assert came_back({"redness": 2, "baseline": {"redness": 1}}, past("redness", 3, 1))
    assert came_back({"redness": 2, "baseline": "unknown"}, past("redness", 3, 1))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ("worse", ("worse",), True),
        ("worse", ("worse", "same"), False),
        ("same", ("worse",), False),
        ("worse", (), False),
        ("worse", (None,), False),
    ],
)
def test_worse_twice_needs_the_last_two_in_a_row(now, before, expected) -> None:
    assert worse_twice({"trend": now}, past("trend", *before)) is expected


@pytest.mark.parametrize(
    ("now", "before", "hours"),
    [
        (38.0, (), 0.0),
        (37.9, (38.5,), 0.0),
        (38.2, (38.0,), 72.0),
        (38.2, (38.0, 39.0), 72.0),
        (38.2, (38.0, 37.0), 0.0),
        (38.2, (38.0, 37.0, 38.4), 24.0),
        (38.2, (38.0, None, 38.1), 72.0),
        (38.2, (None, 38.1), 48.0),
        (38.2, (38.0, None, None), 72.0),
    ],
)
def test_fever_is_counted_from_the_start_of_its_unbroken_run(now, before, hours) -> None:
    """Ninety-six hours after the session; the earlier check-ins at 24, 48 and 72 hours."""
    assert fever_hours({"hours": 96.0, "temp_c": now}, past("temp_c", *before)) == hours


def test_a_low_grade_counts_from_37_5() -> None:
    now = {"hours": 96.0, "temp_c": 37.5}
    assert low_grade_hours(now, past("temp_c", 37.5, 37.6, 37.5)) == 72.0
    assert low_grade_hours(now, past("temp_c", 37.5, 37.4)) == 0.0
    assert fever_hours(now, past("temp_c", 38.0)) == 0.0


def test_no_temperature_is_no_fever_hours() -> None:
    assert fever_hours({"hours": 96.0}, past("temp_c", 38.5)) == 0.0


@pytest.mark.parametrize("name", DERIVED)
def test_every_quantity_can_be_named_in_a_protocol(name) -> None:
    kind, quantity = DERIVED[name]
    assert protocol().subjects[name].kind == kind
    assert quantity({"hours": 1.0}, []) in (0, False)


def test_answers_of_the_past_are_read_like_those_of_today() -> None:
    """Typed words, Fahrenheit and unreadable answers of an earlier check-in do not get lost."""
    typed = History([Earlier(24, {"temp_f": 101.2, "redness": "very red, like a bad sunburn"}),
                     Earlier(48, {"temp_c": "38,4 °C", "redness": "hm"})])  # fmt: skip
    _, facts, _ = classifier().facts("inj_skin", 72, {"temp_c": 38.1, "redness": 3}, typed)
    assert facts["fever_hours"] == 48
    assert facts["jumped"] is False
