"""Anna is erased while the bot runs: it goes on for everybody else, and does not know her."""

import asyncio

from clinic import Journey, a_journey

from bot.staff_chat import NOT_PASSED_ON
from storage import backups
from storage.erasing import erase


async def erased(clinic: Journey, code: str) -> None:
    """Erase a case beside the running bot, as the command line does."""
    now, key = clinic.clock.now(), clinic.app.office.vault.clinic
    await clinic.app.database.run(lambda: erase(key, code, now))
    await asyncio.to_thread(asyncio.run, backups.sweep(clinic.settings().database_url))
    await clinic.settle()


async def test_the_bot_asks_anna_nothing_more_and_takes_her_for_a_stranger(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.enrolled(clinic.omar)
        await clinic.is_asked(clinic.anna)
        await erased(clinic, code)
        before, heard = len(clinic.screen(clinic.anna)), len(clinic.screen(clinic.omar))
        await clinic.passes(days=3)
        assert len(clinic.screen(clinic.anna)) == before
        assert len(clinic.screen(clinic.omar)) > heard
        await clinic.presses(clinic.anna, "All good")
        await clinic.writes(clinic.anna, "hello?")
        assert len(clinic.screen(clinic.anna)) == before + 2  # hers, and one to a stranger
        assert not await clinic.rows("SELECT * FROM answer WHERE code = :code", code=code)


async def test_staff_who_ask_for_her_case_hear_that_there_is_none(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await erased(clinic, code)
        for command in (f"/case {code}", f"/link {code}"):
            await clinic.staff_writes(clinic.ben, command)
            assert f"There is no case «{code}»" in clinic.staff_screen()[-1].text
        await clinic.staff_writes(clinic.ben, "/digest")
        assert code not in clinic.staff_screen()[-1].text


async def test_ben_who_answers_the_card_of_an_erased_case_hears_that_it_reached_nobody(
    tmp_path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.reports(clinic.anna, "One of these", "Trouble breathing")
        for label in ("Claim", "Contacted", "Resolve", "Reviewed in clinic"):
            await clinic.staff_press(clinic.ben, label, on=f"{code}-1")
        await erased(clinic, code)
        await clinic.staff_writes(clinic.ben, "Please come at nine.", under=f"{code}-1")
        assert clinic.staff_screen()[-1].text == NOT_PASSED_ON
