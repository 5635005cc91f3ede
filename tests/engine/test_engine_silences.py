"""Anna says nothing, or stops halfway: one reminder, then somebody's task."""

from datetime import timedelta

import pytest
from outer_program import OuterProgram, annas_phone
from stories import (
    FIRST,
    SECOND,
    SYMPTOMS,
    asked,
    berlin,
    cared_for,
    feverish,
    finished,
    open_levels,
)

from flows.engine.events import Drop
from flows.engine.inputs import Blocked, CameDue, Pressed
from flows.verdict import Level

REMINDER = "We have not heard from you."


def reminders(program) -> int:
    return sum(text.startswith(REMINDER) for text in program.texts(program.chat[0].at))


def test_there_is_one_reminder_and_after_a_day_a_task_for_the_digest():
    program = asked().wait(hours=2)
    assert reminders(program) == 1
    program.until(berlin(25, 16, 1))
    assert reminders(program) == 2  # the second check-in has its own
    assert [one.level for one in program.record.open_alerts] == [Level.WATCH]
    assert program.alert.said[0].startswith("no answer since Tue 24 Nov, 16:00")


def test_a_reminder_waits_for_the_morning():
    program = asked()
    program.press("All good")
    program.command("report")
    program.until(berlin(24, 23))
    program.press(SYMPTOMS)
    count = len(program.chat)
    program.until(berlin(25, 7, 59))
    assert len(program.chat) == count


def test_a_reminder_held_overnight_comes_in_the_morning():
    from desk_of_a_clinic import BERLIN  # noqa: PLC0415 - only here
    from outer_program import annas_phone  # noqa: PLC0415 - only here

    from flows.schedule import Session  # noqa: PLC0415 - only here

    session = Session(1, "inj_skin", berlin(24, 20), berlin(24, 20), BERLIN, "face")
    program = annas_phone(session).until(berlin(25, 7, 59))
    assert reminders(program) == 0
    assert program.do(CameDue("silence", "A7K2:1/check_in/6"))
    assert reminders(program) == 0
    program.until(berlin(25, 8, 1))
    assert reminders(program) == 1


def test_what_was_begun_and_left_is_a_task_after_two_hours():
    program = asked()
    program.press(SYMPTOMS)
    program.wait(hours=2, minutes=1)
    assert program.alert.event == "abandoned_2h"


def test_silence_after_a_serious_answer_is_urgent_after_an_hour_at_any_time():
    program = feverish().wait(hours=1, minutes=1)
    assert "Silent after urgent/emergency: PHONE NOW" in [
        one.reason for one in program.alert.because
    ]
    assert "Have you had help?" in program.last
    assert "39.2" in " ".join(program.alert.said)


def test_an_answer_elsewhere_ends_the_silence_and_says_so():
    program = asked()
    program.command("report")
    program.press("All good")
    assert program.check_in(FIRST).reason == "report/1 was answered meanwhile"
    program.wait(hours=3)
    assert reminders(program) == 0
    program.press("All good", message=1)
    assert (program.check_in(FIRST).state, program.check_in(FIRST).reason) == ("complete", "")


def test_a_silence_that_was_told_is_over_and_can_still_be_answered():
    program = asked()
    program.press(SYMPTOMS)
    program.wait(hours=5)
    assert program.check_in(FIRST).reason == "no answer came, and staff know"
    program.staff("resolve")
    program.staff("outcome", option="advised")
    program.press("Back")
    assert program.check_in(FIRST).reason == ""
    program.wait(hours=2, minutes=1)
    assert program.alert.is_open
    assert program.alert.event == "abandoned_2h"


def test_in_a_pause_nobody_is_reminded_and_the_silence_is_still_a_task():
    program = asked()
    program.do(Pressed("s:pause:3", 1))
    program.wait(hours=27)
    assert reminders(program) == 0
    assert program.alert.event == "no_answer_24h"


def test_who_blocked_the_bot_is_not_written_to_about_a_silence():
    program = feverish()
    program.do(Blocked(blocked=True))
    count = len(program.chat)
    program.wait(hours=5)
    assert len(program.chat) == count
    assert Level.URGENT in open_levels(program)


def test_a_report_that_was_opened_and_left_counts_as_begun():
    program = asked()
    program.press("All good")
    program.command("report")
    program.wait(hours=2, minutes=1)
    assert program.alert.event == "abandoned_2h"
    assert reminders(program) == 0


def test_silence_about_results_is_nobodys_task():
    program = asked().well_until(berlin(24, 17)).until(berlin(24, 17))
    results = next(key for key in program.record.check_ins if "results" in key)
    program.well_until(program.check_in(results).due_at - timedelta(hours=1))
    program.until(program.check_in(results).due_at + timedelta(minutes=1))
    assert program.check_in(results).state == "sent"
    assert ("silence", f"A7K2:{results}") not in program.due


def test_after_the_last_answer_nothing_more_is_expected():
    program = finished(feverish())
    why = "nothing more is expected of this check-in"
    assert Drop("silence", f"A7K2:{FIRST}", why) in [event for _, event in program.log]


def test_a_check_in_that_was_replaced_is_not_reminded_of():
    program = asked().until(berlin(25, 10, 1))
    before = reminders(program)
    program.do(CameDue("silence", f"A7K2:{FIRST}"))
    assert reminders(program) == before
    assert program.check_in(SECOND).state == "sent"


def test_late_in_the_course_silence_calls_nobody():
    program = asked().well_until(berlin(24, 17))
    last = program.check_in("1/check_in/672")
    program.well_until(last.due_at - timedelta(hours=1))
    alerts = len(program.record.alerts)
    program.until(last.due_at + timedelta(hours=25))
    assert "no_answer_24h" in program.check_in(last.key).produced
    assert len(program.record.alerts) == alerts


def begun(program: OuterProgram) -> OuterProgram:
    """Anna says that it is clearly puffy, and not yet where."""
    program.press("Swelling")
    program.press("Done")
    program.press("2")
    return program


def about(purpose: str) -> OuterProgram:
    """Anna, well so far, is asked for something else than how she is."""
    program = annas_phone()
    while not any(
        one.purpose == purpose and one.sent_at for one in program.record.check_ins.values()
    ):
        program.wait(minutes=20)
        for one in list(program.record.check_ins.values()):
            if one.state == "sent" and one.purpose == "check_in":
                program.do(Pressed(f"c:{one.key}:all_good", one.message_id or 0))
    return program


@pytest.mark.hazard("H40")
def test_what_is_added_to_a_finished_check_in_and_left_is_a_task_after_two_hours():
    program = asked()
    program.press("All good")
    program.wait(hours=1)
    program.press("Add something")
    begun(program)
    program.wait(hours=2, minutes=1)
    assert open_levels(program) == [Level.FOLLOW_UP]


def test_looking_at_the_answers_again_is_nobodys_task():
    program = finished(feverish())
    cared_for(program)
    program.press("Change my answers")
    program.wait(hours=12)
    assert open_levels(program) == []


@pytest.mark.hazard("H40")
@pytest.mark.parametrize("purpose", ["results", "reminder"])
def test_a_complaint_that_is_begun_under_a_question_about_results_is_a_task(purpose):
    program = about(purpose)
    program.press("None of these, but")
    program.press("Swelling")
    program.press("Done")
    program.wait(hours=2, minutes=1)
    assert open_levels(program) == [Level.WATCH]


@pytest.mark.parametrize("purpose", ["results", "reminder"])
def test_words_under_a_question_about_results_are_in_the_digest(purpose):
    program = about(purpose)
    program.write("I do not like it, it still looks red and a bit swollen")
    assert open_levels(program) == [Level.WATCH]


def test_all_good_under_results_and_nothing_more_is_nobodys_task():
    program = about("results")
    program.press("All good")
    program.wait(days=6)
    assert open_levels(program) == []


def test_staff_read_since_when_in_their_language():
    program = asked()
    program.press("None of these, but")
    program.press("Swelling")
    program.record = program.record.with_patient(language="pt")
    program.wait(hours=3)
    assert "no answer since Tue 24 Nov, 16:30" in program.alert.said
