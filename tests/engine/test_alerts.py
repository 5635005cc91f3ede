"""An alert is raised once, rises, goes on until somebody took care, and stays small."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, anna, of_kind, told, turn_of
from outer_program import annas_phone
from stories import FIRST, asked, feverish, finished, open_levels, wants_a_call, wonders

from flows.engine.alerts import (
    KEPT_NOTICES,
    MOST_SAID,
    Cause,
    card_slot,
    notify,
    raise_alert,
    reasons,
    route_of,
)
from flows.engine.events import Did, Drop, RefreshCards, ShowCard
from flows.engine.stored_check_in import StoredCheckIn
from flows.verdict import Fired, Level

CHECK_IN = StoredCheckIn("1/check_in/24", 1, "check_in", 24, NOW)


def rule(level: Level, name: str = "R-1") -> Fired:
    return Fired(name, level, f"reason {name}", ("own_choice",), "P2")


def raised(*causes: Cause):
    turn = turn_of(anna())
    for cause in causes:
        raise_alert(turn, cause)
    return turn


def test_every_alert_has_a_key_of_its_own():
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)]))
    assert list(turn.record.alerts) == ["A7K2-1"]
    closed = replace(turn.record.alerts["A7K2-1"], resolved_at=NOW, outcome="advised")
    turn.record = turn.record.with_alert(closed)
    raise_alert(turn, Cause(CHECK_IN, [rule(Level.WATCH)]))
    assert list(turn.record.alerts) == ["A7K2-1", "A7K2-2"]


def test_an_urgent_one_rings_in_the_group_and_in_each_persons_chat():
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)]))
    cards = of_kind(turn.events, ShowCard)
    assert [card.to for card in cards] == ["staff", 5001, 5002, 5003]
    assert {card.number for card in cards} == {1}


def test_a_watch_waits_for_the_digest():
    turn = raised(Cause(CHECK_IN, [rule(Level.WATCH)]))
    assert of_kind(turn.events, ShowCard) == []


def test_the_log_names_the_rules_and_never_a_word_of_what_was_said():
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)], ["my secret"]))
    [did] = of_kind(turn.events, Did)
    assert (did.action, did.detail) == ("raised", "urgent: R-1")
    assert reasons([rule(Level.WATCH), rule(Level.WATCH), rule(Level.WATCH, "R-2")]) == "R-1, R-2"


def test_the_same_cause_twice_changes_nothing():
    cause = Cause(CHECK_IN, [rule(Level.URGENT)], ["hot"])
    turn = raised(cause)
    before, events = turn.record, list(turn.events)
    raise_alert(turn, cause)
    assert (turn.record, turn.events) == (before, events)


@pytest.mark.hazard("H15")
def test_a_level_only_ever_rises_and_the_raise_is_logged():
    turn = raised(Cause(CHECK_IN, [rule(Level.FOLLOW_UP)]), Cause(CHECK_IN, [rule(Level.WATCH)]))
    assert turn.record.alerts["A7K2-1"].level is Level.FOLLOW_UP
    raise_alert(turn, Cause(CHECK_IN, [rule(Level.EMERGENCY, "R-9")]))
    alert = turn.record.alerts["A7K2-1"]
    assert alert.level is Level.EMERGENCY
    assert [one.rule for one in alert.because] == ["R-9", "R-1"]
    assert "follow_up to emergency: R-9" in [did.detail for did in of_kind(turn.events, Did)]
    assert RefreshCards("A7K2-1") in turn.events


@pytest.mark.hazard("H15")
def test_a_rule_that_fires_again_at_a_lower_level_stays_the_first_reason():
    """The same rule may be urgent one day and no more than a follow-up the next."""
    worst, other = rule(Level.EMERGENCY, "R-9"), rule(Level.URGENT, "R-2")
    turn = raised(Cause(CHECK_IN, [worst, other]))
    raise_alert(turn, Cause(CHECK_IN, [rule(Level.FOLLOW_UP, "R-9")], ["new words"]))
    assert turn.record.alerts["A7K2-1"].because == (worst, other)


def test_who_took_it_hears_that_there_is_more():
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)]))
    alert = turn.record.alerts["A7K2-1"]
    turn.record = turn.record.with_alert(replace(alert, claimed_by=BEN.id, claimed_at=NOW))
    raise_alert(turn, Cause(CHECK_IN, [rule(Level.URGENT, "R-2")], ["more"]))
    assert told(turn.events, "staff") == [
        "A7K2-1: new answers. Ben, please look at the card again."
    ]


def test_after_contact_a_new_answer_is_a_new_alert():
    program = finished(feverish())
    program.staff("contacted")
    program.write("39.9 now")
    program.wait(minutes=6)
    assert list(program.record.alerts) == ["A7K2-1", "A7K2-2"]


def test_an_answer_is_not_hidden_in_an_alert_about_a_silence():
    turn = raised(
        Cause(CHECK_IN, [rule(Level.URGENT)], event="no_answer_1h"),
        Cause(CHECK_IN, [rule(Level.FOLLOW_UP, "R-2")]),
    )
    assert [one.event for one in turn.record.open_alerts] == ["no_answer_1h", ""]


def test_a_silence_adds_to_the_alert_about_an_answer():
    turn = raised(
        Cause(CHECK_IN, [rule(Level.FOLLOW_UP)]),
        Cause(CHECK_IN, [rule(Level.URGENT, "R-2")], event="no_answer_1h"),
    )
    [alert] = turn.record.open_alerts
    assert (alert.level, alert.event) == (Level.URGENT, "")


def test_an_alert_that_nobody_takes_stays_small():
    program = feverish()
    program.wait(hours=24)
    assert len(program.alert.notified) == KEPT_NOTICES
    assert program.alert.notified[0].step == "first"
    assert program.due["notify", program.alert.key] > program.now


def test_many_words_push_none_of_the_newest_off():
    lines = [f"line {number}" for number in range(MOST_SAID + 5)]
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)], lines))
    assert turn.record.alerts["A7K2-1"].said == tuple(lines[-MOST_SAID:])


def test_a_wish_for_a_call_goes_to_the_call_list_until_more_is_needed():
    program = wants_a_call()
    assert program.alert.route == "call_list"
    program.write("I can't breathe")
    program.wait(minutes=6)
    assert program.alert.route is None
    turn = turn_of(anna())
    assert route_of(turn, [rule(Level.WATCH)]) is None


def test_a_closed_alert_has_nothing_planned():
    turn = raised(Cause(CHECK_IN, [rule(Level.URGENT)]))
    closed = replace(turn.record.alerts["A7K2-1"], resolved_at=NOW + timedelta(seconds=1))
    turn.record = turn.record.with_alert(closed)
    notify(turn, "A7K2-1")
    assert turn.events[-1] == Drop("notify", "A7K2-1", "somebody has taken care of it")


def test_a_cause_without_rules_is_no_more_than_expected():
    assert Cause(CHECK_IN, []).level is Level.EXPECTED
    assert card_slot("A7K2-1") == "alert:A7K2-1"


def test_a_watch_that_becomes_urgent_is_told_at_once():
    program = wonders()
    count = len(program.cards)
    program.write("I can't breathe")
    program.wait(minutes=6)
    assert len(program.cards) > count
    assert open_levels(program) == [Level.URGENT]


def test_everybody_hears_an_emergency_every_five_minutes():
    program = asked()
    program.press("One of these")
    program.press("Trouble breathing")
    program.wait(minutes=16)
    assert len({at for at, _ in program.cards}) == 4
    assert program.check_in(FIRST).conversation.stopped


def test_the_clinic_in_these_tests_is_open():
    assert DESK.clinic.hours.opening(NOW)[0] == NOW
    assert annas_phone().now == NOW


@pytest.mark.hazard("H12")
def test_notices_of_a_clock_that_was_an_hour_ahead_keep_nobody_from_being_told_in_that_hour():
    """The wrong clock told staff every five minutes; the same hour comes again by the right one."""
    program = asked()
    program.now += timedelta(hours=1)
    program.press("One of these")
    program.press("Trouble breathing")
    program.wait(minutes=30)
    program.now -= timedelta(hours=1)
    begun, before = program.now, len(program.cards)
    program.due["notify", program.alert.key] = begun
    program.wait(hours=2)
    told = sorted({at for at, _ in program.cards[before:]})
    assert max(later - earlier for earlier, later in pairwise(told)) < timedelta(minutes=6)


@pytest.mark.hazard("H12")
def test_a_claim_of_a_clock_that_was_an_hour_ahead_silences_nobody_in_that_hour():
    """Ben's claim has run out; as its hour comes again by the right clock it counts no more."""
    program = asked()
    program.now += timedelta(hours=1)
    program.press("One of these")
    program.press("Trouble breathing")
    program.staff("claim")
    before = len(program.cards)
    program.now -= timedelta(hours=1)
    program.due["notify", program.alert.key] = program.now
    program.wait(hours=2)
    assert program.alert.claimed_by is None
    told = sorted({at for at, _ in program.cards[before:]})
    assert max(later - earlier for earlier, later in pairwise(told)) < timedelta(minutes=6)


@pytest.mark.hazard("H12")
def test_a_claim_that_had_run_out_holds_nothing_after_the_clock_was_set_back():
    """Ben's half hour was over, and staff were told again: that it comes once more is no claim."""
    program = asked()
    program.press("One of these")
    program.press("Trouble breathing")
    program.wait(minutes=31)
    program.staff("claim")
    program.wait(minutes=61)
    program.now -= timedelta(hours=1)
    begun, before = program.now, len(program.cards)
    program.due["notify", program.alert.key] = begun
    program.wait(hours=2)
    assert program.alert.claimed_by is None
    told = sorted({at for at, _ in program.cards[before:]})
    assert told[0] - begun < timedelta(minutes=6)
    assert max(later - earlier for earlier, later in pairwise(told)) < timedelta(minutes=6)
