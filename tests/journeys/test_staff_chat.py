"""The staff chat moves, is lost, is flooded; and people press who may not."""

import pytest
from clinic import Journey, Tell

from bot.demo.picture import picture

SIGN = ("One of these", "Trouble breathing")


async def asked(clinic: Journey) -> str:
    """Let staff open their own chats, and Anna be asked for the first time."""
    await clinic.starts_private(clinic.ben, clinic.cleo)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    clinic.tape.begins()
    return code


@pytest.mark.hazard("H07")
async def test_the_group_becomes_a_supergroup_while_an_alert_is_on_its_way(tell: Tell) -> None:
    """The alert arrives in the new group, and its buttons work there."""
    async with tell(basic=True) as clinic:
        code = await asked(clinic)
        clinic.world.faults.server_error(502, "sendMessage", clinic.staff.id, times=1000)
        await clinic.presses(clinic.anna, *SIGN)
        clinic.world.faults.clear()
        await clinic.does("Ben makes the group a supergroup", clinic.moves_staff)
        await clinic.passes(minutes=1)
        assert code in clinic.cards()[-1].text
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        assert "Taken by Ben" in clinic.cards()[-1].text


@pytest.mark.hazard("H08")
async def test_the_bot_is_removed_from_the_staff_chat_and_comes_back(tell: Tell) -> None:
    """Alerts go to everybody alone meanwhile, and nobody is left without them."""
    async with tell() as clinic:
        code = await asked(clinic)
        await clinic.does(
            "Eve removes the bot from the staff chat", lambda: clinic.staff.removes(clinic.bot)
        )
        await clinic.presses(clinic.anna, *SIGN)
        for person in (clinic.ben, clinic.cleo):
            shown = [seen for seen in clinic.screen(person) if code in seen.text and seen.buttons]
            assert len(shown) == 1, "the group's card does not come on top of one's own"
        await clinic.presses(clinic.ben, "Claim")
        await clinic.does(
            "Eve adds the bot to the staff chat", lambda: clinic.staff.adds(clinic.bot)
        )
        await clinic.passes(minutes=31)
        assert code in clinic.cards()[-1].text, "the claim has run out: the group hears of it"


@pytest.mark.hazard("H30")
async def test_eve_who_audits_and_a_stranger_press_claim(tell: Tell) -> None:
    """Membership of the group is no authority: both are refused, and it is noted."""
    async with tell() as clinic:
        code = await asked(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        sam = clinic.world.user("Sam")
        clinic.staff.adds(sam)
        await clinic.settle()
        clinic.tape.begins()
        await clinic.staff_press(clinic.eve, "Claim", on=code)
        await clinic.staff_press(sam, "Claim", on=code)
        rows = await clinic.rows("SELECT claimed_by FROM alert")
        assert [row["claimed_by"] for row in rows] == [None]
        rows = await clinic.rows("SELECT actor FROM action WHERE allowed = 0 ORDER BY at")
        assert [row["actor"] for row in rows] == [clinic.eve.id, sam.id]


@pytest.mark.hazard("H30")
async def test_cleo_administers_anonymously(tell: Tell) -> None:
    """Her words cannot be told apart from others', so they do nothing; a press shows who she is."""
    async with tell() as clinic:
        code = await asked(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        clinic.staff.promotes(clinic.cleo, anonymous=True)
        clinic.tape.begins()
        await clinic.staff_writes(clinic.cleo, "Please sit down and breathe slowly", under=code)
        assert "remain anonymous" in clinic.staff_screen()[-1].text
        assert not any("breathe slowly" in s.text for s in clinic.screen(clinic.anna))
        await clinic.staff_press(clinic.cleo, "Claim", on=code)
        assert "Taken by Cleo" in clinic.cards()[-1].text


@pytest.mark.hazard("H10")
async def test_sixty_patients_are_in_danger_within_ten_seconds(tell: Tell) -> None:
    """A group takes 20 messages a minute: the rest come as lists, and each can be claimed."""
    async with tell() as clinic:
        people = [clinic.world.user(f"Patient {number}") for number in range(60)]
        codes = await clinic.all_enrolled(people)
        await clinic.until("Mon 16:01")
        for person in people:
            clinic.press_now(person, "One of these")
        await clinic.settle()
        clinic.tape.begins()
        for person in people:
            clinic.press_now(person, "Trouble breathing")
            clinic.clock.moves(milliseconds=160)
        await clinic.settle()
        texts = [seen.text for seen in clinic.staff_screen()]
        assert all(any(code in text for text in texts) for code in codes)
        claims = {label for s in clinic.staff_screen() for row in s.buttons for label in row}
        in_lists = [code for code in codes if f"Claim {code}-1" in claims]
        assert len(in_lists) > 30
        await clinic.staff_press(clinic.dora, f"Claim {in_lists[-1]}-1")
        rows = await clinic.rows("SELECT code FROM alert WHERE claimed_by IS NOT NULL")
        assert [row["code"] for row in rows] == [in_lists[-1]]


@pytest.mark.hazard("H36")
async def test_an_update_that_cannot_be_read_is_set_aside(tell: Tell) -> None:
    """Staff hear of it and whoever sent it is told to phone; the next message is read as ever."""
    async with tell() as clinic:
        await asked(clinic)
        clinic.sends_nonsense(clinic.anna)
        await clinic.writes(clinic.anna, "/status")
        assert "Where things stand" in clinic.last(clinic.anna).text
        assert "could not be read" in " ".join(seen.text for seen in clinic.staff_screen())
        assert "could not take in" in " ".join(seen.text for seen in clinic.screen(clinic.anna))
        states = {row["state"] for row in await clinic.rows("SELECT state FROM inbox")}
        assert states == {"done", "set_aside"}


async def test_ben_answers_a_card_with_a_photo_and_hears_that_only_words_arrive(tell: Tell) -> None:
    """Nothing that a nurse means for a patient is dropped without a word."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        clinic.ben.sends_photo(clinic.staff, picture(1), reply_to=clinic.cards()[-1])
        await clinic.settle()
        assert "Only words reach the patient" in clinic.staff_screen()[-1].text


async def test_an_alert_that_cannot_be_read_does_not_hide_the_others(tell: Tell) -> None:
    """The list names it, and says to phone; the other alert stands beside it."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        await clinic.enrolled(clinic.omar)
        await clinic.writes(clinic.omar, "/report")
        await clinic.presses(clinic.omar, *SIGN)
        [first, second] = [row["key"] for row in await clinic.rows("SELECT key FROM alert")]
        await clinic.rewrites(
            "UPDATE alert SET body = :body WHERE key = :key", body=b"x", key=first
        )
        await clinic.staff_writes(clinic.ben, "/open")
        listed = clinic.staff_screen()[-1].text
        assert first in listed
        assert "cannot be read; phone the patient" in listed
        assert second in listed
