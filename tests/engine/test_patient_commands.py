"""Anna uses the menu: what stands where, what is kept, and what she cannot see too early."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, anna, buttons, told
from desk_of_a_clinic import turn_of as turn

from flows.engine.advance import advance
from flows.engine.events import Change, Erase, Plan, SendCopy
from flows.engine.inputs import Command, Commanded, Pressed
from flows.engine.patient_commands import commanded
from flows.engine.planning import plan_check_ins
from flows.engine.record import Record, StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.turn import Turn
from flows.verdict import Level

EARLY = ("asked_consent", "asked_facts", "test_message", "pairing")


def command(record: Record, name: str, now=NOW) -> Turn:
    decision = turn(record, now)
    commanded(decision, Commanded(name))
    return decision


def followed() -> Record:
    """Anna's case with its check-ins planned."""
    decision = turn(anna())
    plan_check_ins(decision)
    return decision.record


def alert(level: Level, **changes: object) -> StoredAlert:
    facts = {"key": "A7K2-1", "code": "A7K2", "level": level, "raised_at": NOW, "opened_at": NOW,
             "session": 1, "hours": 1.0}  # fmt: skip
    return StoredAlert(**(facts | changes))  # type: ignore[arg-type]


def status(record: Record) -> str:
    [text] = told(command(record, "status").events)
    return text


@pytest.mark.hazard("H39")
@pytest.mark.parametrize("name", get_args(Command))
@pytest.mark.parametrize("stage", [*EARLY, "active", "declined", "stopped"])
def test_every_command_is_answered_at_every_stage_and_ends_with_the_emergency_line(name, stage):
    record = followed() if stage == "active" else anna(stage)
    texts = told(command(record, name).events)
    assert texts
    assert "Call 112 right away" in texts[-1]


@pytest.mark.parametrize("name", get_args(Command))
def test_a_case_without_a_chat_says_nothing(name):
    assert command(anna("refused"), name).events == []


@pytest.mark.parametrize("name", ["status", "settings", "report"])
@pytest.mark.parametrize("stage", EARLY)
def test_what_needs_a_confirmed_patient_shows_the_present_step_instead(name, stage):
    decision = command(anna(stage), name)
    assert decision.record == anna(stage)
    assert "not set up yet" in told(decision.events)[0]


def test_report_asks_at_once():
    decision = command(anna(), "report")
    assert decision.patient.current == "report/1"


def test_start_shows_where_anna_is():
    assert "Do you agree" in told(command(anna("asked_consent"), "start").events)[0]
    assert "You are set." in told(command(anna(), "start").events)[0]
    assert buttons(command(anna("stopped"), "start").events) == {"Start again": "s:back"}


def test_help_names_every_command_the_phone_and_the_emergency_number():
    [text] = told(command(anna(), "help").events)
    for name in set(get_args(Command)) - {"start", "help"}:
        assert f"/{name}:" in text
    assert "+49 30 555 0100" in text
    assert "In an emergency call 112." in text


def test_privacy_says_who_reads_for_how_long_and_how_to_be_forgotten():
    [text] = told(command(anna("pairing"), "privacy").events)
    for said in ("Who sees it", "For how long", "erased", "not end-to-end encrypted"):
        assert said in text


def test_status_says_when_anna_is_asked_next_and_that_nothing_is_open():
    text = status(followed())
    assert "Next check-in: Tue 24 Nov, 16:00." in text
    assert "Nothing is open." in text


def test_status_of_a_finished_course_says_so():
    assert "No more check-ins are planned" in status(anna())


def test_status_of_a_pause_does_not_promise_a_check_in():
    text = status(followed().with_patient(paused_until=NOW + timedelta(days=3)))
    assert "pause until Fri 27 Nov, 10:30" in text
    assert "Next check-in" not in text


def test_status_names_a_check_in_that_waits():
    check_in = StoredCheckIn("1/check_in/6", 1, "check_in", 6, NOW, state="sent", sent_at=NOW)
    text = status(anna().with_check_in(check_in))
    assert "A check-in from Tue 24 Nov, 10:30 still waits" in text


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level.WATCH, "The team will read it."),
        (Level.FOLLOW_UP, "we contact you by Tue 24 Nov, 17:00"),
        (Level.URGENT, "call +49 30 555 0100 now"),
        (Level.EMERGENCY, "call +49 30 555 0100 now"),
    ],
)
def test_status_repeats_what_was_promised_and_never_names_a_level(level, said):
    text = status(anna().with_alert(alert(level)))
    assert said in text
    assert "Nothing is open" not in text
    assert not any(word in text.lower() for word in ("urgent_", "follow_up", "level"))


def test_status_says_who_saw_it_and_who_called():
    seen = alert(Level.FOLLOW_UP, claimed_by=BEN.id, claimed_at=NOW + timedelta(minutes=5))
    assert "Ben saw this on Tue 24 Nov, 10:35." in status(anna().with_alert(seen))
    called = replace(seen, contacted_by=BEN.id, contacted_at=NOW + timedelta(minutes=9))
    text = status(anna().with_alert(called))
    assert "Ben noted on Tue 24 Nov, 10:39 that we reached you." in text
    assert "we contact you by" not in text


def test_status_of_a_silence_does_not_say_that_anna_told_something():
    text = status(anna().with_alert(alert(Level.FOLLOW_UP, event="no_answer_24h")))
    assert "waiting to hear from you since Tue 24 Nov, 10:30" in text
    assert "You told us" not in text


def test_an_unconfirmed_chat_sees_only_what_it_gave_itself():
    record = anna("pairing", ticked=frozenset({"cold_sores"}), profile={"cold_sores": True})
    text = "\n".join(told(command(record, "mydata").events))
    assert "Do you get cold sores? Yes" in text
    for hidden in ("Microneedling", "10:00", "A7K2", "face"):
        assert hidden not in text


def test_a_long_name_is_not_cut_off_in_the_parts_that_fit():
    texts = told(command(anna("pairing", name="a" * 9000), "mydata").events)
    assert sum(text.count("a" * 100) for text in texts) >= 89
    assert max(map(len, texts)) <= 4000


def test_settings_of_an_unconfirmed_chat_are_shown():
    record = anna("pairing", quiet=("21:00", "10:00"), paused_until=NOW + timedelta(days=1))
    text = "\n".join(told(command(record, "mydata").events))
    assert "Quiet hours: 21:00 to 10:00" in text
    assert "Pause until Wed 25 Nov, 10:30" in text


@pytest.mark.parametrize("what", ["erase", "mydata"])
@pytest.mark.parametrize("age", [-1, 601, 10**9, "\u0661", "x", ""])
def test_an_old_or_forged_yes_only_asks_again(what, age):
    stamp = int(NOW.timestamp()) - age if isinstance(age, int) else age
    decision = advance(DESK, followed(), Pressed(f"s:{what}:{stamp}", 7), NOW)
    assert decision.record == followed()
    kinds = {type(event) for event in decision.events}
    assert kinds == {Change}
    assert any(key.code.startswith(f"s:{what}:") for row in decision.events[0].message.keys
               for key in row)  # fmt: skip


def test_a_chat_that_is_not_confirmed_can_neither_erase_nor_have_a_copy():
    for code in ("s:erase", f"s:erase:{int(NOW.timestamp())}", f"s:mydata:{int(NOW.timestamp())}"):
        decision = advance(DESK, anna("pairing"), Pressed(code, 7), NOW)
        assert decision.record == anna("pairing")
        assert not {SendCopy, Erase, Plan} & {type(event) for event in decision.events}
