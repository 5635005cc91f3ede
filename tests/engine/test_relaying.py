"""Ben answers a card, and nobody knows any more whose chat it is."""

from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, anna, told
from outer_program import annas_phone
from stories import feverish

from flows.engine.advance import advance
from flows.engine.doubt import IDLE
from flows.engine.inputs import Blocked, StaffWrote, WasNotDelivered

WORDS = "After your exosome injections keep cooling the left cheek."
NOT_PASSED_ON = "This was not passed on: nobody has confirmed whose chat A7K2 has now."


@pytest.mark.hazard("H05")
def test_bens_words_do_not_go_into_a_chat_whose_account_was_deleted():
    program = feverish()
    program.do(WasNotDelivered("A7K2:1/check_in/24", "deactivated"))
    program.do(Blocked(blocked=False))
    count = len(program.chat)
    program.relay(WORDS)
    assert len(program.chat) == count
    assert NOT_PASSED_ON in program.staff_texts()[-1]
    assert "Please phone the patient." in program.staff_texts()[-1]
    assert "write" not in program.did()


@pytest.mark.hazard("H05")
def test_bens_words_to_whom_nobody_has_heard_for_a_month_begin_the_doubt():
    program = annas_phone()
    later = advance(DESK, program.record, StaffWrote(BEN, WORDS), NOW + IDLE)
    assert not told(later.events)
    question, refusal = told(later.events, "staff")
    assert "Is this chat still theirs?" in question
    assert NOT_PASSED_ON in refusal
    sooner = NOW + IDLE - timedelta(seconds=1)
    assert told(advance(DESK, program.record, StaffWrote(BEN, WORDS), sooner).events)


@pytest.mark.hazard("H06")
@pytest.mark.parametrize("stage", ["asked_consent", "asked_facts", "test_message", "pairing"])
def test_bens_words_do_not_go_into_a_chat_that_nobody_has_confirmed(stage):
    decision = advance(DESK, anna(stage), StaffWrote(BEN, WORDS), NOW)
    assert not told(decision.events)
    assert NOT_PASSED_ON in told(decision.events, "staff")[0]


def test_who_has_stopped_and_was_confirmed_still_reads_them():
    decision = advance(DESK, anna("stopped"), StaffWrote(BEN, WORDS), NOW)
    assert WORDS in told(decision.events)[0]
