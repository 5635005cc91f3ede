"""A second session, breaks, stopping, and nights on which the clocks change."""

from datetime import UTC, datetime

import pytest
from clinic import MONDAY, Journey, Tell

from bot.enrolment import EnrolmentRequest, add_session


async def well(clinic: Journey) -> None:
    """Let Anna say that all is good, if she is asked that."""
    if clinic.offers(clinic.anna, "All good"):
        await clinic.presses(clinic.anna, "All good")


async def test_anna_comes_for_her_second_session(tell: Tell) -> None:
    """Staff enter it, she is told when she is asked, and check-ins count from it."""
    async with tell() as clinic:
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await well(clinic)
        while (clinic.clock.now() - MONDAY).days < 14 and await clinic.is_asked(clinic.anna):
            await well(clinic)
        clinic.tape.begins()
        now = clinic.clock.now()
        request = EnrolmentRequest(treatment="inj_skin", area="face", session_at=now)
        clinic.tape.did("Ben enters the second session")
        added = await clinic.app.database.run(
            lambda: add_session(clinic.app.office, code, request, now, None)
        )
        await clinic.settle()
        assert added.number == 2
        await clinic.is_asked(clinic.anna)
        rows = await clinic.rows("SELECT key FROM check_in WHERE state = 'sent'")
        assert "2/check_in/6" in {row["key"] for row in rows}


async def test_anna_takes_a_break_and_ends_it(tell: Tell) -> None:
    """Nothing is asked in a break, /report works, and its end catches up once."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await well(clinic)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "/settings")
        await clinic.presses(clinic.anna, "Pause: 3 days")
        await clinic.until("Wed 12:00")
        assert not clinic.offers(clinic.anna, "All good")
        await clinic.writes(clinic.anna, "/settings")
        await clinic.presses(clinic.anna, "End the pause")
        assert any("All good" in str(seen.buttons) for seen in clinic.screen(clinic.anna)[-3:])


async def test_anna_stops_and_comes_back(tell: Tell) -> None:
    """/stop ends the questions and tells staff; she can begin again herself."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await well(clinic)
        clinic.tape.begins()
        await clinic.writes(clinic.anna, "/stop")
        await clinic.presses(clinic.anna, "Yes, stop")
        await clinic.until("Wed 12:00")
        assert not any("Time for" in s.text for s in clinic.screen(clinic.anna)[-2:])
        await clinic.presses(clinic.anna, "Start again")
        assert await clinic.is_asked(clinic.anna)


@pytest.mark.hazard("H11")
async def test_the_clocks_go_back_in_annas_first_night(tell: Tell) -> None:
    """A day after the session is 24 real hours: 09:30 on the wall, where it was 10:30."""
    async with tell(start=datetime(2026, 10, 24, 8, 30, tzinfo=UTC)) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await well(clinic)
        clinic.tape.begins()
        await clinic.is_asked(clinic.anna)
        assert clinic.clock.now().replace(second=0, microsecond=0) == datetime(
            2026, 10, 25, 8, 30, tzinfo=UTC
        )


@pytest.mark.hazard("H11")
async def test_the_clocks_go_forward_in_annas_first_night(tell: Tell) -> None:
    """The hour that is missing loses no check-in."""
    async with tell(start=datetime(2027, 3, 27, 9, 30, tzinfo=UTC)) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await well(clinic)
        clinic.tape.begins()
        await clinic.is_asked(clinic.anna)
        assert clinic.clock.now().replace(second=0, microsecond=0) == datetime(
            2027, 3, 28, 9, 30, tzinfo=UTC
        )
