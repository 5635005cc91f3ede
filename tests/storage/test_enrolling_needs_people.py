"""Nobody new is looked after while fewer than two people can be reached who take alerts."""

import pytest
from staff_office import BEN, EVE, Desk, open_desk

from flows.escalation import StaffMember
from storage import records, saving

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
@pytest.mark.parametrize("stage", ["active", "refused"])
async def test_anna_who_is_in_care_gets_a_link_to_her_new_account_all_the_same(
    alone, stage
) -> None:
    """It lets nobody new in; that too few can be reached is said beside it."""
    await alone.enrols(code="A7K2")

    def confirmed():
        loaded = yield from records.of_case(alone.office.vault.keys, "A7K2")
        after = loaded.record.with_patient(stage=stage, chat_id=7001, confirmed_by=BEN.id)
        yield from saving.save(loaded.key, loaded.record, after, alone.now)

    await alone.runs(confirmed)
    messages = await alone.types(BEN, "/link A7K2")
    texts = " ".join(one.text for one in messages)
    assert ("https://t.me/" in texts) == (stage == "active")
    assert "Fewer than two people who take alerts can be reached" in texts
    assert ("in care already" in texts) == (stage == "active")


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
