"""What holds for every case: sorting is total, repeatable, and never gentler for worse."""

import json
import os
import subprocess
import sys

import pytest
from generated_cases import (
    answers,
    classifier,
    histories,
    hours,
    json_values,
    protocol,
    treatments,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.derived import History
from flows.verdict import LEVEL_WORDS, Level, Verdict

FORWARD = ("redness", "swelling", "pain", "chills", "fatigue", "vomiting")
"""Severities for which a worse answer is never better news, at any hour."""

many = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
known_ids = [question.id for question in protocol().questions]
area = st.sampled_from(list(protocol().areas))


def level(treatment: str, at: float, given_answers: dict[str, object], history: History) -> Level:
    return classifier().classify(treatment, at, given_answers, history).level


@many
@given(treatments, hours, answers(), histories(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(treatment, at, said, history, random) -> None:
    shuffled = list(said.items())
    random.shuffle(shuffled)
    assert classifier().classify(treatment, at, said, history) == classifier().classify(
        treatment, at, dict(shuffled), history
    )


def test_the_order_of_unclear_answers_does_not_matter() -> None:
    said = {"red_flags": [], "redness": "unclear", "swelling": "unclear"}
    turned = dict(reversed(said.items()))
    first, second = (classifier().classify("iv", 6, a, History()) for a in (said, turned))
    assert first.level == second.level
    assert first == second


def test_two_thermometers_are_never_better_than_the_warmer_one() -> None:
    """39.2 C with 98.6 F beside it must not read as no fever."""
    assert level("iv", 30, {"red_flags": [], "temp_c": 39.2, "temp_f": 98.6}, History()) >= (
        Level.URGENT
    )


@many
@given(treatments, hours, answers(), histories(), st.sampled_from(FORWARD))
def test_a_worse_severity_never_lowers_the_level(treatment, at, said, history, symptom) -> None:
    levels = [
        level(treatment, at, {**said, symptom: rank}, history)
        for rank in range(len(protocol().question_by_id[symptom].options))
    ]
    assert levels == sorted(levels)


@many
@given(treatments, hours, answers(), histories(), st.sampled_from(FORWARD))
def test_telling_a_symptom_never_lowers_the_level(treatment, at, said, history, symptom) -> None:
    silent = {name: value for name, value in said.items() if name != symptom}
    worst = len(protocol().question_by_id[symptom].options) - 1
    assert level(treatment, at, {**silent, symptom: worst}, history) >= level(
        treatment, at, silent, history
    )


@many
@given(treatments, hours, answers(), histories(), st.data())
def test_ticking_one_more_warning_sign_never_lowers_the_level(
    treatment, at, said, history, data
) -> None:
    signs = [option.id for option in protocol().question_by_id["red_flags"].options]
    more = {**said, "red_flags": [*said["red_flags"], data.draw(st.sampled_from(signs))]}
    assert level(treatment, at, more, history) >= level(treatment, at, said, history)


@pytest.mark.hazard("H26")
@many
@given(treatments, hours, answers(), histories(), st.sampled_from(known_ids))
def test_an_answer_nobody_can_read_is_never_expected(treatment, at, said, history, name) -> None:
    verdict = classifier().classify(treatment, at, {**said, name: "unclear"}, history)
    assert verdict.level >= Level.FOLLOW_UP
    assert verdict.unclear == (name,)


@many
@given(treatments, hours, answers("red_flags"), histories())
def test_a_check_in_without_its_warning_signs_is_never_expected(
    treatment, at, said, history
) -> None:
    verdict = classifier().classify(treatment, at, said, history)
    assert verdict.level >= Level.WATCH
    assert "INCOMPLETE" in {f.rule for f in verdict.because}


@pytest.mark.parametrize("empty", [{}, {"red_flags": None}])
def test_no_answer_at_all_is_incomplete(empty) -> None:
    assert level("iv", 6, empty, History()) is Level.WATCH


NASTY = (
    "", " ", "unclear", "9" * 5000, "⑩" * 4000, "\ud800", "\0", "%s", "-1", "1e400", "nan", "١",
    True, False, -1, 99, 10**30, -(10**400), 1e30, -1e308, 0.1, 2.0, float("nan"), float("inf"),
    [], [[]], [None], ["none"], [1], ["faint", "faint", 3], {}, {"id": 1},
)  # fmt: skip


@pytest.mark.parametrize("name", [*known_ids, "temp_f", "hours", "treatment", "jumped", "hot"])
def test_nasty_answers_get_a_level(name) -> None:
    for value in NASTY:
        said = {"red_flags": [], name: value}
        verdict = classifier().classify("mn_topical", 400, said, History([], {"area": "face"}))
        assert verdict.level >= (
            Level.EXPECTED if name in (*known_ids, "temp_f") else Level.FOLLOW_UP
        )


@many
@given(
    treatments,
    st.floats(0, 5000),
    st.dictionaries(st.sampled_from([*known_ids, "temp_f"]) | st.text(), json_values, max_size=6),
    histories(),
)
def test_any_json_gets_a_level(treatment, at, said, history) -> None:
    verdict = classifier().classify(treatment, at, said, history)
    assert verdict.level >= (Level.WATCH if "red_flags" not in said else Level.EXPECTED)
    assert set(verdict.unclear) <= {*said, "temp_c"}


@many
@given(treatments, hours, answers(), histories())
def test_a_verdict_says_why_with_the_highest_reason_first(treatment, at, said, history) -> None:
    verdict: Verdict = classifier().classify(treatment, at, said, history)
    levels = [f.level for f in verdict.because]
    assert levels == sorted(levels, reverse=True)
    assert verdict.level == max(levels, default=Level.EXPECTED)
    assert verdict.protocol == protocol().name
    top = verdict.because[0].text if verdict.level else protocol().levels["expected"].text
    assert verdict.text == top
    assert verdict.text in protocol().texts
    for fired in verdict.because:
        assert fired.reason
        assert fired.source


@many
@given(treatments, hours, answers(), histories(), st.sampled_from(list(LEVEL_WORDS)))
def test_an_open_case_keeps_its_level(treatment, at, said, history, word) -> None:
    alone = History(history.checkins, history.profile)
    case = History(history.checkins, history.profile, case_level=word)
    alone_verdict = classifier().classify(treatment, at, said, alone)
    verdict = classifier().classify(treatment, at, said, case)
    assert verdict.level == max(alone_verdict.level, LEVEL_WORDS[word])
    assert verdict.own_level == alone_verdict.level
    assert {f.rule for f in verdict.because} == {"CASE", *(f.rule for f in alone_verdict.because)}


SORT_SOME = """
import json, sys
from flows.classify import compiled
from flows.derived import Earlier, History
from flows.protocol_file import bundled

said = {"red_flags": ["dizzy", "doom"], "redness": 3, "swelling": 2, "pain": 2, "warmth": True,
        "trend": "worse", "hives": "elsewhere", "temp_c": 38.6, "chills": "quite a lot", "lump": 9}
before = [Earlier(h, {"redness": r, "hives": "treated", "trend": "worse"})
          for h, r in ((24, 2), (48, 1))]
past = History(before, {"area": "face", "immune_low": True}, case_level="watch")
print(repr([compiled(bundled()).classify(name, hours, said, past)
            for name in ("inj_skin", "iv+mn_rf") for hours in (5, 72, 700)]))
"""


def test_another_process_says_the_same() -> None:
    """Sets and hashes differ from process to process; verdicts must not."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SORT_SOME],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert json.dumps(outputs.pop()).count("Verdict(") == 6
