"""Who may do what in the staff chat: every command and button for every role, and for nobody."""

import pytest
from staff_office import ALMA, BEN, CLEO, ELSEWHERE, EVE, GONE, GROUP, Desk, open_desk

from bot.staff.commands import COMMANDS

CARE, READ, LEAD = ("nurse", "doctor", "admin"), ("nurse", "doctor", "admin", "auditor"), (
    "doctor", "admin",
)  # fmt: skip
ALLOWED = {
    "enrol": CARE, "session": CARE, "link": CARE, "lot": CARE,
    "open": READ, "case": READ, "roster": READ,
    "roster invite": ("admin",), "roster channel": CARE, "roster confirm": CARE,
    "oncall": CARE, "oncall plan": LEAD, "oncall away": LEAD,
    "digest": READ, "export": LEAD, "resume": LEAD, "help": READ,
    "due": READ, "board": READ, "no_such_thing": READ,
}  # fmt: skip
"""By command the roles that may, as the design has it; kept apart from the code's own table."""

ALONE = {"roster channel", "roster confirm"}
"""What is done in one's own chat only."""

ACTORS = [BEN, CLEO, ALMA, EVE, GONE, None]
BUTTONS = {
    f"n:1:-:-:area:{'0' * 4}": CARE, "d:open:0": READ, f"t:who:{BEN.id}": ("admin",),
    "h:accept:1": CARE, "o:drop:1": LEAD, "o:there:1": LEAD,
    "x:1": (),
}  # fmt: skip


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


def refusals(messages: list) -> list:
    return [one for one in messages if "roster can use" in one.text or "may not do" in one.text]


def test_every_command_is_in_this_table() -> None:
    assert COMMANDS.keys() | {"no_such_thing"} == ALLOWED.keys()


@pytest.mark.parametrize("who", ACTORS, ids=lambda who: who.name if who else "nobody")
async def test_a_command_is_for_its_roles_and_a_refusal_is_logged(desk, who) -> None:
    role = who.role if who and who.on_roster else None
    expected = 0
    for name, roles in ALLOWED.items():
        chat = who.id if who and name in ALONE else GROUP
        messages = await desk.types(who, f"/{name} A7K2", chat)
        is_allowed = role in roles
        expected += not is_allowed
        assert bool(refusals(messages)) is not is_allowed, name
        assert len(messages) == 1
        assert (messages[0].lane == 3) is not is_allowed, "a refusal must not delay an alert"
    logged = await desk.rows("SELECT * FROM action WHERE allowed = 0")
    assert len(logged) == expected
    assert {row.actor for row in logged} <= {who.id if who else 9999}


@pytest.mark.parametrize("who", ACTORS, ids=lambda who: who.name if who else "nobody")
async def test_a_button_is_for_its_roles_and_a_refusal_is_logged(desk, who) -> None:
    role = who.role if who and who.on_roster else None
    for code, roles in BUTTONS.items():
        toast, messages = await desk.presses(who, code)
        is_refused = "roster can use" in toast or "may not do" in toast
        assert is_refused is (role not in roles), code
        assert not (is_refused and messages)
    refused = sum(role not in roles for roles in BUTTONS.values())
    assert len(await desk.rows("SELECT * FROM action WHERE allowed = 0")) == refused


@pytest.mark.parametrize("who", ACTORS, ids=lambda who: who.name if who else "nobody")
async def test_a_lot_is_for_those_who_care(desk, who) -> None:
    enrolled = await desk.enrols()
    taken, [message] = await desk.answers(who, "AB12", f"enrolment:{enrolled.code}")
    is_allowed = who is not None and who.on_roster and who.role in CARE
    assert taken
    assert bool(refusals([message])) is not is_allowed
    lot = (await desk.case(enrolled.code)).visits[0].lot
    assert lot == ("AB12" if is_allowed else "")


@pytest.mark.hazard("H43")
async def test_in_another_group_cleo_is_shown_nothing(desk) -> None:
    enrolled = await desk.enrols()
    for name in (name for name, roles in ALLOWED.items() if "doctor" in roles):
        [message] = await desk.types(CLEO, f"/{name} {enrolled.code}", chat=ELSEWHERE)
        where = "a private chat with me." if name in ALONE else "the staff chat"
        assert message.text.startswith(f"I answer this in {where}")
    toast, messages = await desk.presses(CLEO, "d:open:0", chat=ELSEWHERE)
    assert (toast[:28], messages) == ("I answer this in the staff c", [])


async def test_in_somebody_elses_private_chat_ben_is_shown_nothing(desk) -> None:
    [message] = await desk.types(BEN, "/open", chat=CLEO.id)
    assert "private chat with me" in message.text


async def test_gus_who_left_is_told_like_anybody_who_is_not_on_the_roster(desk) -> None:
    for who in (GONE, None):
        [message] = await desk.types(who, "/open")
        assert message.text.startswith("Only people on the clinic's roster can use this.")


async def test_a_refusal_about_a_case_is_logged_with_the_case(desk) -> None:
    await desk.types(None, "/case a7k2", chat=GROUP)
    [row] = await desk.rows("SELECT * FROM action WHERE allowed = 0")
    assert (row.code, row.name, row.actor, row.action) == ("A7K2", "Zoe", 9999, "case")


async def test_a_command_to_another_bot_is_none_of_ours(desk) -> None:
    assert not await desk.types(BEN, "/open@other_bot")
    [message] = await desk.types(BEN, "/open@Aftercheck_Bot")
    assert message.text == "Nothing is open."


async def test_eves_help_has_what_an_auditor_may_do(desk) -> None:
    [message] = await desk.types(EVE, "/help")
    lines = message.text.splitlines()
    named = {line.partition(":")[0].split()[0].strip("/") for line in lines if line[:1] == "/"}
    assert named == {name for name, roles in ALLOWED.items() if "auditor" in roles} - {
        "no_such_thing"
    }


async def test_an_unknown_command_is_answered_in_a_sentence(desk) -> None:
    [message] = await desk.types(BEN, "/frobnicate")
    assert message.text == "I do not know /frobnicate. /help lists what I can do."
