"""Alma plans the rota, and shifts are handed over: asked for, accepted, or left with who was."""

from datetime import timedelta

import pytest
from rota_of_a_clinic import FRIDAY_18, MONDAY_08, on_call, passes
from staff_office import ALMA, BEN, CLEO, DORA, EVE, GROUP, Desk, open_desk

from flows.verdict import Level
from storage import clinic


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def cleo_until_friday_and_then_ben(desk: Desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00")
    desk.now = FRIDAY_18 - timedelta(hours=10)
    await desk.types(CLEO, "/oncall me 10")


async def test_a_planned_shift_stands_in_the_list_with_a_button_to_take_it_off(desk) -> None:
    [said] = await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00")
    assert "• Ben, Fri 27 Nov, 18:00 to Mon 30 Nov, 08:00" in said.text
    [listed] = await desk.types(BEN, "/oncall")
    assert "Planned:\n• Ben, Fri 27 Nov, 18:00 to Mon 30 Nov, 08:00" in listed.text
    assert not listed.keys, "a nurse changes no plan"
    [listed] = await desk.types(ALMA, "/oncall")
    toast, _ = await desk.presses(ALMA, listed.keys["Take off: Ben, Fri 27 Nov, 18:00"])
    assert toast.startswith("Taken off the rota: Ben")
    assert not await desk.rows("SELECT * FROM shift")
    assert not await passes(desk, MONDAY_08), "nobody is asked to take over what is not there"


async def test_ben_plans_nothing(desk) -> None:
    [message] = await desk.types(BEN, "/oncall plan Cleo fri 18:00 mon 08:00")
    assert "Your role, nurse, may not do this" in message.text
    assert not await desk.rows("SELECT * FROM shift")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plan Zoe fri 18:00 mon 08:00", "Nobody called «Zoe» takes alerts. Who does: Ben,"),
        ("plan Eve fri 18:00 mon 08:00", "Nobody called «Eve» takes alerts."),
        ("plan Ben", "Write for example /oncall plan Ben fri 18:00 mon 08:00"),
        ("away Ben fri mon cover Ben", "Ben cannot stand in for themselves"),
        ("away Ben", "Write for example /oncall away Ben"),
    ],
)
async def test_what_cannot_be_planned_is_said(desk, text, said) -> None:
    [message] = await desk.types(ALMA, f"/oncall {text}")
    assert said in message.text
    assert not await desk.rows("SELECT * FROM shift")


# The hand-over


@pytest.mark.hazard("H28")
async def test_ben_reads_what_is_open_and_is_on_call_once_he_says_so(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    code = (await desk.enrols(code="A7K2")).code
    await desk.raises(code, Level.URGENT)
    asking = await passes(desk, FRIDAY_18)
    assert {one.chat for one in asking} == {GROUP, BEN.id}
    assert asking[0].text.startswith(
        "Ben, you are to be on call now, until Mon 30 Nov, 08:00. Cleo stays on call until"
    )
    assert "1 open, the most urgent first:\n🟠 URGENT · A7K2-1" in asking[0].text
    assert await on_call(desk) == {CLEO.id}
    toast, messages = await desk.presses(BEN, asking[0].keys["I take over"])
    assert toast == "You are on call."
    assert await on_call(desk) == {BEN.id}
    told = {one.chat for one in messages if "has taken over" in one.text}
    assert {GROUP, CLEO.id} <= told, "Cleo hears that she is relieved"
    assert not await passes(desk, FRIDAY_18 + timedelta(hours=1)), "nothing is late"


@pytest.mark.hazard("H28")
async def test_a_hand_over_that_nobody_accepts_leaves_cleo_on_call_and_she_is_told(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    await passes(desk, FRIDAY_18)
    late = await passes(desk, FRIDAY_18 + timedelta(minutes=15))
    assert {one.chat for one in late} == {GROUP, BEN.id, CLEO.id}
    assert late[0].text.startswith(
        "⚠️ Ben has not taken over. Cleo stays on call until somebody does."
    )
    desk.now += timedelta(hours=30)
    assert await on_call(desk) == {CLEO.id}
    [listed] = await desk.types(BEN, "/oncall")
    assert "• Cleo stays since Fri 27 Nov, 18:00: nobody has taken over" in listed.text
    assert "(⚠️ not taken over yet)" in listed.text
    await desk.presses(BEN, late[0].keys["I take over"])
    assert await on_call(desk) == {BEN.id}


async def test_where_nobody_was_on_call_everyone_is_told_and_the_chat_hears_it(desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00")
    [asking, *_] = await passes(desk, FRIDAY_18)
    assert "Alerts go to everyone until you press the button." in asking.text
    [late, *_] = await passes(desk, FRIDAY_18 + timedelta(minutes=15))
    assert "Nobody is on call, so alerts go to everyone," in late.text
    assert await on_call(desk) == set()


async def test_only_ben_takes_over_what_is_bens(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    [asking, *_] = await passes(desk, FRIDAY_18)
    toast, _ = await desk.presses(CLEO, asking.keys["I take over"])
    assert toast == "This is Ben's to take over. To be on call instead: /oncall me"
    toast, _ = await desk.presses(EVE, asking.keys["I take over"])
    assert "Your role, auditor, may not do this" in toast
    assert await on_call(desk) == {CLEO.id}


async def test_a_hand_over_is_accepted_once_and_not_when_it_is_over(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    [asking, *_] = await passes(desk, FRIDAY_18)
    button = asking.keys["I take over"]
    await desk.presses(BEN, button)
    toast, messages = await desk.presses(BEN, button)
    assert (toast[:22], messages) == ("This hand-over is over", [])
    desk.now = MONDAY_08
    toast, _ = await desk.presses(BEN, button)
    assert toast.startswith("This hand-over is over")
    for code in ("h:accept:", "h:accept:x", "h:accept:99", "h:"):
        toast, _ = await desk.presses(BEN, code)
        assert toast.startswith("This hand-over is over")


async def test_cleo_who_says_off_does_not_stay(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    await passes(desk, FRIDAY_18 - timedelta(hours=1))
    await desk.types(CLEO, "/oncall off")
    await passes(desk, FRIDAY_18)
    assert await on_call(desk) == set()


@pytest.mark.hazard("H28")
async def test_cleo_who_stays_says_off_and_everyone_is_told_at_once(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    await passes(desk, FRIDAY_18 + timedelta(hours=1))
    assert await on_call(desk) == {CLEO.id}
    [said] = await desk.types(CLEO, "/oncall off")
    assert said.text.startswith("Your shift has ended. Nobody is on call now, so alerts go to")
    assert await on_call(desk) == set()


@pytest.mark.hazard("H28")
async def test_ben_who_goes_does_not_put_dora_on_call_who_went_home_at_eight(desk) -> None:
    await desk.runs(lambda: clinic.reach(DORA.id, reachable=True))
    await desk.types(ALMA, "/oncall plan Cleo fri 14:00 fri 22:00")
    desk.now = FRIDAY_18 - timedelta(hours=22)
    await desk.types(DORA, "/oncall me 12")
    desk.now = FRIDAY_18 - timedelta(hours=10)
    await desk.types(BEN, "/oncall me 8")
    await passes(desk, FRIDAY_18 - timedelta(hours=4) + timedelta(minutes=10))
    assert await on_call(desk) == {BEN.id}
    [said] = await desk.types(BEN, "/oncall off")
    assert "Nobody is on call now, so alerts go to everyone at once." in said.text
    assert await on_call(desk) == set()


@pytest.mark.hazard("H31")
async def test_cleo_who_stays_is_taken_off_the_roster_and_comes_back_off_call(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    await passes(desk, FRIDAY_18 + timedelta(hours=1))
    await desk.presses(ALMA, f"t:left:{CLEO.id}")
    await desk.runs(lambda: clinic.join(CLEO, desk.now))
    await desk.runs(lambda: clinic.reach(CLEO.id, reachable=True))
    assert await on_call(desk) == set()


async def test_ben_who_took_over_by_himself_is_not_called_late(desk) -> None:
    await cleo_until_friday_and_then_ben(desk)
    await passes(desk, FRIDAY_18)
    await desk.types(BEN, "/oncall me 12")
    assert not await passes(desk, FRIDAY_18 + timedelta(minutes=15))


async def test_a_shift_of_every_week_is_handed_over_every_week(desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 mon 08:00 for 3 weeks")
    written = await passes(desk, FRIDAY_18 + timedelta(days=15))
    asked = [one for one in written if one.chat == GROUP and "you are to be on call" in one.text]
    assert len(asked) == 3


@pytest.mark.hazard("H31")
async def test_ben_who_is_on_call_is_taken_off_and_the_chat_hears_who_is_told_now(desk) -> None:
    await desk.types(BEN, "/oncall me 12")
    _, messages = await desk.presses(ALMA, f"t:left:{BEN.id}")
    [told] = [one for one in messages if one.chat == GROUP and "was taken off" in one.text]
    assert "⚠️ Ben was on call. Nobody is now, so alerts go to everyone." in told.text
    assert await on_call(desk) == set()
    await desk.types(CLEO, "/oncall me 12")
    _, messages = await desk.presses(ALMA, f"t:left:{DORA.id}")
    [told] = [one for one in messages if one.chat == GROUP and "was taken off" in one.text]
    assert "was on call" not in told.text


# Days off


async def test_dora_who_cannot_be_reached_is_asked_in_the_group_alone(desk) -> None:
    await desk.types(ALMA, "/oncall plan Dora fri 18:00 mon 08:00")
    asking = await passes(desk, FRIDAY_18)
    assert [one.chat for one in asking] == [GROUP]
    assert DORA.id not in await on_call(desk)


@pytest.mark.hazard("H28")
async def test_ben_is_asked_anew_for_a_shift_that_has_the_number_of_an_earlier_one(desk) -> None:
    await desk.types(ALMA, "/oncall plan Ben fri 18:00 sat 08:00")
    [bens, *_] = await passes(desk, FRIDAY_18)
    await desk.presses(BEN, bens.keys["I take over"])
    await desk.types(BEN, "/oncall off")
    await desk.types(ALMA, "/oncall plan Ben sat 18:00 mon 08:00")
    toast, _ = await desk.presses(BEN, bens.keys["I take over"])
    assert toast.startswith("This hand-over is over"), "the old button accepts no later shift"
    asking = await passes(desk, FRIDAY_18 + timedelta(days=1))
    assert asking[0].text.startswith("Ben, you are to be on call now")
    late = await passes(desk, FRIDAY_18 + timedelta(days=1, minutes=15))
    assert any("Ben has not taken over" in one.text for one in late)
