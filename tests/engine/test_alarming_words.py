"""Anna's words alarm, or she opens the list of warning signs: who is called, and when."""

from stories import (
    FIRST,
    SECOND,
    asked,
    open_levels,
)

from flows.engine.inputs import Blocked, CameDue
from flows.verdict import Level


def test_alarming_words_bring_up_the_list_and_call_a_person_after_five_minutes():
    program = asked()
    program.write("I can't breathe")
    assert "Is this happening to you now?" in program.last
    assert program.record.alerts == {}
    program.wait(minutes=4, seconds=58)
    assert program.record.alerts == {}
    program.wait(seconds=3)
    assert open_levels(program) == [Level.URGENT]
    assert "Have you had help?" in program.last


def test_other_presses_do_not_make_the_wait_longer():
    program = asked()
    program.write("I can't breathe")
    program.wait(minutes=4)
    program.press("Back")
    program.press("One of these")
    program.wait(minutes=1, seconds=1)
    assert open_levels(program) == [Level.URGENT]


def test_words_in_place_of_an_answer_to_the_list_call_a_person_at_once():
    program = asked()
    program.write("I can't breathe")
    program.write("please, is somebody there?")
    assert open_levels(program) == [Level.URGENT]


def test_words_after_a_closed_alert_call_again_though_the_list_stands_open():
    program = asked()
    program.write("I can't breathe")
    program.wait(minutes=6)
    program.staff("resolve")
    program.staff("outcome", option="advised")
    program.wait(minutes=30)
    program.write("it is my throat again")
    assert open_levels(program) == [Level.URGENT]


def test_alarming_words_that_are_denied_are_still_a_persons_task():
    program = asked()
    program.write("I can't breathe")
    program.press("None of these")
    assert ("red_flag", f"A7K2:{FIRST}") not in program.due
    assert open_levels(program) == [Level.FOLLOW_UP]


def test_one_of_these_and_then_silence_is_urgent_after_five_minutes():
    program = asked()
    program.press("One of these")
    program.wait(minutes=5, seconds=1)
    assert open_levels(program) == [Level.URGENT]
    assert "has not said which" in program.alert.because[0].reason


def test_whoever_goes_back_from_the_list_is_not_waited_for():
    program = asked()
    program.press("One of these")
    program.press("Back")
    program.wait(minutes=6)
    assert program.record.alerts == {}
    program.do(CameDue("red_flag", f"A7K2:{FIRST}"))
    program.do(CameDue("red_flag", f"A7K2:{SECOND}"))
    assert program.record.alerts == {}


def test_words_at_an_open_list_call_a_person_at_once():
    program = asked()
    program.press("One of these")
    program.wait(minutes=6)
    program.staff("resolve")
    program.staff("outcome", option="advised")
    program.write("I can't breathe")
    assert open_levels(program) == [Level.URGENT]


def test_who_blocked_the_bot_is_called_though_they_cannot_be_told():
    program = asked()
    program.press("One of these")
    program.do(Blocked(blocked=True))
    count = len(program.chat)
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)
    assert len(program.chat) == count


def test_the_words_of_a_warning_sign_call_a_person_at_once_as_a_press_does():
    program = asked()
    program.write("CHEST PAIN!")
    assert open_levels(program) == [Level.EMERGENCY]
    assert "Call 112 now" in program.last


def test_the_words_of_a_sign_that_is_no_emergency_call_a_person_at_once_too():
    program = asked()
    program.write("red streaks")
    assert open_levels(program) == [Level.URGENT]
