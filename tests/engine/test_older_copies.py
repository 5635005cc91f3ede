"""Anna has a check-in's message several times, and presses a button of any of them."""

import pytest
from desk_of_a_clinic import of_kind
from outer_program import OuterProgram, annas_phone
from stories import FIRST, SYMPTOMS, asked, feverish, open_levels

from flows.engine.events import Change
from flows.engine.inputs import Pressed
from flows.verdict import Level


def asked_about_swelling() -> OuterProgram:
    """Anna has ticked a swelling, and its questions are asked."""
    program = asked()
    program.press(SYMPTOMS)
    program.press("Swelling")
    program.press("Done")
    assert screen(program) == "question"
    return program


def screen(program: OuterProgram) -> str:
    """What the first check-in's message shows."""
    return str(program.check_in(FIRST).conversation.screen)


@pytest.mark.hazard("H14")
def test_a_warning_sign_under_an_older_copy_counts_whatever_is_asked_by_now():
    """The talk went on below; Anna scrolls up to the list and presses what she feels."""
    program = asked_about_swelling()
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert open_levels(program) == [Level.EMERGENCY]
    assert "Call 112 now." in program.last
    assert program.chat[-1].number == 1


def test_unticking_a_warning_sign_under_an_older_copy_takes_nothing_back():
    program = asked()
    program.press("One of these")
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    before = program.check_in(FIRST).answers
    program.do(Pressed(f"c:{FIRST}:flag.0-", 1))
    assert program.check_in(FIRST).answers == before


@pytest.mark.hazard("H14")
def test_a_warning_sign_pressed_again_after_the_call_calls_again_while_the_check_in_is_open():
    program = asked_about_swelling()
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert len(program.record.alerts) == 1
    program.staff("contacted")
    program.do(Pressed(f"c:{FIRST}:flag.0+", 1))
    assert open_levels(program) == [Level.EMERGENCY]
    assert len(program.record.alerts) == 2


def test_one_of_these_under_an_older_copy_shows_the_list_and_waits_for_it():
    program = asked_about_swelling()
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    assert screen(program) == "flags"
    program.wait(minutes=4)
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    program.wait(minutes=2)
    assert open_levels(program) == [Level.URGENT], "no other press makes the wait longer"


@pytest.mark.hazard("H14")
def test_another_press_does_not_put_away_a_list_that_waits_for_its_answer():
    program = asked_about_swelling()
    program.press(program.chat[-1].message.keys[0][0].label)
    [question, *_] = program.check_in(FIRST).conversation.path
    program.do(Pressed(f"c:{FIRST}:one_of_these", 1))
    places = [one.id for one in program.desk.protocol.questions]
    for code in (f"answer.{places.index(question)}.1", "tick.3+", "symptoms", "all_good"):
        program.do(Pressed(f"c:{FIRST}:{code}", 1))
        assert screen(program) == "flags"
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)


def test_a_tick_under_an_older_copy_is_asked_about():
    program = asked_about_swelling()
    ticks = next(shown for shown in program.chat if "Redness" in str(shown.message.keys))
    code = next(key.code for row in ticks.message.keys for key in row if "Redness" in key.label)
    program.do(Pressed(code, 1))
    assert screen(program) == "ticks"
    assert "✅ Redness" in str(program.chat[-1].message.keys)
    assert "✅ Swelling" in str(program.chat[-1].message.keys)


def test_an_answer_about_something_that_was_unticked_since_is_heard():
    program = asked_about_swelling()
    worst = program.chat[-1].message.keys[-2][0]
    program.press("Back")
    program.press("Swelling")
    program.press("Done")
    assert screen(program) == "end"
    program.do(Pressed(worst.code, 1))
    assert worst.label.lstrip("0123456789 ") in program.last or screen(program) == "question"
    assert program.check_in(FIRST).conversation.path


def code_under(program: OuterProgram, label: str) -> str:
    """What the newest button with a label carries."""
    keys = [key for shown in program.chat for row in shown.message.keys for key in row]
    return next(key.code for key in reversed(keys) if label in key.label)


def test_a_press_under_another_copy_changes_that_copy_and_closes_the_one_above():
    program = feverish()
    above = program.check_in(FIRST).message_id
    closed, changed = of_kind(program.do(Pressed(f"c:{FIRST}:back", 77)), Change)
    assert (closed.message_id, closed.message.keys) == (above, ())
    assert closed.message.text == "This goes on below. ⬇️"
    assert changed.message_id == 77
    assert program.check_in(FIRST).message_id == 77


def test_the_copy_below_is_closed_where_the_talk_goes_on_above():
    program = asked().wait(minutes=150)
    below = program.check_in(FIRST).message_id
    closed, _ = of_kind(program.do(Pressed(code_under(program, SYMPTOMS), 1)), Change)
    assert (closed.message_id, closed.message.text) == (below, "This goes on above. ⬆️")


@pytest.mark.hazard("H19")
def test_a_copy_that_was_left_behind_is_brought_up_to_date_by_a_press_that_changes_nothing():
    """After a crash Anna may have the question twice: she answers one, then presses the other."""
    program = asked()
    code = code_under(program, SYMPTOMS)
    [answered] = of_kind(program.do(Pressed(code, 1)), Change)
    before = program.check_in(FIRST)
    [change] = program.do(Pressed(code, 2))
    assert (change.message_id, change.message) == (2, answered.message)
    assert change.repeat != answered.repeat
    assert program.check_in(FIRST) == before
    closed, _ = of_kind(program.do(Pressed(code_under(program, "Swelling"), 2)), Change)
    assert (closed.message_id, closed.message.keys) == (1, ())


@pytest.mark.hazard("H19")
def test_a_press_that_changes_nothing_proves_that_the_question_came():
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    assert program.check_in(FIRST).message_id is None
    program.do(Pressed(f"c:{FIRST}:go_on", 1))
    assert program.check_in(FIRST).message_id == 1


def test_no_press_leaves_every_copy_without_buttons():
    """Two presses that cross: whichever copy is pressed last shows the question."""
    program = asked()
    code = code_under(program, SYMPTOMS)
    for number in (2, 1, 2, 1, 2):
        program.do(Pressed(code, number))
        latest = {shown.number: shown.message.keys for shown in program.chat}
        assert latest[number]
