"""A case's frame: what is refused, what the past and the profile change, and silence."""

import math

import pytest
from generated_cases import classifier, protocol

from flows.case_frame import CaseError
from flows.classify import compiled
from flows.derived import Earlier, History
from flows.protocol import EVENTS
from flows.verdict import LEVEL_WORDS, Level, Verdict

WELL: dict[str, object] = {"red_flags": []}


def verdict(
    said: dict[str, object], hours: float = 30, treatment: str = "inj_skin", **past: object
) -> Verdict:
    return classifier().classify(treatment, hours, said, History(**past))


def rules(found: Verdict) -> set[str]:
    return {fired.rule for fired in found.because}


@pytest.mark.parametrize(
    ("treatment", "hours", "past", "words"),
    [
        ("botox", 30, {}, "there is no treatment «botox»; this protocol has mn_topical"),
        ("", 30, {}, "there is no treatment «»"),
        ("inj_skin+", 30, {}, "there is no treatment «»"),
        ("inj_skin", -0.1, {}, "cannot be -0.1"),
        ("inj_skin", math.nan, {}, "cannot be nan"),
        ("inj_skin", math.inf, {}, "cannot be inf"),
        ("inj_skin", "30", {}, "hours must be a number, not '30'"),
        ("inj_skin", True, {}, "hours must be a number, not True"),
        ("inj_skin", None, {}, "hours must be a number, not None"),
        ("inj_skin", 30, {"profile": {"area": "nose"}}, "there is no area «nose»; there are face"),
        ("inj_skin", 30, {"profile": {"field": "wide"}}, "«single» or «multi», not 'wide'"),
        ("inj_skin", 30, {"profile": {"baseline": 2}}, "baseline holds severities"),
        ("inj_skin", 30, {"profile": {"baseline": {"redness": True}}}, "baseline of redness is 0"),
        ("inj_skin", 30, {"profile": {"imune_low": True}}, "there is no «imune_low» in this"),
        ("inj_skin", 30, {"profile": {"immune_low": "yes"}}, "true or false, not 'yes'"),
        ("inj_skin", 30, {"event": "asleep"}, "there is no event «asleep»; there are no_answer"),
        ("inj_skin", 30, {"last_level": "bad"}, "there is no level «bad»; there are expected"),
        ("inj_skin", 30, {"case_level": "bad"}, "there is no level «bad»"),
    ],
)
def test_a_malformed_frame_is_refused_with_what_would_be_right(
    treatment, hours, past, words
) -> None:
    with pytest.raises(CaseError) as caught:
        verdict(WELL, hours, treatment, **past)
    assert words in str(caught.value)


def test_absurd_hours_are_refused_like_any_other() -> None:
    with pytest.raises(CaseError):
        verdict(WELL, 10**400)


@pytest.mark.parametrize("baseline", [{"redness": 99}, {"rednes": 1}, {"temp_c": 1}])
def test_a_baseline_that_no_window_can_read_is_refused(baseline) -> None:
    with pytest.raises(CaseError):
        verdict({**WELL, "redness": 3}, 400, profile={"baseline": baseline})


@pytest.mark.parametrize(
    "profile",
    [{}, {"area": "face", "field": "multi"}, {"baseline": {}}, {"baseline": {"redness": 1}},
     {"immune_low": False}],
)  # fmt: skip
def test_a_known_profile_is_taken(profile) -> None:
    assert verdict(WELL, profile=profile).level is Level.EXPECTED


def test_a_well_patient_has_no_reason_and_the_calm_text() -> None:
    assert verdict(WELL) == Verdict(Level.EXPECTED, (), protocol().name, "P0")


@pytest.mark.hazard("H41")
@pytest.mark.parametrize(
    ("said", "celsius"),
    [({"temp_f": 101.5}, 38.6), ({"temp_f": 100.4}, 38.0), ({"temp_f": "101.5"}, 38.6)],
)
def test_fahrenheit_is_read_as_the_same_temperature(said, celsius) -> None:
    _, facts, unclear = classifier().facts("inj_skin", 60, said, History())
    assert (facts["temp_c"], unclear) == (celsius, [])
    assert verdict({**WELL, **said}, 60) == verdict({**WELL, "temp_c": celsius}, 60)


@pytest.mark.parametrize("value", [38.6, "38.6 C", "hot", True, [], "101 f"])
def test_what_is_no_fahrenheit_is_unclear(value) -> None:
    assert verdict({**WELL, "temp_f": value}).unclear == ("temp_c",)


def test_without_a_thermometer_feeling_hot_counts() -> None:
    said = {**WELL, "temp_c": "not_measured"}
    _, facts, unclear = classifier().facts("inj_skin", 30, said, History())
    assert "temp_c" not in facts
    assert facts["temp_c_not_measured"] is True
    assert unclear == []
    assert rules(verdict(said)) == set()
    assert rules(verdict({**said, "feels_hot": True})) == {"FEV-15"}
    assert verdict({**said, "feels_hot": True}, 60).level is Level.FOLLOW_UP
    warm = {**said, "feels_hot": True, "warmth": True, "pain": 1, "redness": 1}
    assert "INF-11" in rules(verdict(warm))


def test_an_unclear_answer_raises_what_its_question_declares() -> None:
    for question in protocol().questions:
        found = verdict({**WELL, question.id: "unclear"})
        assert found.level is LEVEL_WORDS[question.unclear]
        assert found.because[0].rule == "UNCLEAR"
        assert question.term in found.because[0].reason


def test_an_answer_to_a_question_nobody_asked_reaches_a_person() -> None:
    found = verdict({**WELL, "third_arm": "grew"})
    assert (found.level, found.unclear) == (Level.FOLLOW_UP, ("third_arm",))
    assert "«third_arm», which this protocol does not ask" in found.because[0].reason


def test_an_earlier_check_in_with_nothing_in_it_changes_nothing() -> None:
    said = {**WELL, "redness": 1, "trend": "worse"}
    for empty in ({}, {"redness": None}, {"redness": "hm"}, {"third_arm": 1}):
        assert verdict(said, checkins=[Earlier(24, empty)]) == verdict(said)


def test_the_same_question_at_the_last_check_in_counts() -> None:
    said = {**WELL, "hives": "treated"}
    assert verdict(said).level is Level.WATCH
    assert verdict(said, checkins=[Earlier(24, {"hives": "treated"})]).level is Level.FOLLOW_UP
    forgotten = [Earlier(20, {"hives": "treated"}), Earlier(24, {"hives": "none"})]
    assert verdict(said, checkins=forgotten).level is Level.WATCH


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("last", ["none", *LEVEL_WORDS])
def test_silence_is_sorted_without_asking_for_warning_signs(event, last) -> None:
    found = verdict({}, event=event, misses=1, last_level=last)
    assert all(rule.startswith("SIL-") for rule in rules(found))
    if last in ("urgent", "emergency"):
        assert found.level is Level.URGENT


def test_silence_after_nothing_serious_is_nobodys_task_within_the_hour() -> None:
    assert verdict({}, event="no_answer_1h", last_level="expected").text == "P0"


def test_answers_beside_a_silence_still_count() -> None:
    found = verdict({"pain": 3}, event="abandoned_2h", worst_partial=3)
    assert {"PAI-01", "SIL-06"} <= rules(found)


def test_silence_rules_never_run_on_answers() -> None:
    assert not any(rule.startswith("SIL-") for rule in rules(verdict(WELL, last_level="urgent")))


@pytest.mark.parametrize("word", list(LEVEL_WORDS))
def test_an_open_case_speaks_last_among_equals(word) -> None:
    found = verdict({**WELL, "pain": 3}, case_level=word)
    case = [fired.rule for fired in found.because].index("CASE")
    assert all(f.level < LEVEL_WORDS[word] for f in found.because[case + 1 :])
    assert found.own_level is Level.URGENT
    assert found.level is max(Level.URGENT, LEVEL_WORDS[word])


def test_levels_have_names_and_order() -> None:
    assert Level.named("follow_up") is Level.FOLLOW_UP
    assert str(Level.EMERGENCY) == "emergency"
    assert sorted(Level) == [Level.named(word) for word in LEVEL_WORDS]
    with pytest.raises(KeyError):
        Level.named("dire")


def test_a_protocol_is_compiled_once() -> None:
    assert compiled(protocol()) is classifier()
