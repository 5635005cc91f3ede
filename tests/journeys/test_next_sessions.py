"""Weeks later: the reminder to book a session, which waits while a case is open."""

from acts import photo
from clinic import Journey, Tell

from bot.enrolment import EnrolmentRequest, add_session

TO_BOOK = "time to book your next session"
DAY_13 = 13 * 24.0
"""Hours since the session at which these stories begin: no enrolment is later than two weeks."""


async def until_day(clinic: Journey, day: int, begun: int = 13) -> None:
    """Let days pass in which Anna says that all is good whenever she is asked."""
    for _ in range(day - begun):
        await clinic.passes(days=1)
        if clinic.offers(clinic.anna, "All good"):
            await clinic.presses(clinic.anna, "All good")


async def to_day_24(clinic: Journey) -> str:
    """Enrol Anna and let her be well until the day before she is reminded; return her case."""
    code = await clinic.enrolled(clinic.anna, hours_ago=DAY_13)
    await until_day(clinic, 24)
    return code


async def tells_of_pus(clinic: Journey) -> None:
    """Let Anna report something that a person has to look at."""
    await clinic.reports(clinic.anna, "None of these, but I have symptoms", "Leaking")
    await clinic.presses(clinic.anna, "Done, same", "Yellow or green pus")


async def is_resolved(clinic: Journey) -> None:
    """Let Ben take care of the open alert."""
    for label in ("Claim", "Contacted", "Resolve", "Advised"):
        await clinic.staff_press(clinic.ben, label)


def to_book(clinic: Journey) -> int:
    """Return how often Anna was sent the reminder to book."""
    shown = clinic.world.shown_to(clinic.anna)
    return sum(TO_BOOK in line.text and line.what == "sent" for line in shown)


async def enters_a_session(clinic: Journey, code: str) -> None:
    """Let Ben enter that Anna was there again."""
    now = clinic.clock.now()
    request = EnrolmentRequest(treatment="inj_skin", area="face", session_at=now)
    clinic.tape.did("Ben enters the second session")
    await clinic.app.database.run(lambda: add_session(clinic.app.office, code, request, now, None))
    await clinic.settle()


async def test_anna_is_reminded_to_book_and_says_that_she_is_well(tell: Tell) -> None:
    """The reminder says whom to call, when, and for which days; a warning sign is one tap away."""
    async with tell() as clinic:
        await to_day_24(clinic)
        clinic.tape.begins()
        await clinic.passes(days=1)
        seen = clinic.last(clinic.anna)
        assert TO_BOOK in seen.text
        assert "+49 30 1234" in seen.text
        assert "Mon-Fri 09:00-18:00" in seen.text
        assert "8 December 2026 to 22 December 2026" in seen.text
        assert clinic.offers(clinic.anna, "One of these")
        await clinic.presses(clinic.anna, "All good", "No")
        assert "To book your next session" in clinic.last(clinic.anna).text
        assert to_book(clinic) == 1


async def test_annas_reminder_waits_until_ben_has_closed_her_case(tell: Tell) -> None:
    """Nobody is asked to book while an alert is open; staff hear that it waits, and it goes out."""
    async with tell() as clinic:
        code = await to_day_24(clinic)
        clinic.tape.begins()
        await tells_of_pus(clinic)
        await clinic.passes(days=1)
        assert to_book(clinic) == 0
        waiting = [s for s in clinic.staff_screen() if f"{code}: the reminder to book" in s.text]
        assert len(waiting) == 1
        await clinic.passes(days=1)
        assert to_book(clinic) == 0
        await is_resolved(clinic)
        assert to_book(clinic) == 1
        await clinic.passes(days=2)
        assert to_book(clinic) == 1


async def test_a_session_entered_meanwhile_takes_annas_reminder_away(tell: Tell) -> None:
    """Who has been there again is not asked to book what has been."""
    async with tell() as clinic:
        code = await to_day_24(clinic)
        clinic.tape.begins()
        await tells_of_pus(clinic)
        await clinic.passes(days=1)
        await enters_a_session(clinic, code)
        await is_resolved(clinic)
        await clinic.passes(days=1)
        assert to_book(clinic) == 0
        rows = await clinic.rows("SELECT reason FROM check_in WHERE key = '1/reminder/600'")
        assert rows[0]["reason"] == "session 2 counts anew"


async def test_anna_says_how_she_likes_the_result_and_sends_a_photo(tell: Tell) -> None:
    """One tap after the warning signs; staff see the photo, and the answer on the case page."""
    async with tell() as clinic:
        code = await clinic.enrolled(clinic.anna, hours_ago=DAY_13)
        await clinic.starts_private(clinic.ben)
        await until_day(clinic, 34)
        clinic.tape.begins()
        await clinic.passes(days=1)
        assert "how you like the result" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.anna, "All good", "Some change")
        assert "send us a photo" in clinic.last(clinic.anna).text
        clinic.anna.sends_photo(clinic.anna.chat_with(clinic.bot), photo(1))
        await clinic.settle()
        await clinic.staff_writes(clinic.ben, f"/case {code}")
        page = clinic.last(clinic.ben).text
        assert "Result, day 35 after session 1: Some change" in page
