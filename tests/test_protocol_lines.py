"""A condition that cannot be meant is refused, quoted, with its line in the file."""

import re

import pytest
from test_protocol_file import TEXT, edited, refusal

FIRST = 'all = ["red_flags includes breathing"]'
LINES = [
    ("red_flags includes breath", "has no «breath»; it has breathing, throat"),
    ("red_flag includes breathing", "is about «red_flag», which is no question, sign or fact"),
    ("previous redness", "needs something to compare with, like «previous redness is …»"),
    ("red_flags is breathing", "«is» does not fit red_flags; use includes"),
    ("red_flags includes breathing, throat", "several words need «in»"),
    ("redness = very_red", "is not a comparison; write for example"),
    ("redness >= very_red", "«>=» does not fit redness; use is / is not / in"),
    ("redness is light_pink, very_red", "several words need «in»"),
    ("not redness is none", "only a sign or a fact about the patient can follow «not»"),
    ("not warmth", "only a sign or a fact about the patient can follow «not»"),
    ("not hot is yes", "write «is not» in place of «not»"),
    ("hot is yes", "«is» does not fit hot; write its name alone"),
    ("warmth is maybe", "has no «maybe»; it has no, yes"),
    ("temp_c is 38", "temp_c is a number; use one of >= > <= <"),
    ("temp_c >= 38,5", "«38,5» is not a number"),
    ("temp_c >= 38 and hours > 2", "is not a number"),
    ("treatment includes filler", "treatment has no «filler»"),
    (" ", "is not a comparison"),
]


@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_broken_comparison_is_quoted_with_its_line(line, words) -> None:
    text, number = edited(FIRST, f'all = ["{line}"]')
    said = refusal(text)
    assert f"{number}: rules «RF-01»: «{line}»" in said
    assert words in said


@pytest.mark.parametrize(
    ("new", "words"),
    [
        pytest.param('all = ["red_flags"]', "{line}: rules"),
        pytest.param("all = ['red_flags is faint']", "{line}: rules"),
        pytest.param('all = ["temp_c >= nan"]', "not a number"),
        pytest.param('all = ["previous hours > 3"]', "previous"),
        pytest.param('all = ["previous immune_low"]', "previous"),
        pytest.param('all = ["not previous gravity"]', "previous"),
    ],
)
def test_a_treacherous_comparison_is_refused_with_its_line(new, words) -> None:
    text, line = edited(FIRST, new)
    assert words.replace("{line}", line) in refusal(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("immune_low", "warmth"),
        pytest.param("metal_allergy", "jumped"),
        pytest.param("needling", "mn_rf"),
    ],
)
def test_one_id_for_a_fact_a_sign_or_a_question_and_something_else_is_refused(old, new) -> None:
    """Renaming all places at once leaves a file whose every line can still be read."""
    assert f"«{new}»" in refusal(re.sub(rf"\b{old}\b", new, TEXT))


def test_a_rule_without_a_condition_is_refused() -> None:
    text, _ = edited(FIRST, "all = []")
    assert "rules «RF-01»: has no condition; give it a line" in refusal(text)


def test_a_sign_can_only_use_signs_above_it() -> None:
    text, _ = edited('any = ["temp_c >= 38.0", "shivering_after_pill"]', 'any = ["masked"]')
    assert "signs «fever_like»: «masked» uses a sign that is defined further down" in refusal(text)


def test_a_question_that_comes_up_by_a_broken_line_is_refused() -> None:
    text, _ = edited('when_any = ["redness is_at_least light_pink"]', 'when_any = ["reddish"]')
    assert "questions «redness_spread»: «reddish» is about" in refusal(text)
    text, _ = edited("all = ['lump_present']".replace("'", '"'), 'all = ["lumpy"]')
    assert "«lumpy» is about" in refusal(text)
