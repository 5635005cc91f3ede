"""What is stored in English, as staff of another language read it."""

from typing import get_args

import pytest
from pseudo_language import speaks, translated  # noqa: F401 - fixtures

from flows.engine.record import Stage
from flows.engine.reporting import NOT_READ
from flows.engine.warning_list import UNSAID
from flows.escalation import Role
from flows.stored_words import ROLES, STAGES, restated
from flows.verdict import Level

ASKED = "The answer to «Fever» could not be read"
DATED = "no answer since Tue 24 Nov, 14:05"


def test_in_english_a_stored_sentence_stands_as_it_is() -> None:
    assert restated(ASKED) == ASKED


@pytest.mark.usefixtures("translated")
def test_what_is_filled_in_stays() -> None:
    assert restated(ASKED) == "⟦The answer to «Fever» could not be read⟧"


@pytest.mark.usefixtures("translated")
def test_a_stored_day_is_written_as_staff_write_it() -> None:
    assert restated(DATED) == "⟦no answer since Di., 24. Nov., 14:05⟧"
    assert restated(DATED.replace("24 Nov", "31 Jun")) == "⟦no answer since Sa., 1. Juni, 14:05⟧"


@pytest.mark.usefixtures("translated")
def test_what_a_protocol_says_stays_as_it_is() -> None:
    assert restated("Fever of 38 °C and more") == "Fever of 38 °C and more"
    assert restated("") == ""


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(
    "stored", [NOT_READ.reason, UNSAID.reason, "Anna's redness (severe) is past its expected 24 h"]
)
def test_why_an_alert_was_raised_is_translated(stored) -> None:
    assert restated(stored) == f"⟦{stored}⟧"


def test_every_code_that_staff_read_has_words() -> None:
    assert set(get_args(Stage)) == set(STAGES)
    assert set(get_args(Role)) == set(ROLES)


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_translated(level) -> None:
    assert restated(str(level)) == f"⟦{level}⟧"
