"""Which questions a check-in of Anna's asks."""

import re
from importlib.resources import files

import pytest
from generated_cases import classifier, protocol

from flows.asking import (
    LOW_GRADE,
    Occasion,
    asking,
    best,
    entries,
    offered,
    reported_last_time,
    roots,
    worst_answer,
)
from flows.classify import Classifier
from flows.derived import Earlier, History
from flows.protocol_file import BUNDLED, parse_protocol


def ids(questions) -> list[str]:
    return [question.id for question in questions]


def at(hours: int, treatment: str = "inj_skin", area: str | None = "face", kind="check_in"):
    return Occasion(kind, hours, treatment, area)


def due(occasion: Occasion, *ticked: str, **said: object) -> list[str]:
    return ids(asking(classifier()).due(occasion, frozenset(ticked), said))


@pytest.mark.parametrize(
    ("question", "occasion", "asked"),
    [
        ("redness", at(6), True),
        ("redness", at(336), True),
        ("redness", at(337), False),
        ("redness", at(672), True),
        ("redness", at(673), False),
        ("needle_marks", at(6), False),
        ("needle_marks", at(24), True),
        ("needle_marks", at(24, "laser_abl"), False),
        ("needle_marks", at(24, "laser_abl+iv"), True),
        ("joint_move", at(24), False),
        ("joint_move", at(24, "joint"), True),
        ("tingle", at(24), True),
        ("tingle", at(24, area="body"), False),
        ("tingle", at(24, area=None), False),
        ("tingle", at(24, "peel_sup", "body"), True),
        ("temp_c", at(240), True),
        ("result", at(720), False),
        ("result", at(720, kind="results"), True),
        ("pregnant_now", at(720, kind="reminder"), True),
        ("redness", at(24, kind="reminder"), False),
    ],
)
def test_a_question_is_offered_at_its_hours_treatments_and_areas(question, occasion, asked) -> None:
    assert (question in ids(offered(protocol(), occasion))) is asked
    known = protocol().question_by_id[question]
    assert bool(entries(protocol(), known, occasion)) is asked


@pytest.mark.parametrize("kind", ["check_in", "results", "reminder"])
@pytest.mark.parametrize("hours", [0, 3, 24, 168, 672, 2160, 9000])
def test_the_warning_signs_are_part_of_every_check_in(kind, hours) -> None:
    for treatment in protocol().treatments:
        assert "red_flags" in ids(offered(protocol(), at(hours, treatment, None, kind)))


@pytest.mark.parametrize("hours", [0, 5, 500, 4000])
def test_a_report_may_ask_all_that_any_check_in_of_the_treatment_asks(hours) -> None:
    planned = {
        name
        for due_hours in range(0, 2161, 4)
        for name in ids(offered(protocol(), at(due_hours, "iv")))
    }
    report = ids(offered(protocol(), at(hours, "iv", kind="report")))
    assert set(report) == planned
    assert "temp_c" in ids(roots(protocol(), at(hours, "iv", kind="report"))["fever"])
    assert "result" not in report
    assert "joint_move" not in report


def test_a_tick_brings_up_its_own_questions_only() -> None:
    found = roots(protocol(), at(24))
    assert ids(found["swelling"]) == ["swelling"]
    assert "swelling_place" not in [name for qs in found.values() for name in ids(qs)]
    assert due(at(24), "swelling") == ["swelling"]
    assert due(at(24)) == []


def test_a_question_asked_only_after_some_answer_is_no_root() -> None:
    assert "temp_c" not in ids(roots(protocol(), at(240)).get("fever", ()))
    assert "temp_c" in ids(roots(protocol(), at(24))["fever"])


def test_follow_ups_are_due_whether_ticked_or_not() -> None:
    assert "swelling_place" in due(at(24), swelling=1)
    assert "swelling_place" not in due(at(24), "swelling", swelling=0)
    assert "redness_spread" not in due(at(6), redness=1)


def test_a_lump_late_brings_up_pain_and_temperature() -> None:
    assert {"pain", "temp_c", "discharge", "lump_tender"} <= set(due(at(400), lump="new"))
    assert "temp_c" not in due(at(400), lump="gone")


def test_a_fever_brings_up_warmth_at_once() -> None:
    assert "warmth" not in due(at(6), redness=1)
    assert "warmth" in due(at(6), redness=1, temp_c=38.4)


def test_questions_come_in_file_order_and_once() -> None:
    found = due(at(24), "redness", "swelling", "itch", redness=2, swelling=1)
    order = [name for name in protocol().question_by_id if name in found]
    assert found == order


def test_a_question_may_come_up_by_a_quantity_that_no_rule_names() -> None:
    text = files("flows.protocols").joinpath(BUNDLED).read_text(encoding="utf-8")
    text = re.sub(r"infection_signs >= \d", "warmth", text)
    asked = 'when_any = ["redness is_at_least light_pink"]'
    other = parse_protocol(text.replace(asked, 'when_any = ["infection_signs >= 1"]', 1), "x.toml")
    found = asking(Classifier(other)).due(at(24), frozenset(), {"warmth": True})
    assert "redness_spread" in ids(found)


def test_the_place_is_asked_when_the_swelling_itself_could_not_be_read() -> None:
    assert "swelling_place" in due(at(24), "swelling", swelling="unclear")
    assert "lump_cm" in due(at(24), "lump", lump="unclear")


def test_unreadable_words_and_unknown_questions_bring_up_nothing() -> None:
    assert "bruise_growing" not in due(at(24), "marks", temp_c="unclear", nonsense="yes")


def test_the_worst_answer_is_the_last_option() -> None:
    table = protocol().question_by_id
    assert worst_answer(table["redness"]) == 3
    assert worst_answer(table["hives"]) == "spreading"
    assert worst_answer(table["warmth"]) is True
    assert worst_answer(table["temp_c"]) is None


def test_best_is_not_at_all() -> None:
    table = protocol().question_by_id
    assert best(table["redness"]) == 0
    assert best(table["hives"]) == "none"
    assert best(table["warmth"]) is False
    assert best(table["temp_c"]) is best(table["red_flags"]) is best(table["lump_cm"]) is None


@pytest.mark.parametrize(
    ("answers", "again"),
    [
        ({}, set()),
        ({"redness": 1}, {"redness"}),
        ({"redness": 0, "hives": "none", "vein_cord": False}, set()),
        ({"hives": "treated", "vein_cord": True}, {"hives", "vein_cord"}),
        ({"temp_c": LOW_GRADE}, {"temp_c"}),
        ({"temp_f": 101}, {"temp_c"}),
        ({"temp_c": 37.4}, set()),
        ({"swelling": 1, "swelling_place": "limb", "swelling_sudden": True}, {"swelling"}),
        ({"red_flags": ["dizzy"], "trend": "worse", "worry": True, "wants_call": True}, set()),
        ({"lump": "same", "lump_cm": 3}, {"lump"}),
    ],
)
def test_what_was_not_at_its_best_is_asked_again(answers, again) -> None:
    past = History([Earlier(24, {"itch": 0}), Earlier(72, answers)])
    assert reported_last_time(asking(classifier()), past) == again


def test_a_trouble_is_asked_about_until_an_answer_says_that_it_is_gone() -> None:
    past = [Earlier(24, {"redness": 3}), Earlier(72, {"itch": 1}), Earlier(96, {"itch": 0})]
    assert reported_last_time(asking(classifier()), History(past)) == {"redness"}


def test_without_a_past_nothing_is_asked_again() -> None:
    assert reported_last_time(asking(classifier()), History()) == frozenset()


def test_one_protocol_is_compiled_once() -> None:
    assert asking(classifier()) is asking(classifier())
