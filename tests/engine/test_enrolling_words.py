"""What Anna writes before anybody has confirmed who she is, or after she stopped."""

from dataclasses import replace
from typing import Any

import pytest
from desk_of_a_clinic import DESK, NOW, anna, buttons, of_kind, told
from desk_of_a_clinic import turn_of as turn
from pseudo_language import speaks, translated  # noqa: F401 - fixtures

from flows.conversation import Screen, State
from flows.engine.advance import advance
from flows.engine.enrolling import pressed, wrote
from flows.engine.events import Lane, Noted, Plan, Say, ShowCard
from flows.engine.inputs import Pressed, SentOther, Wrote
from flows.engine.record import Record
from flows.engine.stages import INVITATION_LIFE
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.verdict import Level

CANNOT_BREATHE = "I cannot breathe and my throat is swelling"
LINKED = ("asked_consent", "asked_facts", "test_message", "pairing", "declined", "stopped")


def write(record: Record, text: str, *, edited: bool = False) -> Turn:
    decision = turn(record)
    wrote(decision, Wrote(text, 13, edited))
    return decision


@pytest.mark.hazard("H47")
@pytest.mark.parametrize("stage", LINKED)
def test_alarming_words_bring_the_emergency_number_and_a_person_at_every_stage(stage):
    decision = write(anna(stage), CANNOT_BREATHE)
    [say] = [e for e in of_kind(decision.events, Say) if e.to == "patient"]
    assert say.lane is Lane.ALERT
    assert say.message.text.startswith("Call 112 now.")
    [staff] = [e for e in of_kind(decision.events, Say) if e.to == "staff"]
    assert staff.lane is Lane.ALERT
    assert CANNOT_BREATHE in staff.message.text
    assert decision.patient.stage == stage


@pytest.mark.parametrize("stage", LINKED)
def test_alarming_words_become_an_alert_that_is_repeated_until_somebody_takes_it(stage):
    decision = write(anna(stage), CANNOT_BREATHE)
    [alert] = decision.record.open_alerts
    assert alert.level is Level.URGENT
    assert CANNOT_BREATHE in alert.said[0]
    assert alert.check_in in decision.record.check_ins
    assert of_kind(decision.events, ShowCard)
    assert [plan.kind for plan in of_kind(decision.events, Plan)] == ["notify"]
    assert decision.patient.current == anna(stage).patient.current


@pytest.mark.parametrize("stage", LINKED)
def test_the_words_of_a_warning_sign_call_everyone_as_a_press_would(stage):
    decision = write(anna(stage), "Chest pain.")
    [alert] = decision.record.open_alerts
    assert alert.level is Level.EMERGENCY
    assert told(decision.events)[0].startswith("Call 112 now.")


def test_who_may_harm_themselves_hears_of_the_crisis_line():
    decision = write(anna("pairing"), "I want to kill myself")
    [text] = told(decision.events)
    assert "0800 111 0 111" in text
    assert "Do not drive" not in text


def test_before_staff_confirmed_the_emergency_text_does_not_name_the_day():
    assert "on your last visit" in told(write(anna("pairing"), CANNOT_BREATHE).events)[0]
    assert "on 24 November 2026" in told(write(anna("stopped"), CANNOT_BREATHE).events)[0]


def test_staff_read_that_nobody_has_confirmed_the_chat():
    early = told(write(anna("pairing"), CANNOT_BREATHE).events, "staff")[0]
    assert "Nobody has confirmed whose chat this is" in early
    late = told(write(anna("stopped"), CANNOT_BREATHE).events, "staff")[0]
    assert "was confirmed before" in late


def test_a_case_without_a_visit_still_brings_a_person():
    record = Record(anna("pairing").patient)
    decision = write(record, CANNOT_BREATHE)
    assert told(decision.events, "staff")
    assert told(decision.events)[0].startswith("Call 112 now.")


def test_alarming_words_after_a_refusal_have_no_chat_but_reach_staff():
    decision = write(anna("refused"), CANNOT_BREATHE)
    assert not told(decision.events)
    assert told(decision.events, "staff")


@pytest.mark.parametrize("stage", ["asked_facts", "pairing", "stopped"])
def test_other_words_are_kept_and_shown_to_staff(stage):
    decision = write(anna(stage), "I have a question about my cream")
    assert [noted.text for noted in of_kind(decision.events, Noted)] == [
        "I have a question about my cream"
    ]
    assert "“I have a question about my cream”" in told(decision.events, "staff")[0]
    [text] = told(decision.events)
    assert "We are showing your words to the team" in text
    assert "Call 112 right away" in text


def test_a_changed_message_is_shown_as_changed_and_is_a_message_of_its_own():
    first, second = (
        write(anna("pairing"), "I feel a bit odd", edited=edited) for edited in (False, True)
    )
    assert "wrote:" in told(first.events, "staff")[0]
    assert "wrote (changed):" in told(second.events, "staff")[0]


def test_very_long_words_fit_a_message_and_are_kept_whole():
    text = "my cream smells nice. " * 180
    decision = write(anna("pairing"), text)
    assert len(told(decision.events, "staff")[0]) < 4096
    assert of_kind(decision.events, Noted)[0].text == text


@pytest.mark.usefixtures("translated")
def test_a_voice_message_of_whoever_stopped_is_called_so_in_the_language_of_the_staff():
    events = advance(DESK, anna("stopped"), SentOther("voice", 13), NOW).events
    [staff] = told(events, "staff")
    assert "“(⟦voice⟧)”" in staff
    assert "(voice)" in [one.text for one in of_kind(events, Noted)]


def test_anna_who_stopped_is_offered_to_come_back_by_button_or_by_its_words():
    decision = write(anna("stopped"), "hello again")
    assert buttons(decision.events) == {"Start again": "s:back"}
    assert write(anna("stopped"), "start again").patient.stage == "active"


def test_who_stopped_before_being_confirmed_and_comes_back_is_waited_for_anew():
    decision = write(anna("stopped", confirmed_by=None), "start again")
    assert decision.patient.stage == "asked_consent"
    assert Plan("invitation", "A7K2", NOW + INVITATION_LIFE) in decision.events


def test_a_press_under_an_old_check_in_after_a_stop_reaches_staff():
    decision = turn(anna("stopped"))
    pressed(decision, Pressed("c:1/check_in/24:one_of_these", 9))
    assert "pressed a button under an old check-in" in told(decision.events, "staff")[0]
    well = turn(anna("stopped"))
    pressed(well, Pressed("c:1/check_in/24:all_good", 9))
    assert not told(well.events, "staff")


def stopped_after_a_check_in(screen: Screen = Screen.FLAGS, **changes: Any) -> Record:
    """Anna was asked how she is and stopped: the message with the signs still has its buttons."""
    asked = StoredCheckIn(
        "1/check_in/24", 1, "check_in", 24, NOW, state="cancelled", sent_at=NOW,
        conversation=State(screen=screen),
    )  # fmt: skip
    return anna("stopped", **changes).with_check_in(asked)


def press(record: Record, button: str) -> Turn:
    decision = turn(record)
    pressed(decision, Pressed(f"c:1/check_in/24:{button}", 9))
    return decision


@pytest.mark.hazard("H47")
def test_a_sign_pressed_after_a_stop_brings_the_emergency_number_and_a_person():
    decision = press(stopped_after_a_check_in(), "flag.0+")
    [alert] = decision.record.open_alerts
    assert alert.level is Level.EMERGENCY
    assert any("Trouble breathing" in line for line in alert.said), "staff read which sign"
    assert of_kind(decision.events, ShowCard)
    assert [plan.kind for plan in of_kind(decision.events, Plan)] == ["notify"]
    first, then = [e for e in of_kind(decision.events, Say) if e.to == "patient"]
    assert first.lane is Lane.ALERT
    assert first.message.text.startswith("Call 112 now.")
    assert "You have stopped" in then.message.text
    assert "pressed a button under an old check-in" in told(decision.events, "staff")[0]


@pytest.mark.hazard("H47")
def test_a_sign_pressed_after_a_stop_calls_again_once_staff_have_spoken_to_her():
    record = press(stopped_after_a_check_in(), "flag.0+").record
    [first] = record.open_alerts
    record = record.with_alert(replace(first, contacted_at=NOW))
    again = press(record, "flag.0+")
    assert [one.key for one in again.record.open_alerts if one.contacted_at is None]


@pytest.mark.parametrize("button", ["all_good", "flag.0-", "symptoms"])
def test_another_button_after_a_stop_calls_nobody_by_itself(button):
    decision = press(stopped_after_a_check_in(), button)
    assert not list(decision.record.open_alerts)
    assert len(told(decision.events)) == 1


def test_whose_chat_is_in_doubt_is_called_too_without_the_day_of_the_session():
    known = press(stopped_after_a_check_in(), "flag.0+")
    assert "on 24 November 2026" in told(known.events)[0]
    doubted = press(stopped_after_a_check_in(doubted_at=NOW), "flag.0+")
    assert list(doubted.record.open_alerts)
    assert "on your last visit" in told(doubted.events)[0]


@pytest.mark.hazard("H47")
@pytest.mark.parametrize("screen", [Screen.OPENING, Screen.FLAGS])
def test_one_of_these_after_a_stop_calls_a_person_since_no_list_is_shown(screen):
    decision = press(stopped_after_a_check_in(screen=screen), "one_of_these")
    [alert] = decision.record.open_alerts
    assert alert.level is Level.URGENT
    assert "has not said which" in alert.because[0].reason
    assert of_kind(decision.events, ShowCard)
    assert [plan.kind for plan in of_kind(decision.events, Plan)] == ["notify"], "until acked"
    first, then = [e for e in of_kind(decision.events, Say) if e.to == "patient"]
    assert first.lane is Lane.ALERT
    assert first.message.text.startswith("Please call us now: +49 30 555 0100.")
    assert "Call 112 right away" in then.message.text
    assert "pressed a button under an old check-in" in told(decision.events, "staff")[0]
    assert not press(decision.record, "one_of_these").record.alerts_so_far > 1, "a double tap"


@pytest.mark.hazard("H47")
@pytest.mark.parametrize("button", ["one_of_these", "flag.0+"])
@pytest.mark.parametrize("stage", ["asked_consent", "asked_facts", "test_message", "pairing"])
def test_who_came_back_and_is_not_confirmed_yet_is_heard_under_old_check_ins(stage, button):
    record = stopped_after_a_check_in(confirmed_by=None)
    decision = press(record.with_patient(stage=stage), button)
    [alert] = decision.record.open_alerts
    assert alert.level >= Level.URGENT
    assert told(decision.events)[0].startswith(("Please call us now", "Call 112 now"))
    assert "A7K2 is not confirmed yet, and now pressed" in told(decision.events, "staff")[0]
    assert decision.patient.stage == stage


def test_a_word_is_answered_with_a_key_of_its_own():
    [one] = [e for e in of_kind(write(anna("pairing"), "hm").events, Say) if e.to == "patient"]
    assert NOW.isoformat() in one.repeat
