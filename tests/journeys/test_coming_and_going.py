"""People come onto the roster and leave it while the bot runs."""

import re

import pytest
from clinic import Journey, Tell, a_journey

from flows.escalation import StaffMember
from storage import clinic as stored

LINK = re.compile(r"https://t\.me/\S+")
SIGN = ("One of these", "Trouble breathing")


async def cleo_is_admin(clinic: Journey) -> None:
    """Make Cleo an admin, as whoever runs the bot does at the command line."""
    cleo = StaffMember(clinic.cleo.id, "Cleo", "admin")
    await clinic.app.database.run(lambda: stored.join(cleo, clinic.clock.now()))
    await clinic.starts_private(clinic.ben, clinic.cleo)


@pytest.mark.hazard("H44")
async def test_zoe_comes_to_the_clinic(tell: Tell) -> None:
    """She gets a link from Cleo, presses Start, is recognised, and then takes an alert."""
    async with tell() as clinic:
        await cleo_is_admin(clinic)
        zoe = clinic.world.user("Zoe")
        clinic.staff.adds(zoe)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        clinic.tape.begins()
        await clinic.staff_writes(clinic.cleo, "/roster invite nurse Zoe")
        link = LINK.search(clinic.last(clinic.cleo).text)
        assert link is not None
        await clinic.opens(zoe, link[0])
        await clinic.presses(clinic.anna, *SIGN)
        await clinic.staff_press(zoe, "Claim", on=code)
        assert "Taken by" not in clinic.cards()[-1].text, "nobody has said yet that it is her"
        await clinic.staff_press(clinic.cleo, "Yes, it is Zoe")
        await clinic.staff_press(zoe, "Claim", on=code)
        assert "Taken by Zoe" in clinic.cards()[-1].text


@pytest.mark.hazard("H31")
async def test_ben_is_taken_off_with_an_alert_in_his_hands(tell: Tell) -> None:
    """It is open again at once, the others are told at once, and he can press nothing."""
    async with tell() as clinic:
        await cleo_is_admin(clinic)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, *SIGN)
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        mine = [seen for seen in clinic.screen(clinic.ben) if seen.buttons][-1]
        told = len(clinic.cards())
        clinic.tape.begins()
        await clinic.staff_writes(clinic.cleo, "/roster")
        await clinic.staff_press(clinic.cleo, "Change Ben")
        await clinic.staff_press(clinic.cleo, "Take Ben off the roster")
        await clinic.staff_press(clinic.cleo, "Yes, at once")
        assert len(clinic.cards()) >= told + 2, "the card again, and what Ben leaves behind"
        await clinic.presses_old(clinic.ben, mine, "Contacted")
        rows = await clinic.rows("SELECT claimed_by, contacted_at FROM alert")
        assert [tuple(row) for row in rows] == [(None, None)]
        await clinic.staff_press(clinic.cleo, "Claim", on=code)
        await clinic.writes(clinic.anna, "now it itches as well")
        now = next(seen for seen in clinic.screen(clinic.ben) if seen.message_id == mine.message_id)
        assert now.text == mine.text, "he is shown no more of Anna"


@pytest.mark.hazard("H31")
async def test_a_start_with_old_settings_brings_nobody_back(tell: Tell) -> None:
    """STAFF_ROSTER still names Ben, who was taken off yesterday."""
    async with tell() as clinic:
        await cleo_is_admin(clinic)
        await clinic.staff_writes(clinic.cleo, "/roster")
        await clinic.staff_press(clinic.cleo, "Change Ben")
        await clinic.staff_press(clinic.cleo, "Take Ben off the roster")
        await clinic.staff_press(clinic.cleo, "Yes, at once")
        clinic.tape.begins()
        await clinic.restart(hours=12)
        await clinic.staff_writes(clinic.ben, "/open")
        assert "Only people on the clinic's roster" in clinic.staff_screen()[-1].text


@pytest.mark.hazard("H31")
async def test_a_case_that_cannot_be_read_keeps_nobody_on_the_roster(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await cleo_is_admin(clinic)
        codes = await clinic.all_enrolled([clinic.anna, clinic.omar])
        for person, code in zip((clinic.anna, clinic.omar), codes, strict=True):
            await clinic.is_asked(person)
            await clinic.presses(person, *SIGN)
            await clinic.staff_press(clinic.ben, "Claim", on=code)
        await clinic.rewrites(
            "UPDATE check_in SET body = :body WHERE body IS NOT NULL AND code = :code",
            body=b"damaged", code=codes[0],
        )  # fmt: skip
        await clinic.staff_writes(clinic.cleo, "/roster")
        await clinic.staff_press(clinic.cleo, "Change Ben")
        await clinic.staff_press(clinic.cleo, "Take Ben off the roster")
        await clinic.staff_press(clinic.cleo, "Yes, at once")
        held = await clinic.rows("SELECT claimed_by FROM alert")
        assert [row["claimed_by"] for row in held] == [None, None]
        [ben] = await clinic.rows("SELECT on_roster FROM staff WHERE name = 'Ben'")
        assert not ben["on_roster"]


@pytest.mark.hazard("H31")
async def test_who_leaves_takes_no_plan_along_unsaid(tmp_path) -> None:
    async with a_journey(tmp_path) as clinic:
        await cleo_is_admin(clinic)
        for words in ("plan Dora sat 18:00 mon 08:00", "away Ben 2026-12-01 2026-12-02 cover Dora",
                      "plan Ben fri 18:00 sat 18:00"):  # fmt: skip
            await clinic.staff_writes(clinic.cleo, f"/oncall {words}")
        await clinic.staff_writes(clinic.cleo, "/roster")
        for label in ("Change Dora", "Take Dora off", "Yes, at once"):
            await clinic.staff_press(clinic.cleo, label)
        said = clinic.staff_screen()[-1].text
        for part in (
            "Dora was taken off the roster",
            "Dora was to be on call: Sat 28 Nov, 18:00 to Mon 30 Nov, 08:00. Nobody is planned",
            "Dora was to stand in for Ben, Tue 1 Dec, 00:00 to Thu 3 Dec, 00:00. That Ben is away",
        ):
            assert part in said
        await clinic.staff_writes(clinic.cleo, "/oncall")
        assert "Ben, Fri 27 Nov, 18:00" in clinic.staff_screen()[-1].text
