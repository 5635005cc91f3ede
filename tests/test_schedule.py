"""When Anna is asked after one session: real hours, combinations, results."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from flows.asking import Occasion, offered
from flows.course import plan, plan_course
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.schedule import Due, Session
from flows.tables import Moment

BERLIN = "Europe/Berlin"


def anna(  # noqa: PLR0913 - a session has that many sides
    ended: str,
    treatment: str = "inj_skin",
    *,
    known: str | None = None,
    number: int = 1,
    zone: str = BERLIN,
    area: str | None = None,
) -> Session:
    """Anna's session; times are her wall clock, and the bot knows at once unless said."""
    ended_at, known_at = (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        for text in (ended, known or ended)
    )
    return Session(number, treatment, ended_at, known_at, zone, area)


def changed(quiet: tuple[str, str] | None = None, **treatments: tuple[int, ...]) -> Protocol:
    """The bundled protocol with other quiet hours, or other schedules."""
    protocol = bundled()
    found = dict(protocol.treatments)
    for name, hours in treatments.items():
        found[name] = found[name].model_copy(update={"schedule": hours})
    update: dict[str, object] = {"treatments": found}
    if quiet is not None:
        table = {"start": quiet[0], "end": quiet[1]}
        update["quiet_hours"] = protocol.quiet_hours.model_copy(update=table)
    return protocol.model_copy(update=update)


def with_results(at: str, *days: int) -> Protocol:
    """The bundled protocol whose skin course asks for results at these days and this time."""
    moment = Moment(days=days, at=at, sources=("own_choice",))
    skin = bundled().courses["skin"].model_copy(update={"results": moment})
    return bundled().model_copy(update={"courses": {**bundled().courses, "skin": skin}})


def find(rows: Sequence[Due], key: str) -> Due:
    (row,) = (row for row in rows if row.key == key)
    return row


def seen(rows: Sequence[Due], key: str) -> str:
    """What became of a row, as a person would say it: `21 Mar 08:00 moved_to_edge`."""
    row = find(rows, key)
    return f"{row.local:%d %b %H:%M} {row.status}"


def messages(rows: Sequence[Due]) -> list[Due]:
    return [row for row in rows if row.to_send]


# ── Real hours ─────────────────────────────────────────────────────────────────────────────


def test_a_day_after_is_24_real_hours_when_the_clocks_go_forward() -> None:
    rows = plan(bundled(), anna("2026-03-28T15:00"))
    assert seen(rows, "1/check_in/24") == "29 Mar 16:00 planned"


def test_a_day_after_is_24_real_hours_when_the_clocks_go_back() -> None:
    rows = plan(bundled(), anna("2026-10-24T15:00"))
    assert seen(rows, "1/check_in/24") == "25 Oct 14:00 planned"


# ── Combinations ───────────────────────────────────────────────────────────────────────────


def check_in_hours(rows: Sequence[Due]) -> list[int]:
    return [row.hours for row in messages(rows) if row.purpose == "check_in"]


def test_a_combination_asks_each_hour_of_its_treatments_once() -> None:
    rows = plan(bundled(), anna("2026-05-04T10:00", "mn_topical+inj_skin+iv"))
    assert check_in_hours(rows) == [3, 6, 12, 24, 48, 72, 120, 168, 240, 336, 672, 1344, 2160]


def test_two_check_ins_moved_to_one_edge_are_asked_once_with_the_later_questions() -> None:
    rows = plan(bundled(), anna("2026-05-04T20:45", "iv"))
    assert seen(rows, "1/check_in/3") == "05 May 08:00 merged"
    assert find(rows, "1/check_in/3").why == "asked together with hour 12"
    assert seen(rows, "1/check_in/12") == "05 May 08:00 moved_to_edge"
    assert find(rows, "1/check_in/12").covers == (3, 12)


def test_a_check_in_moved_to_half_an_hour_after_another_is_asked_with_it_at_the_earlier_time() -> (
    None
):
    rows = plan(bundled(), anna("2026-05-04T17:30", "mn_topical+iv"))
    assert seen(rows, "1/check_in/3") == "04 May 20:30 merged"
    assert seen(rows, "1/check_in/6") == "04 May 20:30 planned"


@pytest.mark.parametrize(("hours", "asked"), [((24, 25), [25]), ((24, 26), [24, 26])])
def test_check_ins_up_to_an_hour_apart_become_one(hours: tuple[int, ...], asked: list[int]) -> None:
    assert check_in_hours(plan(changed(inj_skin=hours), anna("2026-05-04T10:00"))) == asked


# ── Results, reminders, maintenance ────────────────────────────────────────────────────────


def test_results_come_days_after_the_session_at_the_wall_time_of_the_protocol() -> None:
    rows = plan(bundled(), anna("2026-03-20T15:00"))
    assert [seen(rows, f"1/results/{24 * days}") for days in (7, 35, 120)] == [
        "27 Mar 10:00 planned",
        "24 Apr 10:00 planned",
        "18 Jul 10:00 planned",
    ]


def test_results_of_a_quiet_hour_go_to_the_nearest_edge() -> None:
    rows = plan(with_results("22:00", 7), anna("2026-05-04T15:00"))
    assert seen(rows, "1/results/168") == "11 May 21:00 moved_to_edge"


def test_skin_and_scalp_together_get_the_days_of_both_courses_once() -> None:
    rows = plan(bundled(), anna("2026-05-04T15:00", "inj_skin+inj_scalp"))
    results = [row.hours // 24 for row in rows if row.purpose == "results"]
    assert results == [7, 30, 35, 105, 120, 180, 270, 365]


@pytest.mark.parametrize(("skin", "asked"), [("11:00", "10:00"), ("09:00", "09:00")])
def test_of_two_courses_with_one_day_the_earlier_time_counts(skin: str, asked: str) -> None:
    """The hair course asks at 10:00."""
    rows = plan(with_results(skin, 30), anna("2026-05-04T15:00", "inj_skin+inj_scalp"))
    assert seen(rows, "1/results/720") == f"03 Jun {asked} planned"


def test_a_drip_belongs_to_no_course() -> None:
    assert {row.purpose for row in plan(bundled(), anna("2026-05-04T15:00", "iv"))} == {"check_in"}


def after_others(number: int, treatment: str, protocol: Protocol | None = None) -> Sequence[Due]:
    """The course whose last session is this one; those before were in the year before."""
    first = datetime.fromisoformat("2025-01-06T15:00")
    before = (
        anna((first + timedelta(weeks=5 * one)).isoformat(), treatment, number=one)
        for one in range(1, number)
    )
    last = anna("2026-05-04T15:00", treatment, number=number)
    return plan_course(protocol or bundled(), (*before, last))


def test_after_the_last_session_there_is_no_next_one_to_be_reminded_of() -> None:
    fourth = after_others(4, "inj_skin")
    assert seen(fourth, "4/reminder/600") == "29 May 10:00 course_complete"
    assert seen(fourth, "4/maintenance/4320") == "31 Oct 10:00 planned"


@pytest.mark.parametrize(
    ("number", "status"), [(4, "planned"), (5, "planned"), (6, "course_complete")]
)
def test_a_combination_is_reminded_until_both_courses_are_complete(
    number: int, status: str
) -> None:
    """Four sessions at most for the skin, six for hair."""
    rows = after_others(number, "inj_skin+inj_scalp")
    assert seen(rows, f"{number}/reminder/600") == f"29 May 10:00 {status}"


def test_a_longer_skin_course_is_reminded_of_after_the_hair_course() -> None:
    hair = bundled().courses["hair"].model_copy(update={"sessions": (3, 3)})
    protocol = bundled().model_copy(update={"courses": {**bundled().courses, "hair": hair}})
    rows = after_others(3, "inj_skin+inj_scalp", protocol)
    assert seen(rows, "3/reminder/600") == "29 May 10:00 planned"


def test_results_of_a_day_that_the_calendar_skips_come_on_the_next() -> None:
    """Samoa had no 30 December 2011."""
    rows = plan(bundled(), anna("2011-12-23T15:00", zone="Pacific/Apia"))
    assert seen(rows, "1/results/168") == "31 Dec 10:00 planned"


@pytest.mark.parametrize("treatment", [*bundled().treatments, "mn_topical+iv", "inj_skin+joint"])
def test_every_message_shows_the_emergency_list(treatment: str) -> None:
    for row in messages(plan(bundled(), anna("2026-05-04T15:00", treatment))):
        asked = offered(bundled(), Occasion(row.kind, row.hours, treatment))
        assert "red_flags" in {question.id for question in asked}, row.key


# ── What is refused ────────────────────────────────────────────────────────────────────────


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 5, 4, 10)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="known_at is 2026-05-04 10:00:00 in no zone"):
        Session(1, "iv", datetime(2026, 5, 4, 10, tzinfo=UTC), naive, BERLIN)


def test_an_unknown_zone_is_refused() -> None:
    session = Session(1, "iv", *[datetime(2026, 5, 4, tzinfo=UTC)] * 2, "Europe/Atlantis")
    with pytest.raises(ZoneInfoNotFoundError):
        plan(bundled(), session)


def test_an_unknown_treatment_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no treatment «botox»"):
        plan(bundled(), anna("2026-05-04T10:00", "botox"))
