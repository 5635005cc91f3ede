"""Answers that cannot wait, and staff who take them, or do not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from clinic import Journey, Tell, a_journey

SIGN = ("One of these", "Trouble breathing")


async def a_clinic_with_anna(clinic: Journey) -> str:
    """Let staff open their own chats with the bot, and Anna be asked for the first time."""
    await clinic.starts_private(clinic.ben, clinic.cleo)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    return code


@pytest.mark.hazard("H28")
async def test_anna_cannot_breathe_at_night_and_everyone_is_told_until_cleo_claims(
    tell: Tell,
) -> None:
    """Every five minutes the whole team is told, and she reads the number to call at once."""
    async with tell() as clinic:
        code = await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.until("Tue 02:30")
        clinic.tape.begins()
        await clinic.reports(clinic.anna, *SIGN)
        assert "Call 112 now" in clinic.last(clinic.anna).text
        await clinic.passes(minutes=11)
        await clinic.staff_press(clinic.cleo, "Claim", on=code)
        told = len(clinic.cards())
        assert told == 3, "at once, after 5 and after 10 minutes"
        await clinic.passes(minutes=25)
        assert len(clinic.cards()) == told, "a claim holds the repeats for half an hour"


@pytest.mark.hazard("H25")
async def test_annas_chest_feels_tight_and_she_does_not_answer_the_list(tell: Tell) -> None:
    """Her words bring up the list of warning signs; unanswered for 5 minutes they are urgent."""
    async with tell() as clinic:
        await a_clinic_with_anna(clinic)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "my chest feels tight")
        assert clinic.cards() == []
        await clinic.passes(minutes=4)
        assert clinic.cards() == []
        await clinic.passes(minutes=2)
        assert "URGENT" in clinic.cards()[-1].text
        assert "my chest feels tight" in clinic.cards()[-1].text


async def test_annas_chest_feels_tight_but_it_is_none_of_these(tell: Tell) -> None:
    """Her answer to the list lowers nothing: a person reads her words within hours."""
    async with tell() as clinic:
        await a_clinic_with_anna(clinic)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "my chest feels tight")
        await clinic.presses(clinic.anna, "None of these")
        while clinic.offers(clinic.anna, "Done"):
            await clinic.presses(clinic.anna, "Done")
        await clinic.passes(minutes=10)
        levels = {row["level"] for row in await clinic.rows("SELECT level FROM alert")}
        assert levels == {"follow_up"}


async def test_ben_and_dora_press_claim_at_once(tell: Tell) -> None:
    """One of them has it, and the other is told who."""
    async with tell() as clinic:
        code = await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        clinic.tape.begins()
        clinic.press_now(clinic.dora, "Claim", code, clinic.staff)
        clinic.press_now(clinic.ben, "Claim", code, clinic.staff)
        await clinic.settle()
        owners = [row["claimed_by"] for row in await clinic.rows("SELECT claimed_by FROM alert")]
        assert owners == [clinic.dora.id]
        toasts = [one.text for one in clinic.world.shown_to(clinic.ben) if one.what == "toast"]
        assert toasts[-1].startswith("Dora took this")


@pytest.mark.hazard("H29")
async def test_ben_claims_and_forgets(tell: Tell) -> None:
    """Half an hour after a claim without contact the team is told again."""
    async with tell() as clinic:
        code = await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, *SIGN)
        clinic.tape.begins()
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        await clinic.passes(minutes=29)
        assert len(clinic.cards()) == 1
        await clinic.passes(minutes=2)
        assert len(clinic.cards()) == 2
        await clinic.staff_press(clinic.dora, "Take over", on=code)
        owners = [row["claimed_by"] for row in await clinic.rows("SELECT claimed_by FROM alert")]
        assert owners == [clinic.dora.id]


async def test_annas_follow_up_on_friday_night_waits_for_saturday_morning(tell: Tell) -> None:
    """It stands in Saturday's digest at 08:30, and its card comes when the clinic opens."""
    async with tell(start=datetime(2026, 11, 27, 9, 0, tzinfo=UTC)) as clinic:
        await clinic.starts_private(clinic.ben)
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good")
        await clinic.until("Fri 20:30")
        clinic.tape.begins()
        await clinic.reports(
            clinic.anna, "but I have symptoms", "Something else", "Done"
        )  # fmt: skip
        await clinic.writes(clinic.anna, "it worries me how it looks")
        assert clinic.cards() == []
        await clinic.until("Sat 08:30")
        assert "Digest" in clinic.staff_screen()[-1].text
        await clinic.until("Sat 10:00")
        assert "FOLLOW UP" in clinic.cards()[-1].text


async def test_anna_falls_silent_after_an_urgent_answer(tell: Tell) -> None:
    """She stops in the middle after a fever of 39.4: after an hour somebody is to call."""
    async with tell() as clinic:
        code = await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
        await clinic.writes(clinic.anna, "39.4")
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        await clinic.staff_press(clinic.ben, "Contacted", on=code)
        clinic.tape.begins()
        await clinic.passes(minutes=59)
        assert len(clinic.cards()) == 1
        await clinic.passes(minutes=2)
        assert len(clinic.cards()) == 2
        assert "URGENT" in clinic.cards()[-1].text


async def test_anna_reports_at_night(tell: Tell) -> None:
    """/report is answered at three in the morning too, whatever the quiet hours."""
    async with tell() as clinic:
        await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.until("Tue 03:00")
        clinic.tape.begins()
        await clinic.reports(clinic.anna, "but I have symptoms", "Soreness", "Done", "1 ")
        assert clinic.offers(clinic.anna, "Change my answers")


async def test_ben_answers_the_card_and_anna_answers_under_it(tell: Tell) -> None:
    """What he writes under the card reaches her with his name, and her answer reaches him."""
    async with tell() as clinic:
        code = await a_clinic_with_anna(clinic)
        await clinic.presses(clinic.anna, "Please call me") if clinic.offers(
            clinic.anna, "Please call me"
        ) else await clinic.presses(clinic.anna, "All good", "Please call me")
        clinic.tape.begins()
        await clinic.staff_writes(clinic.ben, "Is it warm to the touch?", under=code)
        assert "Is it warm to the touch?" in clinic.last(clinic.anna).text
        assert "Ben" in clinic.last(clinic.anna).text
        await clinic.writes(clinic.anna, "no, only a little sore")
        assert "only a little sore" in clinic.staff_screen()[-1].text
        replied = clinic.staff_screen()[-1].reply_to
        assert replied in {seen.message_id for seen in clinic.cards()}


@pytest.mark.hazard("H09")
async def test_a_staff_chat_that_takes_nothing_for_hours_hides_no_follow_up(
    tmp_path: Path,
) -> None:
    """Telegram says when it may be tried again; the watchdog says to each alone what waits."""
    async with a_journey(tmp_path) as clinic:
        code = await a_clinic_with_anna(clinic)
        clinic.world.faults.too_many(10_800, "sendMessage", clinic.staff.id, times=99)
        await clinic.presses(clinic.anna, "All good", "Please call me")
        await clinic.passes(seconds=50)
        assert await clinic.app.watchdog.look() == []
        await clinic.passes(seconds=20)
        await clinic.app.watchdog.look()
        for person in (clinic.ben, clinic.cleo):
            told = clinic.last(person).text
            assert f"{code}-1 (follow_up): its card has not arrived anywhere" in told
            assert "A message of an alert has waited" in told
            assert f"It is about {code}." in told
        clinic.world.faults.clear()
        await clinic.passes(hours=3, seconds=1)
        assert "FOLLOW UP" in clinic.cards()[-1].text
        assert (await clinic.app.backlog(clinic.clock.now())).alert_at is None


@pytest.mark.hazard("H08")
async def test_the_watchdog_tells_those_alone_who_are_on_the_roster_now(tmp_path: Path) -> None:
    """Whoever joined since the settings were written is told; whoever left is not."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        await clinic.rewrites("UPDATE staff SET on_roster = 0 WHERE user_id = :left",
                              left=clinic.cleo.id)  # fmt: skip
        await clinic.rewrites("UPDATE staff SET user_id = :joined WHERE user_id = :before",
                              joined=clinic.omar.id, before=clinic.dora.id)  # fmt: skip
        await clinic.starts_private(clinic.omar)
        clinic.staff.removes(clinic.bot)
        await clinic.app.watchdog.look()
        told = [
            any("Alerts go to each person's own chat" in seen.text for seen in clinic.screen(one))
            for one in (clinic.ben, clinic.cleo, clinic.dora, clinic.omar)
        ]
        assert told == [True, False, False, True]
