"""The same clinic, in Spanish and in Arabic: what patients see, and what staff read of them."""

import pytest
from clinic import Journey, Tell


async def has_a_fever(clinic: Journey, symptoms: str, fever: str, done: str, typed: str) -> None:
    """Let Anna answer her first check-in with a temperature typed as she writes numbers."""
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, symptoms, fever, done)
    await clinic.writes(clinic.anna, typed)


@pytest.mark.hazard("H42")
async def test_anna_has_a_fever_in_spanish(tell: Tell) -> None:
    """Her chat app is in Spanish, so is the bot; Ben reads English, and which language she uses."""
    async with tell() as clinic:
        clinic.anna.language = "es"
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna, steps=("Acepto", "Listo", "Lo veo"))
        clinic.tape.begins()
        await has_a_fever(clinic, "pero tengo síntomas", "Fiebre", "Listo", "39,2")
        assert "Llámenos ahora" in clinic.last(clinic.anna).text
        await clinic.writes(clinic.anna, "sí")
        clinic.clock.moves(minutes=2)
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        card = next(one.text for one in clinic.staff_screen() if "URGENT" in one.text)
        assert "Uses the chat in Español" in card
        await clinic.writes(clinic.anna, "me duele mucho la cabeza")
        await clinic.writes(clinic.anna, "/settings")


@pytest.mark.hazard("H42")
async def test_anna_has_a_fever_in_arabic(tell: Tell) -> None:
    """From right to left, with Arabic digits typed and read, and the numbers to call in order."""
    async with tell() as clinic:
        clinic.anna.language = "ar"
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna, steps=("أوافق", "تم", "أرى هذا"))
        clinic.tape.begins()
        await has_a_fever(clinic, "لكن لدي أعراض", "حرارة", "تم", "٣٩٫٢")
        assert "\u2068+49 30 1234\u2069" in clinic.last(clinic.anna).text
        await clinic.writes(clinic.anna, "لا")
        clinic.clock.moves(minutes=2)
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        card = next(one.text for one in clinic.staff_screen() if "URGENT" in one.text)
        assert "39.2" in card
        assert "Uses the chat in العربية" in card
        await clinic.writes(clinic.anna, "/status")
