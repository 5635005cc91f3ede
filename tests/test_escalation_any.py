"""What holds for every roster and every history of an alert."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from test_escalation import MINUTE, notice, told

from flows.clinic_hours import ClinicHours
from flows.escalation import Alert, Clinic, StaffMember, Told
from flows.rota import Shift
from flows.verdict import Level

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ids = st.integers(1, 5)
staff = st.builds(
    StaffMember,
    ids,
    st.just("somebody"),
    st.sampled_from(["nurse", "doctor", "admin", "auditor"]),
    st.booleans(),
    st.booleans(),
)
spells = st.lists(st.tuples(st.integers(0, 719), st.integers(720, 1440)), max_size=2).map(tuple)
opening_hours = st.builds(
    ClinicHours,
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo"]),
    st.tuples(*[spells] * 7).filter(any),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5),
)
clinics = st.builds(
    Clinic,
    st.lists(staff, max_size=4).map(tuple),
    st.lists(st.builds(Shift, ids, moments, moments), max_size=3).map(tuple),
    opening_hours,
)
levels = st.sampled_from(Level)


@st.composite
def alerts_and_now(draw, ahead=60):
    """An alert that nobody has answered, its facts in any order, up to `ahead` in the future."""
    now = draw(moments)
    near = st.integers(-3 * 24 * 60, ahead).map(lambda minutes: now + minutes * MINUTE)
    notices = st.builds(Told, near, levels, st.sampled_from(["first", "repeat", "digest"]))
    alert = Alert(
        level=draw(levels),
        raised_at=draw(near),
        route=draw(st.sampled_from([None, "call_list"])),
        claimed_by=draw(st.none() | ids),
        claimed_at=draw(st.none() | near),
        notified=tuple(draw(st.lists(notices, max_size=4))),
    )
    return alert, now


BOUND = {Level.URGENT: 30 * MINUTE, Level.EMERGENCY: 30 * MINUTE}
"""An urgent repeat or a claim, at most 30 minutes; otherwise the next daily digest."""


@settings(max_examples=100, deadline=None)
@given(clinics, alerts_and_now())
def test_an_open_alert_always_has_a_next_notice_within_its_bound(clinic, case):
    alert, now = case
    found = notice(alert, now, clinic)
    bound = BOUND.get(alert.level, timedelta(hours=25))
    assert now <= found.at <= now + bound
    assert found.at == found.at.astimezone(UTC)
    assert found == notice(alert, now, clinic)


@settings(max_examples=100, deadline=None)
@given(clinics, alerts_and_now())
def test_whoever_is_told_is_on_the_roster_and_nobody_means_the_clinic(clinic, case):
    found = notice(*case, clinic)
    team = {m.id for m in clinic.roster if m.on_roster and m.role != "auditor"}
    assert set(found.who) <= team
    assert bool(found.who) == bool(team) == (found.audience != "clinic")


@settings(max_examples=100, deadline=None)
@given(clinics, alerts_and_now(), levels)
def test_raising_the_level_never_makes_the_next_notice_later(clinic, case, level):
    alert, now = case
    notified = tuple(n for n in alert.notified if n.level <= alert.level)
    alert = replace(alert, notified=notified)
    before = notice(alert, now, clinic).at
    higher = replace(alert, level=max(level, alert.level))
    assert notice(higher, now, clinic).at <= before
    if higher.level > alert.level:
        raised = replace(higher, raised_at=now, opened_at=alert.raised_at)
        after = notice(raised, now, clinic).at
        assert after <= before
        assert after == now or higher.level < Level.URGENT


@settings(max_examples=100, deadline=None)
@given(clinics, alerts_and_now())
def test_a_sent_notice_is_never_followed_by_another_at_the_same_instant(clinic, case):
    alert, now = case
    found = notice(alert, now, clinic)
    assert notice(told(alert, found.at, found.step), found.at, clinic).at > found.at


@settings(max_examples=100, deadline=None)
@given(alerts_and_now(ahead=0), st.integers(1, 3 * 24 * 60))
def test_after_any_outage_the_notice_goes_at_the_restart_and_is_no_weaker(case, minutes):
    alert, now = case
    alert = replace(alert, level=max(alert.level, Level.URGENT))
    planned, up = notice(alert, now), now + minutes * MINUTE
    late = notice(alert, up)
    assert late.at == max(planned.at, up)
    assert set(planned.who) <= set(late.who)
