"""One line of a protocol file, read as a nurse would read it."""

import pytest
from generated_cases import protocol

from flows.conditions import Comparison, ConditionError, parse

MISSING: dict[str, object] = {}


def comparison(line: str) -> Comparison:
    return parse(line, protocol().subjects)


def holds(line: str, **facts: object) -> bool:
    return comparison(line).compiled()(facts)


@pytest.mark.parametrize(
    ("line", "facts", "expected"),
    [
        ("redness is light_pink", {"redness": 1}, True),
        ("redness is light_pink", {"redness": 2}, False),
        ("redness is none", {"redness": 0}, True),
        ("redness is not none", {"redness": 2}, True),
        ("redness is not none", {"redness": 0}, False),
        ("redness is_at_least clearly_red", {"redness": 3}, True),
        ("redness is_at_least clearly_red", {"redness": 1}, False),
        ("redness is_at_most clearly_red", {"redness": 2}, True),
        ("redness is_at_most clearly_red", {"redness": 3}, False),
        ("redness in none, very_red", {"redness": 3}, True),
        ("redness in none, very_red", {"redness": 1}, False),
        ("swelling_place in lips_other, limb", {"swelling_place": "limb"}, True),
        ("swelling_place in lips_other, limb", {"swelling_place": "treated_only"}, False),
        ("temp_c >= 38.0", {"temp_c": 38.0}, True),
        ("temp_c >= 38.0", {"temp_c": 37.9}, False),
        ("temp_c > 38.0", {"temp_c": 38.0}, False),
        ("temp_c < 38.0", {"temp_c": 37.9}, True),
        ("temp_c < 38.0", {"temp_c": 38.0}, False),
        ("temp_c <= 38.0", {"temp_c": 38.0}, True),
        ("hours > 48", {"hours": 48.1}, True),
        ("hours >= 0", {"hours": 0}, True),
        ("red_flags includes faint", {"red_flags": frozenset({"faint", "fit"})}, True),
        ("red_flags includes faint", {"red_flags": frozenset()}, False),
        ("treatment includes injected", {"treatment": frozenset({"injected"})}, True),
        ("warmth", {"warmth": True}, True),
        ("warmth", {"warmth": False}, False),
        ("warmth is yes", {"warmth": True}, True),
        ("swelling_sudden is no", {"swelling_sudden": False}, True),
        ("swelling_sudden is no", {"swelling_sudden": True}, False),
        ("not immune_low", {"immune_low": True}, False),
        ("not immune_low", {"immune_low": False}, True),
        ("previous hives is treated", {"previous hives": "treated"}, True),
        ("previous hives is treated", {"hives": "treated"}, False),
        ("temp_c_not_measured", {"temp_c_not_measured": True}, True),
        ("last_level is none", {"last_level": "none"}, True),
    ],
)
def test_a_line_means_what_it_says(line, facts, expected) -> None:
    assert comparison(line).compiled()(facts) is expected


@pytest.mark.parametrize(
    "line",
    [
        "redness is none", "redness is not very_red", "redness is_at_most very_red",
        "hives is not none", "temp_c < 36.0", "temp_c <= 40", "temp_c > 30", "temp_c >= 30",
        "red_flags includes faint", "warmth", "warmth is no", "hot", "immune_low",
        "previous hives is not none", "area is face",
    ],
)  # fmt: skip
def test_a_missing_answer_makes_every_comparison_false(line) -> None:
    assert comparison(line).compiled()(MISSING) is False


def test_only_the_opposite_of_a_sign_holds_when_nothing_is_known() -> None:
    assert holds("not immune_low") is True


@pytest.mark.parametrize(
    ("line", "worse"),
    [
        ("redness is_at_least clearly_red", True),
        ("redness is very_red", True),
        ("redness in clearly_red, very_red", True),
        ("redness is not none", True),
        ("redness is clearly_red", False),
        ("redness is_at_most light_pink", False),
        ("temp_c >= 38.0", True),
        ("hours > 48", True),
        ("temp_c < 38.0", False),
        ("hours <= 48", False),
        ("red_flags includes faint", True),
        ("warmth", True),
        ("not immune_low", False),
        ("previous hives is spreading", False),
        ("swelling_sudden is yes", True),
        ("swelling_sudden is no", False),
    ],
)
def test_a_line_knows_whether_worse_keeps_it_true(line, worse) -> None:
    assert comparison(line).towards_worse is worse


def test_accepted_words_stand_best_first() -> None:
    assert comparison("redness in very_red, none").accepted() == ("none", "very_red")
    assert comparison("redness is not none").accepted() == ("light_pink", "clearly_red", "very_red")


def test_a_line_looks_at_one_fact() -> None:
    assert comparison("redness is none").key == "redness"
    assert comparison("previous redness is none").key == "previous redness"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Redness is none", "is not a comparison"),
        ("redness  is none", "is not a comparison"),
        (" redness is none", "is not a comparison"),
        ("redness is", "is not a comparison"),
        ("redness is\nnone", "is not a comparison"),
        ("redness == none", "is not a comparison"),
        ("redness is none or itch is none", "redness has no «none or itch is none»"),
        ("rednes is none", "no question, sign or fact here"),
        ("redness is red", "redness has no «red»; it has none, light_pink"),
        ("redness is none, light_pink", "several words need «in»"),
        ("redness is_at_least none, light_pink", "several words need «in»"),
        ("redness in none,", "redness has no «»"),
        ("redness", "needs something to compare with"),
        ("temp_c", "needs something to compare with"),
        ("temp_c is 38", "use one of >= > <= <"),
        ("temp_c >= hot", "«hot» is not a number"),
        ("temp_c >= 38 C", "«38 C» is not a number"),
        ("hot > 3", "write its name alone"),
        ("red_flags in faint, fit", "use includes"),
        ("warmth is not yes", "«is not» does not fit warmth; use is"),
        ("not redness", "only a sign or a fact"),
        ("not immune_low is yes", "write «is not» in place of «not»"),
        ("not not immune_low", "is not a comparison"),
        ("area is nose", "area has no «nose»; it has face"),
        ("field is wide", "field has no «wide»; it has single, multi"),
        ("event is gone", "event has no «gone»"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(line, words) -> None:
    with pytest.raises(ConditionError) as caught:
        comparison(line)
    assert words in str(caught.value)
    assert "«" in str(caught.value)
