"""Anna is reminded to book her next session: once, by day, and never while her case is open."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, SESSION
from outer_program import OuterProgram, annas_phone
from stories import SYMPTOMS, finished, wants_a_call, wonders

from flows.engine.inputs import Pressed, SessionAdded, WasNotDelivered
from flows.engine.invitations import BOOKED, TOLD_ONCE

FIRST_REMINDER, LAST_REMINDER = "1/reminder/600", "1/reminder/1008"
TO_BOOK = "It is time to book your next session"
DAY_25 = SESSION.ended_at + timedelta(days=25)


def before_the_reminder() -> OuterProgram:
    """Anna has been well until an hour before her first reminder."""
    return annas_phone().well_until(DAY_25 - timedelta(hours=1))


def invitations(program: OuterProgram) -> int:
    """Return how often Anna was sent the words to book."""
    return sum(shown.message.text.startswith(TO_BOOK) for shown in program.chat)


def resolved(program: OuterProgram) -> OuterProgram:
    """Ben takes care of the newest alert and closes it."""
    program.staff("contacted")
    program.staff("resolve")
    program.staff("outcome", option="advised")
    return program


def test_anna_is_reminded_on_the_day_of_the_protocol() -> None:
    program = before_the_reminder().wait(hours=2)
    assert program.check_in(FIRST_REMINDER).state == "sent"
    assert invitations(program) == 1


@pytest.mark.parametrize("opened", [wants_a_call, wonders])
@pytest.mark.hazard("H49")
def test_an_open_alert_holds_it_and_staff_hear_once(opened) -> None:
    program = before_the_reminder()
    opened(finished_report(program)).wait(days=3)
    assert program.check_in(FIRST_REMINDER).reason == "held: alert A7K2-1 is open"
    assert invitations(program) == 0
    held = [text for text in program.staff_texts() if "is held back" in text]
    assert len(held) == 1
    assert "alert A7K2-1 is open" in held[0]


def finished_report(program: OuterProgram) -> OuterProgram:
    """Anna opens a report."""
    program.command("report")
    return program


def test_closing_the_case_lets_it_go_at_once_and_only_once() -> None:
    program = wants_a_call(finished_report(before_the_reminder())).wait(days=3)
    resolved(program).wait(minutes=1)
    assert invitations(program) == 1
    assert "We could not ask you on" not in program.last
    program.wait(days=3)
    assert invitations(program) == 1


def test_a_case_closed_at_night_lets_it_go_in_the_morning() -> None:
    program = wants_a_call(finished_report(before_the_reminder())).wait(hours=14)
    resolved(program).wait(hours=1)
    assert invitations(program) == 0
    program.wait(hours=10)
    assert invitations(program) == 1


def test_a_question_that_asks_after_an_earlier_answer_holds_it() -> None:
    program = finished_report(before_the_reminder())
    program.press(SYMPTOMS)
    program.press("Done, worse")
    program.press("No")
    program.staff("outcome", option="seen")
    program.wait(hours=2)
    [asks_again] = [key for key in program.record.check_ins if "/recheck/" in key]
    assert program.check_in(FIRST_REMINDER).reason == f"held: {asks_again} is not finished"
    program.wait(hours=23)
    program.press("All good")
    program.wait(minutes=1)
    assert invitations(program) == 1


def test_a_check_in_that_anna_has_begun_holds_it_until_she_ends_it() -> None:
    program = finished_report(before_the_reminder().wait(minutes=20))
    program.press(SYMPTOMS)
    program.wait(minutes=20)
    assert program.check_in(FIRST_REMINDER).reason == "held: report/1 is not finished"
    program.press("Done, same")
    finished(program).wait(minutes=1)
    assert invitations(program) == 1


def test_her_second_session_takes_it_away_even_while_it_is_held() -> None:
    program = wants_a_call(finished_report(before_the_reminder())).wait(days=1)
    second = replace(SESSION, number=2, ended_at=program.now, known_at=program.now)
    program.do(SessionAdded(BEN, second))
    resolved(program).wait(days=1)
    assert program.check_in(FIRST_REMINDER).state == "cancelled"
    assert program.check_in(FIRST_REMINDER).reason == "session 2 counts anew"
    assert invitations(program) == 0


def test_a_drip_in_between_takes_nothing_away() -> None:
    program = wants_a_call(finished_report(before_the_reminder())).wait(days=1)
    drip = replace(
        SESSION, number=2, treatment="iv", area="arm", ended_at=program.now, known_at=program.now
    )  # fmt: skip
    program.do(SessionAdded(BEN, drip))
    program.tick()
    assert program.check_in(FIRST_REMINDER).reason.startswith("held: ")


def test_who_has_stopped_is_not_asked_to_book() -> None:
    program = before_the_reminder()
    program.command("stop")
    program.press("Yes, stop")
    program.wait(days=30)
    assert invitations(program) == 0


def test_one_that_may_not_have_arrived_is_not_sent_again() -> None:
    program = before_the_reminder().wait(hours=2)
    program.do(WasNotDelivered(f"A7K2:{FIRST_REMINDER}", "unknown"))
    program.wait(days=2)
    assert program.check_in(FIRST_REMINDER).reason == TOLD_ONCE
    assert invitations(program) == 1


def test_one_whose_time_passes_while_the_case_is_open_ends_and_staff_speak_of_it() -> None:
    program = wants_a_call(finished_report(before_the_reminder()))
    program.wait(days=62)
    assert program.check_in(LAST_REMINDER).state == "cancelled"
    assert program.check_in(LAST_REMINDER).reason.startswith("its time has passed, and alert")
    assert any("did not go out" in text for text in program.staff_texts())
    assert invitations(program) == 0


def test_who_has_booked_is_not_reminded_again_and_can_still_tell_how_she_is() -> None:
    program = before_the_reminder().wait(hours=2)
    program.press("I have booked")
    assert program.toasts()[-1].startswith("Thank you. We do not remind you")
    program.press("All good")
    assert "I have booked" not in str(program.chat[-1].message.keys)
    program.well_until(SESSION.ended_at + timedelta(days=43))
    assert invitations(program) == 1
    assert program.check_in(LAST_REMINDER).reason == BOOKED
    assert program.check_in("1/maintenance/4320").state == "planned"
    assert "booked" in program.did()


@pytest.mark.parametrize("code", ["b:", "b:none", "b:1/check_in/24", "b:1/reminder/1008"])
def test_a_forged_press_books_nothing(code) -> None:
    program = before_the_reminder()
    program.do(Pressed(code, 1))
    assert program.check_in(FIRST_REMINDER).state == "planned"
    assert "booked" not in program.did()


def test_the_words_of_a_reminder_give_way_to_a_warning_sign() -> None:
    program = before_the_reminder().wait(hours=2)
    program.press("One of these")
    program.press("Chest pain")
    assert "112" in program.last
    program.press("Back")
    program.press("Back")
    assert program.check_in(FIRST_REMINDER).conversation.screen == "opening"
    assert "book" not in program.last


def test_a_result_that_anna_does_not_tell_is_no_alarm() -> None:
    program = annas_phone().well_until(SESSION.ended_at + timedelta(days=34))
    alerts = len(program.record.alerts)
    silent = [one for one in program.record.check_ins.values() if one.key == "1/results/840"]
    assert silent[0].state == "planned"
    program.well_until(SESSION.ended_at + timedelta(days=35) - timedelta(minutes=5))
    program.wait(hours=1)
    assert program.check_in("1/results/840").state == "sent"
    program.wait(days=2)
    assert len(program.record.alerts) == alerts


def test_any_symptom_can_be_told_where_the_result_is_asked_about() -> None:
    program = annas_phone().well_until(SESSION.ended_at + timedelta(days=34, hours=23))
    program.wait(minutes=45)
    assert program.record.patient.current == "1/results/840"
    program.press(SYMPTOMS)
    program.press("Leaking")
    program.press("Done, same")
    program.press("Yellow or green pus")
    assert [str(one.level) for one in program.record.open_alerts] == ["follow_up"]
