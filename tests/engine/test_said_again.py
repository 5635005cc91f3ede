"""Anna says once more what she has said before: it is news once staff have seen to the first."""

from stories import FIRST, asked, cared_for, feverish, finished, open_levels, wants_a_call

from flows.engine.inputs import Pressed
from flows.verdict import Level


def test_the_same_fever_after_the_alert_was_closed_is_news():
    program = finished(feverish())
    cared_for(program)
    program.wait(hours=3)
    program.press("Change my answers")
    assert open_levels(program) == [], "looking says nothing"
    while "highest temperature" not in program.last:
        program.press("Back")
    program.write("39.2")
    assert open_levels(program) == [Level.URGENT]


def test_the_same_fever_while_somebody_is_called_already_changes_nothing():
    program = finished(feverish())
    version = program.alert.version
    program.press("Change my answers")
    while "highest temperature" not in program.last:
        program.press("Back")
    program.write("39.2")
    assert len(program.record.alerts) == 1
    assert program.alert.version == version


def test_a_second_wish_for_a_call_is_a_new_one_once_the_first_was_met():
    program = wants_a_call()
    button = program.check_in(FIRST).message_id
    program.do(Pressed(f"c:{FIRST}:call_me", button))
    assert len(program.record.alerts) == 1, "a double tap"
    cared_for(program)
    program.do(Pressed(f"c:{FIRST}:call_me", button))
    assert open_levels(program) == [Level.FOLLOW_UP]


def test_one_of_these_pressed_again_after_the_call_is_waited_for_again():
    program = asked()
    program.press("One of these")
    since = program.due["red_flag", f"A7K2:{FIRST}"]
    program.wait(minutes=2)
    program.do(Pressed(f"c:{FIRST}:one_of_these", 999))
    assert program.due["red_flag", f"A7K2:{FIRST}"] == since, "no press makes the wait longer"
    program.wait(minutes=4)
    cared_for(program)
    program.wait(minutes=30)
    program.do(Pressed(f"c:{FIRST}:one_of_these", 999))
    program.wait(minutes=6)
    assert open_levels(program) == [Level.URGENT]
