"""Anna presses an old button: nothing is taken for a new answer, and no warning sign is lost."""

from datetime import timedelta

import pytest
from desk_of_a_clinic import of_kind
from outer_program import OuterProgram, annas_phone
from stories import FIRST, SECOND, asked, berlin, open_levels

from flows.conversation import State, Tap
from flows.engine.buttons import code_of
from flows.engine.events import Noted
from flows.engine.inputs import Pressed
from flows.verdict import Level


def overtaken() -> OuterProgram:
    """The first check-in was never answered, and the second has taken its place."""
    program = asked()
    return program.until(program.check_in(SECOND).due_at + timedelta(minutes=1))


def test_an_old_button_shows_the_newest_check_in_once():
    program = overtaken()
    program.do(Pressed(f"c:{FIRST}:symptoms", 1))
    assert program.toasts()[-1].startswith("This check-in is over.")
    assert program.last.startswith("That button was old. This is the newest check-in:")
    count = len(program.chat)
    program.wait(minutes=1)
    program.do(Pressed(f"c:{FIRST}:symptoms", 1))
    assert len(program.chat) == count


def test_an_old_button_works_at_night_too():
    program = overtaken().until(berlin(25, 23))
    program.do(Pressed(f"c:{FIRST}:symptoms", 1))
    assert program.last.startswith("That button was old.")


@pytest.mark.hazard("H14")
def test_a_warning_sign_that_an_old_check_in_knows_already_calls_again_after_the_call():
    program = asked()
    program.press("One of these")
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    program.staff("contacted")
    program.until(program.check_in(SECOND).due_at + timedelta(minutes=1))
    before = set(program.record.alerts)
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    [new] = program.record.alerts.keys() - before
    assert program.record.alerts[new].level is Level.EMERGENCY


def test_an_old_all_good_says_nothing_about_today():
    program = overtaken()
    count = len(program.chat)
    program.do(Pressed(f"c:{FIRST}:all_good", 1))
    assert len(program.chat) == count
    assert program.check_in(SECOND).state == "sent"


@pytest.mark.hazard("H14", "H45")
def test_a_warning_sign_under_an_old_check_in_is_an_emergency_at_once():
    program = overtaken()
    events = program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert open_levels(program) == [Level.EMERGENCY]
    assert any("Call 112 now." in text for text in program.texts(program.now))
    assert of_kind(events, Noted)
    count = len(program.record.alerts)
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert len(program.record.alerts) == count


def test_a_warning_sign_pressed_again_after_the_call_calls_again():
    program = overtaken()
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    program.staff("contacted")
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert open_levels(program) == [Level.EMERGENCY]


def test_unticking_under_an_old_check_in_says_nothing():
    program = overtaken()
    program.do(Pressed(f"c:{FIRST}:flag.0-", 1))
    assert program.record.alerts == {}


LOST = (SECOND, "report/7", "1/recheck/42")
"""As after a restore: sent after the backup was made, so still planned, or not known at all."""


@pytest.mark.hazard("H14", "H23", "H45")
@pytest.mark.parametrize("key", LOST)
def test_a_warning_sign_under_a_check_in_that_a_backup_does_not_know_calls_at_once(key):
    program = asked()
    program.press("All good")
    program.do(Pressed(f"c:{key}:flag.0+", 77))
    assert open_levels(program) == [Level.EMERGENCY]
    program.do(Pressed(f"c:{key}:flag.0+", 77))
    assert open_levels(program) == [Level.EMERGENCY]
    told = [text for text in program.texts(program.now) if text.startswith("Call 112 now.")]
    assert len(told) == 1, "a double tap says nothing twice"


@pytest.mark.hazard("H14", "H23")
@pytest.mark.parametrize("key", [FIRST, *LOST])
def test_a_late_answer_counts_though_the_one_that_brought_its_question_up_is_lost(key):
    program = asked()
    tap = Tap("answer", "swelling_place", "tongue_throat")
    program.do(Pressed(code_of(program.desk.protocol, key, tap, State()), 77))
    assert open_levels(program) == [Level.EMERGENCY]
    assert any("Tongue, throat" in line for line in program.alert.said)


@pytest.mark.parametrize("key", LOST)
def test_what_calls_nobody_under_a_check_in_that_a_backup_does_not_know_makes_no_report(key):
    program = asked()
    for what in ("all_good", "symptoms", "flag.0-"):
        program.do(Pressed(f"c:{key}:{what}", 77))
    assert program.record.alerts == {}
    assert program.record.patient.reports == 0


@pytest.mark.hazard("H14", "H23", "H47")
@pytest.mark.parametrize("key", LOST)
def test_who_has_stopped_is_heard_under_a_check_in_that_a_backup_does_not_know(key):
    program = annas_phone(stage="stopped")
    program.do(Pressed(f"c:{key}:flag.0+", 77))
    assert open_levels(program) == [Level.EMERGENCY]
    program.staff("contacted")
    program.do(Pressed(f"c:{key}:one_of_these", 77))
    assert open_levels(program) == [Level.URGENT]


def test_a_serious_answer_under_an_old_check_in_calls_a_person():
    program = overtaken()
    questions = program.desk.protocol.questions
    discharge = next(place for place, one in enumerate(questions) if one.id == "discharge")
    worst = len(questions[discharge].options) - 1
    program.do(Pressed(f"c:{FIRST}:answer.{discharge}.{worst}", 1))
    assert max(open_levels(program)) >= Level.FOLLOW_UP


def test_a_wish_for_a_call_under_an_old_check_in_is_heard():
    program = overtaken()
    program.do(Pressed(f"c:{FIRST}:call_me", 1))
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert "We will contact you by" in program.texts(program.now)[-2]


def test_one_of_these_under_an_old_check_in_shows_the_list_at_once():
    program = overtaken()
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    assert program.check_in(SECOND).conversation.screen == "flags"
    program.wait(minutes=6)
    assert open_levels(program) == [Level.URGENT]


def test_one_of_these_with_nothing_open_begins_a_report_with_the_list():
    program = overtaken()
    program.press("All good")
    program.wait(hours=2)
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    assert program.check_in("report/1").conversation.screen == "flags"


def test_one_of_these_does_not_disturb_what_anna_is_answering():
    program = overtaken()
    program.press("None of these, but")
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    assert program.check_in(SECOND).conversation.screen == "ticks"
    assert program.last.startswith("That button was old.")


@pytest.mark.parametrize("code", ["", "c", "c:nothing:all", "c:1/check_in/6:tick.99+", "zz:1"])
def test_a_button_that_nobody_made_opens_a_report(code):
    program = annas_phone()
    program.do(Pressed(code, 1))
    assert program.check_in("report/1").state == "sent"
    assert "How are you?" in program.last


def test_a_button_of_a_check_in_that_was_never_sent_opens_a_report():
    program = annas_phone()
    program.do(Pressed(f"c:{SECOND}:symptoms", 1))
    assert program.check_in("report/1").state == "sent"


def test_a_finished_check_in_can_be_changed_until_the_next():
    program = asked()
    program.press("All good")
    program.press("Add something")
    assert program.check_in(FIRST).conversation.screen == "ticks"
    program.until(program.check_in(SECOND).due_at + timedelta(minutes=1))
    program.do(Pressed(f"c:{FIRST}:more", 1))
    assert program.toasts()[-1].startswith("This check-in is over.")
