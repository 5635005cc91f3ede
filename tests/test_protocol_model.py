"""What a protocol knows about itself, once its file has been read."""

import pytest
from generated_cases import classifier, protocol
from pydantic import ValidationError

from flows.rule_tables import Asked, Cell, Question
from flows.tables import Metadata
from flows.verdict import LEVEL_WORDS, Level


def changed_metadata(**changes: object) -> Metadata:
    return Metadata.model_validate({**protocol().protocol.model_dump(), **changes})


def test_a_final_version_needs_a_named_clinician_and_a_day() -> None:
    for signed in ({}, {"signed_by": "Dr Ben"}, {"signed_on": "2026-12-01"}):
        with pytest.raises(ValidationError, match="a named clinician signs"):
            changed_metadata(draft=False, **signed)
    final = changed_metadata(draft=False, signed_by="Dr Ben", signed_on="2026-12-01")
    assert final.signed_by == "Dr Ben"


def test_a_protocol_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        protocol().protocol.draft = False  # type: ignore[misc]


@pytest.mark.parametrize(
    ("asked", "kind", "hours", "fits"),
    [
        ({}, "check_in", 0, True),
        ({}, "results", 0, False),
        ({"in": "results"}, "results", 900, True),
        ({"from": 24}, "check_in", 23, False),
        ({"from": 24, "until": 48}, "check_in", 48, True),
        ({"from": 24, "until": 48}, "check_in", 49, False),
        ({"at": [672]}, "check_in", 672, True),
        ({"at": [672]}, "check_in", 671, False),
    ],
)
def test_a_question_is_asked_at_its_hours(asked, kind, hours, fits) -> None:
    assert Asked.model_validate(asked).at_hour(kind, hours) is fits


@pytest.mark.parametrize(
    ("hours", "level"),
    [(0, Level.EXPECTED), (10, Level.EXPECTED), (10.1, Level.WATCH), (20, Level.WATCH),
     (20.1, Level.URGENT)],
)  # fmt: skip
def test_a_cell_has_two_edges(hours, level) -> None:
    cell = Cell(expected_until=10, watch_until=20, then="urgent", cases=("10 expected",))
    assert cell.level_at(hours) is level


def test_a_cell_may_be_watched_for_ever() -> None:
    cell = Cell(expected_until=10, watch_until="always", cases=("10 expected",))
    assert cell.level_at(9000) is Level.WATCH


def test_treatments_are_split_and_put_in_file_order() -> None:
    known = protocol()
    assert known.components("inj_skin + mn_topical") == ("mn_topical", "inj_skin")
    assert known.components("iv+iv") == ("iv",)
    assert known.with_groups(("iv",)) >= {"iv", "systemic_route", "by_needle"}
    assert "injected" not in known.with_groups(("iv",))
    with pytest.raises(ValueError, match="there is no treatment «INJ_SKIN»"):
        known.components("INJ_SKIN")


def test_every_question_can_be_compared() -> None:
    kinds = {"temperature": "number", "size": "number", "onset": "number"}
    for question in protocol().questions:
        subject = protocol().subjects[question.id]
        assert subject.kind == kinds.get(question.kind, question.kind)
    assert protocol().subjects["warmth"].options == ("no", "yes")


def test_patient_words_hold_every_text_option_and_fact() -> None:
    places = dict(protocol().patient_words())
    assert places["questions.redness.very_red"]["en"]
    assert {"texts.P0", "symptoms.fever", "areas.face", "questions.temp_c"} <= places.keys()
    asked = {f"patient_facts.{fact.id}" for fact in protocol().patient_facts if fact.ask}
    assert asked <= places.keys()
    assert any(place.startswith("buttons.") for place in places)


def test_a_fact_that_is_not_asked_of_the_patient_has_no_patient_words() -> None:
    silent = protocol().patient_facts[0].model_copy(update={"ask": None})
    known = protocol().model_copy(update={"patient_facts": (silent,)})
    assert f"patient_facts.{silent.id}" not in dict(known.patient_words())


@pytest.mark.parametrize("rule", protocol().rules, ids=lambda rule: rule.id)
def test_the_examples_of_a_rule_stand_on_both_sides(rule) -> None:
    for example, fires in [(e, True) for e in rule.fires] + [(e, False) for e in rule.silent]:
        found = classifier().classify(
            example.treatment, example.hours, example.answers, example.history()
        )
        assert (rule.id in {fired.rule for fired in found.because}) is fires
        if fires:
            assert found.level >= LEVEL_WORDS[rule.level]


def test_a_question_with_options_needs_two() -> None:
    table = protocol().question_by_id["redness"].model_dump(by_alias=True)
    with pytest.raises(ValidationError, match="needs two options or more"):
        Question.model_validate({**table, "options": table["options"][:1]})
