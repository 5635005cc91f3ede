"""Links in the wrong hands, used twice, too late, or made up."""

import re

import pytest
from acts import photo
from clinic import Tell, a_journey

from bot.enrolment import new_link


@pytest.mark.hazard("H06")
async def test_omar_opens_annas_link_and_ben_refuses(tell: Tell) -> None:
    """He learns nothing of her; a new link goes to her, and the old one is dead."""
    async with tell() as clinic:
        clinic.tape.begins()
        invited = await clinic.invited()
        await clinic.opens(clinic.omar, invited.link)
        for label in ("I agree", "Done", "I can see this"):
            await clinic.presses(clinic.omar, label)
        await clinic.staff_press(clinic.ben, "No", on=invited.code)
        now = clinic.clock.now()
        fresh = await clinic.app.database.run(
            lambda: new_link(clinic.app.office, invited.code, now, None)
        )
        clinic.tape.did("Ben makes a new link and gives it to Anna")
        await clinic.opens(clinic.anna, fresh.link)
        for label in ("I agree", "Done", "I can see this"):
            await clinic.presses(clinic.anna, label)
        await clinic.staff_press(clinic.ben, "Yes", on=invited.code)
        await clinic.opens(clinic.omar, fresh.link)
        assert await clinic.is_asked(clinic.anna)
        shown = " ".join(seen.text for seen in clinic.screen(clinic.omar))
        assert "check-in comes" not in shown
        assert not any("Time for your check-in" in one.text for one in clinic.screen(clinic.omar))


@pytest.mark.hazard("H06")
async def test_yes_under_annas_card_does_not_confirm_omar(tmp_path) -> None:
    """Her card stands there still when a new link was made, and Omar has opened that one."""
    async with a_journey(tmp_path) as clinic:
        invited = await clinic.invited()
        await clinic.opens(clinic.anna, invited.link)
        for label in ("I agree", "Done", "I can see this"):
            await clinic.presses(clinic.anna, label)
        now = clinic.clock.now()
        fresh = await clinic.app.database.run(
            lambda: new_link(clinic.app.office, invited.code, now, None)
        )
        await clinic.opens(clinic.omar, fresh.link)
        for label in ("I agree", "Done", "I can see this"):
            await clinic.presses(clinic.omar, label)
        await clinic.staff_press(clinic.ben, "Yes", on="Account: Anna")
        [row] = await clinic.rows("SELECT stage FROM patient")
        assert row["stage"] == "pairing"
        assert "Account: Omar" in clinic.staff_screen()[-1].text
        await clinic.staff_press(clinic.ben, "Yes", on="Account: Omar")
        [row] = await clinic.rows("SELECT stage FROM patient")
        assert row["stage"] == "active"


async def test_a_link_that_does_not_work_says_the_same_whatever_the_reason(tell: Tell) -> None:
    """Expired, used, or made up: one sentence, so that nobody learns which links there are."""
    async with tell() as clinic:
        used, expired = await clinic.invited(), await clinic.invited()
        await clinic.opens(clinic.anna, used.link)
        clinic.tape.begins()
        await clinic.opens(clinic.omar, used.link)
        await clinic.passes(hours=73)
        await clinic.opens(clinic.omar, expired.link)
        made_up = "https://t.me/aftercheck_bot?start=AAAAAAAAAAAAAAAAAAAAAA"
        await clinic.opens(clinic.omar, made_up)
        await clinic.writes(clinic.omar, "/start short")
        said = {seen.text for seen in clinic.screen(clinic.omar) if not seen.mine}
        assert len(said) == 1


async def test_omar_is_nobodys_patient_and_cannot_breathe(tell: Tell) -> None:
    """A stranger's cry for help is answered with the number to call."""
    async with tell() as clinic:
        clinic.tape.begins()
        clinic.omar.starts(clinic.bot)
        await clinic.settle()
        await clinic.writes(clinic.omar, "I can not breathe")
        assert "call 112 now" in clinic.last(clinic.omar).text


@pytest.mark.hazard("H25")
@pytest.mark.parametrize("words", ["I cannot breathe", "choking"])
async def test_words_after_start_are_no_link(tmp_path, words) -> None:
    """Anna begins as she always does, and says that she cannot breathe; a word may be a link's."""
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.anna, f"/start {words}")
        assert "Is this happening to you now?" in clinic.last(clinic.anna).text
        await clinic.passes(minutes=6)
        assert any("URGENT" in card.text for card in clinic.cards())


@pytest.mark.hazard("H05", "H06")
async def test_anna_has_a_new_account_and_ben_confirms_it(tell: Tell) -> None:
    """Her old chat goes on until he has seen her; then the open question stands in the new one."""
    async with tell() as clinic:
        await clinic.starts_private(clinic.ben)
        await clinic.starts_private(clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        clinic.tape.begins()
        await clinic.writes(clinic.ben, f"/link {code}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        await clinic.writes(clinic.omar, "hello, it is me, Anna")
        await clinic.staff_press(clinic.ben, "Yes", on="new account")
        assert "this one is closed" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.omar, "All good")
        assert clinic.offers(clinic.omar, "Change my answers")
        [row] = await clinic.rows("SELECT stage, chat_id FROM patient")
        assert (row["stage"], row["chat_id"]) == ("active", clinic.omar.chat.id)


@pytest.mark.hazard("H06")
async def test_another_cases_link_in_annas_new_chat_is_shown_to_nobody(tmp_path) -> None:
    """It was meant for Omar, and still works: whoever reads it could open his case."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.ben, f"/link {code}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        omars = await clinic.invited()
        before = len(clinic.staff_screen())
        await clinic.opens(clinic.omar, omars.link)
        assert "tell the person at the desk" in clinic.last(clinic.omar).text
        assert len(clinic.staff_screen()) == before
        noted = await clinic.rows("SELECT * FROM message WHERE code = :code", code=code)
        assert not noted
        await clinic.writes(clinic.omar, "/start I cannot breathe")
        assert "I cannot breathe" in clinic.cards()[-1].text


@pytest.mark.hazard("H45")
async def test_a_warning_sign_pressed_in_a_chat_that_the_case_has_left_reaches_staff(
    tmp_path,
) -> None:
    """Ben let the chat go in a doubt; it was hers after all, and she presses what she has."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.passes(days=31)
        await clinic.writes(clinic.anna, "/status")
        await clinic.staff_press(clinic.ben, "No")
        await clinic.presses(clinic.anna, "One of these")
        assert "call 112 now" in clinic.last(clinic.anna).text
        assert f"not {code}'s any more" in clinic.staff_screen()[-1].text
        first = [card for card in clinic.cards() if "URGENT" in card.text]
        assert "may be another's" in first[-1].text
        await clinic.passes(hours=2)
        again = [card for card in clinic.cards() if "URGENT" in card.text]
        assert len(again) > len(first) > 0
        assert len([one for one in clinic.screen(clinic.anna) if code in one.text]) == 0


@pytest.mark.hazard("H45")
async def test_whoever_wants_to_tell_something_in_a_chat_that_the_case_has_left_reaches_staff(
    tmp_path,
) -> None:
    """The button stands under a page of answers that Anna looked up before."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.anna, "/faq sessions")
        await clinic.writes(clinic.ben, f"/link {code}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        await clinic.staff_press(clinic.ben, "Yes", on="new account")
        await clinic.presses(clinic.anna, "I notice something myself")
        assert "call 112 now" in clinic.last(clinic.anna).text
        assert f"not {code}'s any more" in clinic.staff_screen()[-1].text


@pytest.mark.hazard("H47")
async def test_words_in_a_chat_that_the_case_has_left_reach_staff(tmp_path) -> None:
    """Anna has moved on, and somebody writes in her old chat: it may be she who is ill."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        await clinic.starts_private(clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.ben, f"/link {code}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        clinic.omar.sends_photo(clinic.omar.chat, photo(1))
        await clinic.settle()
        assert "a photo came, which is not shown here" in clinic.staff_screen()[-1].text
        await clinic.staff_press(clinic.ben, "Yes", on="new account")
        await clinic.writes(clinic.anna, "my lip is white")
        shown = clinic.staff_screen()[-1].text
        assert f"opened a link of {code}" in shown
        assert "“my lip is white”" in shown
        assert code not in clinic.last(clinic.anna).text
        assert "call 112 now" in clinic.last(clinic.anna).text
        clinic.anna.sends_photo(clinic.anna.chat, photo(2))
        await clinic.settle()
        assert "“(a photo came" in clinic.staff_screen()[-1].text
        clinic.says_aloud(clinic.anna)
        await clinic.settle()
        assert "“(something came that is no text" in clinic.staff_screen()[-1].text
        assert "“my lip is white”" in clinic.cards()[-1].text
        heard = len(clinic.screen(clinic.omar))
        await clinic.writes(clinic.anna, "I cannot breathe")
        assert "call 112 now" in clinic.last(clinic.anna).text
        first = len(clinic.cards())
        assert "“I cannot breathe”" in clinic.cards()[-1].text
        await clinic.passes(minutes=40)
        assert len(clinic.cards()) > first > 0
        assert len(clinic.screen(clinic.omar)) == heard
        before = len(clinic.staff_screen())
        await clinic.writes(clinic.anna, "/start")
        assert len(clinic.staff_screen()) == before
        for words in ("/started to choke", "/start choking"):
            await clinic.writes(clinic.anna, words)
        heard_there = "\n".join(one.text for one in clinic.staff_screen()[before:])
        assert "“/started to choke”" in heard_there
        assert "“choking”" in heard_there


@pytest.mark.hazard("H25")
async def test_a_strangers_words_after_start_are_no_link(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        clinic.omar.starts(clinic.bot)
        await clinic.settle()
        assert "call 112 now" not in clinic.last(clinic.omar).text
        await clinic.writes(clinic.omar, "/start I cannot breathe")
        assert "call 112 now" in clinic.last(clinic.omar).text
