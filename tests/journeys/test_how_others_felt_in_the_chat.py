"""Anna sees how others felt, and does not once her case is open."""

import pytest
from clinic import Journey, Tell

from bot.standin.people import Person

BUTTON = "How others felt"


async def others_have_answered(clinic: Journey) -> None:
    """Let twenty others be treated and say how they feel that evening, a day before Anna."""
    others = [clinic.world.user(f"Other {number}", language="en") for number in range(20)]
    await clinic.all_enrolled(others)
    await clinic.passes(hours=6)
    for number, person in enumerate(others):
        await answers(clinic, person, is_well=number % 4 == 0)
    await clinic.passes(hours=18)


async def answers(clinic: Journey, person: Person, *, is_well: bool) -> None:
    """Let somebody answer the first check-in: nothing, or light pink skin."""
    if is_well:
        await clinic.presses(person, "All good")
        return
    await clinic.presses(person, "but I have symptoms", "Redness", "Done", "1  Light pink")
    for label in ("No", "Same"):
        while clinic.offers(person, label):
            await clinic.presses(person, label)


@pytest.mark.hazard("H50")
async def test_anna_sees_how_others_felt_and_no_more_once_she_wants_a_call(tell: Tell) -> None:
    """A small picture in the chat, with what it does not say; never beside an open case."""
    async with tell() as clinic:
        await others_have_answered(clinic)
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await clinic.passes(hours=6)
        await clinic.presses(clinic.anna, "All good")
        ended = clinic.last(clinic.anna)
        await clinic.presses(clinic.anna, BUTTON)
        picture = clinic.last(clinic.anna)
        assert picture.media == "photo"
        assert "about 10 of 10 people" in picture.text
        assert "This is no promise" in picture.text
        await clinic.presses_old(clinic.anna, ended, "Please call me")
        labels = [one for seen in clinic.screen(clinic.anna) for row in seen.buttons for one in row]
        assert BUTTON not in labels
