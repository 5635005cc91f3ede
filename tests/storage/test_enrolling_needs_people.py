"""Nobody new is looked after while fewer than two people can be reached who take alerts."""

import pytest
from staff_office import BEN, EVE, Desk, open_desk

from flows.escalation import StaffMember

DORA = StaffMember(5003, "Dora", "nurse", reachable=False)
WAYS = ("/enrol", "/enrol inj_skin face now", "/session A7K2 inj_skin face now", "/link A7K2")


@pytest.fixture
async def alone(database) -> Desk:
    """A clinic where Ben can be reached, Dora has not pressed Start, and Eve only reads."""
    return await open_desk(database, (BEN, DORA, EVE))


@pytest.mark.hazard("H44")
@pytest.mark.parametrize("text", WAYS)
async def test_ben_enrols_nobody_before_dora_has_pressed_start(alone, text) -> None:
    await alone.enrols(code="A7K2")
    [message] = await alone.types(BEN, text)
    assert message.text == (
        "Nobody new can be enrolled yet. Fewer than two people who take alerts can be reached in "
        "private: not Dora. They open a private chat with me and press Start."
    )
    assert len(await alone.rows("SELECT code FROM patient")) == 1
    assert len(await alone.rows("SELECT number FROM session")) == 1


@pytest.mark.hazard("H44")
async def test_a_practice_of_one_person_says_so_and_enrols(alone) -> None:
    alone.office.settings.single_handed = True
    [link, note] = await alone.types(BEN, "/enrol inj_skin face 13:30")
    assert "is enrolled" in note.text, link


@pytest.mark.hazard("H44")
async def test_the_digest_says_that_nobody_can_be_enrolled(alone) -> None:
    assert "⚠️ Nobody new can be enrolled. Fewer than two" in (await alone.digest()).text


@pytest.mark.hazard("H44")
async def test_the_digest_says_every_day_that_all_hangs_on_ben(database) -> None:
    desk = await open_desk(database, (BEN, EVE))
    desk.office.settings.single_handed = True
    assert "⚠️ A practice of one person: only Ben takes alerts" in (await desk.digest()).text
