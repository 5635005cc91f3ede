"""Free text: what says nothing, put behind a message, takes back no warning sign."""

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.redflags import concepts, detect, normalise
from flows.redflags.model import model

MESSAGES = Path(__file__).parents[1] / "bench" / "redflags" / "messages"
PLAIN = (
    "I have chest pain",
    "my throat is swelling",
    "no puedo respirar",
    "não consigo respirar",
    "не могу дышать",
    "لا أستطيع التنفس",
    "喘不过气",
)
EMPTY = (
    *("kiwi0q2", "(7)", "(2)", "7", "[12]", "112233", "36.6", "37", "#1", "15:30", "2026-11-26"),
    *("😀", "🤒🤒🤒", "!!!", "...", "—", "@anna_b", "Anastasia", "+34 600 123 456", "\n"),
    *("https://example.com/chest?no=fever", "www.spa.com"),
)


@cache
def found() -> list[str]:
    """Messages of one author that are found to hold a warning sign."""
    with (MESSAGES / "author4.csv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if detect(row["text"]).interrupt]


def scores(message: str) -> dict[str, float]:
    """Each sign found, and how sure."""
    return {sign.sign: sign.score for sign in detect(message).signs}


def says_nothing(addition: str) -> bool:
    """Whether no word of it is known to training or vocabulary, and it asks nothing."""
    reading = concepts.understand(normalise.read(addition))
    return not (reading.weighed(model().stems).tokens or reading.hits or reading.text.questions)


@pytest.mark.parametrize("addition", EMPTY)
@pytest.mark.parametrize("message", PLAIN)
def test_anna_is_heard_with_whatever_stands_behind_her_words(message: str, addition: str):
    assert detect(f"{message} {addition}").interrupt


@pytest.mark.parametrize("addition", ["kiwi0q2", "(7)", "😀", "-", "7.", "https://example.com"])
@pytest.mark.parametrize("message", PLAIN)
def test_anna_is_heard_with_whatever_stands_before_her_words(message: str, addition: str):
    assert detect(f"{addition} {message}").interrupt


@settings(deadline=None)
@given(st.data(), st.text(min_size=1, max_size=30))
def test_no_addition_that_says_nothing_takes_back_a_sign(data: st.DataObject, addition: str):
    message = data.draw(st.sampled_from(found()))
    assume(says_nothing(addition))
    before, after = scores(message), scores(f"{message} {addition}")
    assert max(after.values()) >= max(before.values())  # "frozen" after "face" adds a sign


@settings(deadline=None)
@given(
    st.sampled_from(PLAIN),
    st.integers(min_value=0),
    st.sampled_from(["{}", "({})", "#{}", "{}.", "{}!"]),
)
def test_a_number_that_is_no_reading_takes_back_no_sign(message: str, number: int, how: str):
    assert detect(f"{message} {how.format(number)}").interrupt


@pytest.mark.parametrize("message", ["my throat is swelllling", "chest paaaain", "I fainteddd"])
def test_letters_held_down_hide_no_sign(message: str):
    assert detect(message).interrupt


def test_a_question_mark_does_not_hide_a_plain_sign():
    assert detect("I have chest pain?").interrupt


@pytest.mark.parametrize("message", ["kiwi0q2", "(7)", "😀", "asdf jklö", "https://example.com"])
def test_what_says_nothing_is_no_sign_by_itself(message: str):
    assert not detect(message).signs


def test_a_denial_behind_the_words_still_denies():
    assert not detect("одышки нет").signs
    assert not detect("no trouble breathing (7) kiwi0q2").signs
