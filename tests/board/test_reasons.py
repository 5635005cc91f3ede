"""Stored reasons on the board, in the language of the staff."""

import pytest

from bot.board.reasons import REASONS, reason_in_words
from bot.export.wording import read

STOPPED = "its time has passed, and alert A7K2-1 is open"


def test_every_stored_reason_is_there_for_translators() -> None:
    assert list(REASONS) == list(read("en")["reasons"].values())


def test_in_english_a_reason_stands_as_it_is_stored() -> None:
    assert reason_in_words(STOPPED) == STOPPED


def test_in_english_a_code_in_it_is_said_in_words() -> None:
    moved = "moved_apart: 10:00 is too close to another message"
    assert reason_in_words(moved) == "moved apart: 10:00 is too close to another message"


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (STOPPED, "⟦its time has passed, and ⟦alert A7K2-1 is open⟧⟧"),
        ("too late: active", "⟦too late: ⟦active⟧⟧"),
        ("Dora has left", "⟦Dora has left⟧"),
        ("no answer since Tue 24 Nov, 14:05", "⟦no answer since Di., 24. Nov., 14:05⟧"),
        ("advised", "⟦advised⟧"),
        ("X9", "X9"),
        ("", ""),
    ],
)
def test_a_reason_is_read_in_the_language_of_the_staff_with_what_stands_in_it(
    stored, shown
) -> None:
    assert reason_in_words(stored) == shown
