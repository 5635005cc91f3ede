"""What Anna leaves out or says unreadably is never milder than the mildest thing she could say."""

import pytest
from generated_cases import classifier

from flows.derived import History
from flows.firing import possible
from flows.protocol_file import bundled
from flows.verdict import Level

ALLERGIC = {"red_flags": [], "swelling": 1, "swelling_sudden": True, "hives": "elsewhere"}
PLACES = [option.id for option in bundled().question_by_id["swelling_place"].options]


def level(**said: object) -> Level:
    return classifier().classify("inj_skin", 30, {**ALLERGIC, **said}, History()).level


def test_an_unreadable_place_of_a_swelling_is_as_bad_as_the_mildest_place() -> None:
    mildest = min(level(swelling_place=place) for place in PLACES)
    assert mildest is Level.EMERGENCY
    assert level(swelling_place="my cheek, the left one") is mildest


def test_a_place_that_was_left_out_is_as_bad_as_the_mildest_place() -> None:
    assert level() is Level.EMERGENCY


@pytest.mark.parametrize("signs", [["breathing", "zzz"], ["none", "breathing"], ["Breathing"]])
def test_one_unreadable_sign_does_not_hide_another(signs) -> None:
    verdict = classifier().classify("inj_skin", 30, {"red_flags": signs}, History())
    assert verdict.level is Level.EMERGENCY


def test_only_questions_with_options_have_possible_answers() -> None:
    questions = bundled().question_by_id
    assert list(possible(questions["redness"])) == [0, 1, 2, 3]
    assert possible(questions["warmth"]) == (False, True)
    assert possible(questions["temp_c"]) == ()
    unreadable = classifier().classify("iv", 30, {"red_flags": [], "temp_c": "hot"}, History())
    assert unreadable.level is Level.FOLLOW_UP
