"""Last time's symptoms are asked again, and emergencies interrupt Anna's check-in everywhere."""

import pytest
from generated_cases import classifier, protocol
from test_checkin import (
    ALL_GOOD,
    BACK,
    DONE,
    GO_ON,
    MORE,
    ONE_OF_THESE,
    SYMPTOMS,
    check_in,
    flag,
    say,
    through,
    tick,
)

from flows.asking import Occasion, asking
from flows.checkin import CheckIn
from flows.conversation import Screen, Tap, Typed
from flows.derived import Earlier, History
from flows.verdict import Level

SIGNS = [option.id for option in protocol().question_by_id["red_flags"].options]
ALONE = [
    sign
    for sign in SIGNS
    if classifier().classify("inj_skin", 24, {"red_flags": [sign]}, History()).level
    is Level.EMERGENCY
]

LAST_TIME = History(
    [Earlier(24, {"redness": 3, "swelling": 2, "swelling_place": "limb", "temp_c": 37.6})]
)


def test_symptoms_of_last_time_are_asked_again_outside_their_days() -> None:
    anna = check_in(1000, history=LAST_TIME)
    assert anna.again == {"redness", "swelling", "temp_c"}
    step = through(anna, ALL_GOOD, at=1000)
    assert step.state.current == "redness"
    done = through(anna, ALL_GOOD, say("redness", "none"), say("swelling", "none"), "36.6", at=1000)
    assert done.finished


def test_symptoms_of_last_time_cannot_be_unticked() -> None:
    anna = check_in(1000, history=LAST_TIME)
    listed = through(anna, SYMPTOMS, tick("redness"), tick("swelling"), at=1000).state
    assert {"redness", "swelling"} <= listed.ticked


def test_a_symptom_of_last_time_stays_ticked_inside_its_days_too() -> None:
    anna = check_in(48, history=LAST_TIME)
    assert through(anna, SYMPTOMS, tick("redness"), DONE).state.current == "redness"


@pytest.mark.parametrize("none_of_these", [ALL_GOOD, SYMPTOMS])
def test_none_of_these_takes_back_a_warning_sign_ticked_before(none_of_these) -> None:
    warned = (ONE_OF_THESE, flag("dizzy"), BACK)
    assert through(check_in(), *warned).state.answers == {"red_flags": {"dizzy"}}
    step = through(check_in(), *warned, none_of_these)
    assert step.state.answers["red_flags"] == frozenset()


def test_what_was_best_or_a_normal_temperature_last_time_is_not_asked_again() -> None:
    past = History([Earlier(24, {"redness": 0, "hives": "none", "warmth": True, "temp_c": 37.4,
                                 "trend": "worse", "lump_cm": 3.0})])  # fmt: skip
    assert check_in(1000, history=past).again == frozenset()


def test_feeling_hot_last_time_is_asked_again() -> None:
    past = History([Earlier(160, {"temp_c": "not_measured", "feels_hot": True})])
    assert check_in(200, history=past).again


def test_an_answer_that_could_not_be_read_last_time_is_asked_again() -> None:
    past = History([Earlier(24, {"swelling": "unclear"})])
    assert check_in(1000, history=past).again == {"swelling"}


def test_a_short_report_in_between_does_not_make_the_bot_forget() -> None:
    past = History([*LAST_TIME.checkins, Earlier(25, {"red_flags": [], "wants_call": True})])
    assert "redness" in check_in(1000, history=past).again


@pytest.mark.parametrize("sign", ALONE)
def test_an_emergency_sign_interrupts_at_once(sign) -> None:
    step = through(check_in(), ONE_OF_THESE, flag(sign))
    assert step.interrupted
    assert not step.finished
    assert step.verdict.level is Level.EMERGENCY
    assert sign in step.state.answers["red_flags"]


@pytest.mark.parametrize(
    "afterwards",
    [ALL_GOOD, SYMPTOMS, ONE_OF_THESE, GO_ON, DONE, MORE, flag("faint"), tick("itch"),
     say("redness", "none"), say("red_flags", "[]"), Tap("call_me"), Typed("I am fine now")],
)  # fmt: skip
def test_only_going_back_leaves_the_emergency_screen(afterwards) -> None:
    warned = (ONE_OF_THESE, flag("breathing"))
    assert through(check_in(), *warned, afterwards).interrupted
    assert through(check_in(), *warned, BACK).state.screen is Screen.FLAGS


def test_only_a_sign_of_the_list_can_be_ticked() -> None:
    listed = through(check_in(), ONE_OF_THESE)
    assert through(check_in(), ONE_OF_THESE, flag("sneeze"), flag("")) == listed
    assert through(check_in(), ONE_OF_THESE, flag("dizzy"), flag("dizzy")).state.answers == {
        "red_flags": frozenset()
    }


def test_an_emergency_sign_that_stays_ticked_stops_again() -> None:
    warned = (ONE_OF_THESE, flag("breathing"), BACK)
    assert through(check_in(), *warned, GO_ON).interrupted
    assert through(check_in(), *warned, flag("breathing"), GO_ON).state.screen is Screen.TICKS


def test_an_emergency_answer_interrupts_in_the_middle_of_the_questions() -> None:
    swollen = (SYMPTOMS, tick("swelling"), DONE, say("swelling", "a_little"))
    step = through(check_in(), *swollen, say("swelling_place", "tongue_throat"))
    assert step.interrupted
    assert "RF-02" in {f.rule for f in step.verdict.because}
    back = through(check_in(), *swollen, say("swelling_place", "tongue_throat"), BACK)
    assert back.state.current == "swelling_place"


def test_a_typed_temperature_interrupts_too() -> None:
    assert through(check_in(), SYMPTOMS, tick("fever"), DONE, "40.6").interrupted


def test_an_open_emergency_case_does_not_stop_a_new_check_in() -> None:
    """The case keeps its level for staff; Anna can still say how she is now."""
    step = through(check_in(history=History(case_level="emergency")), ALL_GOOD)
    assert step.finished
    assert step.verdict.level is Level.EMERGENCY


def test_a_sudden_swelling_of_the_face_is_urgent_wherever_the_area_is_noted() -> None:
    anna = CheckIn(asking(classifier()), Occasion("check_in", 6, "inj_skin", "face"), History())
    swollen = (SYMPTOMS, tick("swelling"), DONE, say("swelling", "clearly_puffy"),
               say("swelling_place", "treated_only"), say("swelling_sudden", "yes"))  # fmt: skip
    assert through(anna, *swollen, at=6).verdict.level is Level.URGENT


def test_a_check_in_brought_forward_by_quiet_hours_is_judged_at_its_own_hour_too() -> None:
    """Anna is asked for day 14 a little early; the lump may not be milder for it."""
    lump = (SYMPTOMS, tick("lump"), DONE, say("lump", "same"), say("lump_cm", "rice"),
            say("lump_tender", "no"))  # fmt: skip
    early = through(check_in(336), *lump, at=334.5)
    assert early.verdict.level is Level.FOLLOW_UP
    assert through(check_in(336), *lump, at=336).verdict.level is Level.FOLLOW_UP


def test_what_is_worse_early_stays_worse_when_a_check_in_is_answered_early() -> None:
    """Hives on other skin are urgent in the first 12 hours and follow up afterwards."""
    hives = (SYMPTOMS, tick("itch"), DONE, say("itch", "none"), say("hives", "elsewhere"))
    assert through(check_in(24), *hives, at=12).verdict.level is Level.URGENT
