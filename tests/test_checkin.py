"""Anna's check-in, screen by screen."""

from functools import reduce

import pytest
from generated_cases import classifier, protocol

from flows.asking import Asking, Occasion, asking
from flows.checkin import TRIES, CheckIn
from flows.conversation import Screen, State, Step, Tap, Typed
from flows.derived import Earlier, History
from flows.verdict import Level

ALL_GOOD, SYMPTOMS, ONE_OF_THESE = Tap("all_good"), Tap("symptoms"), Tap("one_of_these")
GO_ON, BACK, CHANGE, MORE, CALL_ME = (
    Tap(a) for a in ("go_on", "back", "change", "more", "call_me")
)
DONE = Tap("done", option="same")


def tick(symptom: str) -> Tap:
    return Tap("tick", option=symptom)


def flag(sign: str) -> Tap:
    return Tap("flag", option=sign)


def say(question: str, option: object) -> Tap:
    return Tap("answer", question, str(option))


def check_in(
    due: int = 24,
    treatment: str = "inj_skin",
    history: History | None = None,
    kind: str = "check_in",
) -> CheckIn:
    forms: Asking = asking(classifier())
    return CheckIn(forms, Occasion(kind, due, treatment, "face"), history or History())


def through(anna: CheckIn, *said: Tap | Typed | str, at: float = 24.5) -> Step:
    """Everything Anna taps and types, one after the other, from the first message on."""
    first = Step(anna.open(), anna.verdict(anna.open(), at))
    steps = [Typed(one) if isinstance(one, str) else one for one in said]
    return reduce(lambda step, one: anna.step(step.state, one, at), steps, first)


def test_anna_is_well_and_done_with_one_tap() -> None:
    step = through(check_in(), ALL_GOOD)
    assert step.finished
    assert step.verdict.level is Level.EXPECTED
    assert step.state.answers["red_flags"] == frozenset()


@pytest.mark.parametrize("treatment", list(protocol().treatments))
def test_one_tap_is_enough_at_every_check_in_of_a_well_patient(treatment) -> None:
    for hours in protocol().treatments[treatment].schedule:
        step = through(check_in(hours, treatment), ALL_GOOD, at=hours + 0.5)
        assert step.finished
        assert step.verdict.level is Level.EXPECTED


def test_what_is_not_ticked_is_stored_as_none() -> None:
    anna = check_in()
    stored = anna.complete(through(anna, ALL_GOOD).state)
    assert stored["redness"] == stored["chills"] == 0
    assert stored["hives"] == "none"
    assert stored["wants_call"] is stored["worry"] is False
    assert "temp_c" not in stored


def test_nothing_is_stored_as_none_before_the_end() -> None:
    anna = check_in()
    state = through(anna, SYMPTOMS, tick("redness"), DONE).state
    assert anna.complete(state) == {"red_flags": frozenset(), "trend": "same"}


def test_only_what_is_ticked_is_asked_about() -> None:
    anna = check_in()
    state = through(anna, SYMPTOMS, tick("swelling"), DONE).state
    assert state.current == "swelling"
    assert {q.symptom for q in anna.due(state)} == {"swelling"}


def test_a_tick_taken_back_is_not_asked_about() -> None:
    assert through(check_in(), SYMPTOMS, tick("itch"), tick("itch"), DONE).finished


def test_the_place_of_a_swelling_cannot_be_skipped() -> None:
    swollen = (SYMPTOMS, tick("swelling"), DONE, say("swelling", "a_little"))
    for skip in (GO_ON, DONE, ALL_GOOD, MORE, CHANGE, SYMPTOMS, tick("swelling")):
        assert through(check_in(), *swollen, skip).state.current == "swelling_place"


def test_all_good_after_a_tick_still_asks_what_was_ticked() -> None:
    step = through(check_in(), SYMPTOMS, tick("swelling"), BACK, ALL_GOOD)
    assert step.state.current == "swelling"


def test_leaving_the_list_needs_the_trend_where_it_is_asked() -> None:
    listed = (SYMPTOMS, tick("itch"))
    assert through(check_in(), *listed, Tap("done")).state.screen is Screen.TICKS
    assert through(check_in(), *listed, Tap("done", option="great")).state.screen is Screen.TICKS
    assert through(check_in(), *listed, DONE).state.answers["trend"] == "same"
    early = through(check_in(6), *listed, Tap("done"), at=6)
    assert early.state.screen is Screen.QUESTION
    assert "trend" not in early.state.answers


def test_something_else_is_kept_as_a_worry() -> None:
    asked = through(check_in(), SYMPTOMS, tick("other"), DONE)
    assert asked.state.current == "worry"
    step = through(check_in(), SYMPTOMS, tick("other"), DONE, "my cheek looks odd")
    assert step.finished
    assert step.state.words == ("my cheek looks odd",)
    assert "PAT-04" in {f.rule for f in step.verdict.because}
    assert through(check_in(), SYMPTOMS, tick("other"), tick("other"), DONE).verdict.level is (
        Level.EXPECTED
    )


@pytest.mark.parametrize("nonsense", ["", "nothing", "movement"])
def test_what_is_not_on_the_list_cannot_be_ticked(nonsense) -> None:
    assert through(check_in(), SYMPTOMS, tick(nonsense)) == through(check_in(), SYMPTOMS)


@pytest.mark.parametrize("where", [(), (SYMPTOMS,), (ONE_OF_THESE,), (ALL_GOOD,)])
def test_a_call_can_be_asked_for_on_every_screen(where) -> None:
    before, after = through(check_in(), *where), through(check_in(), *where, CALL_ME)
    assert after.state.answers["wants_call"] is True
    assert after.state.screen is before.state.screen
    assert after.verdict.level >= Level.FOLLOW_UP


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("37.8", 37.8), ("100F", 37.8), ("٣٨٫٦", 38.6), ("37,5 °C", 37.5), ("38.2º", 38.2)],
)
def test_typed_temperatures_are_answers(typed, stored) -> None:
    step = through(check_in(), SYMPTOMS, tick("fever"), DONE, typed)
    assert step.state.answers["temp_c"] == stored
    assert step.kept_words == ""


def test_without_a_thermometer_anna_is_asked_whether_she_feels_hot() -> None:
    fever = (SYMPTOMS, tick("fever"), DONE, say("temp_c", "not_measured"))
    assert through(check_in(), *fever).state.current == "feels_hot"
    assert "FEV-15" in {f.rule for f in through(check_in(), *fever, "yes").verdict.because}


def test_an_answer_that_cannot_be_read_is_asked_again_once_then_raises() -> None:
    redness = (SYMPTOMS, tick("redness"), DONE)
    assert TRIES == 2
    first = through(check_in(), *redness, "a bit meh")
    assert (first.state.current, first.kept_words) == ("redness", "a bit meh")
    second = through(check_in(), *redness, "a bit meh", "no idea")
    assert second.state.answers["redness"] == "unclear"
    assert second.state.words == ("a bit meh", "no idea")
    assert second.verdict.level is Level.FOLLOW_UP


def test_each_question_has_its_own_tries() -> None:
    step = through(
        check_in(), SYMPTOMS, tick("swelling"), DONE, "hm", say("swelling", "a_little"), "hm"
    )
    assert (step.state.current, step.state.tries) == ("swelling_place", 1)


@pytest.mark.parametrize("where", [(), (SYMPTOMS,), (ONE_OF_THESE,), (ALL_GOOD,)])
def test_words_outside_a_question_are_kept_for_a_person(where) -> None:
    before, after = through(check_in(), *where), through(check_in(), *where, "my cat is ill")
    assert after.kept_words == "my cat is ill"
    assert after.state.words == ("my cat is ill",)
    assert after.state.answers == before.state.answers


def test_going_back_shows_the_answer_before_and_takes_another_one() -> None:
    asked = (SYMPTOMS, tick("swelling"), DONE, say("swelling", "a_little"))
    back = through(check_in(), *asked, BACK).state
    assert back.current == "swelling"
    changed = through(check_in(), *asked, BACK, say("swelling", "none"))
    assert changed.finished
    assert changed.state.answers["swelling"] == 0


def test_changing_an_answer_drops_the_follow_ups_it_no_longer_brings_up() -> None:
    swollen = (
        SYMPTOMS, tick("swelling"), DONE, say("swelling", "a_little"),
        say("swelling_place", "limb"),
    )  # fmt: skip
    step = through(check_in(), *swollen, say("swelling", "none"))
    assert "swelling_place" not in step.state.answers
    assert step.finished


def test_going_back_from_the_first_question_leads_to_the_screen_before() -> None:
    listed = (SYMPTOMS, tick("redness"), DONE)
    assert through(check_in(), *listed, BACK).state.screen is Screen.TICKS
    assert through(check_in(), *listed, BACK, BACK).state.screen is Screen.OPENING
    warned = (ONE_OF_THESE, flag("streaks"), GO_ON, tick("redness"), DONE)
    assert through(check_in(), *warned, BACK).state.screen is Screen.FLAGS
    assert through(check_in(), ALL_GOOD, CHANGE).state.screen is Screen.OPENING


def test_going_back_twice_walks_the_answers_in_their_order() -> None:
    itchy = (SYMPTOMS, tick("itch"), DONE, say("itch", "a_little"), say("hives", "none"))
    assert through(check_in(), *itchy, BACK, BACK).state.current == "itch"


def test_more_can_be_told_after_the_end() -> None:
    step = through(check_in(), ALL_GOOD, MORE, tick("itch"), DONE)
    assert step.state.current == "itch"


@pytest.mark.parametrize(
    "crossing",
    [ALL_GOOD, SYMPTOMS, GO_ON, DONE, flag("faint"), tick("itch"), say("redness", "light_pink"),
     say("itch", "keeps_awake"), say("swelling_place", "nowhere"), say("", ""), Tap("dance"),
     Tap("")],
)  # fmt: skip
def test_old_double_and_crossing_taps_change_nothing(crossing) -> None:
    asked = (SYMPTOMS, tick("redness"), tick("swelling"), DONE, say("redness", "light_pink"))
    before = through(check_in(), *asked)
    assert through(check_in(), *asked, crossing).state == before.state


def test_a_double_tap_on_an_earlier_answer_keeps_the_order_of_the_answers() -> None:
    itchy = (SYMPTOMS, tick("itch"), tick("redness"), DONE, say("redness", "light_pink"),
             say("redness_spread", "no"), "hm")  # fmt: skip
    before = through(check_in(), *itchy)
    assert before.state.tries == 1
    assert through(check_in(), *itchy, say("redness", "light_pink")).state == before.state


def test_a_state_nobody_answered_is_the_opening() -> None:
    assert check_in().open() == State()
    assert check_in(kind="results").open().ticked == {"course"}


def test_last_time_is_remembered_by_its_check_in() -> None:
    past = History([Earlier(336, {"redness": 2})])
    assert check_in(1000, history=past).again == {"redness"}
