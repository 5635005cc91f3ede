"""The first guarantee: Anna never looks better by saying something worse, or by waiting."""

import pytest
from edited_file import Edit, edited

from flows.classify import compiled
from flows.derived import Earlier, History
from flows.proof.monotone import MonotoneSearch, unsteady
from flows.proof.polarity import Leaning
from flows.proof.random_cases import RandomCases
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.verdict import Level
from flows.verify import check

BREAKS = [
    (
        Edit('id = "FEV-08"', '"temp_c > 40.0"', '"temp_c > 40.0", "hours <= 100"'),
        ("FEV-08:", "at 100 h", "temp_c 40.1 is emergency", "same answers at 101 h", "only"),
    ),
    (
        Edit('id = "VOM-02"', "vomiting is more", "vomiting is once_or_twice"),
        ("VOM-02:", "vomiting 1 is follow_up", "with vomiting 2 it is only expected"),
    ),
    (
        Edit('id = "VOM-02"', "vomiting is more", "vomiting is once_or_twice"),
        ("VOM-01:", "vomiting 1 is follow_up", "with vomiting 2 it is only expected"),
    ),
    (
        Edit('id = "PAT-01"', '["wants_call"]', '["wants_call is no"]'),
        ("PAT-01:", "wants_call False is follow_up", "with wants_call True it is only expected"),
    ),
    (
        Edit('id = "FEV-06"', '"temp_c >= 38.5"', '"temp_c >= 38.7"'),
        ("FEV-04:", "at 49 h", "temp_c 38.1 is follow_up", "with temp_c 38.5 it is only expected"),
    ),
    (
        Edit('id = "ALL-03"', '"hives is spreading", "hives_and_risk"', '"hives_and_risk"'),
        ("ALL-02:", "hives elsewhere is follow_up", "with hives spreading it is only expected"),
    ),
    (
        Edit('id = "ALL-03b"', '"prior_anaphylaxis"', '"not prior_anaphylaxis"'),
        ("ALL-03b:", "hives treated is follow_up", "with prior_anaphylaxis True", "declare"),
    ),
    (
        Edit('id = "low_temperature"', '"RF-04b"', '"RF-04b", "MET-01"'),
        ("«low_temperature»", "MET-01 does not fall with temp_c", "remove it there"),
    ),
    (
        Edit('id = "vomiting_with_hives_after_a_day"', '"RF-10"', '"RF-12"'),
        ("RF-10:", "24 h", "is emergency", "with the same answers at 25 h it is only"),
    ),
    (
        Edit('id = "vomiting_with_hives_after_a_day"', '"RF-10"', '"RF-12"'),
        ("«vomiting_with_hives_after_a_day»", "RF-12 does not fall with hours"),
    ),
    (
        Edit(
            "[windows.itch.classes.C]",
            "keeps_awake = { expected_until = 0, watch_until = 0",
            "keeps_awake = { expected_until = 400, watch_until = 400",
        ),
        ("windows › itch › C: at 0 h", "hard_to_ignore is watch", "keeps_awake only expected"),
    ),
    (
        Edit(
            "[windows.itch.classes.E]",
            "hard_to_ignore = {",
            'hard_to_ignore = { then = "expected",',
        ),
        ("windows › itch › E › hard_to_ignore", "«then» is milder than watch"),
    ),
]


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """What is said about one file with all the breaks, without the rules that take longest."""
    protocol = edited(*dict.fromkeys(edit for edit, _ in BREAKS))
    rules = tuple(rule for rule in protocol.rules if rule.id not in ("RF-03b", "RF-04b", "CHI-03"))
    quick = protocol.model_copy(update={"rules": rules})
    return [problem.sentence for problem in check(quick, "monotone")]


@pytest.mark.parametrize("words", [w for _, w in BREAKS], ids=[w[0] for _, w in BREAKS])
def test_a_file_in_which_a_worse_answer_counts_less_is_refused(sentences, words) -> None:
    fitting = [s for s in sentences if all(word in s for word in words)]
    assert len(fitting) == 1, "\n".join(map(str, [words, *sentences]))


def falls(protocol: Protocol, *rules: str) -> list[str]:
    """What the exhaustive search says about a few rules."""
    search = MonotoneSearch(compiled(protocol))
    chosen = [rule for rule in protocol.rules if rule.id in rules]
    return [
        fall.sentence()
        for rule in chosen
        for fall in search._falls_of(rule, search.leaning.falls_with(rule))
    ]


def level(protocol: Protocol, hours: float, *before: Earlier, **said: object) -> Level:
    """The level of Anna's answers, with no warning sign among them."""
    answers, past = {"red_flags": (), **said}, History(before)
    return compiled(protocol).classify("inj_skin", hours, answers, past).level


def test_vomiting_more_often_counts_less_before_the_hour_from_which_its_rule_holds() -> None:
    later = edited(Edit('id = "VOM-02"', '"vomiting is more"', '"vomiting is more", "hours >= 20"'))
    assert level(later, 10, vomiting=2) < level(later, 10, vomiting=1)


def test_a_rule_that_another_holds_only_from_some_hour_on_is_refused() -> None:
    later = edited(Edit('id = "VOM-02"', '"vomiting is more"', '"vomiting is more", "hours >= 20"'))
    assert falls(later, "VOM-01", "VOM-02")


def test_a_rule_that_another_holds_only_for_some_treatments_is_refused() -> None:
    skin = edited(Edit('id = "VOM-02"', '"vomiting is more"', '"vomiting is more", "not systemic"'))
    assert falls(skin, "VOM-01", "VOM-02")


UNSTEADY = Edit('id = "FEV-08"', '"temp_c > 40.0"', '"temp_c > 40.0", "not jumped"')


def test_a_rule_that_a_jump_switches_off_loses_the_emergency() -> None:
    before = Earlier(10, {"pain": 0})
    steady = level(edited(UNSTEADY), 30, before, temp_c=40.1, pain=1)
    assert steady > level(edited(UNSTEADY), 30, before, temp_c=40.1, pain=2)


def test_a_rule_that_a_jump_switches_off_is_refused() -> None:
    broken = edited(UNSTEADY)
    (sentence,) = unsteady(broken, Leaning(broken))
    assert sentence.startswith("FEV-08: «jumped» grows as answers worsen")


def test_three_thousand_random_worsenings_of_the_bundled_file_find_nothing() -> None:
    assert list(RandomCases(compiled(bundled()), 1).falls(3000)) == []


def test_the_same_seed_finds_the_same_falls_and_another_seed_others() -> None:
    broken = compiled(edited(BREAKS[1][0], BREAKS[3][0]))
    found = [list(RandomCases(broken, seed).falls(1000)) for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]


def test_random_cases_find_what_the_search_of_single_rules_finds() -> None:
    broken = edited(Edit('id = "PAT-01"', '["wants_call"]', '["wants_call is no"]'))
    found = next(RandomCases(compiled(broken), 1).falls(3000))
    assert "(PAT-01), but with wants_call one step worse (True) only" in found
