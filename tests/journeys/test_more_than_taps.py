"""Photos, voices, changed messages, buttons from long ago."""

import pytest
from acts import photo
from clinic import MONDAY, Journey, Tell


async def asked(clinic: Journey) -> str:
    """Let Anna be asked for the first time."""
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    clinic.tape.begins()
    return code


async def test_anna_sends_an_album_of_three_photos(tell: Tell) -> None:
    """It is thanked for once, every picture is shown to staff, and each is kept."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "but I have symptoms", "Redness", "Done", "3 ")
        pictures = [photo(number) for number in range(3)]
        clinic.anna.sends_album(clinic.anna.chat, *pictures, caption="since this morning")
        await clinic.settle()
        shown = [seen for seen in clinic.staff_screen() if seen.media == "photo"]
        assert len(shown) == 3
        thanks = [s for s in clinic.screen(clinic.anna) if "Thank you for the photo" in s.text]
        assert len(thanks) == 1
        kept = await clinic.rows("SELECT body FROM photo WHERE fetched_at IS NOT NULL")
        assert len(kept) == 3
        assert all(bytes(row["body"]) not in pictures for row in kept), "they are sealed"


async def test_annas_photo_is_larger_than_can_be_kept(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staff see what Telegram shows them; she is told that it is not kept, and what to do."""
    monkeypatch.setattr("bot.photos.LARGEST", 10)
    async with tell() as clinic:
        await asked(clinic)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        assert clinic.last(clinic.anna).text.startswith("We could not keep your photo.")
        assert any("was not kept: it is larger" in s.text for s in clinic.staff_screen())


async def test_anna_sends_too_large_a_photo_in_the_night(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She is awake, as she has just sent it: she reads at once that it is not kept."""
    monkeypatch.setattr("bot.photos.LARGEST", 10)
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.until("Mon 23:00")
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        await clinic.settle()
        assert clinic.last(clinic.anna).text.startswith("We could not keep your photo.")


async def test_anna_sends_a_voice_message(tell: Tell) -> None:
    """It cannot be read here, so she is told to write or phone, and staff that it came."""
    async with tell() as clinic:
        code = await asked(clinic)
        clinic.says_aloud(clinic.anna)
        await clinic.settle()
        assert "only read text and photos" in clinic.last(clinic.anna).text
        assert f"{code} sent a voice" in clinic.staff_screen()[-1].text


@pytest.mark.hazard("H16")
async def test_anna_corrects_her_fever_up_and_then_down(tell: Tell) -> None:
    """An edited answer can raise the level; a lower one takes nothing back."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
        await clinic.writes(clinic.anna, "37.2")
        assert clinic.cards() == []
        await clinic.edits(clinic.anna, "37.2", "39.2")
        assert "URGENT" in clinic.cards()[-1].text
        await clinic.edits(clinic.anna, "39.2", "36.9")
        levels = [row["level"] for row in await clinic.rows("SELECT level FROM alert")]
        assert levels == ["urgent"]
        assert "36.9" in clinic.staff_screen()[-1].text


@pytest.mark.hazard("H14")
async def test_anna_presses_a_button_from_two_months_ago(tell: Tell) -> None:
    """It does not answer an old check-in; it opens a report, so that a symptom is not lost."""
    async with tell() as clinic:
        await asked(clinic)
        old = clinic.last(clinic.anna)
        await clinic.presses(clinic.anna, "All good")
        clinic.tape.told_once("Nothing is open.")
        while (clinic.clock.now() - MONDAY).days < 60 and await clinic.is_asked(clinic.anna):
            if clinic.offers(clinic.anna, "All good"):
                await clinic.presses(clinic.anna, "All good")
        answers = len(await clinic.rows("SELECT * FROM answer"))
        clinic.tape.begins()
        await clinic.presses_old(clinic.anna, old, "Add something")
        assert len(await clinic.rows("SELECT * FROM answer")) == answers
        assert clinic.offers(clinic.anna, "One of these")


@pytest.mark.hazard("H47")
async def test_anna_stops_and_then_presses_a_warning_sign(tell: Tell) -> None:
    """It still stands there: she reads the emergency number, and staff which sign it is."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "One of these")
        old = clinic.last(clinic.anna)
        await clinic.writes(clinic.anna, "/stop")
        await clinic.presses(clinic.anna, "Yes, stop")
        await clinic.presses_old(clinic.anna, old, "▫️ Trouble breathing, wheeze")
        read = [seen.text for seen in clinic.screen(clinic.anna)]
        assert any(text.startswith("Call 112 now.") for text in read)
        card = clinic.cards()[-1].text
        assert "EMERGENCY" in card
        assert "Trouble breathing" in card


@pytest.mark.hazard("H47")
async def test_anna_stops_and_then_presses_one_of_these(tell: Tell) -> None:
    """No list is shown any more, so a person is called at once, and again until one has her."""
    async with tell() as clinic:
        await asked(clinic)
        old = clinic.last(clinic.anna)
        await clinic.writes(clinic.anna, "/stop")
        await clinic.presses(clinic.anna, "Yes, stop")
        await clinic.presses_old(clinic.anna, old, "One of these")
        read = [seen.text for seen in clinic.screen(clinic.anna)]
        assert any(text.startswith("Please call us now") for text in read)
        before = len(clinic.cards())
        assert "URGENT" in clinic.cards()[-1].text
        await clinic.passes(minutes=15)
        assert len(clinic.cards()) > before
