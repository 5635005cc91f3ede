"""Links: a second one to the same case, one that ran out, and one that begins anew."""

from dataclasses import replace

import pytest
from desk_of_a_clinic import ANNAS_CHAT, BEN, NOW, anna, told
from desk_of_a_clinic import turn_of as turn

from flows.engine.enrolling import INVITATION_LIFE, came_due, invite, link_opened
from flows.engine.events import Plan
from flows.engine.inputs import CameDue, LinkOpened

OPENED = LinkOpened(ANNAS_CHAT, "Anna", "en-GB")


def test_a_second_opening_by_the_same_chat_shows_the_present_step():
    decision = turn(anna("asked_facts"))
    link_opened(decision, OPENED)
    assert decision.record == anna("asked_facts")
    assert "Tick each that is true" in told(decision.events)[0]


@pytest.mark.parametrize("stage", ["asked_facts", "pairing", "declined"])
def test_omar_with_a_second_link_to_annas_case_learns_nothing_and_staff_are_told(stage):
    decision = turn(anna(stage))
    link_opened(decision, LinkOpened(7002, "Omar", "en"))
    assert decision.record == anna(stage)
    assert not told(decision.events)
    [text] = told(decision.events, 7002)
    assert text.startswith("This link cannot be used.")
    assert "A7K2: somebody opened a second link" in told(decision.events, "staff")[0]


def test_an_invitation_runs_out_after_72_hours():
    decision = turn(anna("invited"))
    invite(decision)
    assert Plan("invitation", "A7K2", NOW + INVITATION_LIFE) in decision.events
    assert INVITATION_LIFE.total_seconds() == 72 * 3600


@pytest.mark.parametrize("stage", ["invited", "asked_consent", "asked_facts", "test_message"])
def test_staff_are_told_of_an_invitation_that_came_to_nothing(stage):
    decision = turn(anna(stage), NOW + INVITATION_LIFE)
    came_due(decision, CameDue("invitation", "A7K2"))
    [text] = told(decision.events, "staff")
    assert "A7K2" in text
    assert "gets no check-ins" in text
    assert decision.patient.stage == stage


@pytest.mark.parametrize("stage", ["pairing", "active", "declined", "refused", "stopped"])
def test_an_invitation_that_led_somewhere_is_over_in_silence(stage):
    decision = turn(anna(stage))
    came_due(decision, CameDue("invitation", "A7K2"))
    assert decision.events == []


@pytest.mark.parametrize("stage", ["pairing", "refused", "declined", "asked_facts"])
def test_a_new_link_begins_anew_and_lets_the_old_chat_go(stage):
    decision = turn(anna(stage, ticked=frozenset({"pregnant"}), profile={"pregnant": True}))
    invite(decision)
    fresh = replace(anna("invited"), visits=decision.record.visits)
    assert decision.record == fresh


@pytest.mark.parametrize("stage", ["asked_consent", "asked_facts", "test_message", "pairing"])
def test_a_chat_that_nobody_confirmed_hears_that_a_new_link_takes_its_place(stage):
    decision = turn(anna(stage))
    invite(decision)
    [text] = told(decision.events, ANNAS_CHAT)
    assert text.startswith("This link does not work any more.")


@pytest.mark.parametrize("stage", ["invited", "declined", "refused"])
def test_who_waits_for_nothing_hears_nothing_of_a_new_link(stage):
    decision = turn(anna(stage))
    invite(decision)
    assert not told(decision.events, ANNAS_CHAT)


def test_a_new_link_for_an_active_patient_takes_nothing_away():
    decision = turn(anna("active"))
    invite(decision)
    assert decision.record == anna("active")
    assert decision.patient.confirmed_by == BEN.id
