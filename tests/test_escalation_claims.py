"""Who claims an alert, contacts the patient or resolves it, and what a higher level undoes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from test_escalation import (
    BEN,
    CLEO,
    CLINIC,
    DORA,
    EMERGENCY,
    FAY,
    FOLLOW_UP,
    MINUTE,
    NIGHT,
    RULES,
    URGENT,
    WATCH,
    berlin,
    hours_of,
    local,
    notice,
    told,
)

from flows.escalation import Alert, StaffMember, next_notification
from flows.verdict import Level

# Claims, contact, the end


def claimed(alert: Alert, minutes: float, by: int | None = BEN.id) -> Alert:
    return replace(alert, claimed_by=by, claimed_at=alert.raised_at + minutes * MINUTE)


def test_a_living_claim_stops_the_repeats_until_it_runs_out():
    alert = claimed(told(told(URGENT, NIGHT), NIGHT + 5 * MINUTE), 7)
    found = notice(alert, NIGHT + 20 * MINUTE)
    assert (found.at, found.audience) == (NIGHT + 37 * MINUTE, "everyone")


@pytest.mark.parametrize(("minute", "sent"), [(36, 37), (37, 37), (38, 38)])
def test_a_claim_without_contact_runs_out_at_its_thirtieth_minute(minute, sent):
    alert = claimed(told(URGENT, NIGHT), 7)
    assert notice(alert, NIGHT + minute * MINUTE).at == NIGHT + sent * MINUTE


def test_an_expired_claim_goes_on_from_where_the_alert_was():
    alert = told(claimed(told(URGENT, NIGHT), 7), NIGHT + 37 * MINUTE)
    found = notice(alert, NIGHT + 40 * MINUTE)
    assert (found.at, found.audience) == (NIGHT + 52 * MINUTE, "everyone")


def test_a_claim_never_holds_back_the_first_notice():
    assert notice(claimed(URGENT, 1), NIGHT + MINUTE).at == NIGHT + MINUTE


def test_a_claim_that_runs_out_after_closing_waits_for_the_digest():
    alert = replace(FOLLOW_UP, raised_at=berlin("2026-11-25 16:50"))
    found = notice(claimed(told(alert, alert.raised_at), 55), berlin("2026-11-25 17:50"))
    assert local(found.at) == "Thu 08:30"


def test_a_claim_over_the_digest_puts_the_alert_in_front_of_staff_when_it_runs_out():
    alert = told(replace(WATCH, raised_at=berlin("2026-11-24 12:00")), berlin("2026-11-25 08:30"))
    alert = replace(alert, claimed_by=BEN.id, claimed_at=berlin("2026-11-26 08:10"))
    assert local(notice(alert, berlin("2026-11-26 08:20")).at) == "Thu 08:40"


@pytest.mark.parametrize("gone", [CLEO.id, FAY.id, None, 5], ids=["Cleo", "Fay", "nobody", "left"])
def test_a_claim_by_somebody_who_cannot_take_it_is_void(gone):
    clinic = replace(
        CLINIC, roster=(*CLINIC.roster, StaffMember(5, "Gus", "nurse", on_roster=False))
    )
    found = notice(claimed(told(URGENT, NIGHT), 2, gone), NIGHT + 3 * MINUTE, clinic)
    assert found.at == NIGHT + 5 * MINUTE


@pytest.mark.hazard("H31")
def test_the_claim_of_somebody_who_leaves_is_void_at_once():
    alert = claimed(told(told(URGENT, NIGHT), NIGHT + 5 * MINUTE), 6)
    gone = replace(CLINIC, roster=(replace(BEN, on_roster=False), DORA))
    now = NIGHT + 16 * MINUTE
    assert notice(alert, now).at == NIGHT + 36 * MINUTE
    assert (notice(alert, now, gone).at, notice(alert, now, gone).who) == (now, (DORA.id,))


def test_two_who_claim_in_the_same_second_hold_it_equally_long():
    at_once = told(URGENT, NIGHT)
    ben, dora = claimed(at_once, 2, BEN.id), claimed(at_once, 2, DORA.id)
    assert notice(ben, NIGHT + 3 * MINUTE) == notice(dora, NIGHT + 3 * MINUTE)


def test_a_claim_stored_by_half_holds_nothing():
    half = replace(told(URGENT, NIGHT), claimed_by=BEN.id)
    assert notice(half, NIGHT + 3 * MINUTE).at == NIGHT + 5 * MINUTE


def test_contact_stops_the_repeats_with_a_claim_or_without():
    contacted = replace(told(URGENT, NIGHT), contacted_at=NIGHT + 4 * MINUTE)
    for alert in (contacted, claimed(contacted, 2)):
        assert next_notification(alert, CLINIC, RULES, NIGHT + timedelta(days=9)) is None


def test_contact_before_the_first_notice_counts_and_contact_before_the_raise_does_not():
    night = replace(FOLLOW_UP, raised_at=NIGHT)
    after = replace(night, contacted_at=NIGHT + MINUTE)
    assert next_notification(after, CLINIC, RULES, NIGHT + MINUTE) is None
    assert notice(replace(night, contacted_at=NIGHT), NIGHT + MINUTE).step == "digest"


def test_resolving_ends_it():
    resolved = replace(EMERGENCY, resolved_at=NIGHT)
    assert next_notification(resolved, CLINIC, RULES, NIGHT + MINUTE) is None


# The level rises


@pytest.mark.parametrize("level", [Level.URGENT, Level.EMERGENCY])
@pytest.mark.parametrize("taken", ["claimed_at", "contacted_at"])
def test_a_higher_level_is_told_at_once_though_the_lower_was_taken(level, taken):
    alert = told(FOLLOW_UP, FOLLOW_UP.raised_at)
    alert = replace(alert, claimed_by=BEN.id, **{taken: alert.raised_at + MINUTE})
    later = alert.raised_at + 5 * MINUTE
    found = notice(replace(alert, level=level, raised_at=later), later)
    assert (found.at, found.step) == (later, "first")


def test_a_claim_on_the_lower_level_holds_no_repeat_of_the_higher():
    alert = claimed(told(FOLLOW_UP, FOLLOW_UP.raised_at), 1)
    later = alert.raised_at + 5 * MINUTE
    urgent = told(replace(alert, level=Level.URGENT, raised_at=later), later)
    assert notice(urgent, later + MINUTE).at == later + 5 * MINUTE


def test_the_digest_of_the_lower_level_is_not_sent_again_after_a_raise():
    watch = told(replace(WATCH, opened_at=WATCH.raised_at), berlin("2026-11-26 08:30"), "digest")
    raised_at = berlin("2026-11-26 22:10")
    alert = replace(watch, level=Level.FOLLOW_UP, raised_at=raised_at)
    assert local(notice(alert, raised_at).at) == "Fri 08:30"


def test_a_digest_that_was_overdue_is_not_forgiven_by_a_raise_at_night():
    opened_at, up = berlin("2026-11-24 12:00"), berlin("2026-11-25 22:10")
    alert = replace(FOLLOW_UP, raised_at=up, opened_at=opened_at)
    assert (notice(alert, up).at, notice(alert, up).audience) == (up, "digest")


def test_a_raised_alert_starts_the_steps_of_its_new_level():
    raised = replace(told(FOLLOW_UP, FOLLOW_UP.raised_at), level=Level.URGENT, raised_at=NIGHT)
    assert [(f.at - NIGHT) // MINUTE for f in hours_of(raised, 0.6)] == [0, 5, 15, 30]
