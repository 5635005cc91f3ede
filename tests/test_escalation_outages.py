"""Outages and wrong clocks: what is overdue is one notice at once, and no clock stops an alert."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from test_escalation import (
    BEN,
    BERLIN,
    CLINIC,
    FOLLOW_UP,
    MINUTE,
    NIGHT,
    RULES,
    URGENT,
    WATCH,
    berlin,
    local,
    notice,
    told,
)
from test_escalation_claims import claimed

from flows.escalation import Alert
from flows.verdict import Level

# Outages


@pytest.mark.parametrize(
    ("down_until", "audience", "then"),
    [(4, "on_call", 5), (14, "on_call", 15), (29, "on_call", 30), (30, "everyone", 45)],
)
def test_overdue_steps_become_one_notice_and_the_sequence_goes_on(down_until, audience, then):
    now = NIGHT + down_until * MINUTE
    first = notice(URGENT, now)
    assert (first.at, first.due, first.audience) == (now, NIGHT, audience)
    assert notice(told(URGENT, now), now).at == NIGHT + then * MINUTE


def test_after_twelve_hours_down_everyone_hears_once_and_again_a_quarter_later():
    up = NIGHT + timedelta(hours=12)
    alert = told(URGENT, NIGHT)
    assert (notice(alert, up).at, notice(alert, up).audience) == (up, "everyone")
    assert notice(told(alert, up), up).at == up + 15 * MINUTE


def test_a_follow_up_missed_in_an_outage_is_listed_at_once_and_calls_at_the_next_opening():
    up = berlin("2026-11-27 03:00")
    alert = replace(FOLLOW_UP, raised_at=NIGHT)
    listed = notice(alert, up)
    assert (listed.at, listed.audience) == (up, "digest")
    morning = berlin("2026-11-27 08:30")
    called = notice(told(told(alert, up, "digest"), morning, "digest"), morning)
    assert (local(called.at), called.audience) == ("Fri 09:00", "on_call")


def test_an_overdue_call_stands_for_an_overdue_digest():
    up = berlin("2026-11-26 11:00")
    alert = replace(FOLLOW_UP, raised_at=NIGHT)
    assert (notice(alert, up).at, notice(alert, up).audience) == (up, "on_call")
    assert notice(told(alert, up), up).at == up + 60 * MINUTE


def test_due_names_the_same_notice_however_late_it_is():
    alert = told(URGENT, NIGHT)
    assert {notice(alert, NIGHT + m * MINUTE).due for m in (1, 5, 9)} == {NIGHT + 5 * MINUTE}


# Clocks


def test_a_notice_from_the_future_is_sent_again_rather_than_trusted():
    alert = told(URGENT, NIGHT + timedelta(days=365))
    assert notice(alert, NIGHT + MINUTE).at == NIGHT + MINUTE


def test_a_claim_from_the_future_holds_nothing():
    alert = claimed(told(URGENT, NIGHT), 60 * 24 * 365)
    assert notice(alert, NIGHT + 3 * MINUTE).at == NIGHT + 5 * MINUTE


@pytest.mark.parametrize(("ahead", "counts"), [(1e-6, True), (120, True), (120.1, False)])
def test_a_claim_that_another_worker_saved_meanwhile_counts(ahead, counts):
    """Its clock was ahead, or this one looked at its own before it waited for the other."""
    alert = claimed(told(URGENT, NIGHT), 1)
    held = alert.held_until(CLINIC, RULES, alert.claimed_at - timedelta(seconds=ahead))
    assert (held is not None) is counts


def test_an_alert_from_the_future_is_told_now_and_then_runs_its_steps():
    alert = replace(URGENT, raised_at=NIGHT + timedelta(days=365))
    assert notice(alert, NIGHT).at == NIGHT
    for minutes in (0, 5, 15, 30):
        assert notice(alert, NIGHT + minutes * MINUTE).at == NIGHT + minutes * MINUTE
        alert = told(alert, NIGHT + minutes * MINUTE)
    assert notice(claimed(alert, 0), NIGHT + 31 * MINUTE).at == NIGHT + 45 * MINUTE
    held = replace(alert, claimed_by=BEN.id, claimed_at=NIGHT + 31 * MINUTE)
    assert notice(held, NIGHT + 32 * MINUTE).at == NIGHT + 61 * MINUTE


@pytest.mark.hazard("H12")
@pytest.mark.parametrize("year", [1970, 2038])
def test_a_clock_gone_wild_stops_no_alert(year):
    now = datetime(year, 1, 2, tzinfo=UTC)
    assert notice(told(URGENT, NIGHT), now).at == now


def test_a_watch_from_the_future_is_in_the_next_digest():
    alert = replace(WATCH, raised_at=NIGHT + timedelta(days=365))
    assert local(notice(alert, NIGHT).at) == "Thu 08:30"


def test_minutes_are_counted_through_the_clock_change():
    raised_at = datetime(2026, 10, 25, 0, 58, tzinfo=UTC).astimezone(BERLIN)
    alert = Alert(Level.URGENT, raised_at)
    alert = told(alert, raised_at)
    assert notice(alert, raised_at).at == datetime(2026, 10, 25, 1, 3, tzinfo=UTC)
