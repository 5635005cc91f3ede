"""A month without a word: the number may be somebody else's by now, so staff look first."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from clinic import Journey, a_journey

from bot.enrolment import new_link

MEDICAL = ("icroneedling", "njection", "face", "Face", "A7K2", "session", "23 November", "Anna",
           "symptom", "treated")  # fmt: skip


async def a_silent_month(clinic: Journey) -> int:
    """Anna answers her first question and then never; return how much she has been shown.

    The bot slept through the month: it comes to the same, and a hundred notices are not sent.
    """
    await clinic.starts_private(clinic.ben)
    await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "All good")
    clinic.clock.moves(days=31)
    await clinic.settle()
    return len(clinic.screen(clinic.anna))


def fresh(clinic: Journey, seen: int) -> Sequence[str]:
    """Return what the bot has said in Anna's chat since, and what changed on earlier messages."""
    return [one.text for one in clinic.screen(clinic.anna)[seen:] if not one.mine]


@pytest.mark.hazard("H05")
async def test_a_new_holder_of_annas_number_learns_nothing_whatever_they_try(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        seen = await a_silent_month(clinic)
        old = next(one for one in clinic.screen(clinic.anna) if one.buttons)
        for words in ("hello, who is this?", "/mydata", "/status", "/report", "/settings", "/start",
                      "/privacy", "/help", "how is my face?", "zone Lisbon"):  # fmt: skip
            await clinic.writes(clinic.anna, words)
        await clinic.presses_old(clinic.anna, old, old.buttons[0][0])
        said = fresh(clinic, seen)
        assert len(said) >= 10
        assert [text for text in said if any(word in text for word in MEDICAL)] == []
        assert "112" in said[0]
        clinic.clock.moves(days=60)
        await clinic.settle()
        assert len(fresh(clinic, seen)) == len(said), "nothing is asked of whoever it is"


@pytest.mark.hazard("H05")
async def test_a_warning_sign_is_heard_although_nobody_knows_whose_chat_it_is(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        seen = await a_silent_month(clinic)
        cards = len(clinic.cards())
        await clinic.writes(clinic.anna, "I cannot breathe and my tongue is swollen")
        assert "112" in fresh(clinic, seen)[0]
        assert len(clinic.cards()) > cards
        levels = [row["level"] for row in await clinic.rows(
            "SELECT level FROM alert WHERE resolved_at IS NULL ORDER BY opened_at")]  # fmt: skip
        assert levels[-1] in ("urgent", "emergency")


async def test_a_warning_sign_under_an_old_message_is_heard_too(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "One of these")
        old = clinic.last(clinic.anna)
        clinic.clock.moves(days=31)
        await clinic.settle()
        shown = len(clinic.staff_screen())
        await clinic.presses_old(clinic.anna, old, old.buttons[0][0])
        said = [seen.text for seen in clinic.staff_screen()[shown:]]
        assert any("EMERGENCY" in text or "URGENT" in text for text in said), said


async def test_when_ben_says_it_is_anna_she_is_asked_what_was_held(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await a_silent_month(clinic)
        await clinic.passes(days=4)
        held = await clinic.rows("SELECT key FROM check_in WHERE state = 'paused'")
        assert held
        [*_, asked] = [s.text for s in clinic.staff_screen() if "is this chat still" in s.text]
        assert "check-in(s) wait" in asked
        seen = len(clinic.screen(clinic.anna))
        await clinic.staff_press(clinic.ben, "Yes, confirm", on="is this chat still")
        assert await clinic.rows("SELECT key FROM check_in WHERE state = 'paused'") == []
        assert "still your chat" in fresh(clinic, seen)[0]
        assert await clinic.coming_of("doubt") is None
        await clinic.writes(clinic.anna, "/status")
        assert "Where things stand" in clinic.last(clinic.anna).text


async def test_when_ben_says_no_the_chat_is_let_go_and_the_case_gets_a_new_link(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        seen = await a_silent_month(clinic)
        await clinic.writes(clinic.anna, "hello")
        await clinic.staff_press(clinic.ben, "No", on="Is this chat still")
        assert "new link" in fresh(clinic, seen)[-1]
        assert await clinic.rows("SELECT chat_id FROM patient WHERE chat_id IS NOT NULL") == []
        await clinic.starts_private(clinic.cleo)
        await clinic.staff_writes(clinic.ben, "/link A7K2")
        [stage] = await clinic.rows("SELECT stage FROM patient")
        assert stage["stage"] == "invited"


@pytest.mark.hazard("H04", "H05")
async def test_anna_whose_account_is_gone_is_asked_on_her_new_phone_what_it_refused(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good")
        await clinic.does("Anna deletes her account", clinic.anna.deletes_account)
        await clinic.until("Tue 10:30")
        await clinic.staff_press(clinic.ben, "No", on="Is this chat still")
        now = clinic.clock.now()
        fresh = await clinic.app.database.run(lambda: new_link(clinic.app.office, code, now, None))
        await clinic.opens(clinic.omar, fresh.link)  # which is her new account here
        for label in ("I agree", "Done", "I can see this"):
            await clinic.presses(clinic.omar, label)
        await clinic.staff_press(clinic.ben, "Yes", on=f"Pairing {code}")
        await clinic.passes(minutes=1)
        assert "Time for your check-in" in clinic.last(clinic.omar).text
        await clinic.presses(clinic.omar, "All good")
        [row] = await clinic.rows("SELECT state FROM check_in WHERE key = '1/check_in/24'")
        assert row["state"] == "complete"


async def test_a_session_entered_while_anna_had_stopped_is_asked_about_when_she_is_back(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, "All good")
        await clinic.writes(clinic.anna, "/stop")
        await clinic.presses(clinic.anna, "Yes, stop")
        await clinic.passes(days=25)
        await clinic.staff_writes(clinic.ben, f"/session {code} inj_skin face")
        await clinic.passes(hours=1)
        await clinic.presses(clinic.anna, "Start")
        seen = len(clinic.screen(clinic.anna))
        await clinic.passes(days=1)
        assert "Time for your check-in" in fresh(clinic, seen)[0]
        asked = await clinic.rows("SELECT key FROM check_in WHERE session = 2 AND state = 'sent'")
        assert asked


async def test_somebody_heard_from_within_the_month_is_asked_nothing(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await a_silent_month(clinic)
        await clinic.staff_press(clinic.ben, "Yes, confirm", on="Is this chat still")
        for _ in range(2):
            clinic.clock.moves(days=29)
            await clinic.settle()
            await clinic.reports(clinic.anna, "All good")
        before = len(clinic.staff_screen())
        await clinic.writes(clinic.anna, "/status")
        assert "Where things stand" in clinic.last(clinic.anna).text
        assert not [s for s in clinic.staff_screen()[before:] if "still theirs" in s.text]
