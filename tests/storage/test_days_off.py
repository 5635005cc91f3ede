"""Ben has days off: who stands in for him, and how days off are taken back."""

from datetime import datetime, timedelta

import pytest
from rota_of_a_clinic import FRIDAY_18, on_call, passes
from staff_office import ALMA, BEN, CLEO, Desk, open_desk

from storage import rota


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


@pytest.mark.hazard("H28")
async def test_cleo_stands_in_for_ben_on_his_days_off_and_is_asked_first(desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00")
    [said] = await desk.types(ALMA, "/oncall away Ben 2026-11-28 2026-11-28 cover Cleo")
    assert "Ben is away Sat 28 Nov, 00:00 to Sun 29 Nov, 00:00; Cleo stands in." in said.text
    assert "• Cleo, Sat 28 Nov, 00:00 to Sun 29 Nov, 00:00" in said.text
    [bens, *_] = await passes(desk, FRIDAY_18)
    await desk.presses(BEN, bens.keys["I take over"])
    midnight = datetime.fromisoformat("2026-11-28T00:00+01:00")
    [cleos, *_] = await passes(desk, midnight)
    assert cleos.text.startswith("Cleo, you are to be on call now, until Sun 29 Nov, 00:00. Ben")
    assert await on_call(desk) == {BEN.id}, "until Cleo has accepted"
    await desk.presses(CLEO, cleos.keys["I take over"])
    assert await on_call(desk) == {CLEO.id}
    [bens, *_] = await passes(desk, midnight + timedelta(days=1))
    assert bens.text.startswith("Ben, you are to be on call now, until Mon 30 Nov, 08:00. Cleo")


async def test_a_shift_that_ben_accepted_stays_accepted_where_he_is_there(desk) -> None:
    await desk.types(BEN, "/oncall me 72")
    [said] = await desk.types(ALMA, "/oncall away Ben 2026-11-26 2026-11-26 cover Cleo")
    assert "• Cleo, Thu 26 Nov, 00:00 to Fri 27 Nov, 00:00" in said.text
    assert await on_call(desk) == {BEN.id}
    shifts = await desk.runs(lambda: rota.rota(desk.now))
    assert [(one.staff, one.accepted) for one in shifts] == [
        (BEN.id, True), (CLEO.id, False), (BEN.id, True),
    ]  # fmt: skip


async def test_a_later_plan_for_ben_goes_to_cleo_by_itself(desk) -> None:
    [said] = await desk.types(ALMA, "/oncall away Ben 2026-12-24 2027-01-02 cover Cleo")
    assert said.text.endswith("No planned shift falls on these days.")
    [said] = await desk.types(ALMA, "/oncall plan Ben 2026-12-26 18:00 2026-12-27 08:00")
    assert "• Cleo, Sat 26 Dec, 18:00 to Sun 27 Dec, 08:00" in said.text
    [listed] = await desk.types(BEN, "/oncall")
    assert "Ben is away Thu 24 Dec, 00:00 to Sun 3 Jan, 00:00; Cleo stands in." in listed.text


async def test_days_off_that_were_a_mistake_are_taken_back(desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00")
    await desk.types(ALMA, "/oncall away Ben 2026-11-28 2026-11-28 cover Cleo")
    [listed] = await desk.types(BEN, "/oncall")
    assert not listed.keys, "a nurse changes no plan"
    [listed] = await desk.types(ALMA, "/oncall")
    button = listed.keys["Not away: Ben, Sat 28 Nov, 00:00"]
    toast, _ = await desk.presses(ALMA, button)
    assert toast.startswith("Ben is not away Sat 28 Nov, 00:00 to Sun 29 Nov, 00:00. What Cleo was")
    assert not await desk.rows("SELECT * FROM day_off")
    [listed] = await desk.types(ALMA, "/oncall")
    assert "is away" not in listed.text
    assert "• Cleo, Sat 28 Nov, 00:00" in listed.text, "nobody's shift changes hands unasked"
    [said] = await desk.types(ALMA, "/oncall plan Ben 2026-11-28 08:00 2026-11-28 12:00")
    assert "• Ben, Sat 28 Nov, 08:00 to Sat 28 Nov, 12:00" in said.text
    toast, _ = await desk.presses(ALMA, button)
    assert toast == "These days off were not there any more."
