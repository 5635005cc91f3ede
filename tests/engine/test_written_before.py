"""Anna writes while nobody hears her, and her next check-in comes before her words are read."""

from datetime import timedelta

import pytest
from outer_program import OuterProgram
from stories import FIRST, SECOND, SYMPTOMS, asked, berlin, open_levels

from flows.engine.inputs import SentPhoto, Wrote
from flows.verdict import Level


def asked_for_fever() -> OuterProgram:
    """Anna has ticked fever, and is asked how high it is."""
    program = asked()
    program.press(SYMPTOMS)
    program.press("Fever")
    program.press("Done")
    assert program.check_in(FIRST).conversation.current == "temp_c"
    return program


def below(program: OuterProgram) -> int:
    """Return the number of a message that stands below all that Anna was shown so far."""
    program.command("help")
    return len(program.chat)


def unheard(program: OuterProgram) -> int:
    """Nobody hears Anna for a night, and her next check-in comes in the morning.

    Returns the number of what she has written meanwhile, below everything that she had seen.
    """
    number = below(program)
    program.now += timedelta(hours=20)
    program.tick()
    assert program.record.patient.current == SECOND
    assert (program.check_in(SECOND).message_id or 0) > number
    return number


@pytest.mark.hazard("H01")
def test_a_temperature_of_before_the_new_check_in_calls_a_person_at_once():
    program = asked_for_fever()
    program.do(Wrote("39.2", unheard(program)))
    assert Level.URGENT in open_levels(program)
    assert "39.2" in program.alert.said[0]
    assert program.check_in(FIRST).answers["temp_c"] == 39.2
    assert program.chat[-1].event.lane == 0
    assert "112" in program.last
    assert program.staff_texts()[-1] == "A7K2 wrote before the newest check-in came:\n“39.2”"


def test_words_of_before_count_as_well_where_the_new_check_in_is_still_on_its_way():
    program = asked_for_fever()
    program.reaches_the_patient = False
    program.now += timedelta(hours=20)
    program.tick()
    assert program.check_in(SECOND).message_id is None
    program.write("39.2")
    assert Level.URGENT in open_levels(program)


def test_the_new_check_in_stays_the_one_that_is_asked():
    program = asked_for_fever()
    program.do(Wrote("39.2", unheard(program)))
    assert program.check_in(FIRST).state == "unanswered"
    assert program.record.patient.current == SECOND
    assert str(program.check_in(SECOND).conversation.screen) == "opening"


def test_what_was_answered_late_and_left_becomes_a_task_as_ever():
    program = asked_for_fever()
    program.do(Wrote("37.9", unheard(program)))
    assert ("silence", f"A7K2:{FIRST}") in program.due


def test_a_mild_answer_of_before_calls_nobody_and_is_read_by_staff():
    program = asked_for_fever()
    number = unheard(program)
    before = open_levels(program)
    program.do(Wrote("36.9", number))
    assert open_levels(program) == before
    assert "a person will read them" in program.last
    assert "36.9" in program.staff_texts()[-1]


def test_the_last_answer_of_before_ends_its_check_in():
    program = asked_for_fever()
    for text in ("36.9", "no", "no"):
        program.do(Wrote(text, len(program.chat)))
    program.do(Wrote("no", unheard(program)))
    assert program.check_in(FIRST).state == "complete"
    assert program.record.patient.current == SECOND


def test_a_photo_with_the_temperature_in_its_words_counts_as_well():
    program = asked_for_fever()
    program.do(SentPhoto("file", "unique", unheard(program), "", "39.2"))
    assert Level.URGENT in open_levels(program)


def test_a_changed_message_of_before_can_still_raise():
    program = asked_for_fever()
    number = unheard(program)
    program.do(Wrote("36.9", number))
    program.write("39.9", edits=number)
    assert Level.URGENT in open_levels(program)


@pytest.mark.parametrize("text", ["I feel odd", "I cannot breathe well"])
def test_words_that_answer_nothing_belong_to_the_new_check_in(text: str):
    program = asked_for_fever()
    program.do(Wrote(text, unheard(program)))
    assert program.check_in(SECOND).conversation.words == (text,)


def test_a_second_answer_belongs_to_the_new_check_in():
    """Nobody had seen the question that the first answer led to."""
    program = asked_for_fever()
    number = unheard(program)
    program.do(Wrote("38.4", number))
    program.do(Wrote("no", number))
    assert program.check_in(SECOND).conversation.words == ("no",)


def test_words_written_after_the_new_check_in_belong_to_it():
    program = asked_for_fever()
    unheard(program)
    program.write("39.2")
    assert program.check_in(SECOND).conversation.words == ("39.2",)


def test_words_belong_to_a_check_in_that_was_answered_since():
    program = asked_for_fever()
    number = unheard(program)
    program.press(SYMPTOMS)
    program.do(Wrote("39.2", number))
    assert "temp_c" not in program.check_in(FIRST).answers


def test_words_of_before_belong_to_what_stood_in_the_chat_then():
    """The second check-in had come before she wrote, and asked for no temperature."""
    program = asked_for_fever().until(berlin(25, 12))
    assert program.record.patient.current == SECOND
    number = below(program)
    program.now += timedelta(hours=24)
    program.tick()
    assert program.record.patient.current not in (FIRST, SECOND)
    program.do(Wrote("39.2", number))
    assert "temp_c" not in program.check_in(FIRST).answers
