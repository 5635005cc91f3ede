"""Anna's chat refuses what she is sent: it is kept, somebody's task, and asked once she is back."""

from datetime import timedelta

import pytest
from desk_of_a_clinic import yes_stop
from outer_program import OuterProgram, annas_phone
from stories import (
    FIRST,
    SECOND,
    THIRD,
    asked,
    asked_since,
    berlin,
    gets_a_link,
    is_confirmed,
    is_refused,
    open_levels,
    takes_the_steps,
    well,
)

from flows.engine.events import Drop
from flows.engine.inputs import (
    Blocked,
    LinkOpened,
    Pressed,
    WasNotDelivered,
)
from flows.verdict import Level


def test_who_blocks_the_bot_is_somebodys_task_at_once():
    program = asked()
    program.do(Blocked(blocked=True))
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert program.alert.said == ("the chat is blocked",)
    assert program.do(Blocked(blocked=True)) == ()


def test_what_is_due_meanwhile_is_kept_and_asked_when_anna_is_back():
    program = asked()
    program.do(Blocked(blocked=True))
    program.until(berlin(25, 12))
    assert program.check_in(SECOND).state == "unreachable"
    program.do(Blocked(blocked=False))
    assert program.check_in(SECOND).state == "sent"
    assert program.do(Blocked(blocked=False)) == ()


def test_who_blocked_and_writes_again_is_heard_and_asked():
    program = asked()
    program.do(Blocked(blocked=True))
    program.until(berlin(25, 12))
    program.write("I am back")
    assert program.record.patient.unreachable_since is None
    assert "reachable" in program.did()
    assert program.check_in(SECOND).state == "sent"


def test_a_check_in_that_a_block_kept_back_was_never_sent():
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    events = program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    assert program.check_in(FIRST).state == "unreachable"
    assert Drop("silence", f"A7K2:{FIRST}", "the patient cannot be written to") in events
    program.wait(hours=1)
    program.reaches_the_patient = True
    program.do(Blocked(blocked=False))
    assert program.check_in(FIRST).state == "sent"
    assert "Time for your check-in" in program.last


@pytest.mark.hazard("H04")
def test_what_a_chat_refused_is_asked_anew_by_a_message_of_its_own():
    """The outbox takes no second message of one key, also where it refused the first."""
    program = annas_phone()
    program.reaches_the_patient = False
    program.wait(hours=6)
    first = program.chat[-1].repeat
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    program.wait(hours=1)
    program.do(Blocked(blocked=False))
    assert program.chat[-1].repeat != first
    assert program.last.startswith("Time for your check-in")
    program.wait(hours=2, minutes=1)
    assert program.last.startswith("We have not heard from you")


def refused_after_deleting() -> OuterProgram:
    """Anna's account is gone, which the check-in of a day finds out, and Ben lets the chat go."""
    program = well().until(berlin(25, 9, 59))
    program.reaches_the_patient = False
    program.until(berlin(25, 10, 1))
    program.do(WasNotDelivered(f"A7K2:{SECOND}", "deactivated"))
    is_refused(program)
    assert program.record.patient.unreachable_since is None, "nobody knows the next chat yet"
    program.reaches_the_patient = True
    return program


def is_linked_again(program: OuterProgram) -> OuterProgram:
    """Anna opens a new link on a new phone and takes the steps; Ben confirms her."""
    gets_a_link(program)
    program.do(LinkOpened(7002, "Anna", "en"))
    takes_the_steps(program)
    is_confirmed(program)
    return program


@pytest.mark.hazard("H04", "H05")
def test_what_an_account_that_is_gone_refused_is_asked_on_annas_new_phone():
    program = is_linked_again(refused_after_deleting().wait(hours=1))
    assert program.record.patient.unreachable_since is None
    assert program.staff_texts()[-1].endswith("A check-in is due already and comes first.")
    program.wait(minutes=1)
    assert program.check_in(SECOND).state == "sent"
    assert program.last.startswith("Time for your check-in")


@pytest.mark.hazard("H05")
def test_what_comes_due_while_a_chat_is_not_confirmed_waits_and_the_newest_is_asked():
    program = refused_after_deleting().wait(days=1)
    assert program.check_in(THIRD).state == "paused"
    assert program.check_in(THIRD).reason == "the patient is refused"
    gets_a_link(program)
    program.wait(days=1)
    program.do(LinkOpened(7002, "Anna", "en"))
    assert program.check_in("1/check_in/72").reason == "the patient is invited"
    count = len(asked_since(program, program.now))
    is_linked_again(program).wait(minutes=1)
    states = program.states()
    assert (states[SECOND], states[THIRD], states["1/check_in/72"]) == (
        "collapsed", "collapsed", "sent",
    )  # fmt: skip
    assert len(asked_since(program, program.now - timedelta(minutes=1))) == count + 1


def test_a_new_link_ends_that_the_old_chat_cannot_be_written_to():
    program = asked()
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "deactivated"))
    gets_a_link(program)
    assert program.record.patient.stage == "invited"
    assert program.record.patient.unreachable_since is None


def test_a_check_in_that_had_arrived_stays_sent():
    program = asked()
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "blocked"))
    assert program.check_in(FIRST).state == "sent"
    program.do(WasNotDelivered("A7K2:relay:1", "blocked"))
    program.do(WasNotDelivered("another:1/check_in/6", "unknown"))
    assert len(program.record.alerts) == 1


def test_who_is_not_followed_and_lost_is_told_to_staff():
    program = annas_phone()
    program.do(Pressed(yes_stop(program.now), 1))
    program.do(Blocked(blocked=True))
    assert "A7K2 cannot be written to (blocked). Please phone." in program.staff_texts()
    assert program.record.alerts == {}
