"""The parts of the proof: which way conditions lean, and which values the search goes through."""

import pytest
from edited_file import Edit, edited

from flows.classify import compiled
from flows.conditions import parse
from flows.proof.domains import SIGN_SETS, Case, Domains, worse_options
from flows.proof.monotone import MonotoneSearch
from flows.proof.polarity import Leaning, kept_by_worse
from flows.proof.random_cases import RandomCases
from flows.proof.reachable import occasions
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.rule_tables import Condition, Rule

PROTOCOL = bundled()
LEANING = Leaning(PROTOCOL)
DOMAINS = Domains(PROTOCOL, LEANING)


def rule(name: str, protocol: Protocol = PROTOCOL) -> Rule:
    return next(r for r in protocol.rules if r.id == name)


@pytest.mark.parametrize(
    ("line", "kept", "kept_when_negated"),
    [
        ("temp_c >= 38.0", True, False),
        ("temp_c < 36.0", False, True),
        ("redness is_at_least clearly_red", True, False),
        ("redness is_at_most clearly_red", False, True),
        ("redness is clearly_red", False, False),
        ("hives in none, treated", False, True),
        ("hives is spreading", True, False),
        ("warmth", True, False),
        ("swelling_sudden is no", False, True),
        ("swelling_sudden is yes", True, False),
        ("red_flags includes doom", True, False),
        ("immune_low", True, False),
        ("treatment includes iv", True, True),
        ("area in eye, lip", True, True),
        ("hours <= 48", False, True),
        ("infection_signs >= 2", True, False),
    ],
)
def test_a_worse_answer_keeps_a_comparison_that_points_towards_worse(
    line, kept, kept_when_negated
) -> None:
    comparison = parse(line, PROTOCOL.subjects)
    assert kept_by_worse(comparison, negated=False) is kept
    assert kept_by_worse(comparison, negated=True) is kept_when_negated


def test_a_negated_sign_turns_every_direction_in_it_round() -> None:
    assert LEANING.falls_with(Condition(all=("fever_like",))) == frozenset()
    turned = LEANING.falls_with(Condition(all=("not fever_like",)))
    assert turned == {"temp_c", "antipyretic_6h", "chills"}
    assert LEANING.falls_with(Condition(all=("not gravity",))) >= {"hours"}


def test_what_was_said_at_the_last_check_in_cannot_get_worse_any_more() -> None:
    earlier = Condition(all=("previous hives is treated", "hives is treated"))
    assert LEANING.falls_with(earlier) == {"hives"}
    assert LEANING.subjects(Condition(all=("previous hives is treated",))) == frozenset()


def test_signs_behind_signs_are_followed_once_each_in_file_order() -> None:
    names = [s.id for s in LEANING.signs_of(Condition(all=("fever_like", "gravity", "systemic")))]
    assert names == [s.id for s in PROTOCOL.signs if s.id in names]
    assert {"shivering_after_pill", "face_beside", "eyes_beside", "beside_treated"} <= set(names)


def test_required_is_every_line_of_all_or_the_only_one_of_any() -> None:
    def required(**lines: tuple[str, ...]) -> list[str]:
        return [comparison.line for comparison in LEANING.required(Condition(**lines))]

    assert required(all=("warmth", "not healing", "previous warmth")) == ["warmth"]
    assert required(all=("masked",)) == ["antipyretic_6h", "temp_c >= 37.5"]
    assert required(any=("hot",)) == ["warmth", "pain is_at_least sore"]
    assert required(any=("warmth", "antipyretic_6h")) == []


def test_a_number_takes_each_threshold_of_the_rule_and_its_neighbours() -> None:
    assert DOMAINS.around(rule("FEV-08"), "temp_c") == [39.9, 40.0, 40.1]
    assert DOMAINS.around(rule("FEV-01"), "hours") == [71.0, 72.0, 73.0]


def test_required_comparisons_leave_only_values_that_fit_them() -> None:
    found = {case.answers["temp_c"] for case in DOMAINS.cases(rule("FEV-08"))}
    assert found == {40.1}
    treatments = {case.treatment for case in DOMAINS.cases(rule("FEV-09"))}
    assert treatments == {"iv", "joint"} & set(DOMAINS.treatments)


def test_facts_are_tried_both_ways_and_areas_once_for_each_way_they_matter() -> None:
    profiles = {case.profile.get("immune_low") for case in DOMAINS.cases(rule("FEV-12"))}
    assert profiles == {True}
    areas = DOMAINS.areas(rule("FEV-12"))
    assert areas == (None,)
    assert len(DOMAINS.areas(rule("RF-03e"))) > 2


def test_every_way_to_have_up_to_two_signs_of_infection_is_tried() -> None:
    assert len(SIGN_SETS) == 1 + 6 + 15


def test_every_kind_of_question_has_its_answers_from_best_to_worst() -> None:
    def answers(name: str) -> list[object]:
        return list(DOMAINS.every_answer(PROTOCOL.question_by_id[name]))

    assert answers("redness") == [0, 1, 2, 3]
    assert answers("redness_spread") == ["no", "yes", "fast"]
    assert answers("warmth") == [False, True]
    assert answers("red_flags")[:2] == [frozenset(), frozenset({"breathing"})]
    assert answers("temp_c")[0] == 36.0


def worse(question: str, value: object, **profile: object) -> list[object]:
    case = Case("inj_skin", 30.0, {question: value}, profile)
    return [after.answers[question] for after in DOMAINS.worse(case, question)]


def test_one_step_worse_is_the_next_answer_and_for_numbers_the_next_threshold() -> None:
    assert worse("redness", 1) == [2]
    assert worse("redness", 3) == []
    assert worse("warmth", value=False) == [True]
    assert worse("warmth", value=True) == []
    assert worse("temp_c", 39.9) == [40.0]
    assert worse("temp_c", 42.0) == []
    assert worse("red_flags", frozenset()) == []


def test_options_beside_each_other_are_no_step() -> None:
    places = PROTOCOL.question_by_id["swelling_place"]
    beside = ["limb", "face_other", "eyes_other", "lips_other"]
    assert worse_options(places, "treated_only") == beside
    assert {word for place in beside for word in worse_options(places, place)} == {"tongue_throat"}
    assert worse_options(places, "tongue_throat") == []


def test_later_is_the_next_hour_at_which_anything_changes() -> None:
    case = Case("inj_skin", 48.0, {}, {})
    assert [after.hours for after in DOMAINS.worse(case, "hours")] == [49.0]
    last = Case("inj_skin", 99999.0, {}, {})
    assert list(DOMAINS.worse(last, "hours")) == []


def test_a_fact_about_the_patient_turns_true_and_a_question_not_answered_stays_so() -> None:
    case = Case("inj_skin", 48.0, {}, {})
    assert [a.profile for a in DOMAINS.worse(case, "immune_low")] == [{"immune_low": True}]
    assert list(DOMAINS.worse(case, "redness")) == []


def test_a_follow_up_is_not_answered_where_nothing_brought_it_up() -> None:
    place = {"swelling_place": "lips_other"}
    assert not DOMAINS.could_be_answered(Case("iv", 30, {"swelling": 0, **place}, {}))
    assert DOMAINS.could_be_answered(Case("iv", 30, {"swelling": 1, **place}, {}))
    assert DOMAINS.could_be_answered(Case("iv", 30, place, {}))


def test_a_case_is_said_in_one_line() -> None:
    case = Case("iv", 30.0, {"pain": 2}, {"immune_low": True})
    assert case.words() == "iv at 30 h: pain 2, immune_low True"
    assert Case("iv", 2.0, {}, {}).words() == "iv at 2 h: nothing answered"


def test_the_search_stops_at_the_first_fall_with_each_question() -> None:
    broken = edited(Edit('id = "PAT-01"', '["wants_call"]', '["wants_call is no", "hours <= 9"]'))
    search = MonotoneSearch(compiled(broken))
    call = rule("PAT-01", broken)
    found = list(search._falls_of(call, search.leaning.falls_with(call)))
    assert sorted(fall.question for fall in found) == ["hours", "wants_call"]


def test_a_fall_that_the_file_accepts_is_none_for_the_random_search() -> None:
    cases = RandomCases(compiled(PROTOCOL), 1)
    nothing = cases.verdict(Case("iv", 11.0, {"red_flags": frozenset()}, {}), cases.case()[1])
    assert nothing.level >= 0
    source = [cases.case() for _ in range(50)]
    assert all("red_flags" in case.answers for case, _ in source)
    assert {len(history.checkins) for _, history in source} == {0, 1, 2}


def test_a_treatment_without_a_course_has_no_results_and_no_reminders() -> None:
    kinds: dict[str, set[str]] = {}
    for occasion in occasions(PROTOCOL):
        kinds.setdefault(occasion.treatment, set()).add(occasion.kind)
    assert kinds["iv"] == {"check_in"}
    assert kinds["inj_scalp"] == {"check_in", "results", "reminder"}
