"""What the product says to patients: every phrase is there, used, filled and easy to read."""

import re
from pathlib import Path

import pytest
from desk_of_a_clinic import CONTACT

from flows.engine.desk import PLACEHOLDER
from flows.engine.phrases import phrases

ROOT = Path(__file__).parents[2]
FILES = [*(ROOT / "flows" / "engine").glob("*.py"), *(ROOT / "bot").rglob("*.py")]
SOURCE = "\n".join(path.read_text("utf-8") for path in FILES)
OTHERS = ("alert_", "check_in_", "days_", "menu_", "relay_")
"""Phrases of check-ins, alerts and menus, which have tests of their own, and counted days."""
MINE = {name: text for name, text in phrases("en").items() if not name.startswith(OTHERS)}
SENTENCES = [name for name, text in MINE.items() if len(text.split()) > 8]
GRADE = 6.0
"""Reading level that patients are written for (docs: design, the check-in)."""


def syllables(word: str) -> int:
    """Count the syllables of an English word, roughly: groups of vowels, without a silent e."""
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = len(groups) > 1 and word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, len(groups) - silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade level of a text."""
    plain = PLACEHOLDER.sub("name", text)
    sentences = [
        one for one in re.split(r"[.!?:\n]+", plain) if re.search(r"[a-z]", one, re.IGNORECASE)
    ]
    words = re.findall(r"[A-Za-z']+", plain)
    beats = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


def test_a_hard_sentence_is_known_to_be_hard():
    assert grade("The cat sat on the mat.") < 2
    assert (
        grade("Notwithstanding aforementioned circumstances, hospitalisation is imperative.") > 12
    )


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sixth_grader_can_read_it(name):
    assert grade(MINE[name]) <= GRADE, grade(MINE[name])


@pytest.mark.parametrize("name", MINE)
def test_every_phrase_is_said_somewhere(name):
    assert re.search(rf"[\"']{name}[\"']", SOURCE)


def test_every_phrase_that_is_said_is_there():
    said = set(re.findall(r"\.phrase\(\s*[\"']([a-z_]+)[\"']", SOURCE))
    assert said
    assert said - phrases("en").keys() == set()


def test_a_phrase_is_never_empty_and_has_no_broken_placeholder():
    for name, text in phrases("en").items():
        assert text.strip(), name
        assert "{" not in PLACEHOLDER.sub("", text), name
        assert "}" not in PLACEHOLDER.sub("", text), name


def test_the_clinic_is_named_with_the_words_that_a_contact_has():
    clinic = {p for text in MINE.values() for p in PLACEHOLDER.findall(text) if "clinic" in p}
    assert clinic <= CONTACT.words.keys()


def test_a_language_without_phrases_speaks_english():
    assert phrases("tlh") == phrases("en")


def test_no_phrase_says_that_somebody_is_watching():
    for name, text in MINE.items():
        assert not re.search(r"\b(we are|we're) (watching|here for you)\b", text, re.IGNORECASE), (
            name
        )
