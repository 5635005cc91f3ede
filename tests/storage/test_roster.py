"""Alma changes who is on the roster, in the chat: a link, a role, somebody off at once."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from staff_office import ALMA, BEN, CLEO, GROUP, Desk, open_desk
from telegram import Chat, Message, User

from bot.opening import begin_roster
from bot.staff.joining import DEAD, WAITING, opened
from flows.verdict import Level
from storage import clinic, rota

ZOE, EVIL = 6001, 6666


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def link(desk: Desk, text: str = "/roster invite nurse Zoe") -> str:
    """Let Alma ask for a link; return its token."""
    [sent, *_] = await desk.types(ALMA, text)
    return sent.text.partition("?start=")[2].split()[0]


async def opens(desk: Desk, token: str, number: int, name: str = "Zoe W.") -> list[SimpleNamespace]:
    """Open a link as somebody; return what the bot writes."""
    desk.numbers += 1
    said = Message(
        desk.numbers, datetime.now(UTC), Chat(number, "private"),
        from_user=User(number, name, is_bot=False, username="zoew"), text=f"/start {token}",
    )  # fmt: skip
    before = await desk.last_row()
    await desk.runs(lambda: opened(desk.office, said, token, desk.now))
    return await desk.messages(before)


async def people(desk: Desk) -> dict[int, tuple[str, str]]:
    """Return who is on the roster: number, name, role."""
    found = await desk.runs(clinic.roster)
    return {one.id: (one.name, one.role) for one in found if one.on_roster}


def pressed_yes(asking: SimpleNamespace) -> str:
    return asking.keys["Yes, it is Zoe"]


# Letting somebody in


async def test_zoe_is_nobody_until_alma_has_seen_who_opened_the_link(desk) -> None:
    asking, told = await opens(desk, await link(desk), ZOE)
    assert (asking.chat, told.chat, told.text) == (GROUP, ZOE, WAITING)
    assert asking.text.startswith("Zoe W. (@zoew), number 6001, opened the link for Zoe, nurse.")
    assert ZOE not in await people(desk)
    toast, messages = await desk.presses(ALMA, pressed_yes(asking))
    assert toast == "Zoe is on the roster."
    assert next(one.text for one in messages if one.chat == ZOE).startswith("Alma let you in")
    assert (await people(desk))[ZOE] == ("Zoe", "nurse")
    [zoe] = [one for one in await desk.runs(clinic.roster) if one.id == ZOE]
    assert zoe.reachable, "she has pressed Start"


async def test_a_second_link_gives_zoe_who_is_on_the_roster_no_other_role(desk) -> None:
    """She would be an auditor, and the clinic without its only admin."""
    first, _ = await opens(desk, await link(desk, "/roster invite admin Zoe"), ZOE)
    second, _ = await opens(desk, await link(desk, "/roster invite auditor Zoe Wood"), ZOE)
    await desk.presses(ALMA, pressed_yes(first))
    toast, _ = await desk.presses(ALMA, second.keys["Yes, it is Zoe Wood"])
    assert toast.startswith("Zoe W. (@zoew) is on the roster already, as Zoe, admin.")
    assert (await people(desk))[ZOE] == ("Zoe", "admin")


async def test_only_the_hash_of_a_link_is_kept(desk) -> None:
    token = await link(desk)
    [row] = await desk.rows("SELECT * FROM staff_invitation")
    assert token not in str(vars(row))
    assert len(row.token_hash) == 64


async def test_a_link_works_once_and_for_a_day(desk) -> None:
    token = await link(desk)
    await opens(desk, token, ZOE)
    [second] = await opens(desk, token, EVIL, "Zoe")
    assert second.text == DEAD
    late = await link(desk, "/roster invite nurse Yan")
    desk.now += timedelta(hours=24)
    [told] = await opens(desk, late, ZOE)
    assert told.text == DEAD
    [made_up] = await opens(desk, "staff-nothing", ZOE)
    assert made_up.text == DEAD


async def test_a_day_after_it_was_opened_nobody_is_let_in_by_it(desk) -> None:
    asking, _ = await opens(desk, await link(desk), ZOE)
    desk.now += timedelta(hours=24)
    toast, _ = await desk.presses(ALMA, pressed_yes(asking))
    assert toast.startswith("Somebody has decided this already, or it took longer")
    assert ZOE not in await people(desk)


async def test_whoever_opened_a_link_that_was_passed_on_is_kept_out(desk) -> None:
    asking, _ = await opens(desk, await link(desk), EVIL, "Mallory")
    assert "Mallory" in asking.text
    toast, _ = await desk.presses(ALMA, asking.keys["No"])
    assert toast == "They were kept out."
    toast, _ = await desk.presses(ALMA, pressed_yes(asking))
    assert toast.startswith("Somebody has decided this already")
    assert EVIL not in await people(desk)


async def test_words_that_change_nothing_say_so_before_the_list(desk) -> None:
    [answer] = await desk.types(ALMA, "/roster remove Cleo")
    assert answer.text.startswith("⚠️ Nothing was changed")
    assert "Change Cleo" in answer.keys
    assert (await people(desk))[CLEO.id][0] == "Cleo"


async def test_a_link_that_was_taken_back_opens_nothing(desk) -> None:
    token = await link(desk)
    [listed] = await desk.types(ALMA, "/roster")
    await desk.presses(ALMA, listed.keys["Take back Zoe's link"])
    [told] = await opens(desk, token, ZOE)
    assert told.text == DEAD


async def test_nobody_is_let_in_by_a_link_before_it_was_opened(desk) -> None:
    await link(desk)
    await desk.presses(ALMA, "t:yes:1")
    assert len(await people(desk)) == 5


async def test_ben_opens_a_link_and_stays_what_he_is(desk) -> None:
    token = await link(desk)
    [told] = await opens(desk, token, BEN.id)
    assert told.text == "You are on the roster already, Ben: nurse."
    asking, _ = await opens(desk, token, ZOE)
    assert pressed_yes(asking), "it is still unused"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nurse", "An admin lets somebody in with /roster invite ROLE NAME"),
        ("boss Zoe", "An admin lets somebody in with /roster invite ROLE NAME"),
        ("nurse Ben", "Ben is on the roster already"),
        ("nurse Zoe, Yan", "is no name for the roster"),
    ],
)
async def test_what_is_no_invitation_is_explained(desk, words, said) -> None:
    [message] = await desk.types(ALMA, f"/roster invite {words}")
    assert said in message.text
    assert not await desk.rows("SELECT * FROM staff_invitation")


async def test_ben_invites_nobody(desk) -> None:
    [message] = await desk.types(BEN, "/roster invite admin Mallory")
    assert "Your role, nurse, may not do this" in message.text
    [row] = await desk.rows("SELECT * FROM action WHERE allowed = 0")
    assert (row.actor, row.action) == (BEN.id, "roster_change")


# Changing and leaving


async def test_alma_makes_ben_a_doctor_at_once(desk) -> None:
    [listed] = await desk.types(ALMA, "/roster")
    _, [page] = await desk.presses(ALMA, listed.keys["Change Ben"])
    toast, _ = await desk.presses(ALMA, page.keys["Make doctor"])
    assert toast == "Ben is doctor now."
    assert (await people(desk))[BEN.id] == ("Ben", "doctor")
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'roster_change'")
    assert (row.actor, row.detail) == (ALMA.id, "Ben from nurse to doctor")


async def test_ben_is_asked_about_once_more_and_then_off(desk) -> None:
    _, [page] = await desk.presses(ALMA, f"t:who:{BEN.id}")
    _, [question] = await desk.presses(ALMA, page.keys["Take Ben off the roster"])
    assert BEN.id in await people(desk)
    toast, messages = await desk.presses(ALMA, question.keys["Yes, at once"])
    assert toast == "Ben is off the roster."
    assert BEN.id not in await people(desk)
    texts = {one.chat: one.text for one in messages if one.method == "sendMessage"}
    assert texts[GROUP] == "Ben was taken off the roster (by Alma)."
    assert texts[BEN.id].startswith("You are no longer on the roster of Clinic Linden (by Alma).")
    toast, _ = await desk.presses(None, "d:open:0")
    assert "Only people on the clinic's roster" in toast


async def test_the_only_admin_can_neither_go_nor_become_a_nurse(desk) -> None:
    for code in (f"t:left:{ALMA.id}", f"t:role.nurse:{ALMA.id}"):
        toast, messages = await desk.presses(ALMA, code)
        assert toast.startswith("Alma is the only admin")
        assert not messages
    assert (await people(desk))[ALMA.id] == ("Alma", "admin")


@pytest.mark.parametrize("code", ["t:", "t:left", "t:left:x", "t:role.boss:5001", "t:nothing:5001"])
async def test_a_button_that_was_never_made_changes_nothing(desk, code) -> None:
    before = await people(desk)
    await desk.presses(ALMA, code)
    assert await people(desk) == before


@pytest.mark.hazard("H31")
async def test_what_ben_had_taken_is_open_again_and_the_chat_can_take_it(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    taken = {"claimed_by": BEN.id, "claimed_at": desk.now}
    held = await desk.raises(code, Level.URGENT, **taken)
    later = desk.now + timedelta(seconds=1)
    reached = await desk.raises(
        code, Level.URGENT, **taken, contacted_by=BEN.id, contacted_at=later
    )
    cleos = await desk.raises(code, Level.URGENT, claimed_by=CLEO.id, claimed_at=desk.now)
    _, messages = await desk.presses(ALMA, f"t:left:{BEN.id}")
    [told] = [one for one in messages if one.chat == GROUP and "was taken off" in one.text]
    assert "⚠️ Nobody has these now:" in told.text
    assert told.keys[f"Claim {held}"] == f"a:claim:{held}"
    assert f"{reached} · 50 h after" in told.text.partition("Ben reached these patients")[2]
    assert cleos not in told.text
    [shown] = {one.payload["alert"] for one in messages if one.method == "card"}
    assert shown == held, "an urgent one is told again at once, not when it would have been"
    alerts = (await desk.case(code)).alerts
    assert [alerts[key].claimed_by for key in (held, reached, cleos)] == [None, BEN.id, CLEO.id]
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'claim_void'")
    assert (row.alert, row.detail) == (held, "Ben has left")


@pytest.mark.hazard("H31")
async def test_ben_who_becomes_an_auditor_gives_back_what_he_had_taken_and_his_shift(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    held = await desk.raises(code, Level.URGENT, claimed_by=BEN.id, claimed_at=desk.now)
    cleos = await desk.raises(code, Level.URGENT, claimed_by=CLEO.id, claimed_at=desk.now)
    await desk.types(BEN, "/oncall me 12")
    toast, messages = await desk.presses(ALMA, f"t:role.auditor:{BEN.id}")
    assert toast == "Ben is auditor now."
    [told] = [one for one in messages if one.chat == GROUP and "takes no alerts" in one.text]
    assert told.text.startswith("Ben is auditor now (by Alma) and takes no alerts any more.")
    assert "⚠️ Nobody has these now:" in told.text
    assert "⚠️ Ben was on call. Nobody is now, so alerts go to everyone." in told.text
    assert told.keys[f"Claim {held}"] == f"a:claim:{held}"
    cards = [one for one in messages if one.method == "card" and one.payload["alert"] == held]
    assert {CLEO.id, ALMA.id} <= {one.chat for one in cards}, "the others are told at once"
    assert BEN.id not in {one.chat for one in cards}
    alerts = (await desk.case(code)).alerts
    assert [alerts[key].claimed_by for key in (held, cleos)] == [None, CLEO.id]
    assert not (await desk.runs(lambda: rota.rota(desk.now)))
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'claim_void'")
    assert (row.alert, row.detail) == (held, "Ben takes no alerts any more")
    assert (await people(desk))[BEN.id] == ("Ben", "auditor")


async def test_ben_who_becomes_a_doctor_keeps_what_he_had_taken_and_his_shift(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    held = await desk.raises(code, Level.URGENT, claimed_by=BEN.id, claimed_at=desk.now)
    await desk.types(BEN, "/oncall me 12")
    await desk.presses(ALMA, f"t:role.doctor:{BEN.id}")
    assert (await desk.case(code)).alerts[held].claimed_by == BEN.id
    assert await desk.runs(lambda: rota.rota(desk.now))


@pytest.mark.hazard("H31")
async def test_what_waited_to_be_shown_to_ben_is_not_shown(desk) -> None:
    code = (await desk.enrols()).code
    await desk.types(BEN, f"/case {code}")
    await desk.types(BEN, "/oncall me 12")
    own = "SELECT state FROM outbox WHERE chat_id = :ben AND code = :code"
    assert {one.state for one in await desk.rows(own, ben=BEN.id, code=code)} == {"pending"}
    await desk.presses(ALMA, f"t:left:{BEN.id}")
    assert {one.state for one in await desk.rows(own, ben=BEN.id, code=code)} == {"dropped"}
    assert not (await desk.runs(lambda: rota.rota(desk.now))), "nor is he on call"


async def test_links_of_an_admin_who_leaves_work_no_longer(desk) -> None:
    await desk.presses(ALMA, f"t:role.admin:{CLEO.id}")
    token = await link(desk)
    await desk.presses(CLEO_ADMIN, f"t:left:{ALMA.id}")
    [told] = await opens(desk, token, ZOE)
    assert told.text == DEAD


CLEO_ADMIN = CLEO.__class__(CLEO.id, "Cleo", "admin")


# The first start


async def test_the_settings_begin_the_roster_and_never_bring_somebody_back(desk) -> None:
    await desk.presses(ALMA, f"t:left:{BEN.id}")
    desk.office.settings.__dict__["staff"] = (BEN,)
    await desk.runs(lambda: begin_roster(desk.office, desk.now))
    assert BEN.id not in await people(desk)
