"""Anna answers: what is raised at which step, and what is not raised twice."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from desk_of_a_clinic import DORA, NOW, SESSION, of_kind
from outer_program import OuterProgram, annas_phone
from stories import (
    FIRST,
    SECOND,
    SYMPTOMS,
    asked,
    feverish,
    finished,
    open_levels,
)

from flows.engine.events import Answered, Change, Noted, Plan
from flows.engine.inputs import Pressed
from flows.engine.record import StoredAlert
from flows.verdict import Level


def test_one_tap_is_enough_where_all_is_well():
    program = asked()
    program.press("All good")
    assert program.check_in(FIRST).state == "complete"
    assert program.record.alerts == {}
    assert ("silence", f"A7K2:{FIRST}") not in program.due
    assert "common at this stage" in program.last


def test_a_person_is_called_at_the_step_that_needs_one():
    program = feverish()
    assert program.check_in(FIRST).state == "sent"
    assert open_levels(program) == [Level.URGENT]
    assert program.cards


def test_an_answer_after_the_call_gets_an_alert_of_its_own():
    program = finished(feverish())
    program.staff("contacted")
    program.press("Add something")
    program.press("Done")
    assert program.record.alerts["A7K2-1"].contacted_at is not None
    program.write("my throat is swelling")
    program.wait(minutes=5)
    assert open_levels(program) == [Level.URGENT]
    assert len(program.record.alerts) == 2


def test_looking_at_another_screen_calls_nobody_again():
    program = finished(feverish())
    program.staff("contacted")
    program.press("Change my answers")
    assert len(program.record.alerts) == 1


def test_a_milder_answer_takes_nothing_back():
    program = finished(feverish())
    program.press("Change my answers")
    program.press("Back")
    program.press("Back")
    program.press("Back")
    program.write("36.8")
    assert program.alert.level is Level.URGENT
    assert "FEV-07" in [one.rule for one in program.alert.because]


def test_a_watch_is_asked_again_within_a_day_by_the_next_check_in_and_by_nothing_else():
    program = asked()
    program.press(SYMPTOMS)
    program.press("Done")
    program.write("is this normal?")
    since = program.now
    assert program.alert.level is Level.WATCH
    program.wait(hours=18)
    assert asked_by(program, since) == ["1/check_in/24"]
    program.press("All good")
    program.wait(hours=24)
    assert asked_by(program, since) == ["1/check_in/24", "1/check_in/48"]
    assert not any("recheck" in key for key in program.record.check_ins)


def asked_by(program: OuterProgram, since: datetime) -> list[str]:
    """Return the check-ins whose first question Anna got since then."""
    codes = [shown.message.keys[0][0].code for shown in program.chat
             if shown.at > since and "Time for your check-in" in shown.message.text]  # fmt: skip
    return [code.split(":")[1] for code in codes]


def test_a_recheck_is_planned_where_nothing_else_comes_soon():
    program = annas_phone().well_until(NOW + timedelta(days=8, hours=1))
    program.command("report")
    program.press("All good")
    program.write("is this normal?")
    [recheck] = [one for key, one in program.record.check_ins.items() if "recheck" in key]
    assert timedelta(hours=12) <= recheck.due_at - program.now <= timedelta(hours=24)
    program.write("and this?")
    assert sum("recheck" in key for key in program.record.check_ins) == 1
    program.until(recheck.due_at)
    program.wait(minutes=1)
    assert program.check_in(recheck.key).state == "sent"


def test_the_same_recheck_is_never_planned_twice():
    program = annas_phone().well_until(NOW + timedelta(days=8, hours=1))
    program.command("report")
    program.press("All good")
    program.write("is this normal?")
    [key] = [key for key in program.record.check_ins if "recheck" in key]
    program.record = program.record.with_check_in(
        replace(program.check_in(key), state="cancelled", reason="a test")
    )
    program.due.pop(("check_in", f"A7K2:{key}"))
    program.write("and this?")
    assert program.check_in(key).state == "cancelled"


def test_a_session_without_an_area_is_asked_of_the_usual_one():
    program = asked(session=replace(SESSION, area=None))
    program.press("All good")
    assert program.check_in(FIRST).state == "complete"


def test_a_warning_sign_is_an_emergency_at_its_tick():
    program = asked()
    program.press("One of these")
    program.press("Trouble breathing")
    assert open_levels(program) == [Level.EMERGENCY]
    assert program.last.startswith("Call 112 now.")


def test_a_double_tap_on_a_tick_changes_nothing():
    program = asked()
    program.press(SYMPTOMS)
    code = next(
        key.code for row in program.chat[-1].message.keys for key in row if "Redness" in key.label
    )
    [first] = of_kind(program.do(Pressed(code, 1)), Change)
    before = program.record
    [again] = program.do(Pressed(code, 1))
    assert again.message == first.message
    assert program.record == before


@pytest.mark.hazard("H14")
def test_a_button_of_an_earlier_step_is_answered_however_often_it_comes_back():
    """A change that a killed process had sent can arrive after a newer one, and undo it."""
    program = asked()
    program.press(SYMPTOMS)
    ticked = f"c:{FIRST}:tick.0+"
    changes = []
    for _ in range(3):
        changes += of_kind(program.wait(seconds=9).do(Pressed(ticked, 1)), Change)
    assert len({one.message for one in changes}) == 1
    assert len({one.repeat for one in changes}) == 3, "the outbox drops what it has had"


def test_a_tap_that_leads_nowhere_changes_nothing():
    program = asked()
    before = program.record
    [change] = program.do(Pressed(f"c:{FIRST}:go_on", 1))
    assert change.message == program.chat[0].message
    assert program.record == before


def test_who_unticks_what_was_reported_last_time_hears_why_it_stays():
    program = asked()
    program.press(SYMPTOMS)
    program.press("Redness")
    program.press("Done")
    program.press("1")
    program.until(program.check_in(SECOND).due_at + timedelta(minutes=1))
    program.press(SYMPTOMS)
    before = program.check_in(SECOND)
    program.press("Redness")
    assert program.toasts()[-1].startswith("You told us about this last time")
    assert program.check_in(SECOND) == before
    program.press("Swelling")
    program.press("Swelling")
    assert len(program.toasts()) == 1, "what is new may be unticked without a word"


def test_a_typed_name_of_a_tick_never_unticks_it():
    program = asked()
    program.press(SYMPTOMS)
    program.write("Redness")
    assert "redness" in program.check_in(FIRST).conversation.ticked
    events = program.write("Redness")
    assert "redness" in program.check_in(FIRST).conversation.ticked
    assert [note.text for note in of_kind(events, Noted)] == ["Redness"]


def test_a_typed_warning_sign_never_unticks_it():
    program = asked()
    program.press("One of these")
    program.write("Fainted")
    program.press("Back")
    program.press("One of these")
    program.write("Fainted")
    assert program.alert.level >= Level.URGENT
    assert program.check_in(FIRST).conversation.answers["red_flags"]


def test_an_answer_remembers_which_message_it_was():
    program = feverish()
    assert program.check_in(FIRST).typed == ((program.typed, "temp_c"),)


def test_what_the_card_says_is_what_was_said_last():
    program = finished(feverish())
    program.press("Change my answers")
    program.press("Back")
    program.press("Back")
    program.press("Back")
    program.write("39.5")
    said = " ".join(program.alert.said)
    assert "39.5" in said
    assert "39.2" not in said


def test_what_another_check_in_said_stays_on_the_card():
    program = finished(feverish())
    program.command("report")
    program.press(SYMPTOMS)
    program.press("Something else")
    program.write("my throat is swelling")
    program.wait(minutes=6)
    program.write("it is worse")
    said = " ".join(program.alert.said)
    assert "39.2" in said
    assert "throat" in said
    assert "it is worse" in said


def test_a_contacted_case_is_promised_no_second_call():
    program = finished(feverish())
    program.staff("contacted")
    program.until(program.check_in(SECOND).due_at + timedelta(seconds=2))
    program.press("All good")
    program.write("36.8")
    finished(program)
    assert program.check_in(SECOND).state == "complete"
    assert "We will contact you by" not in program.last
    assert "Please call us now" not in program.last


def test_an_old_promise_is_made_anew():
    program = asked()
    program.press("All good")
    program.press("Please call me")
    program.wait(days=3)
    program.press("All good")
    assert "Tue 24" not in program.last
    assert "We will contact you by" in program.last


@pytest.mark.parametrize("text", ["hello", "x" * 4096, "🙂" * 2000])
def test_words_are_kept_whatever_they_are(text):
    program = asked()
    events = program.write(text)
    assert [note.text for note in of_kind(events, Noted)] == [text]
    assert any(text in said for said in program.staff_texts())


def test_the_revision_counts_the_answers():
    program = asked()
    [answered] = of_kind(program.press(SYMPTOMS), Answered)
    assert answered.revision == 1
    [answered] = of_kind(program.press("Redness"), Answered)
    assert answered.revision == 2


def test_an_alert_of_its_own_is_planned_on():
    program = feverish()
    assert isinstance(program.alert, StoredAlert)
    program.staff("claim", DORA)
    [plan] = [one for _, one in program.log if isinstance(one, Plan) and one.kind == "notify"][-1:]
    assert plan.at == program.now + timedelta(minutes=30)


def test_a_watch_added_to_a_finished_check_in_counts_though_anna_leaves_halfway():
    program = asked()
    program.press("All good")
    program.press("Add something")
    program.press("Itch")
    program.press("Done")
    program.press("2  Hard to ignore")
    assert program.check_in(FIRST).conversation.screen == "question"
    assert program.alert.level is Level.WATCH
    program.staff("outcome", option="seen")
    program.press("Back")
    assert len(program.record.alerts) == 1


def test_an_urgent_answer_is_met_with_whom_to_call_before_the_next_question():
    program = feverish()
    assert program.check_in(FIRST).conversation.screen == "question"
    assert program.last.startswith("Please call us now: +49 30 555 0100.")


def test_words_are_asked_about_before_anybody_is_told_to_call_the_clinic():
    program = asked()
    program.write("my throat is swelling")
    assert program.last.startswith("Is this happening to you now? If yes, call 112 now")
    assert "Please call us now" not in program.last
