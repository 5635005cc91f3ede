"""How many taps a check-in costs Anna: simulated patients go through the real conversation."""

from statistics import median

import pytest
from generated_cases import protocol

from bench.clinic.assumptions import load
from bench.clinic.courses import Clinic
from bench.taps import MILD, OTHER, WELL, counted

COURSES = 40


@pytest.fixture(scope="module")
def taps() -> dict[str, list[int]]:
    """The taps of every answered check-in of some simulated courses, by kind of patient."""
    clinic = Clinic(protocol(), load())
    found: dict[str, list[int]] = {WELL: [], MILD: [], OTHER: []}
    for followed in clinic.courses(1, COURSES):
        for kind, count in counted(followed, clinic):
            found[kind].append(count)
    return found


def test_a_well_patient_is_done_with_one_tap(taps) -> None:
    assert len(taps[WELL]) > COURSES
    assert median(taps[WELL]) == 1


def test_one_mild_symptom_takes_at_most_five(taps) -> None:
    assert len(taps[MILD]) > 10
    assert median(taps[MILD]) <= 5


def test_nobody_needs_more_than_twenty_five(taps) -> None:
    assert max(max(counts) for counts in taps.values()) <= 25
