"""A message of unknown fate: a question is not asked twice, an answer is not left unanswered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import SESSION, of_kind
from outer_program import OuterProgram, annas_phone
from stories import FIRST, SYMPTOMS, asked, asked_since, berlin, feverish, open_levels

from flows.engine.events import Plan, Say
from flows.engine.inputs import Pressed, WasNotDelivered
from flows.verdict import Level

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


def kept_back() -> OuterProgram:
    """Her first question waited until half past ten, when Telegram took messages again."""
    program = asked()
    nowhere = replace(program.check_in(FIRST), message_id=None)
    program.record = program.record.with_check_in(nowhere)
    program.now = berlin(24, 22, 30)
    program.do(WasNotDelivered(f"A7K2:{FIRST}", "held"))
    return program


@pytest.mark.hazard("H02")
def test_a_question_that_the_night_kept_back_is_asked_in_the_morning_as_a_late_one():
    program = kept_back()
    assert program.check_in(FIRST).state == "planned"
    assert "could not be sent in time: phone" in str(program.record.alerts)
    count = len(program.chat)
    program.until(berlin(25, 8))
    [shown] = program.chat[count:]
    assert shown.event.message.text.startswith("We could not ask you on Tue 24 Nov, 16:00.")
    assert program.check_in(FIRST).sent_at == program.now


@pytest.mark.hazard("H02")
def test_a_question_that_the_night_kept_back_is_not_asked_in_a_pause_begun_meanwhile():
    program = kept_back()
    count = len(program.chat)
    program.do(Pressed("s:pause:1", 1))
    program.until(berlin(25, 8, 30))
    assert asked_since(program, berlin(25, 0)) == []
    assert len(program.chat) > count, "the pause is confirmed"


@pytest.mark.hazard("H02")
def test_a_question_that_the_night_kept_back_is_waited_for_though_she_reported_meanwhile():
    program = kept_back()
    program.command("report")
    program.press("All good")
    program.until(berlin(25, 8, 30))
    assert asked_since(program, berlin(25, 8)) != []
    assert program.check_in(FIRST).state == "sent"
    assert ("silence", f"A7K2:{FIRST}") in program.due


def lost_again(program: OuterProgram) -> WasNotDelivered:
    """What is known of the newest message: it was put out now, and may not have come."""
    return WasNotDelivered(f"A7K2:{program.record.patient.current}", "unknown", program.now)


def test_a_report_whose_every_copy_may_be_lost_is_shown_ever_more_rarely():
    """Telegram answers nothing for half an hour: Anna sees what she asked for all the same."""
    program = asked()
    program.command("report")
    begun = program.now
    program.do(lost_again(program))
    assert program.last.startswith("In case this did not reach you:")
    program.do(lost_again(program))
    assert program.chat[-1].at == begun, "which is no copy, being as old as what she said"
    waits = []
    while program.now - begun < timedelta(minutes=20):
        count = len(program.chat)
        program.now += timedelta(seconds=1)
        program.do(lost_again(program))
        while len(program.chat) == count:
            program.wait(minutes=1)
        waits.append(round((program.now - begun) / timedelta(minutes=1)))
        assert program.last.startswith("We write again on Tue 24 Nov")
    assert waits == [5, 11, 23]


@pytest.mark.hazard("H12", "H19")
def test_a_lost_copy_is_followed_by_another_also_where_the_clock_was_set_back():
    """By the clock it is older than what Anna said; what it is, its key says."""
    program = feverish()
    program.now -= timedelta(seconds=2)
    [copy] = of_kind(program.do(UNKNOWN), Say)
    events = program.do(replace(UNKNOWN, decided_at=program.now, repeat=copy.repeat))
    assert [plan.kind for plan in of_kind(events, Plan)] == ["step"]
    program.wait(minutes=6)
    assert program.last.startswith("We write again on Tue 24 Nov")


@pytest.mark.hazard("H18", "H19")
def test_a_check_in_is_shown_again_though_what_made_it_ask_was_taken_back_in_a_report():
    """It asked about a bruise that Anna had reported; her report has said since that it is gone."""
    program = bruised_in_a_report()
    program.press("3  Larger")
    taken_back(program)
    [again] = of_kind(program.do(UNKNOWN), Say)
    assert "Do you have a bruise? Larger" in again.message.text


@pytest.mark.hazard("H14")
def test_a_question_that_a_report_has_made_needless_since_can_still_be_answered():
    program = bruised_in_a_report()
    taken_back(program)
    number = program.check_in(FIRST).message_id
    program.do(UNKNOWN)
    program.press("3  Larger", number)
    assert program.check_in(FIRST).answers["bruise"] == 3
    program.press("Please call me", number)
    assert open_levels(program) == [Level.FOLLOW_UP]


def bruised_in_a_report() -> OuterProgram:
    """Anna reports a bruise, leaves the report open, and her check-in asks about it again."""
    session = replace(SESSION, treatment="inj_skin")
    program = annas_phone(session).wait(hours=5)
    program.command("report")
    for label in (SYMPTOMS, "Bruise", "Done", "1  Smaller", "Back"):
        program.press(label)
    program.wait(hours=1)
    program.press("All good")
    assert "bruise" in program.last
    return program


def taken_back(program: OuterProgram) -> None:
    """Anna says in the report that the bruise is gone."""
    program.press("0  No", program.check_in("report/1").message_id)
    assert program.check_in("report/1").answers["bruise"] == 0


def test_what_anna_says_meanwhile_ends_the_wait_for_an_older_step():
    program = feverish()
    program.now += timedelta(seconds=5)
    program.do(lost_again(program))
    program.press("No")
    count = len(program.chat)
    program.wait(minutes=30)
    assert len(program.chat) == count


@pytest.mark.hazard("H19")
def test_nobody_is_woken_to_be_shown_something_again():
    program = feverish()
    program.until(berlin(24, 23))
    count = len(program.chat)
    program.do(UNKNOWN)
    program.until(berlin(25, 7, 59))
    assert len(program.chat) == count
    program.until(berlin(25, 8, 1))
    assert any(
        text.startswith("We write again on Wed 25 Nov") for text in program.texts(berlin(25, 8))
    )


def test_who_is_awake_is_shown_it_again_at_night_too():
    program = feverish(asked().until(berlin(24, 23)))
    program.do(UNKNOWN)
    assert program.last.startswith("In case this did not reach you:")


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


def asked_in_vain() -> OuterProgram:
    """Anna was asked for the first time, at 16:00, and nobody knows whether it came."""
    program = annas_phone()
    program.reaches_the_patient = False
    program.until(berlin(24, 16, 1))
    program.do(UNKNOWN)
    return program


@pytest.mark.hazard("H19")
def test_a_reminder_of_unknown_fate_is_followed_by_another_that_reads_otherwise():
    """Telegram answers nothing all evening: Anna is asked all the same, ever more rarely."""
    program = asked_in_vain()
    begun = program.now
    while program.now < berlin(24, 20, 45):
        count = len(program.chat)
        program.wait(minutes=1)
        if len(program.chat) > count:
            program.do(UNKNOWN)
    reminders = program.chat[1:]
    waits = [(shown.at - begun) // timedelta(minutes=1) for shown in reminders]
    assert waits == [30, 61, 123, 247]
    assert len({shown.message.text for shown in reminders}) == len(reminders)
    first, second, *_ = reminders
    assert first.message.text.startswith("We have not heard from you.")
    assert second.message.text.startswith("We write again on Tue 24 Nov")


def test_a_reminder_of_unknown_fate_is_not_followed_up_where_the_question_had_come():
    program = asked()
    program.do(UNKNOWN)
    program.wait(minutes=150)
    count = len(program.chat)
    program.do(UNKNOWN)
    program.wait(minutes=61)
    assert len(program.chat) == count


@pytest.mark.hazard("H19")
def test_a_reminder_of_unknown_fate_waits_for_the_morning():
    program = asked_in_vain()
    program.wait(minutes=31)
    program.until(berlin(24, 20, 50))
    program.do(UNKNOWN)
    count = len(program.chat)
    program.until(berlin(25, 7, 59))
    assert len(program.chat) == count
    program.until(berlin(25, 8, 1))
    assert program.last.startswith("We write again on Wed 25 Nov")
