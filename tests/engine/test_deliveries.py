"""A message of unknown fate: a question is not asked twice, an answer is not left unanswered."""

from desk_of_a_clinic import of_kind
from stories import FIRST, asked, feverish

from flows.engine.events import Plan, Say
from flows.engine.inputs import WasNotDelivered

UNKNOWN = WasNotDelivered(f"A7K2:{FIRST}", "unknown")


def test_a_first_question_of_unknown_fate_is_left_to_the_reminder():
    program = asked()
    events = program.do(UNKNOWN)
    assert of_kind(events, Say) == []
    assert [plan.kind for plan in of_kind(events, Plan)] == ["resend"]


def test_who_has_answered_is_shown_the_next_question_once_more_and_only_once():
    program = feverish()
    [again] = of_kind(program.do(UNKNOWN), Say)
    assert again.message.text.startswith("In case this did not reach you:")
    assert "Did you take a fever or pain pill" in again.message.text
    [third] = of_kind(program.do(UNKNOWN), Say)
    assert third.repeat == again.repeat, "the outbox takes no second one"


def test_what_a_finished_check_in_said_is_shown_again_too():
    program = asked()
    program.press("All good")
    [again] = of_kind(program.do(UNKNOWN), Say)
    assert "We understood: no symptoms" in again.message.text
    assert program.check_in(FIRST).state == "complete"


def test_a_report_that_was_begun_is_shown_again():
    program = asked()
    program.command("report")
    [again] = of_kind(program.do(WasNotDelivered("A7K2:report/1", "unknown")), Say)
    assert "You want to tell us something" in again.message.text
