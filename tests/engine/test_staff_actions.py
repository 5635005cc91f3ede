"""Ben, Cleo and Dora press what stands under a card, late, twice and at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_of_a_clinic import BEN, CLEO, DORA, EVE, told
from outer_program import OuterProgram
from stories import (
    SECOND,
    SYMPTOMS,
    asked,
    berlin,
    feverish,
    finished,
    open_levels,
    wants_a_call,
    wonders,
)

from flows.engine.events import Did, Lane
from flows.engine.inputs import Blocked
from flows.engine.permissions import PERMISSIONS, may, permits
from flows.verdict import Level


def closed(program: OuterProgram, who=BEN) -> OuterProgram:
    program.staff("resolve", who)
    program.staff("outcome", who, option="advised")
    return program


def test_the_first_claim_wins_and_the_second_sees_whose_it_is():
    program = feverish()
    program.staff("claim", BEN)
    program.staff("claim", DORA)
    assert program.alert.claimed_by == BEN.id
    assert program.toasts()[-1] == "Ben took this at 16:30."
    assert "claim_lost" in program.did()
    program.staff("claim", BEN)
    assert program.toasts()[-1] == "You took it at 16:30."


def test_a_claim_that_ran_out_can_be_taken_over():
    program = feverish()
    program.staff("claim", BEN)
    program.wait(minutes=30)
    program.staff("claim", DORA)
    assert program.alert.claimed_by == DORA.id
    assert program.due["notify", "A7K2-1"] == program.now + timedelta(minutes=30)


def test_anna_hears_once_that_ben_has_seen_it():
    program = feverish()
    program.staff("claim", BEN)
    assert "Ben has seen this, 16:30." in program.last
    assert "112" in program.last
    count = len(program.chat)
    program.wait(minutes=31)
    program.staff("claim", DORA)
    assert len(program.chat) == count


def test_contact_stops_the_notices_and_names_who_noted_it():
    program = feverish()
    program.staff("contacted", BEN)
    assert ("notify", "A7K2-1") not in program.due
    program.staff("contacted", DORA)
    assert program.toasts()[-1] == "Ben noted the contact at 16:30."
    assert program.alert.contacted_by == BEN.id


def test_contact_after_a_claim_keeps_when_it_was_claimed():
    program = feverish()
    program.staff("claim", BEN)
    at = program.now
    program.wait(minutes=3)
    program.staff("contacted", BEN)
    assert (program.alert.claimed_at, program.alert.contacted_at) == (at, program.now)


def test_closing_takes_two_presses_and_anna_hears_of_it():
    program = feverish()
    closed(program)
    assert (program.alert.outcome, program.alert.resolved_by) == ("advised", BEN.id)
    assert ("notify", "A7K2-1") not in program.due
    assert program.last.startswith("Ben has looked after what you told us.")
    assert "112" in program.last


@pytest.mark.parametrize("action", ["claim", "contacted", "resolve", "back", "outcome"])
def test_a_closed_alert_stays_closed_and_says_by_whom(action):
    program = closed(feverish())
    before = program.alert
    program.staff(action, DORA, option="advised" if action == "outcome" else "")
    assert program.alert == before
    assert program.toasts()[-1] == "Ben closed this at 16:30: advised."


def test_new_answers_take_the_outcomes_off_the_card_again():
    program = feverish()
    program.staff("resolve")
    program.write("41")
    program.press(program.chat[-1].message.keys[0][0].label)
    assert not program.alert.choosing_outcome
    program.staff("outcome", option="no_problem")
    assert program.alert.is_open
    assert open_levels(program)


def test_seen_in_the_digest_closes_a_watch_and_tells_anna_nothing():
    program = wonders()
    count = len(program.chat)
    program.staff("outcome", option="seen")
    assert program.alert.outcome == "seen in the digest"
    assert len(program.chat) == count


def test_back_shows_the_first_buttons_again():
    program = feverish()
    program.staff("resolve")
    assert program.alert.choosing_outcome
    assert program.staff("resolve") == ()
    program.staff("back")
    assert not program.alert.choosing_outcome
    assert program.staff("back") == ()


def test_buttons_that_are_too_old_say_so():
    program = feverish()
    program.staff("resolve")
    program.staff("outcome", option="nonsense")
    assert "too old" in program.toasts()[-1]
    program.staff("nonsense")
    assert "too old" in program.toasts()[-1]
    program.staff("claim", alert="A7K2-9")
    assert program.toasts()[-1] == "This alert is not there any more."


def test_details_go_to_the_pressers_own_chat():
    program = feverish()
    events = program.staff("details", EVE)
    assert told(events, EVE.id)[0].startswith("Case A7K2")
    assert Did(EVE.id, "Eve", "details", "A7K2-1") in events
    program.staff("details", replace(CLEO, reachable=False))
    assert "press Start" in program.toasts()[-1]


def test_a_claim_at_night_is_told_at_once_where_it_is_urgent():
    program = feverish().until(berlin(24, 22))
    program.staff("claim")
    assert "Ben has seen this, 22:00." in program.last


def test_a_claim_at_night_waits_for_the_morning_where_it_is_not():
    program = wants_a_call().until(berlin(24, 22))
    count = len(program.chat)
    program.staff("claim")
    assert len(program.chat) == count
    assert program.due["news", "A7K2-1"] == berlin(25, 8)
    program.until(berlin(25, 8, 1))
    assert "Ben has seen this, 22:00." in program.last


def test_in_the_morning_anna_hears_how_it_is_by_then():
    program = wants_a_call().until(berlin(24, 22))
    program.staff("claim")
    closed(program)
    program.until(berlin(25, 8, 1))
    assert program.last.startswith("Ben has looked after")


def test_whoever_was_phoned_is_not_told_that_somebody_has_seen_it():
    program = wants_a_call().until(berlin(24, 22))
    program.staff("claim")
    program.staff("contacted")
    count = len(program.chat)
    program.until(berlin(25, 8, 1))
    assert len(program.chat) == count


def test_a_closed_silence_is_no_news_to_anna():
    program = asked().wait(hours=26)
    [alert] = program.record.open_alerts
    assert alert.event == "no_answer_24h"
    count = len(program.chat)
    program.staff("claim")
    program.staff("resolve")
    program.staff("outcome", option="advised")
    assert len(program.chat) == count


def test_who_blocked_the_bot_is_told_nothing():
    program = feverish()
    program.do(Blocked(blocked=True))
    count = len(program.chat)
    program.staff("claim")
    program.relay("Please call us.")
    assert len(program.chat) == count
    assert "A7K2 cannot be written to here. Please phone the patient." in program.staff_texts()


def test_bens_words_reach_anna_with_his_name_and_the_emergency_number():
    program = feverish()
    program.relay("Please take your temperature again.")
    assert program.last.startswith("Ben from Clinic Linden writes:\n\nPlease take")
    assert program.chat[-1].event.lane is Lane.ALERT, (
        "dropped, Ben would think that she has read it"
    )
    assert "112" in program.last
    assert "write" in program.did()


def test_a_contact_before_an_answer_never_counts_for_it():
    program = finished(feverish())
    program.staff("contacted")
    program.until(program.check_in(SECOND).due_at + timedelta(seconds=2))
    program.press(SYMPTOMS)
    program.press("Done, same")
    program.write("39.4")
    assert open_levels(program) == [Level.URGENT]


def test_auditors_read_and_nobody_else_may_act():
    assert [action for action in PERMISSIONS if may(EVE, action)] == [
        action for action in PERMISSIONS if permits("auditor", "staff chat", action)
    ]
    assert may(BEN, "claim")
    assert not may(BEN, "export")
    assert may(CLEO, "export")
    assert not may(EVE, "claim")
    assert not may(None, "claim")
    assert not may(replace(BEN, on_roster=False), "claim")
    assert not may(BEN, "nonsense")
