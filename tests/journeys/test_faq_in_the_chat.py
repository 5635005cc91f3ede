"""A patient looks something up, and a warning sign goes the safe way."""

import pytest
from clinic import Tell


async def test_anna_looks_up_when_results_show(tell: Tell) -> None:
    """The clinic's own words, with what else was found, and the emergency line under them."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "/faq when do I see results")
        assert "usually become apparent after 4 to 6 weeks" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.anna, "(hair)", "All questions", "More questions")


@pytest.mark.hazard("H50")
async def test_anna_looks_up_a_swollen_throat(tell: Tell) -> None:
    """No page: she is asked whether it is happening, and staff are told if she does not answer."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "/faq my throat is swelling")
        assert "Is this happening to you now?" in clinic.last(clinic.anna).text
        assert not any("Exosome" in seen.text for seen in clinic.screen(clinic.anna))
        await clinic.passes(minutes=6)
        assert "URGENT" in clinic.cards()[-1].text
