"""Patients who are well, or nearly: nobody at the clinic is disturbed."""

from clinic import MONDAY, Tell

WELL = ("All good, none of these", "I am pleased", "No")


async def test_anna_is_well_all_the_way_to_day_90(tell: Tell) -> None:
    """One tap a check-in; the clinic reads in its digest that nothing is open."""
    async with tell() as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        clinic.tape.told_once("Nothing is open.")
        while (clinic.clock.now() - MONDAY).days < 90 and await clinic.is_asked(clinic.anna):
            clinic.clock.moves(minutes=3)
            for label in WELL:
                if clinic.offers(clinic.anna, label):
                    await clinic.presses(clinic.anna, label)
        assert (clinic.clock.now() - MONDAY).days == 90
        assert await clinic.rows("SELECT * FROM alert") == []
        sent = await clinic.rows("SELECT state FROM check_in WHERE state <> 'planned'")
        assert {row["state"] for row in sent} == {"complete"}


async def test_anna_has_one_mild_symptom(tell: Tell) -> None:
    """Light pink skin on the first evening is common: she is told so, and staff are not."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await clinic.is_asked(clinic.anna)
        await clinic.presses(
            clinic.anna, "but I have symptoms", "Redness", "Done", "1  Light pink"
        )  # fmt: skip
        assert await clinic.rows("SELECT * FROM alert") == []


async def test_omar_opens_his_link_and_is_confirmed_at_the_desk(tell: Tell) -> None:
    """He learns nothing of a treatment before Ben has looked at him and confirmed."""
    async with tell() as clinic:
        clinic.tape.begins()
        await clinic.enrolled(clinic.omar)
        shown = [seen.text for seen in clinic.screen(clinic.omar)]
        assert not any("njection" in text for text in shown)


async def test_anna_taps_twice_and_changes_her_mind(tell: Tell) -> None:
    """A double tap is harmless, and an answer can be changed in the same message."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        clinic.tape.begins()
        clinic.press_now(clinic.anna, "All good")
        clinic.press_now(clinic.anna, "All good")
        await clinic.settle()
        assert len(await clinic.rows("SELECT * FROM answer")) == 1
        await clinic.presses(
            clinic.anna, "Change my answers", "but I have symptoms", "Soreness", "Done"
        )  # fmt: skip
        await clinic.presses(clinic.anna, "1 ")
        assert len([seen for seen in clinic.screen(clinic.anna) if seen.buttons]) == 1
