"""What Anna finds when she types a word after /faq, and which files of answers are refused."""

from pathlib import Path

import pytest

from flows.faq import LONGEST_ANSWER, bundled_faq, load_faq, parse_faq
from flows.protocol_file import ProtocolError, bundled

SMALL = """
[faq]
languages = ["en"]

[[answers]]
id = "sun"
question.en = "May I go into the sun?"
answer.en = "Stay out of it for a week."
words = ["tan"]
"""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("how many sessions", "sessions"),
        ("When do I see results?", "results_skin"),
        ("resutls", "results_skin"),
        ("hair", "hair"),
        ("SCARS", "scars"),
        ("dark spots", "pigment"),
        ("does it hurt", "side_common"),
        ("is bruising normal", "side_common"),
        ("lumps", "side_less"),
        ("can I do this pregnant", "suitability"),
        ("how long does it take", "duration"),
        ("what is an exosome", "what"),
    ],
)
def test_the_best_answer_comes_first(typed, found) -> None:
    assert bundled_faq().search(typed)[0].id == found


@pytest.mark.parametrize("typed", ["", "?", "what is it", "zebra", "👍", "can I wear makeup"])
def test_where_nothing_fits_nothing_is_found(typed) -> None:
    assert bundled_faq().search(typed) == []


def test_the_same_words_find_the_same_in_any_case_and_with_any_accent() -> None:
    faq = bundled_faq()
    assert faq.search("Réjuvenation") == faq.search("rejuvenation") != []


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    assert bundled_faq().search("exosome pregnancy")[0].id == "suitability"


def test_the_bundled_answers_are_for_the_bundled_protocol_alone() -> None:
    assert bundled_faq().fits(bundled())
    assert parse_faq(SMALL, "own.toml").fits(bundled())
    assert not parse_faq(SMALL.replace("[faq]", '[faq]\nabout = "laser"'), "x").fits(bundled())


def test_a_clinic_can_bring_its_own(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL, encoding="utf-8")
    [one] = load_faq(path).search("tan")
    assert one.id == "sun"


def test_words_in_another_language_fall_back_to_the_first() -> None:
    faq = parse_faq(SMALL, "own.toml")
    [one] = faq.answers
    assert faq.said(one.answer, "ru") == "Stay out of it for a week."
    assert faq.named("moon") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[faq]", "[faq", ("own.toml", "not valid TOML")),
        ('languages = ["en"]', 'languages = ["en", "ru"]', ("«sun»", "no words in «ru»")),
        ("May I", f"May {'I' * 60}", ("«sun»", "Make two of it")),
        ("a week", "a week" * LONGEST_ANSWER, ("«sun»", "Make two of it")),
        ("answer.en", "anwser.en", ("own.toml, line", "answers")),
        ('words = ["tan"]', "[[answers]]\n" + SMALL.partition("[[answers]]\n")[2],
         ("the same id",)),
    ],
)  # fmt: skip
def test_a_file_that_would_leave_anna_without_an_answer_is_refused(old, new, words) -> None:
    with pytest.raises(ProtocolError) as error:
        parse_faq(SMALL.replace(old, new, 1), "own.toml")
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_file_that_is_not_there_or_not_utf8_is_refused_by_its_name(tmp_path) -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        load_faq(Path("nowhere.toml"))
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ProtocolError, match="save the file as UTF-8"):
        load_faq(path)
