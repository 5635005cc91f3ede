"""A message that Telegram refuses for good, or that may be lost: somebody reads what there was."""

import logging
from pathlib import Path

import pytest
from acts import photo
from blind_notices import BLIND, an_urgent_alert, heard
from clinic import Journey, a_journey

from bot.recording import Recorder
from bot.standin.errors import Refusal


@pytest.mark.hazard("H46")
@pytest.mark.parametrize("takes_the_next", [True, False])
async def test_an_alert_whose_card_is_refused_for_its_text_is_said_without_it(
    tmp_path: Path, *, takes_the_next: bool
) -> None:
    """To everybody alone, and in the staff chat where that takes another text."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(400, "Bad Request: message is too long")
        times = 2 if takes_the_next else 99  # twice, the second time without its format
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=times)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        assert [len(times) for times in heard(clinic, f"{code}{BLIND}")] == [
            int(takes_the_next),
            1,
            1,
            1,
        ]


@pytest.mark.hazard("H46")
async def test_a_change_of_a_card_that_is_refused_for_its_text_is_said_in_its_chat(
    tmp_path: Path,
) -> None:
    """Else the old card stands there, and nobody knows that Anna has said more."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        refusal = Refusal(400, "Bad Request: message is too long")
        clinic.world.faults.refuses(refusal, "editMessageText", chat=clinic.staff.id, times=99)
        await clinic.staff_press(clinic.ben, "Claim", on=f"{code}-1")
        await clinic.staff_press(clinic.ben, "Contacted", on=f"{code}-1")
        said = [one.text for one in clinic.staff_screen() if "how it stood before" in one.text]
        assert len(said) == 1
        assert f"card of {code}-1" in said[0]


async def test_a_card_that_is_refused_for_any_other_reason_reaches_everybody_alone(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(400, "Bad Request: reply message not found")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=99)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            read = [seen.text for seen in clinic.screen(person) if f"{code}-1" in seen.text]
            assert len(read) == 1
            assert "FOLLOW UP" in read[0]
        assert not (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost


def unshown(clinic: Journey, code: str) -> list[int]:
    """Return how often the staff chat and each person read of something that is not shown."""
    return [len(times) for times in heard(clinic, f"Something of {code} that you should read")]


@pytest.mark.hazard("H37")
@pytest.mark.parametrize("waits", [True, False])
async def test_words_that_the_staff_chat_refuses_for_their_text_are_told_of(
    tmp_path: Path, *, waits: bool
) -> None:
    """Under an alert that waits, and where none does: there, and to everybody alone."""
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        if not waits:
            for label in ("Claim", "Contacted", "Resolve", "Advised"):
                await clinic.staff_press(clinic.ben, label, on=code)
        refusal = Refusal(400, "Bad Request: message is too long")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=2 - waits)
        await clinic.writes(clinic.anna, "It looks odd now")
        assert unshown(clinic, code) == [1, 1, 1, 1]
        await clinic.staff_writes(clinic.ben, f"/case {code}")
        assert "“It looks odd now”" in clinic.last(clinic.ben).text


@pytest.mark.hazard("H02")
@pytest.mark.parametrize("arrived", [True, False])
async def test_what_a_patient_sends_without_an_alert_goes_again_where_nobody_knows_if_it_came(
    tmp_path: Path, *, arrived: bool
) -> None:
    """Better seen twice than never: nobody in the staff chat would ask for it."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        clinic.world.faults.server_error(
            502, "sendPhoto", clinic.staff.id, times=1, executed=arrived
        )
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        shown = [one.text for one in clinic.staff_screen() if f"{code}: photo" in one.text]
        assert len(shown) == 1 + arrived
        assert shown[-1].endswith("repeat 2")


@pytest.mark.hazard("H08")
async def test_what_a_patient_sends_without_an_alert_reaches_everybody_where_the_chat_is_lost(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        clinic.staff.removes(clinic.bot)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            assert sum(f"{code}: photo" in one.text for one in clinic.screen(person)) == 1


async def test_words_that_every_chat_refuses_are_told_of_once(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        refusal = Refusal(400, "Bad Request: message is too long")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.staff.id, times=99)
        await clinic.writes(clinic.anna, "It looks odd now")
        assert unshown(clinic, code) == [0, 1, 1, 1]


@pytest.mark.parametrize("takes_it_alone", [True, False])
async def test_a_picture_that_is_refused_is_no_lost_staff_chat(
    tmp_path: Path, *, takes_it_alone: bool
) -> None:
    """Everybody sees it alone, or reads that there is one."""
    async with a_journey(tmp_path) as clinic:
        code = await an_urgent_alert(clinic)
        refusal = Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        chat = clinic.staff.id if takes_it_alone else None
        clinic.world.faults.refuses(refusal, "sendPhoto", chat=chat, times=99)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        assert not (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost
        assert unshown(clinic, code) == [1, *[int(not takes_it_alone)] * 3]
        for person in (clinic.ben, clinic.cleo, clinic.dora):
            seen = [one.text for one in clinic.screen(person) if f"{code}: photo" in one.text]
            assert len(seen) == takes_it_alone


@pytest.mark.hazard("H04")
@pytest.mark.parametrize("what", ["Forbidden: bot was blocked by the user", "Bad Request: ODD"])
async def test_what_follows_from_a_refused_message_cannot_be_worked_on_and_staff_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    """Nothing half done is kept, and somebody phones whom no check-in reaches."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(403 if "blocked" in what else 400, what)
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.anna.id, times=99)

        def fails(*_: object) -> None:
            raise TypeError("a fault of the program")

        part = "not_delivered" if "blocked" in what else "never_to_arrive"
        monkeypatch.setattr(Recorder, part, fails)
        await clinic.until("Mon 16:32")
        told = heard(clinic, f"A message of {code} has not arrived")
        assert [len(times) for times in told] == [1, 1, 1, 1]
        [row] = await clinic.rows("SELECT state FROM outbox WHERE lane = 2")
        assert row["state"] == "dead"


async def test_staff_phone_whom_telegram_refuses_the_screen_that_she_asked_for(
    tmp_path: Path,
) -> None:
    """Once an hour, however often she asks."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        refusal = Refusal(400, "Bad Request: ODD")
        clinic.world.faults.refuses(refusal, "sendMessage", chat=clinic.anna.id, times=99)
        await clinic.writes(clinic.anna, "/report", "/report", "/report")
        words = f"Telegram refused a message to {code}"
        assert sum(words in seen.text for seen in clinic.staff_screen()) == 1
