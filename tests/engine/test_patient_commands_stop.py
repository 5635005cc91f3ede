"""Anna stops, and perhaps comes back; what is open stays somebody's task."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, NOW, SESSION, anna, buttons, of_kind, told, yes_stop
from desk_of_a_clinic import turn_of as turn
from outer_program import OuterProgram, annas_phone
from stories import asked, is_confirmed, open_levels, takes_the_steps

from flows.engine.events import Did, Drop, Erase, Plan
from flows.engine.inputs import Commanded, Pressed, SessionAdded
from flows.engine.patient_commands import commanded, settings_pressed
from flows.engine.planning import plan_check_ins
from flows.engine.record import Record, StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.verdict import Level

ALERT = StoredAlert("A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 1, 1.0)


def press(record: Record, code: str, now=NOW) -> Turn:
    decision = turn(record, now)
    settings_pressed(decision, Pressed(code, 21))
    return decision


def followed() -> Record:
    decision = turn(anna())
    plan_check_ins(decision)
    return decision.record


def test_stop_asks_once_more():
    decision = turn(anna())
    commanded(decision, Commanded("stop"))
    assert decision.record == anna()
    assert buttons(decision.events) == {"Yes, stop": yes_stop(), "No, go on": "s:stop:no"}


@pytest.mark.parametrize("code", [yes_stop(NOW - timedelta(minutes=11)), "s:stop:yes", "s:stop:"])
def test_an_old_yes_asks_whether_to_stop_and_stops_nothing(code):
    """The button stays in the chat for ever, and a phone may lie about."""
    decision = press(followed(), code)
    assert decision.record == followed()
    assert told(decision.events)[0].startswith("Do you want to stop?")
    assert yes_stop() in buttons(decision.events).values()


def test_a_no_goes_on_as_before():
    decision = press(anna(), "s:stop:no")
    assert decision.record == anna()
    assert "go on as before" in told(decision.events)[0]
    early = press(anna("asked_facts"), "s:stop:no")
    assert "Tick each that is true" in told(early.events)[0]


def test_a_stop_cancels_everything_planned_with_its_reason():
    record = followed()
    planned = [one.key for one in record.check_ins.values() if one.state == "planned"]
    decision = press(record, yes_stop())
    assert decision.patient.stage == "stopped"
    for key in planned:
        after = decision.record.check_ins[key]
        assert (after.state, after.reason) == ("cancelled", "the patient stopped")
        assert Drop("check_in", f"A7K2:{key}", "the patient stopped") in decision.events
    assert Drop("pause", "A7K2", "the patient stopped") in decision.events
    assert Did(None, "patient", "stopped") in decision.events


def test_a_stop_takes_no_answer_back_and_reminds_of_nothing():
    sent = StoredCheckIn("1/check_in/6", 1, "check_in", 6, NOW, state="sent", sent_at=NOW)
    decision = press(anna().with_check_in(sent), yes_stop())
    ended = replace(sent, state="cancelled", reason="the patient stopped")
    assert decision.record.check_ins["1/check_in/6"] == ended
    assert Drop("silence", "A7K2:1/check_in/6", "the patient stopped") in decision.events
    assert "red_flag" not in [drop.kind for drop in of_kind(decision.events, Drop)]


def test_an_open_alert_stays_open_and_both_sides_hear_it():
    record = anna().with_alert(ALERT)
    decision = press(record, yes_stop())
    assert decision.record.alerts == record.alerts
    assert "notify" not in [drop.kind for drop in of_kind(decision.events, Drop)]
    assert "still yours to take care of: A7K2-1" in told(decision.events, "staff")[0]
    assert "still open" in told(decision.events)[0]


def test_a_stop_without_anything_open_says_how_to_reach_the_clinic():
    decision = press(anna(), yes_stop())
    [text] = told(decision.events)
    assert "+49 30 555 0100" in text
    assert "still open" not in text
    assert "has stopped the check-ins" in told(decision.events, "staff")[0]
    assert buttons(decision.events) == {"Start again": "s:back"}


def test_a_check_in_that_was_skipped_stays_as_it_was():
    skipped = StoredCheckIn("1/check_in/6", 1, "check_in", 6, NOW, state="skipped")
    record = anna().with_check_in(skipped)
    assert press(record, yes_stop()).record.check_ins == record.check_ins


def test_stopping_twice_is_one_stop():
    stopped = press(anna(), yes_stop()).record
    again = press(stopped, yes_stop())
    assert again.record == stopped
    assert not told(again.events, "staff")


@pytest.mark.parametrize("stage", ["asked_consent", "asked_facts", "test_message", "pairing"])
def test_whoever_stops_before_being_confirmed_begins_again_with_the_consent(stage):
    stopped = press(anna(stage), yes_stop())
    assert stopped.patient.stage == "stopped"
    assert Drop("pairing", "A7K2", "the patient stopped") in stopped.events
    back = press(stopped.record, "s:back")
    assert back.patient.stage == "asked_consent"
    assert not back.record.check_ins


def test_whoever_declined_has_nothing_to_stop():
    decision = turn(anna("declined"))
    commanded(decision, Commanded("stop"))
    assert yes_stop() not in buttons(decision.events).values()
    assert press(anna("declined"), yes_stop()).record == anna("declined")


def test_anna_comes_back_and_is_asked_what_is_still_to_come():
    record = followed()
    stopped = press(record, yes_stop()).record
    later = NOW + timedelta(hours=30)
    back = press(stopped, "s:back", later)
    assert back.patient.stage == "active"
    for key, before in record.check_ins.items():
        after = back.record.check_ins[key]
        coming = before.state == "planned" and before.due_at > later
        assert after.state == ("planned" if coming else stopped.check_ins[key].state)
        assert (Plan("check_in", f"A7K2:{key}", before.due_at) in back.events) == coming
    assert "Your next check-in comes on Thu 26 Nov" in told(back.events)[0]
    assert "started the check-ins again" in told(back.events, "staff")[0]


def test_what_another_reason_cancelled_stays_cancelled():
    other = StoredCheckIn(
        "1/results/840", 1, "results", 840, NOW + timedelta(days=35), state="cancelled",
        reason="course_complete: done",
    )  # fmt: skip
    back = press(anna("stopped").with_check_in(other), "s:back")
    assert back.record.check_ins["1/results/840"] == other


def test_a_double_tap_on_coming_back_is_harmless():
    back = press(anna("stopped"), "s:back").record
    assert press(back, "s:back").record == back


def test_what_was_begun_when_anna_stops_is_a_task_at_once():
    program = asked()
    for label in ("None of these, but", "Swelling", "Done", "2"):
        program.press(label)
    assert open_levels(program) == []
    program.do(Pressed(yes_stop(program.now), 1))
    assert open_levels(program) == [Level.FOLLOW_UP]
    assert "Still open, and still yours to take care of: A7K2-1." in program.staff_texts()[-1]


def test_who_erases_everything_under_an_open_list_of_warning_signs_is_called_first():
    program = asked()
    program.write("I can't breathe")
    assert open_levels(program) == []
    program.do(Pressed(f"s:erase:{int(program.now.timestamp())}", 1))
    assert open_levels(program) == [Level.URGENT]
    assert "That waits until these are closed: A7K2-1." in program.staff_texts()[-1]
    program.wait(hours=1)
    assert not any(isinstance(event, Erase) for _, event in program.log)


def had_a_second_session(*, before: timedelta) -> OuterProgram:
    """Anna stopped after two weeks, and came all the same for her second session."""
    program = annas_phone().well_until(NOW + timedelta(days=15))
    program.do(Pressed(yes_stop(program.now), 1))
    program.wait(days=12)
    ended = program.now - timedelta(minutes=30)
    program.do(SessionAdded(BEN, replace(SESSION, number=2, ended_at=ended, known_at=program.now)))
    program.wait(hours=before / timedelta(hours=1))
    program.do(Pressed("s:back", 1))
    return program


def test_a_session_entered_after_a_stop_is_asked_about_once_anna_is_back():
    program = had_a_second_session(before=timedelta(hours=1))
    assert "Your next check-in comes on Mon 21 Dec, 16:00" in program.last
    states = program.states()
    assert states["2/check_in/6"] == states["2/check_in/2160"] == "planned"
    reminder = program.check_in("1/reminder/840")
    assert reminder.reason == "cancelled_by_next_session: session 2 counts anew"
    program.wait(hours=6)
    assert program.check_in("2/check_in/6").state == "sent"


def test_of_what_came_due_since_that_session_the_newest_alone_is_asked():
    program = had_a_second_session(before=timedelta(days=4))
    assert program.last.startswith("Good to have you back. With /report")
    count = len(program.chat)
    program.wait(minutes=1)
    states = program.states()
    assert (states["2/check_in/48"], states["2/check_in/72"]) == ("collapsed", "sent")
    assert len(program.chat) == count + 1
    assert program.last.startswith("We could not ask you on")


@pytest.mark.hazard("H05")
def test_who_comes_back_after_a_month_is_asked_what_is_still_to_come_once_ben_confirms():
    program = annas_phone().well_until(NOW + timedelta(days=3))
    program.do(Pressed(yes_stop(program.now), 1))
    program.wait(days=31)
    program.do(Pressed("s:back", 1))
    takes_the_steps(program)
    assert program.record.patient.stage == "pairing"
    is_confirmed(program)
    for key, one in program.record.check_ins.items():
        if one.state == "cancelled":
            assert one.due_at < program.now, f"{key} is still to come"
    assert program.check_in("1/check_in/1344").state == "planned"
    assert program.staff_texts()[-1].endswith("First check-in: Tue 29 Dec, 10:00.")
    count = len(program.chat)
    program.wait(minutes=1)
    assert len(program.chat) == count, "nobody is asked about days that are over"
