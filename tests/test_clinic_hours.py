"""When the clinic in Berlin is open, through lunch, holidays and clock changes; its promise."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from test_escalation import (
    CLINIC,
    FOLLOW_UP,
    HOURS,
    NIGHT,
    RULES,
    WEEK,
    berlin,
    local,
    silent_staff,
)

from flows.clinic_hours import ClinicHours, callback_by

# By when the clinic calls


@pytest.mark.parametrize(
    ("raised", "by"),
    [
        ("2026-11-25 12:00", "Wed 17:00"),
        ("2026-11-25 15:59", "Wed 17:00"),
        ("2026-11-25 16:01", "Wed 17:01"),
        ("2026-11-25 17:00", "Wed 18:00"),
        ("2026-11-25 17:01", "Thu 17:00"),
        ("2026-11-25 18:00", "Thu 17:00"),
        ("2026-11-25 07:00", "Wed 17:00"),
        ("2026-11-27 17:30", "Sat 13:00"),
        ("2026-11-28 13:01", "Mon 17:00"),
    ],
)
def test_anna_hears_by_when_the_clinic_calls(raised, by):
    assert local(callback_by(HOURS, RULES, berlin(raised))) == by


def test_a_day_shorter_than_the_spare_time_promises_its_closing():
    hours = ClinicHours.weekly("Europe/Berlin", {"wed": ["09:00-18:00"], "thu": ["09:00-09:30"]})
    assert local(callback_by(hours, RULES, berlin("2026-11-25 17:30"))) == "Thu 09:30"


def test_a_lunch_break_does_not_end_the_day():
    hours = ClinicHours.weekly("Europe/Berlin", {"wed": ["14:00-18:00", "09:00-13:00"]})
    assert local(callback_by(hours, RULES, berlin("2026-11-25 11:00"))) == "Wed 17:00"
    assert local(hours.opening(berlin("2026-11-25 08:00"))[0]) == "Wed 09:00"
    assert local(hours.opening(berlin("2026-11-25 13:00"))[0]) == "Wed 14:00"


def test_a_promise_needs_a_moment_with_a_zone():
    with pytest.raises(ValueError, match="has no zone"):
        callback_by(HOURS, RULES, datetime(2026, 11, 25, 22, 10))  # noqa: DTZ001


# Clock changes and holidays


@pytest.mark.parametrize(
    ("raised", "opens"),
    [
        ("2027-03-27 20:00", "2027-03-28T01:30:00+00:00"),
        ("2026-10-24 20:00", "2026-10-25T00:30:00+00:00"),
    ],
    ids=["02:30 does not exist and falls at 03:30", "02:30 comes twice and the first counts"],
)
def test_opening_digest_and_clock_change_meet_on_a_berlin_night(raised, opens):
    hours = ClinicHours.weekly("Europe/Berlin", {"sun": ["02:30-06:00"]})
    assert hours.opening(berlin(raised))[0].isoformat() == opens
    assert hours.next_at("02:30", berlin(raised)).isoformat() == opens


def test_the_digest_of_a_doubled_hour_comes_once():
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert HOURS.next_at("02:30", between) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_opening_that_a_clock_change_swallows_is_passed_over():
    hours = ClinicHours.weekly("Europe/Berlin", {"sun": ["02:30-03:00"]})
    opens, _ = hours.opening(berlin("2027-03-27 20:00"))
    assert opens == datetime(2027, 4, 4, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "promise"), [(24, "Thu 13:00"), (25, "Mon 17:00")])
def test_on_a_holiday_the_clinic_is_closed_and_the_digest_still_comes(day, promise):
    holidays = [date(2026, 12, 25), date(2026, 12, 26)]
    week = WEEK | {"thu": ["09:00-14:00"]}
    clinic = replace(CLINIC, hours=ClinicHours.weekly("Europe/Berlin", week, holidays))
    alert = replace(FOLLOW_UP, raised_at=berlin(f"2026-12-{day} 09:30"))
    found = list(silent_staff(alert, berlin("2026-12-28 09:01"), clinic))
    assert local(found[0].callback_by) == promise
    calls = [local(f.at) for f in found if f.audience == "on_call" and f.at.day >= 25]
    assert calls == ["Mon 09:00"]
    assert [local(f.at) for f in found if f.audience == "digest"][-3:] == [
        "Sat 08:30",
        "Sun 08:30",
        "Mon 08:30",
    ]


# Opening hours as words


def test_a_clinic_open_around_the_clock_has_no_opening_to_wait_for():
    week = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours = ClinicHours.weekly("Europe/Berlin", week)
    assert hours.opening(NIGHT)[0] == NIGHT


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({"monday": ["09:00-18:00"]}, "no such day: monday"),
        ({"mon": ["9 to 6"]}, "«9 to 6» is no opening time"),
        ({"mon": ["18:00-09:00"]}, "opening lies before its closing"),
        ({"mon": ["09:00-24:30"]}, "none goes past 24:00"),
        ({}, "at least one of them open"),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused_with_the_reason(week, words):
    with pytest.raises(ValueError, match=words):
        ClinicHours.weekly("Europe/Berlin", week)
