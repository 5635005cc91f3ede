"""What Anna taps or types becomes a stored answer, or is unclear; never a guess."""

import pytest
from generated_cases import json_values, protocol
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import (
    LARGEST_CM,
    LONGEST_HOURS,
    NO,
    NOT_MEASURED,
    UNCLEAR,
    YES,
    plain,
    reader,
    typed,
)
from flows.rule_tables import Question

HOURS = 600.0


def read(question: str, value: object, hours: float = HOURS) -> object:
    return reader(protocol().question_by_id[question])(value, hours)


@pytest.mark.parametrize(
    ("said", "celsius"),
    [
        ("37.8", 37.8), ("37,8", 37.8), ("38", 38.0), ("38.", 38.0), (" 38.2 ", 38.2),
        ("38°", 38.0), ("38 °C", 38.0), ("38,6°c", 38.6), ("38.6 ℃", 38.6), ("37.8º", 37.8),
        ("37,8 ºC", 37.8), ("38 degrees", 38.0), ("38.2 degrees celsius", 38.2),
        ("38 grados", 38.0), ("38 graus", 38.0), ("38,1 градуса", 38.1), ("38 درجة", 38.0),
        ("38.5度", 38.5), ("摄氏", UNCLEAR), ("38.5 摄氏度", 38.5),
        ("100F", 37.8), ("100 f", 37.8), ("98.6", 37.0), ("100.4 °F", 38.0), ("101 ℉", 38.3),
        ("104 fahrenheit", 40.0), ("100.4華氏", UNCLEAR), ("100.4华氏度", 38.0),
        ("٣٨٫٦", 38.6), ("٣٨،٦", 38.6), ("۳۸٫۶", 38.6), ("３８．６", 38.6), ("३८.६", 38.6),
        ("37.94", 37.9), ("37.95", 38.0), ("37.949999", 37.9), ("38.05", 38.1), ("38.45", 38.5),
        ("34.0", 34.0), ("33.95", 34.0), ("33.94", UNCLEAR), ("43.0", 43.0), ("43.05", UNCLEAR),
        ("93.2", 34.0), ("109.4", 43.0), ("93", UNCLEAR), ("109.6 F", UNCLEAR), ("50", UNCLEAR),
        ("38 F", UNCLEAR), ("100 C", UNCLEAR), ("37-38", UNCLEAR), ("37 38", UNCLEAR),
        ("37/38", UNCLEAR), ("38 then 39", UNCLEAR), ("between 37 and 38", UNCLEAR),
        ("about 38", UNCLEAR), ("-38", UNCLEAR), ("+38", UNCLEAR), ("3.8e1", UNCLEAR),
        ("3 8", UNCLEAR), ("380", UNCLEAR), ("1038", UNCLEAR), ("", UNCLEAR), ("no", UNCLEAR),
        ("38..5", UNCLEAR), ("38,5,1", UNCLEAR), ("fever", UNCLEAR), ("38 kg", UNCLEAR),
        ("not measured", NOT_MEASURED), ("Not_Measured", NOT_MEASURED),
    ],
)  # fmt: skip
@pytest.mark.hazard("H41")
def test_a_typed_temperature(said, celsius) -> None:
    assert read("temp_c", said) == celsius


@pytest.mark.parametrize(
    ("value", "celsius"),
    [(38, 38.0), (38.25, 38.3), (100.4, 38.0), (33.9, UNCLEAR), (44, UNCLEAR), (0, UNCLEAR),
     (1e30, UNCLEAR), (-(10**400), UNCLEAR), (10**400, UNCLEAR), (float("nan"), UNCLEAR),
     (float("inf"), UNCLEAR), (True, UNCLEAR), ([38], UNCLEAR), ({}, UNCLEAR)],
)  # fmt: skip
def test_a_measured_temperature(value, celsius) -> None:
    assert read("temp_c", value) == celsius


def test_a_number_too_long_to_write_down_is_unclear() -> None:
    assert read("temp_c", 10**5000) == UNCLEAR


@pytest.mark.parametrize(
    "word",
    ["yes", "Y", " YES ", "yep", "sí", "Si", "sim", "да", "ДА", "نعم", "是", "有", "ＹＥＳ"],
)
def test_yes_in_six_languages(word) -> None:
    assert read("warmth", word) is True


@pytest.mark.parametrize("word", ["no", "N", "nope", "não", "nao", "нет", "لا", "没有", "否", "NO"])
def test_no_in_six_languages(word) -> None:
    assert read("warmth", word) is False


@pytest.mark.parametrize("word", ["", "maybe", "yes no", "no, but", "0", "1", "not sure", "yes?!"])
def test_anything_else_is_neither_yes_nor_no(word) -> None:
    assert read("warmth", word) == UNCLEAR


@pytest.mark.parametrize("value", [0, 1, 1.0, [True], {}, ()])
def test_only_true_and_false_are_a_stored_yes_or_no(value) -> None:
    assert read("warmth", value) == UNCLEAR
    assert read("warmth", value=True) is True
    assert read("warmth", value=False) is False


@pytest.mark.parametrize(
    ("said", "rank"),
    [
        (0, 0), (3, 3), ("none", 0), ("clearly_red", 2), ("Clearly Red", 2), ("clearly red", 2),
        ("2", 2), ("٢", 2), ("２", 2), ("no", 0), ("нет", 0), ("Not red", 0), ("LIGHT PINK", 1),
        (4, UNCLEAR), (-1, UNCLEAR), ("4", UNCLEAR), ("-1", UNCLEAR), ("2.0", UNCLEAR),
        (2.0, UNCLEAR), (True, UNCLEAR), ("yes", UNCLEAR), ("red", UNCLEAR), ("", UNCLEAR),
        ("1 2", UNCLEAR), ("1-2", UNCLEAR), ("9" * 5000, UNCLEAR), ("⑩" * 4000, UNCLEAR),
        ([2], UNCLEAR), ({"rank": 2}, UNCLEAR),
    ],
)  # fmt: skip
def test_a_severity(said, rank) -> None:
    assert read("redness", said) == rank


@pytest.mark.parametrize(
    ("question", "said", "word"),
    [
        ("hives", "elsewhere", "elsewhere"), ("hives", "no", "none"), ("hives", False, "none"),
        ("hives", True, UNCLEAR), ("hives", "yes", UNCLEAR), ("hives", 1, UNCLEAR),
        ("redness_spread", True, "yes"), ("redness_spread", "да", "yes"),
        ("redness_spread", "No", "no"), ("swelling_place", "no", UNCLEAR),
        ("swelling_place", "lips other", "lips_other"), ("trend", "Worse", "worse"),
        ("joint_move", "yes", "yes"), ("joint_move", "no", "cannot"), ("hives", [], UNCLEAR),
    ],
)  # fmt: skip
def test_a_choice(question, said, word) -> None:
    assert read(question, said) == word


@pytest.mark.hazard("H41")
@pytest.mark.parametrize("word", sorted(YES))
def test_yes_typed_to_a_question_that_offers_it_is_that_answer(word) -> None:
    assert read("bleeding", word) == "wont_stop"
    assert read("joint_move", word) == "yes"


@pytest.mark.hazard("H41")
@pytest.mark.parametrize("word", sorted(NO))
def test_no_typed_to_whether_she_can_move_the_joint_is_that_she_cannot(word) -> None:
    assert read("joint_move", word) == "cannot"
    assert read("bleeding", word) == "none"


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ([], frozenset()), (["faint", "fit", "faint"], frozenset({"faint", "fit"})),
        (("faint",), frozenset({"faint"})), ({"faint"}, frozenset({"faint"})),
        (["faint", "headache"], frozenset({"faint", UNCLEAR})), (["none"], UNCLEAR),
        ("faint", frozenset({"faint"})), (["Fainted"], frozenset({"faint"})), ([None], UNCLEAR),
        (UNCLEAR, UNCLEAR), ("no", UNCLEAR),
        (False, UNCLEAR), ({"faint": 1}, UNCLEAR), ([["faint"]], UNCLEAR),
    ],
)  # fmt: skip
def test_of_ticks_what_can_be_read_is_kept_beside_what_cannot(said, stored) -> None:
    assert read("red_flags", said) == stored


def test_warning_signs_cannot_be_typed() -> None:
    """Free text is read elsewhere; as an answer to the list it is never «none of these»."""
    for said in ("none", "no", "faint", ""):
        assert typed(protocol().question_by_id["red_flags"], said, HOURS) == UNCLEAR


@pytest.mark.parametrize(
    ("said", "centimetres"),
    [
        ("3", 3.0), ("3 cm", 3.0), ("3,5см", 3.5), ("٣ سم", 3.0), ("5厘米", 5.0), ("2 cm.", 2.0),
        ("2.5 centimetres", 2.5), ("pea", 1.0), ("coin", 2.5), (0, 0.0), (1.5, 1.5),
        (LARGEST_CM, LARGEST_CM), ("61", UNCLEAR), (61, UNCLEAR), ("-1", UNCLEAR), (-1, UNCLEAR),
        ("3 inches", UNCLEAR), ("5 mm", UNCLEAR), ("2-3", UNCLEAR), ("2 x 3", UNCLEAR),
        ("big", UNCLEAR), ("", UNCLEAR), (True, UNCLEAR), (float("nan"), UNCLEAR),
    ],
)  # fmt: skip
def test_a_size(said, centimetres) -> None:
    assert read("lump_cm", said) == centimetres


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("2 days ago", 552.0), ("2", 552.0), ("1 day", 576.0), ("2,5", 540.0), ("3 дня", 528.0),
        ("3 días", 528.0), ("٣ أيام", 528.0), ("3天前", 528.0), ("0", 600.0),
        ("today", 600.0), ("yesterday", 576.0), ("week", 432.0), ("two weeks", 264.0),
        ("40 days", 0.0), (240, 240.0), (0, 0.0), ("-2", UNCLEAR), (-1, UNCLEAR),
        (LONGEST_HOURS + 1, UNCLEAR), ("2026", UNCLEAR), ("9" * 400, UNCLEAR),
        ("last Monday", UNCLEAR), ("2 weeks", UNCLEAR), ("2-3 days", UNCLEAR), (None, UNCLEAR),
    ],
)  # fmt: skip
def test_an_onset_is_hours_after_the_session(said, hours) -> None:
    assert read("lump_first_seen_h", said) == hours


def test_plain_text_keeps_words_apart() -> None:
    assert plain("  ＡＢ\t１２\n٣٫٥ ") == "ab 12 3.5"


questions = st.sampled_from(protocol().questions)


def stored_form(question: Question, value: object) -> bool:
    """Whether `value` is one of the forms that the module says it stores."""
    words = [option.id for option in question.options]
    number = value if isinstance(value, float) else -1
    return {
        "severity": type(value) is int and 0 <= value < len(words),
        "choice": value in words,
        "ticks": isinstance(value, frozenset) and value <= {*words, UNCLEAR},
        "yes_no": isinstance(value, bool),
        "temperature": value == NOT_MEASURED or 34.0 <= number <= 43.0,
        "size": 0 <= number <= LARGEST_CM,
        "onset": 0 <= number <= LONGEST_HOURS,
    }[question.kind]


@pytest.mark.hazard("H26")
@settings(max_examples=300, deadline=None)
@given(questions, st.text() | json_values, st.floats(0, 5000))
def test_anything_said_is_unclear_or_a_stored_form(question, said, hours) -> None:
    value = reader(question)(said, hours)
    assert value == UNCLEAR or stored_form(question, value)


@settings(max_examples=300, deadline=None)
@given(questions, st.text(alphabet="0123456789.,-°cf ٣٫⑩㉈½ncmyes天d") | json_values)
def test_reading_what_is_stored_changes_nothing(question, said) -> None:
    value = reader(question)(said, HOURS)
    assert reader(question)(value, HOURS) == value
