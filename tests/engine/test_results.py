"""How Anna likes the result: what the case page and the board are told."""

from datetime import timedelta

from desk_of_a_clinic import DESK, SESSION
from outer_program import OuterProgram, annas_phone

from flows.engine.case_page import case_page
from flows.engine.results import results

DAY_7 = SESSION.ended_at + timedelta(days=7)


def asked_about_the_result() -> OuterProgram:
    """Anna has said on day 7 that she has none of the warning signs."""
    program = annas_phone().well_until(DAY_7 - timedelta(hours=1)).wait(hours=2)
    program.press("All good")
    return program


def test_the_best_answer_stands_on_the_case_page_too() -> None:
    program = asked_about_the_result()
    program.press("I am pleased")
    [one] = results(DESK.protocol, program.record)
    assert (one.session, one.day, one.answer, one.place, one.of) == (1, 7, "pleased", 1, 5)
    page = "\n".join(case_page(DESK, program.record))
    assert "Result, day 7 after session 1: I am pleased" in page
    assert "11:30 · Question about the result, day 7: answered · expected" in page
    assert "1/results" not in page, "a key says nothing to staff"


def test_the_answers_come_in_order_and_none_before_anna_has_said_one() -> None:
    program = asked_about_the_result()
    assert results(DESK.protocol, program.record) == []
    program.press("No change yet")
    program.well_until(SESSION.ended_at + timedelta(days=35) - timedelta(minutes=5))
    program.wait(minutes=10)
    program.press("All good")
    program.press("Some change")
    assert [one.in_words for one in results(DESK.protocol, program.record)] == [
        "No change yet",
        "Some change",
    ]


def test_an_answer_that_nobody_can_read_is_left_out() -> None:
    program = asked_about_the_result()
    program.write("hmm")
    program.write("well")
    assert program.check_in("1/results/168").answers["result"] == "unclear"
    assert results(DESK.protocol, program.record) == []
