"""Ben looks at the person at the desk and says whether the chat is hers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk_of_a_clinic import (
    ANNAS_CHAT,
    BEN,
    DESK,
    DORA,
    NOW,
    SESSION,
    anna,
    buttons,
    desk_with,
    of_kind,
    toasts,
    told,
)
from desk_of_a_clinic import turn_of as turn

from flows.engine.enrolling import came_due, pressed, staff_decided
from flows.engine.events import Did, Drop, Lane, Plan, Say
from flows.engine.inputs import CameDue, Pressed, StaffDid
from flows.engine.pairing import card_tag
from flows.engine.record import Record
from flows.engine.turn import Turn

CLOSING = datetime(2026, 11, 24, 16, 50, tzinfo=UTC)
"""17:50 in Berlin, ten minutes before the clinic closes."""


def decide(record: Record, action: str, who=BEN) -> Turn:
    decision = turn(record)
    staff_decided(decision, StaffDid(who, action, "A7K2", card_tag(record.patient)))
    return decision


def card(record: Record) -> Turn:
    decision = turn(record)
    pressed(decision, Pressed("e:test", 12))
    return decision


def test_the_card_says_whom_ben_should_have_before_him():
    decision = card(anna("test_message", profile={"pregnant": True, "cold_sores": False}))
    [text] = told(decision.events, "staff")
    for said in (
        "A7K2", "Account: Anna", "Microneedling + topical exosomes + Face/skin injection", "face",
        "Tue 24 Nov, 10:00", "⚠️ Pregnant or breast-feeding at enrolment",
        "is this the person in front of you?", "Draft",
    ):  # fmt: skip
        assert said in text
    assert "Cold sores" not in text
    tag = card_tag(decision.patient)
    expected = {"Yes, confirm": f"p:confirm.{tag}:A7K2", "No": f"p:refuse.{tag}:A7K2"}
    assert buttons(decision.events, "staff") == expected


def test_the_card_goes_first_and_can_be_found_again():
    [say] = [e for e in of_kind(card(anna("test_message")).events, Say) if e.to == "staff"]
    assert (say.lane, say.slot) == (Lane.ALERT, "pairing:A7K2")


def test_an_account_without_a_name_says_so():
    [text] = told(card(anna("test_message", name="")).events, "staff")
    assert "Account: shows no name" in text


def test_ben_confirms_and_the_check_ins_begin():
    decision = decide(anna("pairing", confirmed_by=None), "pair_confirm")
    assert (decision.patient.stage, decision.patient.confirmed_by) == ("active", BEN.id)
    planned = [one for one in decision.record.check_ins.values() if one.state == "planned"]
    assert planned
    assert len(of_kind(decision.events, Plan)) == len(planned)
    assert "Your first check-in comes on Tue 24 Nov, 16:00" in told(decision.events)[0]
    assert "Ben confirmed the patient" in told(decision.events, "staff")[0]
    assert Drop("pairing", "A7K2", "Ben decided") in decision.events
    assert Did(BEN.id, "Ben", "pair_confirm") in decision.events


def test_ben_refuses_and_the_chat_is_let_go_with_one_kind_sentence():
    facts = {
        "profile": {"pregnant": True, "baseline_redness": 2},
        "ticked": frozenset({"pregnant"}),
    }
    decision = decide(anna("pairing", consent="0a1b2c3d", consented_at=NOW, **facts), "pair_refuse")
    patient = decision.patient
    assert (patient.stage, patient.chat_id, patient.name) == ("refused", None, "")
    assert (patient.profile, patient.ticked) == ({"baseline_redness": 2}, frozenset())
    assert not told(decision.events)
    [text] = told(decision.events, ANNAS_CHAT)
    assert text.startswith("Thank you for your time.")
    assert "needs a new link" in told(decision.events, "staff")[0]
    says = [event.repeat for event in decision.events if isinstance(event, Say)]
    assert len(set(says)) == len(says), "of two messages with one key only the first goes out"
    assert not decision.record.check_ins


@pytest.mark.parametrize(
    ("first", "said"),
    [("pair_confirm", "Ben has confirmed this"), ("pair_refuse", "Ben has refused this")],
)
@pytest.mark.parametrize("second", ["pair_confirm", "pair_refuse"])
def test_dora_presses_after_ben_and_hears_that_he_decided(first, said, second):
    record = decide(anna("pairing"), first).record
    late = decide(record, second, DORA)
    assert late.record == record
    assert said in toasts(late.events)[0]
    assert not told(late.events)
    assert [did.name for did in of_kind(late.events, Did)] == ["Dora"]


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("invited", "not through the steps"),
        ("asked_facts", "not through the steps"),
        ("declined", "did not want to go on"),
    ],
)
def test_an_old_card_confirms_nobody_who_is_not_waiting(stage, said):
    decision = decide(anna(stage), "pair_confirm")
    assert decision.record == anna(stage)
    assert said in toasts(decision.events)[0]


@pytest.mark.hazard("H06")
@pytest.mark.parametrize("action", ["pair_confirm", "pair_refuse"])
def test_a_card_about_annas_chat_decides_nothing_about_omars(action):
    """Anna's card is still there when a new link was made, and Omar has opened that."""
    hers, his = anna("pairing", consented_at=NOW), anna("pairing", name="Omar", chat_id=9009)
    decision = turn(his)
    staff_decided(decision, StaffDid(BEN, action, "A7K2", card_tag(hers.patient)))
    assert decision.record == his
    assert toasts(decision.events)[0].startswith("This card is about another chat")
    assert "Account: Omar" in told(decision.events, "staff")[0]
    assert f"p:confirm.{card_tag(his.patient)}:A7K2" in buttons(decision.events, "staff").values()


@pytest.mark.hazard("H06")
def test_a_card_without_a_tag_decides_nothing():
    """As one from before cards said whom they are about."""
    decision = turn(anna("pairing"))
    staff_decided(decision, StaffDid(BEN, "pair_confirm", "A7K2"))
    assert decision.record == anna("pairing")


def test_a_card_of_an_earlier_consent_in_the_same_chat_is_an_earlier_question():
    first, again = (anna("pairing", consented_at=NOW + timedelta(days=day)) for day in (0, 1))
    assert card_tag(first.patient) != card_tag(again.patient)
    doubted = anna(doubted_at=NOW).patient
    assert card_tag(anna().patient) != card_tag(doubted)


def test_staff_are_told_again_every_15_minutes_until_somebody_decides():
    decision = turn(anna("pairing"))
    came_due(decision, CameDue("pairing", "A7K2"))
    [say] = of_kind(decision.events, Say)
    assert say.lane is Lane.ALERT
    assert "No check-in goes out before" in say.message.text
    assert (
        f"p:confirm.{card_tag(decision.patient)}:A7K2" in buttons(decision.events, "staff").values()
    )
    assert of_kind(decision.events, Plan) == [Plan("pairing", "A7K2", NOW + timedelta(minutes=15))]


def test_when_the_clinic_has_closed_the_next_time_is_its_opening():
    decision = turn(anna("pairing"), CLOSING)
    came_due(decision, CameDue("pairing", "A7K2"))
    [plan] = of_kind(decision.events, Plan)
    assert plan.at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("stage", ["active", "refused", "stopped", "invited"])
def test_nobody_is_told_again_after_the_decision(stage):
    decision = turn(anna(stage))
    came_due(decision, CameDue("pairing", "A7K2"))
    assert decision.events == []


def test_two_notices_of_one_pairing_are_two_messages():
    keys = []
    for later in (0, 15):
        decision = turn(anna("pairing"), NOW + timedelta(minutes=later))
        came_due(decision, CameDue("pairing", "A7K2"))
        keys += [say.repeat for say in of_kind(decision.events, Say)]
    assert len(set(keys)) == 2


def test_after_the_last_day_of_a_course_no_first_check_in_is_promised():
    old = replace(SESSION, ended_at=NOW - timedelta(days=900), known_at=NOW)
    decision = decide(anna("pairing", session=old), "pair_confirm")
    assert "comes on" not in told(decision.events)[0]
    assert "No check-in is planned." in told(decision.events, "staff")[0]


def test_a_signed_protocol_says_nothing_of_a_draft():
    metadata = DESK.protocol.protocol.model_copy(update={"draft": False})
    desk = desk_with(DESK.protocol.model_copy(update={"protocol": metadata}))
    decision = turn(anna("test_message"), desk=desk)
    pressed(decision, Pressed("e:test", 12))
    assert "Draft" not in told(decision.events, "staff")[0]


def test_refusing_a_case_whose_chat_is_gone_tells_staff_alone():
    decision = decide(anna("pairing", chat_id=None), "pair_refuse")
    assert decision.patient.stage == "refused"
    assert told(decision.events, "staff")


def test_anna_without_a_name_in_the_app_is_thanked_all_the_same():
    assert told(card(anna("test_message", name="")).events)[0].startswith("Thank you. Now")
