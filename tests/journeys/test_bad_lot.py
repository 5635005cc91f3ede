"""Two patients are hurt by one lot, and the doctor hears of it."""

import pytest
from clinic import Journey, a_journey

from bot.enrolment import set_lot
from flows.escalation import StaffMember


async def noted(clinic: Journey, code: str, lot: str, session: int = 1) -> None:
    """Let Ben note the lot of a case's session."""
    ben = StaffMember(clinic.ben.id, "Ben", "nurse")
    now = clinic.clock.now()
    await clinic.app.database.run(
        lambda: set_lot(clinic.app.office, (code, session), lot, now, ben)
    )
    clinic.app.changed()
    await clinic.settle()


async def is_unwell(clinic: Journey, person) -> None:
    await clinic.reports(person, "One of these", "Trouble breathing")


def told(clinic: Journey) -> list[str]:
    """Return what Cleo, the doctor, read of lots in her own chat."""
    return [seen.text for seen in clinic.screen(clinic.cleo) if "Lot " in seen.text]


@pytest.mark.hazard("H51")
async def test_the_second_serious_reaction_to_a_lot_calls_the_doctor_once(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        for person, lot in ((clinic.anna, "AB12"), (clinic.omar, "ab12")):
            await noted(clinic, await clinic.enrolled(person), lot)
        await is_unwell(clinic, clinic.anna)
        assert told(clinic) == []
        await is_unwell(clinic, clinic.omar)
        [text] = told(clinic)
        assert "Lot AB12: 2 patients with a serious reaction within 30 days." in text
        assert any("Lot AB12" in seen.text for seen in clinic.staff_screen())
        assert not [seen for seen in clinic.screen(clinic.ben) if "Lot AB12" in seen.text]
        await clinic.writes(clinic.omar, "my throat is swelling")
        assert len(told(clinic)) == 1, "the same two are told once"
        acts = await clinic.rows("SELECT action FROM action WHERE action = 'lot_cluster'")
        assert acts


@pytest.mark.hazard("H51")
@pytest.mark.parametrize("closed", [False, True])
async def test_a_lot_that_is_noted_after_the_reactions_is_found_as_well(tmp_path, closed) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.cleo)
        cases = [await clinic.enrolled(person) for person in (clinic.anna, clinic.omar)]
        for person, code in zip((clinic.anna, clinic.omar), cases, strict=True):
            await is_unwell(clinic, person)
            for label in ("Claim", "Contacted", "Resolve", "Reviewed in clinic") * closed:
                await clinic.staff_press(clinic.ben, label, on=f"{code}-1")
        await noted(clinic, cases[0], "X9")
        assert told(clinic) == []
        await noted(clinic, cases[1], "X9")
        assert len(told(clinic)) == 1


@pytest.mark.hazard("H51")
async def test_annas_reaction_stays_with_its_lot_when_she_reports_after_another_session(
    tmp_path,
) -> None:
    """Nobody has reached her yet, so what she says next joins the same alert; both lots have it."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        anna, omar = [await clinic.enrolled(person) for person in (clinic.anna, clinic.omar)]
        await noted(clinic, anna, "AB12")
        await is_unwell(clinic, clinic.anna)
        await clinic.passes(hours=2)
        await clinic.staff_writes(clinic.ben, f"/session {anna} inj_skin face")
        await noted(clinic, anna, "X9", 2)
        await is_unwell(clinic, clinic.anna)
        [alert] = await clinic.rows("SELECT key FROM alert")
        await noted(clinic, omar, "AB12")
        await is_unwell(clinic, clinic.omar)
        [text] = told(clinic)
        assert "Lot AB12: 2 patients" in text
        assert f"{alert['key']}:" in text
        await noted(clinic, omar, "X9")
        assert "Lot X9: 2 patients" in told(clinic)[-1]


async def test_reactions_to_two_lots_are_no_cluster(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.cleo)
        for person, lot in ((clinic.anna, "AB12"), (clinic.omar, "AB13")):
            await noted(clinic, await clinic.enrolled(person), lot)
            await is_unwell(clinic, person)
        assert told(clinic) == []


@pytest.mark.hazard("H15")
async def test_an_alert_that_cannot_be_opened_holds_up_none_of_the_same_lot(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        for person in (clinic.anna, clinic.omar):
            await noted(clinic, await clinic.enrolled(person), "AB12")
        await is_unwell(clinic, clinic.anna)
        await clinic.rewrites("UPDATE alert SET body = :body", body=b"damaged")
        await is_unwell(clinic, clinic.omar)
        levels = await clinic.rows("SELECT level FROM alert ORDER BY opened_at")
        assert [row["level"] for row in levels] == ["emergency", "emergency"]
        assert "112" in clinic.last(clinic.omar).text
