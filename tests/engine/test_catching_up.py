"""The catch-up policy (docs/sources.md, catching-up) after outages, nights and pauses."""

from dataclasses import replace
from datetime import timedelta

from desk_of_a_clinic import BERLIN, NOW, of_kind, yes_stop
from outer_program import annas_phone
from stories import (
    FIRST,
    SECOND,
    THIRD,
    asked,
    asked_since,
    berlin,
    open_levels,
    well,
)

from flows.engine.events import Plan
from flows.engine.inputs import (
    Blocked,
    CameDue,
    Pressed,
)
from flows.schedule import Session
from flows.verdict import Level

LATE = "We could not ask you on"


def test_two_hours_late_goes_as_written():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=2, minutes=30)
    assert program.check_in(SECOND).state == "sent"
    assert LATE not in program.last


def test_a_quarter_of_the_interval_goes_as_written():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=6, minutes=30)
    assert LATE not in program.last


def test_later_than_that_says_what_was_missed():
    program = well().until(berlin(25, 9, 30))
    program.outage(hours=6, minutes=31)
    assert program.last.startswith(f"{LATE} Wed 25 Nov, 10:00. How have you been since then?")


def test_of_several_overdue_ones_the_newest_asks_for_all():
    program = well().until(berlin(25, 9, 30))
    since = program.now
    program.outage(hours=52)
    states = program.states()
    assert (states[SECOND], states[THIRD], states["1/check_in/72"]) == (
        "collapsed", "collapsed", "sent",
    )  # fmt: skip
    reason = "overdue together with 1/check_in/72, which asks for both"
    assert program.check_in(SECOND).reason == reason
    assert len(asked_since(program, since)) == 1


def test_outside_its_window_it_is_missed_and_staff_call():
    program = well()
    last = program.check_in("1/check_in/2160")
    program.record = program.record.with_check_in(replace(last, hours=2160))
    program.until(last.due_at - timedelta(hours=1))
    program.outage(days=91)
    ended = program.check_in("1/check_in/2160")
    assert ended.state == "missed_by_system"
    assert "MISSED" in [one.rule for alert in program.record.open_alerts for one in alert.because]


def test_a_missed_invitation_is_only_listed():
    program = annas_phone()
    invitation = program.check_in("1/maintenance/8760")
    late = replace(invitation, due_at=NOW - timedelta(days=3), hours=1)
    program.record = replace(program.record, check_ins={late.key: late})
    program.due = {("check_in", f"A7K2:{late.key}"): NOW}
    program.now += timedelta(hours=3)
    program.do(CameDue("check_in", "A7K2:1/maintenance/8760"))
    assert program.check_in("1/maintenance/8760").state == "missed_by_system"
    assert program.alert.level is Level.WATCH


def test_at_night_it_waits_for_the_morning_and_staff_call_in_the_first_days():
    program = annas_phone().until(berlin(24, 15, 30))
    program.outage(hours=7)
    assert program.check_in(FIRST).state == "planned"
    assert program.due["check_in", f"A7K2:{FIRST}"] == berlin(25, 8)
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert "could not be sent in time: phone" in program.alert.because[0].reason
    program.until(berlin(25, 8, 1))
    assert program.check_in(FIRST).state == "sent"


def test_what_was_due_as_one_night_ended_and_waits_in_the_next_is_called_about():
    """Her session ended before eight, so that each check-in comes when her quiet hours end."""
    session = Session(1, "inj_skin", berlin(24, 7, 30), berlin(24, 7, 30), BERLIN, "face")
    program = annas_phone(session).until(berlin(24, 13, 31))
    program.press("All good")
    assert program.check_in(SECOND).due_at == berlin(25, 8)
    program.until(berlin(25, 7, 50)).outage(hours=14)
    assert program.check_in(SECOND).state == "planned"
    assert "could not be sent in time: phone" in program.alert.because[0].reason


def test_at_night_later_on_it_only_waits():
    program = well().well_until(berlin(29, 9, 30))
    program.outage(hours=13)
    assert program.check_in("1/check_in/120").state == "planned"
    assert open_levels(program) == []


def test_what_is_due_at_nine_in_the_evening_still_goes():
    session = Session(1, "inj_skin", berlin(24, 20), berlin(24, 20), BERLIN, "face")
    program = annas_phone(session).until(berlin(24, 21, 5))
    assert program.check_in(FIRST).state == "sent"
    assert program.record.alerts == {}


def test_longer_quiet_hours_of_her_own_are_kept_and_call_nobody():
    session = Session(1, "inj_skin", berlin(24, 22), berlin(24, 22), BERLIN, "face")
    program = annas_phone(session)
    program.do(Pressed("s:quiet:10.00", 1))
    program.until(berlin(25, 9, 59))
    assert program.check_in(FIRST).state == "planned"
    program.until(berlin(25, 10, 1))
    assert program.check_in(FIRST).state == "sent"
    assert program.record.alerts == {}


def test_a_row_that_comes_too_early_is_planned_again():
    program = annas_phone()
    events = program.do(CameDue("check_in", f"A7K2:{SECOND}"))
    assert events == (Plan("check_in", f"A7K2:{SECOND}", program.check_in(SECOND).due_at),)


def test_a_row_about_nothing_and_a_second_row_change_nothing():
    program = asked()
    assert program.do(CameDue("check_in", "A7K2:9/check_in/9")) == ()
    assert program.do(CameDue("check_in", f"A7K2:{FIRST}")) == ()
    assert program.do(CameDue("notify", "A7K2-9")) == ()


def test_nobody_is_asked_in_a_pause_and_the_newest_is_asked_after_it():
    program = well()
    program.do(Pressed("s:pause:3", 1))
    program.wait(days=2)
    assert program.check_in(SECOND).state == "paused"
    program.wait(days=1, minutes=1)
    states = program.states()
    assert (states[SECOND], states["1/check_in/72"]) == ("collapsed", "sent")


def test_a_pause_row_that_comes_too_early_is_planned_again():
    program = well()
    program.do(Pressed("s:pause:3", 1))
    until = program.record.patient.paused_until
    assert program.do(CameDue("pause", "A7K2")) == (Plan("pause", "A7K2", until),)


def test_nothing_is_asked_of_who_has_stopped():
    program = well()
    row = program.due["check_in", f"A7K2:{SECOND}"]
    program.do(Pressed(yes_stop(program.now), 1))
    program.record = program.record.with_check_in(
        replace(program.check_in(SECOND), state="planned", reason="")
    )
    program.due["check_in", f"A7K2:{SECOND}"] = row
    program.until(row + timedelta(minutes=1))
    assert program.check_in(SECOND).reason == "the patient is stopped"


def test_a_next_check_in_takes_the_place_of_an_unfinished_one():
    program = asked().until(berlin(25, 10, 1))
    assert program.check_in(FIRST).state == "unanswered"
    assert program.check_in(FIRST).reason == f"{SECOND} took its place"
    assert ("silence", f"A7K2:{FIRST}") in program.due


def test_a_case_without_check_ins_can_be_lost_too():
    program = annas_phone()
    program.record = replace(program.record, check_ins={})
    program.due.clear()
    program.do(Blocked(blocked=True))
    assert "cannot be written to" in program.staff_texts()[0]


def test_who_is_lost_before_the_first_check_in_is_a_task_too():
    program = annas_phone()
    program.do(Blocked(blocked=True))
    assert open_levels(program) == [Level.FOLLOW_UP]


def test_what_comes_due_is_dropped_where_the_case_knows_nothing_of_it():
    program = annas_phone()
    assert of_kind(program.do(CameDue("silence", f"A7K2:{FIRST}")), Plan) == []
