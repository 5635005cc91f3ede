"""Every kind of sending goes wrong once, in every way that Telegram knows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from acts import photo
from clinic import Journey, a_journey

from bot.standin.faults import Faults

Way = Callable[[Faults, str, int], None]
METHODS = ("sendMessage", "editMessageText", "answerCallbackQuery", "getFile", "sendPhoto")
WAYS: dict[str, Way] = {
    "429": lambda faults, method, skip: faults.too_many(7, method, skip=skip),
    "502_not_done": lambda faults, method, skip: faults.server_error(502, method, skip=skip),
    "502_done": lambda faults, method, skip: faults.server_error(
        502, method, skip=skip, executed=True
    ),
    "connection_breaks_before": lambda faults, method, skip: faults.breaks(
        "reset_before", method, skip=skip
    ),
    "answer_is_lost": lambda faults, method, skip: faults.breaks("reset_after", method, skip=skip),
    "answer_is_garbled": lambda faults, method, skip: faults.breaks("malformed", method, skip=skip),
}


async def a_day_of_anna(clinic: Journey, goes_wrong: Way) -> None:
    """Let her answer with a fever and a photo, and Ben take care of it."""
    await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
    code = await clinic.enrolled(clinic.anna)
    for method in METHODS:
        for place in range(6):
            goes_wrong(clinic.world.faults, method, 2 * place)  # every other call
    await clinic.until("Mon 16:32")
    await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
    await clinic.writes(clinic.anna, "39.2")
    await clinic.presses(clinic.anna, "No", "0 ", "0 ")
    await clinic.passes(minutes=2)
    await clinic.staff_press(clinic.ben, "Claim", on=code)
    await clinic.passes(minutes=2)
    await clinic.staff_press(clinic.ben, "Contacted", on=code)
    clinic.anna.sends_photo(clinic.anna.chat, photo(1))
    await clinic.passes(minutes=2)


@pytest.mark.parametrize("way", WAYS)
async def test_annas_day_survives_that_every_call_goes_wrong_now_and_then(
    tmp_path: Path, way: str
) -> None:
    """Nothing is lost, no check-in comes twice alike, and the card shows who took it."""
    async with a_journey(tmp_path) as clinic:
        await a_day_of_anna(clinic, WAYS[way])
        card = clinic.cards()[-1]
        assert "URGENT" in card.text
        assert "Contacted by Ben" in card.text
        levels = [row["level"] for row in await clinic.rows("SELECT level FROM answer")]
        assert levels[-1] == "urgent"
        asked = [s.text for s in clinic.screen(clinic.anna) if "Do you have ANY" in s.text]
        assert len(asked) == len(set(asked)), "never two identical questions"
        ended = await clinic.rows("SELECT DISTINCT state FROM outbox")
        assert {row["state"] for row in ended} <= {"sent", "replaced", "dropped", "unknown"}
        kept = await clinic.rows("SELECT body FROM photo WHERE fetched_at IS NOT NULL")
        assert len(kept) == 1
        inbox = await clinic.rows("SELECT DISTINCT state FROM inbox")
        assert {row["state"] for row in inbox} == {"done"}


async def test_ben_hears_that_his_words_went_nowhere_also_when_telegram_fails(
    tmp_path: Path,
) -> None:
    """He takes them for said to a patient, so that nothing reached anybody is told until heard."""
    async with a_journey(tmp_path) as clinic:
        await clinic.staff_writes(clinic.ben, "/help")
        clinic.world.faults.server_error(502, "sendMessage")
        await clinic.staff_writes(clinic.ben, "Please drink a lot.", under="/open")
        await clinic.passes(minutes=2)
        assert "I do not know whom this is for" in clinic.staff_screen()[-1].text
