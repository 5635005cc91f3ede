"""The shipped model on messages that nobody looked at while it was made."""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.redflags import detect

HELD_OUT = Path(__file__).parents[1] / "bench" / "redflags" / "heldout" / "messages.csv"
LANGUAGES = ("en", "es", "pt", "ru", "ar", "zh")
CAUGHT, FALSE_ALARMS = 0.85, 0.20
CAUGHT_IN_EACH, FALSE_ALARMS_IN_EACH = 0.80, 0.25


class Heard(NamedTuple):
    """One message: its language, whether it must interrupt, and whether it did."""

    language: str
    must: bool
    did: bool


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    """Every message that was kept aside, heard once."""
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Heard(r["language"], r["interrupt"] == "yes", detect(r["text"]).interrupt) for r in rows
    ]


def share(heard: list[Heard], *, must: bool) -> float:
    """The share of the messages of one kind that interrupt."""
    answers = [one.did for one in heard if one.must is must]
    assert len(answers) >= 30
    return sum(answers) / len(answers)


@pytest.mark.hazard("H25")
def test_most_warning_signs_are_caught_and_few_other_messages_interrupt(heard) -> None:
    assert share(heard, must=True) >= CAUGHT
    assert share(heard, must=False) <= FALSE_ALARMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_heard_much_worse_than_the_others(heard, language) -> None:
    spoken = [one for one in heard if one.language == language]
    assert share(spoken, must=True) >= CAUGHT_IN_EACH
    assert share(spoken, must=False) <= FALSE_ALARMS_IN_EACH
