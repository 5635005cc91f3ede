"""What is said in an unusual place is heard all the same."""

from pathlib import Path

import pytest
from clinic import a_journey


@pytest.mark.parametrize("command", ["/report", "/help", "/stop@aftercheck_bot"])
async def test_words_after_a_command_are_heard(tmp_path: Path, command: str) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.anna, f"{command} I can't breathe")
        read = "\n".join(seen.text for seen in clinic.staff_screen())
        assert f"{code} wrote ⚠️ may hold a warning sign:\n“I can't breathe”" in read
        assert clinic.offers(clinic.anna, "Trouble breathing")


@pytest.mark.hazard("H25")
@pytest.mark.parametrize("command", ["/report", "/help", "/faq", "/my throat:"])
async def test_a_nurse_who_is_a_patient_too_is_heard_like_any_other(
    tmp_path: Path, command: str
) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.dora)
        await clinic.writes(clinic.dora, f"{command} I can't breathe")
        read = "\n".join(seen.text for seen in clinic.staff_screen())
        assert f"{code} wrote ⚠️ may hold a warning sign" in read
        assert clinic.offers(clinic.dora, "Trouble breathing")


async def test_a_report_in_one_line_is_heard_whatever_it_says(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.anna, "/report something feels odd")
        assert f"{code} wrote:\n“something feels odd”" in clinic.staff_screen()[-1].text
        await clinic.writes(clinic.anna, "/status please")
        assert "Where things stand" in clinic.last(clinic.anna).text


async def test_staff_hear_at_once_that_a_known_patient_opened_another_cases_link(
    tmp_path: Path,
) -> None:
    """Enrolled a second time instead of /session, nobody would be asked about the new session."""
    async with a_journey(tmp_path) as clinic:
        old = await clinic.enrolled(clinic.anna)
        fresh = await clinic.invited()
        await clinic.opens(clinic.anna, fresh.link)
        await clinic.opens(clinic.anna, fresh.link)
        told = [seen.text for seen in clinic.staff_screen() if fresh.code in seen.text]
        assert len(told) == 1
        assert f"enter the session with /session {old}" in told[0]
        assert fresh.code not in "".join(seen.text for seen in clinic.screen(clinic.anna))
        await clinic.opens(clinic.omar, fresh.link)
        assert clinic.offers(clinic.omar, "I agree"), "the link was not used up"


@pytest.mark.hazard("H48")
@pytest.mark.parametrize("press", ["", "None of these, but I have symptoms", "One of these"])
async def test_words_typed_before_the_first_tap_are_acknowledged(
    tmp_path: Path, press: str
) -> None:
    """The same screen again, without a word, would look as if nobody had heard."""
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        assert await clinic.is_asked(clinic.anna)
        if press:
            await clinic.presses(clinic.anna, press)
        asked = clinic.last(clinic.anna).text
        await clinic.writes(clinic.anna, "it feels a bit odd")
        assert clinic.last(clinic.anna).text == (
            "We have kept your words, and a person will read them. "
            f"This chat is not watched all the time.\n\n{asked}"
        )
