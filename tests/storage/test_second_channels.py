"""Ben sets where an alert reaches him besides Telegram, in his own chat with the bot."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from staff_office import ALMA, BEN, CLEO, DORA, EVE, GROUP, NOW, Desk, open_desk

from flows.second_channel import Address, SecondChannel
from storage import clinic, freezing, outbox, second_channels
from storage.outbox_choice import Terms
from storage.outbox_rows import Ending, Lane, NewRow
from storage.sealing import SealError
from storage.transaction import Query

BENS = "ben@example.org"


@pytest.fixture
async def desk(database) -> Desk:
    desk = await open_desk(database)
    desk.office.settings = desk.office.settings.model_copy(
        update={"smtp_url": type(desk.office.settings.smtp_url)("smtp://127.0.0.1:9")}
    )
    return desk


async def alone(desk: Desk, who, text: str) -> list[SimpleNamespace]:
    """Type something in one's own chat."""
    return await desk.types(await now(desk, who), text, who.id)


async def now(desk: Desk, who):
    """Return somebody as the roster has them."""
    return await desk.runs(lambda: clinic.member(who.id))


async def channel(desk: Desk, who=BEN) -> SecondChannel | None:
    return await desk.runs(lambda: second_channels.of(desk.office.vault.clinic, who.id))


async def confirmed(desk: Desk, who=BEN, address: str = BENS) -> None:
    await alone(desk, who, f"/roster channel {address}")
    found = await channel(desk, who)
    assert found is not None
    await alone(desk, who, f"/roster confirm {found.code}")


def codes(messages: list[SimpleNamespace]) -> list[SimpleNamespace]:
    return [one for one in messages if one.method == "second_channel"]


async def test_ben_sets_one_and_its_code_goes_there_with_the_alerts(desk) -> None:
    messages = await alone(desk, BEN, f"/roster channel {BENS}")
    [code] = codes(messages)
    assert (code.chat, code.lane, code.code) == (BEN.id, Lane.ALERT, None)
    [told] = [one for one in messages if one.method == "sendMessage"]
    assert (told.chat, BENS in told.text) == (BEN.id, False)
    assert "the e-mail b…@example.org" in told.text
    found = await channel(desk)
    assert found == SecondChannel(Address("mail", BENS), "asked", code.payload["code"],
                                  desk.now + timedelta(days=1))  # fmt: skip
    [page] = await desk.types(ALMA, "/roster")
    assert "• Ben, nurse: reachable, ⚠️ second channel not confirmed" in page.text
    assert "• Cleo, doctor: reachable, no second channel" in page.text
    assert "• Eve, auditor: reachable\n" in page.text, "she takes no alerts"


@pytest.mark.hazard("H53")
async def test_it_counts_once_its_code_has_come_back(desk) -> None:
    await alone(desk, BEN, f"/roster channel {BENS}")
    assert not (await now(desk, BEN)).has_second_channel
    [wrong] = await alone(desk, BEN, "/roster confirm 00000000")
    assert wrong.text.startswith("That is not the code.")
    code = (await channel(desk)).code
    own, group = await alone(desk, BEN, f"/roster confirm {code}")
    assert own.text.startswith("Your second channel is confirmed.")
    assert (group.chat, group.text) == (GROUP, "Ben has confirmed a second channel.")
    assert (await now(desk, BEN)).has_second_channel
    [again] = await alone(desk, BEN, f"/roster confirm {code}")
    assert again.text.startswith("There is no code that works")
    [nobody] = await alone(desk, CLEO, f"/roster confirm {code}")
    assert nobody.text.startswith("You have no second channel")


@pytest.mark.hazard("H53")
async def test_after_five_wrong_codes_the_right_one_is_over(desk) -> None:
    await alone(desk, BEN, f"/roster channel {BENS}")
    for _ in range(5):
        await alone(desk, BEN, "/roster confirm 00000000")
    [told] = await alone(desk, BEN, f"/roster confirm {(await channel(desk)).code}")
    assert told.text.startswith("There is no code that works")


@pytest.mark.hazard("H53")
async def test_another_address_has_to_be_confirmed_anew(desk) -> None:
    await confirmed(desk)
    assert (await now(desk, BEN)).channel == "confirmed"
    await alone(desk, BEN, "/roster channel benn@example.org")
    assert (await now(desk, BEN)).channel == "asked"


@pytest.mark.hazard("H33")
async def test_an_address_is_sealed_and_in_no_trail(desk) -> None:
    await confirmed(desk)
    [row] = await desk.rows("SELECT * FROM staff WHERE user_id = 5001")
    assert b"example" not in bytes(row.channel)
    trail = await desk.rows("SELECT * FROM action ORDER BY id")
    assert [one.detail for one in trail if one.action == "channel"] == [
        "Ben's: an e-mail, not confirmed yet", "Ben's: confirmed",
    ]  # fmt: skip
    assert BENS not in str([vars(one) for one in trail])

    def moved():
        yield from clinic.get("nothing")
        key = desk.office.vault.clinic
        key.open(bytes(row.channel), second_channels.where(CLEO.id))

    with pytest.raises(SealError):
        await desk.runs(moved)


async def test_a_group_is_no_place_for_an_address(desk) -> None:
    [told] = await desk.types(BEN, f"/roster channel {BENS}")
    assert told.text == "I answer this in a private chat with me."
    assert await channel(desk) is None


@pytest.mark.hazard("H30")
async def test_ben_sets_nobody_elses(desk) -> None:
    [told] = await alone(desk, BEN, "/roster channel Cleo eve@example.org")
    assert told.text.startswith("Your role, nurse, may not do this.")
    assert await channel(desk, CLEO) is None
    [told] = await alone(desk, EVE, "/roster channel eve@example.org")
    assert told.text.startswith("Your role, auditor, may not do this.")


@pytest.mark.hazard("H53")
async def test_alma_sets_cleos_and_only_cleo_can_confirm_it(desk) -> None:
    messages = await alone(desk, ALMA, "/roster channel cleo cleo@example.org")
    [code] = codes(messages)
    assert code.chat == CLEO.id
    told = next(one for one in messages if one.chat == CLEO.id and one.method == "sendMessage")
    assert told.text.startswith("Alma has changed your second channel. A code is on its way")
    await alone(desk, ALMA, f"/roster confirm {code.payload['code']}")
    assert (await now(desk, CLEO)).channel == "asked"
    await alone(desk, CLEO, f"/roster confirm {code.payload['code']}")
    assert (await now(desk, CLEO)).channel == "confirmed"


async def test_nobody_of_that_name_and_no_address(desk) -> None:
    [told] = await alone(desk, ALMA, "/roster channel Zoe zoe@example.org")
    assert told.text == "Nobody on the roster is called Zoe."
    [told] = await alone(desk, ALMA, "/roster channel Eve eve@example.org")
    assert told.text == "Eve takes no alerts, so none would go there."
    [told] = await alone(desk, BEN, "/roster channel ben")
    assert told.text.startswith("«ben» is no e-mail and no https address.\n\nYou have no second")
    await confirmed(desk)
    [told] = await alone(desk, BEN, "/roster channel")
    assert told.text.startswith("Yours is the e-mail b…@example.org: second channel confirmed.")


async def test_off_ends_it_and_what_waits_to_go_there(desk) -> None:
    await alone(desk, BEN, f"/roster channel {BENS}")
    [told] = await alone(desk, BEN, "/roster channel off")
    assert told.text == "Ben has no second channel now: alerts reach them in Telegram alone."
    assert await channel(desk) is None
    assert (await now(desk, BEN)).channel == "none"
    [waiting] = await desk.rows("SELECT * FROM outbox WHERE method = 'second_channel'")
    assert (waiting.state, waiting.reason) == ("dropped", "the channel is another now, or none")


async def test_codes_do_not_fill_a_mailbox(desk) -> None:
    await alone(desk, BEN, f"/roster channel {BENS}")
    [told] = await alone(desk, BEN, "/roster channel eve@example.org")
    assert told.text == "A code was sent there a moment ago. Wait a minute for the next one."
    desk.now += timedelta(minutes=1)
    assert codes(await alone(desk, BEN, "/roster channel ben@example.com"))


async def test_without_a_mail_server_only_a_web_address_will_do(desk) -> None:
    given = desk.office.settings
    desk.office.settings = given.model_copy(update={"smtp_url": type(given.smtp_url)("")})
    [told] = await alone(desk, BEN, f"/roster channel {BENS}")
    assert told.text.startswith("No e-mail can be sent from here")
    assert codes(await alone(desk, BEN, "/roster channel https://hooks.example.org/ben"))


@pytest.mark.hazard("H31", "H53")
async def test_whoever_is_taken_off_has_none_when_they_come_back(desk) -> None:
    await confirmed(desk)
    await desk.presses(await now(desk, ALMA), f"t:left:{BEN.id}")
    [row] = await desk.rows("SELECT * FROM staff WHERE user_id = 5001")
    assert (row.channel, row.channel_state) == (None, "none")
    await desk.runs(lambda: clinic.join(BEN, NOW))
    assert not (await now(desk, BEN)).has_second_channel


async def test_a_new_role_leaves_the_channel_as_it_is(desk) -> None:
    await confirmed(desk)
    await desk.presses(await now(desk, ALMA), f"t:role.doctor:{BEN.id}")
    ben = await now(desk, BEN)
    assert (ben.role, ben.channel) == ("doctor", "confirmed")


async def test_help_names_it_for_who_may(desk) -> None:
    [ben] = await alone(desk, BEN, "/help")
    assert "/roster channel ADDRESS: " in ben.text
    [eve] = await alone(desk, EVE, "/help")
    assert "/roster channel" not in eve.text


# The two ways out of the outbox


@pytest.mark.hazard("H53", "H09")
async def test_neither_way_sees_what_goes_the_other(desk) -> None:
    vault = desk.office.vault
    rows = [
        NewRow("mail", Lane.ALERT, BEN.id, "second_channel", {"alert": "A7K2-1"}),
        NewRow("card", Lane.ALERT, BEN.id, "sendMessage", {"text": "x"}),
        NewRow("more", Lane.ALERT, DORA.id, "second_channel", {"alert": "A7K2-1"}),
    ]
    for row in rows:
        await desk.runs(lambda row=row: outbox.put(row, desk.now, vault))
    telegram, second = Terms(desk.now), Terms(desk.now, second=True)
    mails = await desk.runs(lambda: outbox.claim(second, vault))
    assert [row.chat_id for row in mails.rows] == [BEN.id, DORA.id]
    cards = await desk.runs(lambda: outbox.claim(telegram, vault))
    assert [row.method for row in cards.rows] == ["sendMessage"], "his mail does not hold his chat"
    late = desk.now + timedelta(minutes=2)
    lapsed = await desk.runs(lambda: outbox.claim(replace(telegram, now=late), vault))
    assert [row.method for row in lapsed.lapsed] == ["sendMessage"]
    lapsed = await desk.runs(lambda: outbox.claim(replace(second, now=late), vault))
    assert [row.chat_id for row in lapsed.lapsed] == [BEN.id, DORA.id]
    again = Ending("pending", not_before=late)
    for row in mails.rows:
        await desk.runs(lambda row=row: outbox.finalise(row.id, row.token, again, late))
    assert (await desk.runs(lambda: outbox.claim(replace(telegram, now=late), vault))).rows == ()


@pytest.mark.hazard("H23", "H53")
async def test_after_a_restore_ben_who_is_a_patient_too_still_hears_of_alerts(desk) -> None:
    code = (await desk.enrols()).code

    def restored():
        yield Query("UPDATE patient SET chat_id = 5001 WHERE code = :code", {"code": code})
        row = NewRow("mail", Lane.ALERT, BEN.id, "second_channel", {"alert": "A7K2-1"})
        yield from outbox.put(row, desk.now, desk.office.vault)
        yield from freezing.freeze(desk.now)
        return (yield from freezing.claim(Terms(desk.now, second=True), desk.office.vault))

    assert [row.chat_id for row in (await desk.runs(restored)).rows] == [BEN.id]
