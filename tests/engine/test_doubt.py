"""Whose chat is it after a month? The edge of the rule, and what each kind of message comes to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, anna, toasts, turn_of, yes_stop

from flows.engine.advance import Decision, advance
from flows.engine.doubt import HELD, IDLE, is_in_doubt, last_sign
from flows.engine.events import Did, Noted, Plan, Say
from flows.engine.inputs import (
    CameDue,
    Commanded,
    FormerChatSaid,
    NewcomerSaid,
    Pressed,
    SentOther,
    SentPhoto,
    StaffDid,
    WasNotDelivered,
    Wrote,
)
from flows.engine.pairing import card_tag
from flows.engine.planning import plan_check_ins
from flows.engine.record import Record
from flows.verdict import Level

MONTH = NOW + IDLE


def followed(**facts: object) -> Record:
    """Anna's case with its check-ins planned, last heard from now."""
    decision = turn_of(anna(consented_at=NOW, confirmed_by=BEN.id, **facts))
    plan_check_ins(decision)
    return decision.record


def hear(said: object, record: Record | None = None) -> Decision:
    return advance(DESK, record or followed(), said, MONTH)  # type: ignore[arg-type]


def yes(record: Record) -> StaffDid:
    """Ben says under the newest card that the chat is Anna's."""
    return StaffDid(BEN, "pair_confirm", "A7K2", card_tag(record.patient))


def to_anna(decision: Decision) -> str:
    return "\n".join(e.message.text for e in decision.events
                     if isinstance(e, Say) and e.to == "patient")  # fmt: skip


def to_staff(decision: Decision) -> str:
    return "\n".join(e.message.text for e in decision.events
                     if isinstance(e, Say) and e.to == "staff")  # fmt: skip


@pytest.mark.hazard("H05")
@pytest.mark.parametrize(
    "said",
    [FormerChatSaid("I cannot breathe", message_id=3),
     FormerChatSaid(code="c:9/check_in/6:one_of_these"), NewcomerSaid(8, "I cannot breathe", 3)],
)  # fmt: skip
def test_what_is_said_in_another_chat_is_no_sign_that_this_one_is_hers(said):
    decision = advance(DESK, followed(moving_to=8), said, MONTH - timedelta(days=1))
    assert [one.level for one in decision.record.alerts.values()] == [Level.URGENT]
    assert last_sign(decision.record) == NOW
    assert is_in_doubt(turn_of(decision.record, MONTH))


def test_thirty_days_are_a_doubt_and_a_second_less_is_none():
    assert last_sign(followed()) == NOW
    assert is_in_doubt(turn_of(followed(), MONTH))
    assert not is_in_doubt(turn_of(followed(), MONTH - timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (Commanded("status"), False), (Commanded("mydata"), False), (Commanded("report"), False),
        (Pressed("c:nonsense", 3), False), (Pressed("s:done", 3), False),
        (Wrote("is this normal?", 3), True), (SentPhoto("f", "u", 3, "", "look"), True),
        (SentPhoto("f", "u", 3, "", ""), True), (SentOther("voice", 3), True),
    ],
)  # fmt: skip
def test_whatever_is_said_waits_for_staff_and_nothing_is_lost(said, kept):
    decision = hear(said)
    assert "has to be sure" in to_anna(decision)
    assert "Is this chat still theirs?" in to_staff(decision)
    assert any(isinstance(event, Noted) for event in decision.events) == kept
    assert Plan("doubt", "A7K2", DESK.clinic.hours.opening(MONTH + timedelta(days=3))[0]) in (
        decision.events
    )
    again = hear(said, decision.record)
    assert "Is this chat still theirs?" not in to_staff(again)


@pytest.mark.parametrize("command", ["help", "privacy", "stop"])
def test_what_shows_nothing_of_the_case_works_as_ever(command):
    said = to_anna(hear(Commanded(command)))
    assert "has to be sure" not in said
    assert "A7K2" not in said


def test_who_wants_to_stop_may_stop():
    assert hear(Pressed(yes_stop(MONTH), 3)).record.patient.stage == "stopped"


def test_words_of_danger_are_answered_at_once_and_raise_an_alert():
    decision = hear(Wrote("I cannot breathe", 3))
    assert "112" in to_anna(decision)
    assert [alert for alert in decision.record.alerts.values() if alert.is_open]


@pytest.mark.hazard("H47")
def test_one_of_these_under_an_old_message_calls_a_person_until_somebody_has_it():
    record = followed()
    key = next(iter(record.check_ins))
    asked = replace(record.check_ins[key], state="unanswered", sent_at=NOW)
    decision = hear(Pressed(f"c:{key}:one_of_these", 3), record.with_check_in(asked))
    [alert] = decision.record.open_alerts
    assert alert.level is Level.URGENT
    assert any(isinstance(e, Plan) and e.kind == "notify" for e in decision.events)
    assert "Please call us now: +49 30 555 0100." in to_anna(decision)
    assert "call 112 now" in to_anna(decision)


def test_a_check_in_is_held_and_asked_when_ben_has_confirmed():
    record = followed()
    key, due = max(((one.key, one.due_at) for one in record.check_ins.values()
                    if one.state == "planned"), key=lambda pair: pair[1])  # fmt: skip
    held = advance(DESK, record, CameDue("check_in", f"A7K2:{key}"), due)
    assert (held.record.check_ins[key].state, held.record.check_ins[key].reason) == ("paused", HELD)
    assert to_anna(held) == ""
    later = due + timedelta(minutes=30)
    asked = advance(DESK, held.record, yes(held.record), later)
    assert asked.record.check_ins[key].state == "sent"
    assert asked.record.patient.recognised_at == later


@pytest.mark.hazard("H05", "H06")
@pytest.mark.parametrize("action", ["pair_confirm", "pair_refuse"])
def test_a_card_from_before_the_doubt_ends_no_doubt(action):
    doubted = hear(Commanded("status")).record
    old = StaffDid(BEN, action, "A7K2", card_tag(followed().patient))
    decision = advance(DESK, doubted, old, MONTH)
    assert decision.record == doubted
    assert "is this chat still the patient's?" in to_staff(decision)
    assert toasts(decision.events)[0].startswith("This card is about another chat")


def test_staff_are_asked_again_until_somebody_decides():
    doubted = hear(Commanded("status")).record
    again = advance(DESK, doubted, CameDue("doubt", "A7K2"), MONTH + timedelta(days=3))
    assert "is this chat still the patient's?" in to_staff(again)
    assert advance(DESK, followed(), CameDue("doubt", "A7K2"), MONTH).events == ()


def test_who_deleted_the_account_is_doubted_at_once():
    record = followed()
    decision = advance(DESK, record, WasNotDelivered("", "deactivated"), NOW)
    assert decision.record.patient.doubted_at == NOW
    assert Did(None, "Aftercheck", "doubted",
               detail="had deleted the account of this chat") in decision.events  # fmt: skip


def test_who_stopped_and_comes_back_after_a_month_begins_with_the_consent():
    record = followed()
    stopped = replace(record, patient=replace(record.patient, stage="stopped"))
    decision = hear(Pressed("s:back", 3), stopped)
    assert decision.record.patient.stage == "asked_consent"


def test_at_night_ben_confirms_and_anna_is_left_asleep():
    doubted = hear(Commanded("status")).record
    night = MONTH.replace(hour=1)
    decision = advance(DESK, doubted, yes(doubted), night)
    assert to_anna(decision) == ""
    assert decision.record.patient.doubted_at is None
