"""Patients who do not answer, cannot, or will not."""

import pytest
from clinic import Journey, Tell


async def asked(clinic: Journey) -> None:
    """Let Anna be asked for the first time."""
    await clinic.enrolled(clinic.anna)
    clinic.tape.begins()
    await clinic.is_asked(clinic.anna)


async def levels(clinic: Journey) -> list[str]:
    """Return the levels of the alerts, in the order they were raised."""
    rows = await clinic.rows("SELECT level FROM alert ORDER BY opened_at")
    return [row["level"] for row in rows]


@pytest.mark.hazard("H40")
async def test_anna_does_not_answer_twice(tell: Tell) -> None:
    """One reminder, a watch after a day; the second miss makes it somebody's task."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.until("Tue 15:59")
        assert await levels(clinic) == []
        await clinic.until("Tue 16:01")
        assert await levels(clinic) == ["watch"]
        await clinic.until("Wed 10:01")
        assert await levels(clinic) == ["follow_up"]
        asked_how_often = [s for s in clinic.screen(clinic.anna) if "check-in" in s.text.lower()]
        assert len([s for s in asked_how_often if "not heard from you" in s.text]) == 2


@pytest.mark.hazard("H40")
async def test_anna_leaves_a_check_in_half_way(tell: Tell) -> None:
    """What she said so far is not lost: a person sees it when the clinic opens."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "but I have symptoms", "Swelling", "Done", "2 ")
        await clinic.until("Tue 09:01")
        assert await levels(clinic) == ["follow_up"]
        assert "Clearly puffy" in clinic.cards()[-1].text


@pytest.mark.hazard("H04")
async def test_anna_blocks_the_bot_and_comes_back(tell: Tell) -> None:
    """Staff hear that she cannot be written to; when she is back she is asked the newest."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.does("Anna blocks the bot", lambda: clinic.anna.blocks(clinic.bot))
        assert len(clinic.cards()) == 1
        await clinic.until("Wed 12:00")
        await clinic.does("Anna unblocks the bot", lambda: clinic.anna.unblocks(clinic.bot))
        assert clinic.offers(clinic.anna, "All good")
        await clinic.presses(clinic.anna, "All good")


@pytest.mark.hazard("H04")
async def test_anna_deletes_her_account(tell: Tell) -> None:
    """Nobody tells the bot; it notices at the next check-in, and staff are to phone."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.does("Anna deletes her account", clinic.anna.deletes_account)
        assert clinic.cards() == []
        await clinic.until("Tue 10:05")
        assert len(clinic.cards()) == 1
