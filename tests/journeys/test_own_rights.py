"""Anna asks for all that is kept about her, and to have it erased: each twice, in her own chat."""

import json
from pathlib import Path

from clinic import Journey, a_journey

from bot.standin import Seen

ERASE = "Erase all"


async def treated(clinic: Journey) -> None:
    """Take Anna through enrolment and a first answer."""
    await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "All good")


def files(clinic: Journey) -> list[Seen]:
    """Return the files in Anna's chat."""
    return [seen for seen in clinic.screen(clinic.anna) if seen.document]


async def test_anna_gets_everything_as_two_files_after_saying_yes(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await clinic.writes(clinic.anna, "my cheek tickles", "/mydata")
        assert files(clinic) == []
        assert "Whoever has this phone" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.anna, "Yes, send them")
        page, data = files(clinic)
        names = [one.document.upload.name for one in (page, data) if one.document]
        assert names == ["aftercheck-A7K2-2026-11-23.pdf", "aftercheck-A7K2-2026-11-23.json"]
        assert page.document.upload.content.startswith(b"%PDF")
        whole = json.loads(data.document.upload.content)
        assert (whole["case"], whole["language"]) == ("A7K2", "en")
        assert any(one["content"]["text"] == "my cheek tickles" for one in whole["messages"])


async def test_a_yes_of_yesterday_sends_nothing_and_asks_again(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await clinic.writes(clinic.anna, "/mydata")
        clinic.clock.moves(minutes=11)
        await clinic.presses(clinic.anna, "Yes, send them")
        assert files(clinic) == []
        await clinic.presses(clinic.anna, "Yes, send them")
        assert len(files(clinic)) == 2


async def asks_to_be_erased(clinic: Journey) -> None:
    """Press the button under /privacy, and the one after it."""
    await clinic.writes(clinic.anna, "/privacy")
    await clinic.presses(clinic.anna, ERASE, "Yes, erase it all")


async def test_anna_is_erased_and_told_so_and_staff_too(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await clinic.writes(clinic.anna, "/privacy")
        await clinic.presses(clinic.anna, ERASE, "No, leave it")
        assert await clinic.rows("SELECT code FROM patient WHERE length(wrapped_key) > 0")
        await asks_to_be_erased(clinic)
        assert "is erased" in clinic.last(clinic.anna).text
        assert "112" in clinic.last(clinic.anna).text
        assert any("A7K2 is erased" in seen.text for seen in clinic.staff_screen())
        [patient] = await clinic.rows("SELECT wrapped_key, chat_id, stage FROM patient")
        assert (bytes(patient["wrapped_key"]), patient["chat_id"]) == (b"", None)
        shown = len(clinic.screen(clinic.anna))
        await clinic.passes(days=5)
        assert len(clinic.screen(clinic.anna)) == shown
        await clinic.writes(clinic.anna, "hello?")
        assert "patients of Clinic Sunrise" in clinic.last(clinic.anna).text


async def test_an_open_alert_is_taken_care_of_first(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
        await clinic.writes(clinic.anna, "39.5")
        await asks_to_be_erased(clinic)
        said = [seen.text for seen in clinic.screen(clinic.anna)]
        assert any("still looks after" in text for text in said)
        assert said[-1].startswith("Earlier you told us about something serious.")
        assert await clinic.rows("SELECT key FROM alert WHERE resolved_at IS NULL")
        assert any("waits until these are closed" in seen.text for seen in clinic.staff_screen())
        await clinic.staff_press(clinic.ben, "Claim")
        await clinic.staff_press(clinic.ben, "Contacted")
        await clinic.staff_press(clinic.ben, "Resolve")
        await clinic.staff_press(clinic.ben, "Advised")
        await clinic.passes(hours=25)
        assert "is erased" in clinic.last(clinic.anna).text


async def test_where_the_law_keeps_the_record_the_day_is_named_and_kept(tmp_path: Path) -> None:
    async with a_journey(tmp_path, record_years=0.1) as clinic:
        await treated(clinic)
        await asks_to_be_erased(clinic)
        assert "until 29 December 2026" in clinic.last(clinic.anna).text
        assert await clinic.rows("SELECT code FROM patient WHERE length(wrapped_key) > 0")
        clinic.clock.moves(days=37)
        await clinic.settle()
        assert not await clinic.rows("SELECT code FROM patient WHERE length(wrapped_key) > 0")


async def test_anna_who_starts_again_is_not_erased(tmp_path: Path) -> None:
    async with a_journey(tmp_path, record_years=0.1) as clinic:
        await treated(clinic)
        await asks_to_be_erased(clinic)
        await clinic.writes(clinic.anna, "/start")
        await clinic.presses(clinic.anna, "Start again")
        clinic.clock.moves(days=37)
        await clinic.settle()
        assert await clinic.rows("SELECT code FROM patient WHERE length(wrapped_key) > 0")


async def test_words_that_came_after_the_yes_are_read_before_anything_is_erased(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await clinic.writes(clinic.anna, "/privacy")
        await clinic.presses(clinic.anna, ERASE)
        clinic.press_now(clinic.anna, "Yes, erase it all")
        clinic.anna.types(clinic.anna.chat_with(clinic.bot), "I cannot breathe")
        await clinic.settle()
        assert await clinic.rows("SELECT key FROM alert WHERE resolved_at IS NULL")
        assert await clinic.rows("SELECT code FROM patient WHERE length(wrapped_key) > 0")
