"""Whose next session is to be booked: what Ben's /due lists, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from staff_office import ALMA, BEN, EVE, NOW, Desk, open_desk
from test_overview import scans

from bot.next_sessions import coming
from flows.engine.record import Record, Visit
from flows.verdict import Level
from storage import next_sessions


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def has_been(desk: Desk, code: str, *days_ago: int, treatment: str = "inj_skin") -> None:
    """Let a patient be looked after whose sessions were so many days ago, the first one first."""
    await desk.enrols(code=code, treatment=treatment)

    def change(record: Record) -> Record:
        [visit] = record.visits
        ended = [desk.now - timedelta(days=days) for days in days_ago]
        visits = tuple(
            Visit(replace(visit.session, number=number, ended_at=at, known_at=at))
            for number, at in enumerate(ended, 1)
        )
        return replace(record.with_patient(stage="active"), visits=visits)

    await desk.saves(code, change)


async def test_nobody_is_to_come(desk) -> None:
    await has_been(desk, "A7K2", 24)
    [message] = await desk.types(BEN, "/due")
    assert message.text == "Nobody's next session is due or soon."


async def test_who_can_come_now_stands_before_who_should_have_come(desk) -> None:
    await has_been(desk, "A7K2", 43)
    await has_been(desk, "D2N7", 30)
    await has_been(desk, "M4R8", 26)
    [message] = await desk.types(BEN, "/due")
    assert [line for line in message.text.splitlines() if line][:-1] == [
        "Next sessions to book: 3",
        "Due now:",
        "D2N7 · session 2 of 3 to 4 · 22 Nov to 6 Dec · Face/skin injection",
        "The usual time is over:",
        "A7K2 · session 2 of 3 to 4 · 9 Nov to 23 Nov · Face/skin injection",
        "Soon:",
        "M4R8 · session 2 of 3 to 4 · 26 Nov to 10 Dec · Face/skin injection",
    ]


async def test_who_was_there_again_or_has_stopped_is_not_listed(desk) -> None:
    await has_been(desk, "A7K2", 40, 3)
    await has_been(desk, "D2N7", 40)
    await desk.saves("D2N7", lambda record: record.with_patient(stage="stopped"))
    [message] = await desk.types(EVE, "/due")
    assert message.text == "Nobody's next session is due or soon."


async def test_after_half_a_year_it_is_one_to_keep_the_result(desk) -> None:
    await has_been(desk, "A7K2", 200)
    [message] = await desk.types(ALMA, "/due")
    assert "A7K2 · one more, to keep the result · 4 Nov to 8 May" in message.text


async def test_an_open_alert_shows_that_no_reminder_goes_out(desk) -> None:
    await has_been(desk, "A7K2", 30)
    await desk.raises("A7K2", Level.FOLLOW_UP)
    [message] = await desk.types(BEN, "/due")
    assert "A7K2 · session 2 of 3 to 4" in message.text
    assert "⏸ A7K2-1 is open" in message.text


async def test_a_program_gets_the_same_as_fields(desk) -> None:
    await has_been(desk, "A7K2", 30)
    [one] = await desk.runs(lambda: coming(desk.office, NOW))
    assert one.as_object() == {
        "case": "A7K2", "treatment": "inj_skin", "area": "face", "session": 2,
        "maintenance": False, "from": "2026-11-22T13:00:00+00:00",
        "until": "2026-12-06T13:00:00+00:00", "window": "due", "reminded_at": None,
        "held_by": None, "booked": False,
    }  # fmt: skip


async def test_a_long_list_names_where_the_rest_is(desk) -> None:
    for number in range(42):
        await has_been(desk, f"A{number // 8 + 2}{'BCDFGHJK'[number % 8]}2", 30)
    [message] = await desk.types(BEN, "/due")
    assert "and 2 more: aftercheck sessions due" in message.text


@pytest.mark.parametrize("text", [next_sessions.VISITS, next_sessions.OF_CASE])
def test_the_list_reads_no_growing_table_whole(made_file, text) -> None:
    assert not scans(str(made_file), text)
