"""The night counts how a treatment was felt: from sealed answers, on both engines."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from staff_office import NOW, Desk, open_desk
from test_overview import scans

from bot.clock import SteppedClock
from bot.night import Night
from bot.recovery_curve import composed
from flows.engine.record import Record, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.recovery import LONGEST
from flows.verdict import Level
from storage import erasing, recovery

TREATMENT = "inj_skin"


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def felt(desk: Desk, code: str, worst: int, *, hours: int = 24, sessions: int = 1) -> None:
    """Let a patient say after a session, or several, how bad it is."""
    await desk.enrols(code=code, treatment=TREATMENT)

    def change(record: Record) -> Record:
        [visit] = record.visits
        for number in range(1, sessions + 1):
            session = replace(visit.session, number=number, ended_at=NOW - timedelta(days=number))
            one = StoredCheckIn(
                f"{number}/check_in/{hours}", number, "check_in", hours, NOW, (hours,), "complete",
                sent_at=NOW, answered_at=NOW, completed_at=NOW, level=Level.EXPECTED,
                answers={"redness": worst, "swelling": 0, "temp_c": 39.0},
            )  # fmt: skip
            visits = [one for one in record.visits if one.session.number != number]
            record = replace(record, visits=(*visits, Visit(session))).with_check_in(one)
        return record.with_patient(stage="active")

    await desk.saves(code, change)


def codes(many: int) -> list[str]:
    """Return so many case codes."""
    return [f"{first}{second}22" for first in "ABCDEF" for second in "GHJKM"][:many]


async def counted(desk: Desk) -> dict:
    """Let a night count, and return what is kept."""
    night = Night(desk.database, desk.office, SteppedClock(NOW))
    await night.counts_recovery(NOW)
    return await desk.runs(lambda: recovery.curves(NOW - LONGEST))


async def test_twenty_courses_are_counted_by_their_worst_severity(desk) -> None:
    for number, code in enumerate(codes(20)):
        await felt(desk, code, (0, 1, 1, 2)[number % 4])
    curves = await counted(desk)
    [day] = curves[TREATMENT].days
    assert (day.hours, day.courses, day.nothing, day.little) == (24, 20, 5, 10)


async def test_nineteen_patients_with_two_sessions_each_are_nineteen_courses(desk) -> None:
    for code in codes(19):
        await felt(desk, code, 1, sessions=2)
    assert await counted(desk) == {}


async def test_who_was_erased_is_counted_no_more(desk) -> None:
    for code in codes(20):
        await felt(desk, code, 1)
    assert (await counted(desk))[TREATMENT].days[0].courses == 20
    await desk.runs(lambda: erasing.erase(desk.office.vault.clinic, codes(1)[0], NOW))
    await counted(desk)
    desk.now = NOW + LONGEST
    assert await desk.runs(lambda: recovery.curves(desk.now - LONGEST)) == {}


async def test_what_is_asked_again_after_a_watch_has_no_column(desk) -> None:
    for code in codes(20):
        await felt(desk, code, 1)
        await desk.saves(code, lambda record: replace(record, check_ins={
            "1/recheck/30": replace(record.check_ins["1/check_in/24"], key="1/recheck/30", hours=30)
        }))  # fmt: skip
    days = (await counted(desk))[TREATMENT].days
    assert [day.hours for day in days] == [24]


async def test_the_office_takes_up_what_the_night_has_counted_within_the_hour(desk) -> None:
    before = await desk.runs(lambda: desk.office.desk(desk.office.protocol.name, NOW))
    for code in codes(20):
        await felt(desk, code, 0)
    await counted(desk)
    soon = NOW + timedelta(minutes=59)
    still = await desk.runs(lambda: desk.office.desk(desk.office.protocol.name, soon))
    later = NOW + timedelta(hours=1)
    after = await desk.runs(lambda: desk.office.desk(desk.office.protocol.name, later))
    assert (before.curves, still.curves) == ({}, {})
    assert after.curves[TREATMENT].days[0].tenths == (10, 0, 0)


async def test_counts_of_a_treatment_that_is_given_no_more_go(desk) -> None:
    for code in codes(20):
        await felt(desk, code, 0)
    await counted(desk)
    await desk.runs(lambda: recovery.forget_stale(NOW + LONGEST))
    assert await desk.rows("SELECT * FROM recovery") == []


@pytest.mark.hazard("H50")
async def test_a_picture_that_waits_does_not_go_once_an_alert_is_raised(desk) -> None:
    await felt(desk, "A7K2", 0)
    await desk.saves("A7K2", lambda record: record.with_patient(chat_id=7001))
    payload = {"check_in": "1/check_in/24", "caption": "about 10 of 10", "picture": {}}
    row = SimpleNamespace(code="A7K2", chat_id=7001, payload=payload)
    ready = await desk.runs(lambda: composed(desk.office, row))
    assert (ready.method, ready.payload) == ("sendPhoto", {"caption": "about 10 of 10"})
    other = SimpleNamespace(code="A7K2", chat_id=7002, payload=payload)
    assert await desk.runs(lambda: composed(desk.office, other)) is None
    await desk.raises("A7K2", Level.WATCH)
    assert await desk.runs(lambda: composed(desk.office, row)) is None


@pytest.mark.parametrize(
    "text",
    [recovery.TREATMENTS, recovery.COURSES, recovery.ANSWERED, recovery.FORGET],
    ids=["treatments", "courses", "answered", "forget"],
)
def test_counting_reads_no_growing_table_whole(made_file, text) -> None:
    few = "SCAN given"  # the treatments that there are, found one by one
    assert set(scans(str(made_file), text)) <= {few}
