"""A backup of yesterday comes back: no patient hears anything before staff say so."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from acts import photo
from clinic import Journey, a_journey

from bot import freezing
from flows.engine.events import Did
from storage.backups import back_up
from storage.restoring import restore
from storage.sealing import Keyring

CLEO = Did(1, "Cleo", "resume")


@pytest.fixture
def database(tmp_path) -> Path:
    return tmp_path / "clinic.db"


@pytest.fixture
def copy(tmp_path) -> Path:
    return tmp_path / "copy.db"


async def asked_and_copied(clinic: Journey, database: Path, copy: Path, *presses: str) -> str:
    """Let Anna be asked and press, and a backup be made then."""
    await clinic.starts_private(clinic.ben)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, *presses)
    await asyncio.to_thread(back_up, database, copy)
    return code


async def a_day_later(clinic: Journey, database: Path, copy: Path) -> str:
    """Let Anna answer, a backup be made, and 26 hours pass in which she answers again."""
    code = await asked_and_copied(clinic, database, copy, "All good")
    await clinic.passes(hours=20)
    await clinic.presses(clinic.anna, "All good")
    await clinic.passes(hours=6)
    return code


async def comes_back(clinic: Journey, database: Path, copy: Path) -> None:
    """Stop the bot, restore the backup, start the bot."""
    await clinic.stops()
    now, keyring, known = clinic.clock.now(), Keyring.from_text(clinic.key), clinic.settings()
    await asyncio.to_thread(
        restore, database, copy, lambda: freezing.freeze(known, keyring, now), now
    )
    clinic.clock.moves(minutes=1)
    await clinic.starts()


async def goes_on(clinic: Journey) -> None:
    """Let Cleo say that patients may be written to."""
    now = clinic.clock.now()
    await clinic.app.database.run(lambda: freezing.resume(clinic.app.office, CLEO, now))
    await clinic.settle()


@pytest.mark.hazard("H23")
async def test_a_backup_of_26_hours_ago_sends_annas_old_questions_to_nobody(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        await a_day_later(clinic, database, copy)
        before, since = clinic.screen(clinic.anna), clinic.clock.now().isoformat()
        await comes_back(clinic, database, copy)
        for _ in range(6):
            clinic.clock.moves(hours=4)
            await clinic.settle()
        assert clinic.screen(clinic.anna) == before
        done = await clinic.rows(
            "SELECT kind FROM due WHERE state = 'done' AND ended_at > :since", since=since
        )
        assert done == [], "what is due waits, and is decided on what is known when staff say so"


async def test_staff_hear_what_was_restored_from_when_and_how_to_go_on(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        await a_day_later(clinic, database, copy)
        before = len(clinic.staff_screen())
        await comes_back(clinic, database, copy)
        said = [seen.text for seen in clinic.staff_screen()[before:]]
        [notice] = [text for text in said if "A backup was restored at Tue" in text]
        assert "It knows what happened up to Mon" in notice
        assert "aftercheck resume" in notice


@pytest.mark.hazard("H23")
async def test_what_anna_writes_meanwhile_is_heard_and_alerts_staff(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await a_day_later(clinic, database, copy)
        await comes_back(clinic, database, copy)
        before, shown = clinic.screen(clinic.anna), len(clinic.staff_screen())
        words = "my throat feels tight and swollen"
        await clinic.writes(clinic.anna, words)
        said, asked = (seen.text for seen in clinic.screen(clinic.anna)[len(before) :])
        assert said == words
        assert "Is this happening to you now? If yes, call 112 now" in asked
        fresh = [seen.text for seen in clinic.staff_screen()[shown:]]
        assert [text for text in fresh if f"{code} wrote ⚠️ may hold a warning sign" in text]
        for minutes, notice in ((6, "Phone the patient now"), (8, "notice 2")):
            clinic.clock.moves(minutes=minutes)
            await clinic.settle()
            assert "URGENT" in clinic.staff_screen()[-1].text
            assert notice in clinic.staff_screen()[-1].text


@pytest.mark.hazard("H23")
async def test_what_anna_says_meanwhile_for_the_digest_stands_in_it(
    tmp_path, database, copy
) -> None:
    """Nobody writes /resume over a weekend: what a look is enough for is told nowhere else."""
    async with a_journey(tmp_path) as clinic:
        code = await a_day_later(clinic, database, copy)
        await comes_back(clinic, database, copy)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        clinic.clock.reaches(clinic.next("Sat 08:31"))
        await clinic.settle()
        digest = clinic.staff_screen()[-1].text
        assert "Digest, Sat" in digest
        assert f"{code}-1" in digest


@pytest.mark.hazard("H23", "H39")
async def test_anna_presses_a_warning_sign_meanwhile_and_is_told_whom_to_call(
    tmp_path, database, copy
) -> None:
    """Where she goes on from there, and what she writes besides, waits until staff say so."""
    async with a_journey(tmp_path) as clinic:
        await asked_and_copied(clinic, database, copy, "One of these")
        await comes_back(clinic, database, copy)
        await clinic.presses(clinic.anna, "Trouble breathing")
        assert clinic.last(clinic.anna).text.startswith("Call 112 now.")
        assert "EMERGENCY" in clinic.cards()[-1].text
        await clinic.writes(clinic.anna, "/status")
        assert clinic.screen(clinic.anna)[-1].text == "/status"
        await goes_on(clinic)
        assert clinic.screen(clinic.anna)[-1].text != "/status"


@pytest.mark.hazard("H14", "H23", "H39")
async def test_a_warning_sign_under_a_check_in_that_the_backup_does_not_know_calls_at_once(
    tmp_path, database, copy
) -> None:
    """The list is on her phone, and was shown after the backup was made."""
    async with a_journey(tmp_path) as clinic:
        await asked_and_copied(clinic, database, copy, "All good")
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "One of these")
        await comes_back(clinic, database, copy)
        await clinic.presses(clinic.anna, "Trouble breathing")
        assert clinic.last(clinic.anna).text.startswith("Call 112 now.")
        assert "EMERGENCY" in clinic.cards()[-1].text


@pytest.mark.hazard("H23", "H39")
async def test_a_list_that_was_open_in_the_backup_still_tells_anna_to_get_help(
    tmp_path, database, copy
) -> None:
    """She may have answered it since, which nobody here can know: silence is the worse mistake."""
    async with a_journey(tmp_path) as clinic:
        await asked_and_copied(clinic, database, copy, "One of these")
        await comes_back(clinic, database, copy)
        before = len(clinic.screen(clinic.anna))
        await clinic.passes(minutes=10)
        [told] = [seen.text for seen in clinic.screen(clinic.anna)[before:]]
        assert told.startswith("Earlier you told us about something serious. Have you had help?")
        assert "+49 30 1234" in told
        assert "URGENT" in clinic.cards()[-1].text


async def test_a_second_nurse_can_be_answered_while_patients_are_not(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        await a_day_later(clinic, database, copy)
        await comes_back(clinic, database, copy)
        before = len(clinic.staff_screen())
        await clinic.staff_writes(clinic.ben, "/open")
        assert len(clinic.staff_screen()) == before + 2


async def test_when_cleo_says_so_anna_is_asked_once_and_staff_know_whom_to_call(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        code = await a_day_later(clinic, database, copy)
        await comes_back(clinic, database, copy)
        clinic.clock.moves(hours=1)
        await clinic.settle()
        before = clinic.screen(clinic.anna)
        await goes_on(clinic)
        fresh = clinic.screen(clinic.anna)[len(before) :]
        assert len([seen for seen in fresh if seen.buttons]) == 1
        down = [seen.text for seen in clinic.staff_screen() if "The bot was down" in seen.text]
        assert code in down[-1]
        await clinic.presses(clinic.anna, "All good")
        assert "All good" not in clinic.last(clinic.anna).text


async def test_a_restart_while_frozen_does_not_ask_anna_twice_afterwards(
    tmp_path, database, copy
) -> None:
    async with a_journey(tmp_path) as clinic:
        await asked_and_copied(clinic, database, copy)
        await comes_back(clinic, database, copy)
        await clinic.restart(minutes=10)
        before = clinic.screen(clinic.anna)
        await goes_on(clinic)
        fresh = clinic.screen(clinic.anna)[len(before) :]
        assert len([seen for seen in fresh if seen.buttons]) == 1


async def test_nothing_is_said_where_nothing_is_frozen(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        now = clinic.clock.now() + timedelta(hours=1)
        resume = freezing.resume
        assert not await clinic.app.database.run(lambda: resume(clinic.app.office, CLEO, now))
