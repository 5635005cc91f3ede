"""Who is told next, and when: each step to the minute, and what the patient hears.

Anna is a patient, Ben a nurse on call, Dora a doctor, Emil the administrator, Fay an auditor;
Cleo works for another clinic. The clinic is in Berlin.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.clinic_hours import ClinicHours
from flows.escalation import (
    Alert,
    Clinic,
    Notification,
    StaffMember,
    Told,
    next_notification,
)
from flows.protocol_file import bundled
from flows.rota import Shift
from flows.verdict import Level

RULES = bundled().escalation.model_copy(
    update={
        "urgent_repeat_minutes": (5, 15, 30),
        "everyone_repeat_minutes": 15,
        "emergency_repeat_minutes": 5,
        "follow_up_repeat_minutes": 60,
        "follow_up_latest_minutes_before_closing": 60,
        "claim_expires_minutes": 30,
        "digest_at": "08:30",
    }
)
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {
    "sat": ["10:00-14:00"]
}
HOURS = ClinicHours.weekly("Europe/Berlin", WEEK)
BEN = StaffMember(1, "Ben", "nurse")
DORA = StaffMember(2, "Dora", "doctor")
EMIL = StaffMember(3, "Emil", "admin")
FAY = StaffMember(4, "Fay", "auditor")
CLEO = StaffMember(9, "Cleo", "nurse")
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
CLINIC = Clinic((BEN, DORA, EMIL, FAY), (Shift(BEN.id, *ALWAYS),), HOURS)
EVERYONE = (BEN.id, DORA.id, EMIL.id)
MINUTE = timedelta(minutes=1)


def berlin(text: str) -> datetime:
    """Read "2026-11-25 22:10" as Berlin time; 25 November 2026 is a Wednesday."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%a %H:%M")


NIGHT = berlin("2026-11-25 22:10")
URGENT = Alert(Level.URGENT, NIGHT)
EMERGENCY = Alert(Level.EMERGENCY, NIGHT)
FOLLOW_UP = Alert(Level.FOLLOW_UP, berlin("2026-11-25 12:00"))
CALL = replace(FOLLOW_UP, route="call_list")
WATCH = Alert(Level.WATCH, berlin("2026-11-25 12:00"))


def notice(alert: Alert, now: datetime, clinic: Clinic = CLINIC) -> Notification:
    found = next_notification(alert, clinic, RULES, now)
    assert found is not None
    return found


def told(alert: Alert, at: datetime, step: str = "first") -> Alert:
    return replace(alert, notified=(*alert.notified, Told(at, alert.level, step)))


def silent_staff(
    alert: Alert, until: datetime, clinic: Clinic = CLINIC, rules=RULES
) -> Iterator[Notification]:
    """Run an alert that nobody answers, each notice sent at its time."""
    now = alert.raised_at
    while (found := next_notification(alert, clinic, rules, now)) and found.at < until:
        yield found
        now = found.at
        alert = told(alert, now, found.step)


def hours_of(alert: Alert, hours: float) -> list[Notification]:
    return list(silent_staff(alert, alert.raised_at + timedelta(hours=hours)))


# Each step of each level, to the minute

SEQUENCES = [
    (URGENT, [(0, "on_call"), (5, "on_call"), (15, "on_call"), (30, "everyone"), (45, "everyone")]),
    (EMERGENCY, [(minutes, "everyone") for minutes in (0, 5, 10, 15)]),
    (FOLLOW_UP, [(minutes, "on_call") for minutes in (0, 60, 120, 180)]),
    (CALL, [(minutes, "call_list") for minutes in (0, 60, 120, 180)]),
    (WATCH, [(20 * 60 + 30, "digest"), (44 * 60 + 30, "digest")]),
]


@pytest.mark.parametrize("early", [-1, 0, 1], ids=["a minute before", "on time", "a minute late"])
@pytest.mark.parametrize(
    ("alert", "sequence", "step"),
    [
        pytest.param(alert, sequence, step, id=f"{alert.route or alert.level}-{sequence[step][0]}")
        for alert, sequence in SEQUENCES
        for step in range(len(sequence))
    ],
)
def test_each_step_comes_at_its_minute(alert, sequence, step, early):
    for minutes, audience in sequence[:step]:
        kind = "digest" if audience == "digest" else "first"
        alert = told(alert, alert.raised_at + minutes * MINUTE, kind)
    minutes, audience = sequence[step]
    due = alert.raised_at + minutes * MINUTE
    now = due + early * MINUTE
    found = notice(alert, now)
    assert (found.at, found.audience) == (now if minutes == 0 else max(due, now), audience)


def test_the_first_notice_is_told_apart_from_repeats():
    assert [found.step for found in hours_of(URGENT, 0.2)] == ["first", "repeat"]


def test_silent_staff_are_told_of_an_urgent_alert_97_times_in_24_hours():
    minutes = [(found.at - NIGHT) // MINUTE for found in hours_of(URGENT, 24)]
    assert minutes == [0, 5, 15, *range(30, 24 * 60, 15)]


@pytest.mark.hazard("H28")
def test_silent_staff_are_told_of_an_emergency_every_five_minutes_for_24_hours():
    found = hours_of(EMERGENCY, 24)
    assert [(f.at - NIGHT) // MINUTE for f in found] == list(range(0, 24 * 60, 5))
    assert {f.who for f in found} == {EVERYONE}


def test_silent_staff_are_told_of_a_follow_up_hourly_while_open_and_in_the_morning_digest():
    assert [(local(f.at), f.audience) for f in hours_of(FOLLOW_UP, 24)] == [
        *((f"Wed {hour}:00", "on_call") for hour in range(12, 18)),
        ("Thu 08:30", "digest"),
        *((f"Thu {hour:02}:00", "on_call") for hour in range(9, 12)),
    ]


def test_a_follow_up_raised_at_night_is_in_the_digest_and_calls_at_the_opening():
    found = hours_of(replace(FOLLOW_UP, raised_at=NIGHT), 11)
    assert [(local(f.at), f.step, f.audience) for f in found] == [
        ("Thu 08:30", "digest", "digest"),
        ("Thu 09:00", "first", "on_call"),
    ]


def test_a_call_request_of_a_watch_level_is_on_the_call_list_too():
    assert notice(replace(WATCH, route="call_list"), WATCH.raised_at).audience == "call_list"


def test_a_call_request_that_is_urgent_goes_to_who_is_on_call():
    found = notice(replace(URGENT, route="call_list"), NIGHT)
    assert (found.at, found.audience) == (NIGHT, "on_call")


def test_a_watch_raised_at_the_minute_of_the_digest_is_still_in_it():
    raised_at = berlin("2026-11-25 08:30")
    assert notice(replace(WATCH, raised_at=raised_at), raised_at).at == raised_at


def test_even_an_expected_alert_is_put_in_the_digest():
    assert notice(replace(WATCH, level=Level.EXPECTED), NIGHT).audience == "digest"


# What is said to the patient


def test_a_follow_up_and_a_call_request_promise_a_call_and_other_levels_do_not():
    promises = {
        alert.route or str(alert.level): notice(alert, alert.raised_at).callback_by
        for alert in (WATCH, FOLLOW_UP, CALL, URGENT, EMERGENCY)
    }
    five = berlin("2026-11-25 17:00")
    assert promises == {
        "watch": None,
        "follow_up": five,
        "call_list": five,
        "urgent": None,
        "emergency": None,
    }


def test_the_promise_does_not_move_with_later_notices():
    assert {f.callback_by for f in hours_of(FOLLOW_UP, 24)} == {berlin("2026-11-25 17:00")}


@pytest.mark.parametrize(
    ("raised", "closed"),
    [
        ("2026-11-25 08:59", True),
        ("2026-11-25 09:00", False),
        ("2026-11-25 17:59", False),
        ("2026-11-25 18:00", True),
        ("2026-11-29 12:00", True),
    ],
)
def test_out_of_hours_is_said_for_the_moment_anna_answered(raised, closed):
    alert = replace(URGENT, raised_at=berlin(raised))
    assert notice(alert, alert.raised_at + timedelta(hours=20)).out_of_hours is closed


# What is refused


@pytest.mark.parametrize(
    "use",
    [
        lambda naive: Alert(Level.URGENT, naive),
        lambda naive: Shift(1, naive, NIGHT),
        lambda naive: next_notification(URGENT, CLINIC, RULES, naive),
    ],
)
def test_a_moment_without_a_zone_is_refused(use):
    with pytest.raises(ValueError, match="has no zone"):
        use(datetime(2026, 11, 25, 22, 10))  # noqa: DTZ001
