"""Anna has another phone, and Ben has confirmed her there: what was open goes on."""

import pytest
from outer_program import OuterProgram
from stories import (
    FIRST,
    SECOND,
    SYMPTOMS,
    asked,
    berlin,
    gets_a_link,
    is_confirmed,
    is_refused,
    takes_the_steps,
)

from flows.engine.events import Change
from flows.engine.inputs import LinkOpened, WasNotDelivered


def asked_for_fever(program: OuterProgram) -> OuterProgram:
    program.press(SYMPTOMS)
    program.press("Fever")
    program.press("Done")
    return program


def loses_her_phone(program: OuterProgram) -> None:
    """Anna's account is gone, and Ben lets the chat go."""
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "deactivated"))
    is_refused(program)


def is_linked_again(program: OuterProgram) -> None:
    """Anna opens a new link on a new phone and takes the steps; Ben confirms her."""
    gets_a_link(program)
    program.do(LinkOpened(7002, "Anna", "en"))
    takes_the_steps(program)
    is_confirmed(program)


@pytest.mark.hazard("H05")
def test_the_question_that_is_open_is_shown_in_the_new_chat():
    program = asked_for_fever(asked())
    loses_her_phone(program)
    is_linked_again(program)
    assert program.last.startswith("In case this did not reach you:\n\nWhat is the highest temp")
    program.write("39.2")
    assert "Please call us now" in program.last


@pytest.mark.hazard("H05")
def test_a_message_of_the_old_chat_is_not_changed_any_more():
    program = asked_for_fever(asked())
    program.reaches_the_patient = False
    loses_her_phone(program)
    is_linked_again(program)
    events = program.write("39.2")
    assert [event for event in events if isinstance(event, Change)] == []


def test_a_check_in_that_has_come_due_takes_its_place():
    program = asked_for_fever(asked())
    loses_her_phone(program)
    program.until(berlin(25, 12))
    is_linked_again(program)
    assert not program.last.startswith("In case this")
    program.wait(minutes=1)
    assert program.record.patient.current == SECOND
    assert program.last.startswith("We could not ask you") or "check-in" in program.last


def test_what_was_finished_is_not_shown_again():
    program = asked()
    program.press("All good")
    loses_her_phone(program)
    is_linked_again(program)
    assert program.last.startswith("You are set.")
