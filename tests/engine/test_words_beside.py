"""Anna says how she is where no question waits: after a command, or by changing a message."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import DESK, NOW, anna, of_kind
from outer_program import OuterProgram, annas_phone
from stories import asked, open_levels, wonders

from flows.engine.advance import advance
from flows.engine.doubt import IDLE
from flows.engine.events import Noted
from flows.engine.inputs import Commanded
from flows.faq_file import bundled_faq
from flows.verdict import Level

HURTS = "it hurts a lot since yesterday"


def well() -> OuterProgram:
    program = asked()
    program.press("All good")
    return program


@pytest.mark.parametrize(
    "command", ["start", "stop", "status", "settings", "privacy", "mydata", "help"]
)
def test_words_after_a_command_are_read_by_a_person(command):
    program = well()
    events = program.do(Commanded(command, HURTS))
    assert [note.text for note in of_kind(events, Noted)] == [HURTS]
    assert open_levels(program) == [Level.WATCH]
    assert f"A7K2 wrote after /{command}:\n“{HURTS}”" in program.staff_texts()


def test_the_command_does_what_it_does_all_the_same():
    program = well()
    program.do(Commanded("stop", HURTS))
    assert "Do you want to stop?" in program.last


def test_what_a_search_is_for_is_no_message():
    program = well()
    assert of_kind(program.do(Commanded("faq", "swelling")), Noted) == []
    assert open_levels(program) == []


@pytest.mark.hazard("H50")
@pytest.mark.parametrize("words", ["my arm is swollen and hot", "it hurts since yesterday"])
def test_words_after_faq_that_tell_how_she_is_are_read_by_a_person_and_looked_up(words):
    program = annas_phone(desk=replace(DESK, faq=bundled_faq())).wait(hours=6)
    program.press("All good")
    events = program.do(Commanded("faq", words))
    assert [note.text for note in of_kind(events, Noted)] == [words]
    assert open_levels(program) == [Level.WATCH]
    assert f"A7K2 wrote after /faq:\n“{words}”" in program.staff_texts()
    assert program.last.startswith("You told us something that the team is looking after.")
    assert "Swelling" in str(program.chat[-1]) or "All questions" in str(program.chat[-1])


def test_a_question_of_the_list_typed_out_is_no_message():
    program = annas_phone(desk=replace(DESK, faq=bundled_faq())).wait(hours=6)
    program.press("All good")
    assert of_kind(program.do(Commanded("faq", "acne scars and other scarring")), Noted) == []
    assert open_levels(program) == []


@pytest.mark.parametrize("stage", ["asked_facts", "pairing", "stopped"])
def test_words_after_a_command_of_whoever_is_not_asked_are_shown_to_staff(stage):
    program = OuterProgram(anna(stage))
    program.do(Commanded("help", HURTS))
    assert HURTS in program.staff_texts()[0]
    assert open_levels(program) == []


def test_before_a_consent_nobody_reads_them():
    program = OuterProgram(anna("asked_consent"))
    assert of_kind(program.do(Commanded("help", HURTS)), Noted) == []


def test_words_after_a_command_in_a_chat_in_doubt_are_shown_to_staff():
    program = annas_phone()
    decision = advance(program.desk, program.record, Commanded("mydata", HURTS), NOW + IDLE)
    assert [note.text for note in of_kind(decision.events, Noted)] == [HURTS]


@pytest.mark.hazard("H16")
def test_a_message_that_was_an_answer_and_says_more_by_now_is_read_by_a_person():
    """She had typed a button's name; what she makes of it is no answer, and no warning sign."""
    program = asked()
    program.write("All good, none of these")
    assert open_levels(program) == []
    program.write("all good, but the lump is bigger", edits=program.typed)
    assert open_levels(program) == [Level.WATCH]


@pytest.mark.hazard("H16")
def test_no_old_button_closes_an_alert_under_which_a_message_was_changed():
    program = wonders()
    shown = f"seen.{program.alert.content}"
    program.write("is this normal? it looks uneven", edits=program.typed)
    program.staff("outcome", option=shown)
    assert program.alert.is_open


@pytest.mark.hazard("H16")
def test_a_changed_answer_that_is_none_any_more_is_read_by_a_person():
    program = asked()
    program.press("None of these, but")
    program.press("Itch")
    program.press("Done")
    program.write("1")
    number = program.typed
    while program.check_in("1/check_in/6").state == "sent":
        program.press(program.chat[-1].message.keys[-2][0].label)
    program.write("quite strong", edits=number)
    assert open_levels(program)
    content = program.alert.content
    program.write("quite strong, and uneven", edits=number)
    assert program.alert.content != content
