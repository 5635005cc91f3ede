"""Anna has the same question twice: once from a message that nobody knows to have arrived."""

import pytest
from clinic import Journey, Tell

SYMPTOMS = "None of these, but I have symptoms"


async def asked_twice(clinic: Journey) -> None:
    """Lose the answer to the first question's sending, and let the reminder follow."""
    await clinic.starts_private(clinic.ben)
    await clinic.enrolled(clinic.anna)
    clinic.world.faults.breaks("reset_after", "sendMessage", clinic.anna.chat.id)
    await clinic.is_asked(clinic.anna)
    clinic.tape.begins()
    await clinic.passes(minutes=31)
    first, reminder = clinic.screen(clinic.anna)[-2:]
    assert SYMPTOMS in str(first.buttons)
    assert reminder.text.startswith("We have not heard from you.")


@pytest.mark.hazard("H19")
async def test_anna_answers_the_reminder_and_then_presses_the_copy_above(tell: Tell) -> None:
    """Each copy that she presses shows where she is; the other says where it goes on."""
    async with tell() as clinic:
        await asked_twice(clinic)
        copy = clinic.screen(clinic.anna)[-2]
        await clinic.presses(clinic.anna, SYMPTOMS, "Swelling")
        await clinic.presses_old(clinic.anna, copy, SYMPTOMS)
        first, reminder = clinic.screen(clinic.anna)[-2:]
        assert first.buttons == reminder.buttons
        await clinic.presses_old(clinic.anna, first, "Done")
        first, reminder = clinic.screen(clinic.anna)[-2:]
        assert first.text.startswith("How puffy is it?")
        assert (reminder.text, reminder.buttons) == ("This goes on above. ⬆️", ())


@pytest.mark.hazard("H14")
async def test_anna_presses_a_warning_sign_under_the_copy_above(tell: Tell) -> None:
    """The talk under the reminder is elsewhere by then; she is told what to do where she is."""
    async with tell() as clinic:
        await asked_twice(clinic)
        copy = clinic.screen(clinic.anna)[-2]
        await clinic.presses(clinic.anna, SYMPTOMS, "Swelling", "Done")
        await clinic.presses_old(clinic.anna, copy, "One of these")
        first = clinic.screen(clinic.anna)[-2]
        assert first.text.startswith("Which one?")
        await clinic.presses_old(clinic.anna, first, "▫️ Trouble breathing, wheeze")
        assert clinic.screen(clinic.anna)[-2].text.startswith("Call 112 now.")
        assert "EMERGENCY" in clinic.cards()[-1].text
