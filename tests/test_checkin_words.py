"""Words that are no answer: kept for a person, never fine, and never louder than the list."""

import pytest
from generated_cases import classifier
from test_checkin import (
    ALL_GOOD,
    DONE,
    GO_ON,
    ONE_OF_THESE,
    SYMPTOMS,
    check_in,
    flag,
    through,
    tick,
)

from flows.asking import Occasion, asking
from flows.checkin import CheckIn
from flows.conversation import Screen, Tap
from flows.derived import History
from flows.verdict import Level

CHEST = "I have bad chest pain"


def test_a_warning_sign_in_words_brings_up_the_list_and_is_urgent_until_it_is_answered() -> None:
    told = through(check_in(), CHEST)
    assert told.state.screen is Screen.FLAGS
    assert "chest" in told.state.alarming
    assert told.verdict.level is Level.URGENT
    assert told.kept_words == CHEST


@pytest.mark.hazard("H25")
def test_a_warning_sign_in_words_is_never_fine_even_if_all_good_follows() -> None:
    after = through(check_in(), CHEST, GO_ON, DONE)
    assert after.finished
    assert after.verdict.level is Level.FOLLOW_UP
    again = through(check_in(), CHEST, Tap("back"), ALL_GOOD)
    assert again.verdict.level is Level.FOLLOW_UP


def test_a_warning_sign_in_words_and_ticked_is_an_emergency() -> None:
    assert through(check_in(), CHEST, flag("chest")).interrupted


def test_a_warning_sign_while_anna_is_asked_something_else_interrupts() -> None:
    asked = through(check_in(), SYMPTOMS, tick("fever"), DONE, "my throat is closing up")
    assert asked.state.screen is Screen.FLAGS
    late = through(check_in(), ALL_GOOD, "my throat is closing up")
    assert late.state.screen is Screen.FLAGS
    assert late.verdict.level is Level.URGENT


def test_other_words_wait_for_the_digest_and_are_never_stored_as_fine() -> None:
    said = through(check_in(), "thank you so much", ALL_GOOD)
    assert said.finished
    assert said.verdict.level is Level.WATCH
    assert said.state.words == ("thank you so much",)


def test_worse_with_nothing_ticked_is_asked_about() -> None:
    worse = through(check_in(), SYMPTOMS, Tap("done", option="worse"))
    assert worse.state.current == "worry"
    assert through(check_in(), SYMPTOMS, Tap("done", option="worse"), "yes").verdict.level is (
        Level.FOLLOW_UP
    )


def test_what_worries_anna_may_itself_be_a_warning_sign() -> None:
    worried = through(check_in(), SYMPTOMS, tick("other"), DONE, "I cannot breathe properly")
    assert worried.state.screen is Screen.FLAGS
    assert worried.state.answers["worry"] is True


def test_an_emergency_that_is_taken_back_still_reads_as_one() -> None:
    taken_back = through(
        check_in(), ONE_OF_THESE, flag("chest"), Tap("back"), Tap("back"), ALL_GOOD
    )
    assert taken_back.finished
    assert taken_back.verdict.level is Level.EMERGENCY
    assert taken_back.verdict.own_level < Level.EMERGENCY


def test_a_stiff_neck_is_never_left_without_headache_and_temperature() -> None:
    stiff = through(check_in(), ONE_OF_THESE, flag("stiff_neck"), GO_ON, DONE)
    asked = {q.id for q in check_in().due(stiff.state)}
    assert {"headache", "temp_c", "antipyretic_6h"} <= asked


@pytest.mark.parametrize(
    ("treatment", "area"), [("inj_skin", "face"), ("inj_lip_eye", "lip"), ("joint", "joint")]
)
def test_an_area_that_nobody_noted_is_the_usual_one(treatment, area) -> None:
    anna = CheckIn(asking(classifier()), Occasion("check_in", 24, treatment), History())
    assert anna.occasion.area == area
    with pytest.raises(ValueError, match="the area is"):
        CheckIn(
            asking(classifier()),
            Occasion("check_in", 24, treatment, "body"),
            History(profile={"area": area}),
        )
