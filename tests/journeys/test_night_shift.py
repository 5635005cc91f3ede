"""The night shift begins, and whoever was to take over sleeps."""

import pytest
from clinic import Tell
from test_coming_and_going import SIGN, cleo_is_admin


@pytest.mark.hazard("H28")
async def test_ben_sleeps_through_the_hand_over_and_anna_is_in_danger(tell: Tell) -> None:
    """Cleo stays on call, is told so, and it is she whom the alert calls."""
    async with tell() as clinic:
        await cleo_is_admin(clinic)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        clinic.tape.begins()
        await clinic.staff_writes(clinic.cleo, "/oncall me 4")
        await clinic.staff_writes(clinic.cleo, "/oncall plan Ben mon 20:00 tue 08:00")
        await clinic.until("Mon 20:16")
        assert "Ben has not taken over. Cleo stays on call" in clinic.last(clinic.cleo).text
        await clinic.presses(clinic.anna, *SIGN)
        assert code in clinic.last(clinic.cleo).text
        await clinic.presses(clinic.ben, "I take over")
        assert "Ben has taken over" in clinic.staff_screen()[-1].text
