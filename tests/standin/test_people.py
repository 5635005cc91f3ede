"""What people can and cannot do, and what the truth log says they were shown."""

from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta

import pytest
from pictures import MONDAY, png

from bot.standin import (
    ButtonGoneError,
    MessageGoneError,
    MovableClock,
    NotAllowedError,
    NotInChatError,
    NotStartedError,
    World,
)

YES = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://e.org"}]
    ]
}


async def asked(telegram, person, text="How is it?"):
    await telegram.result("sendMessage", chat_id=person.id, text=text, reply_markup=YES)
    return person.sees()[-1]


def test_nobody_writes_before_start(people) -> None:
    anna = people.anna
    with pytest.raises(NotStartedError):
        anna.types(anna.chat, "hello")
    anna.opens("https://t.me/aftercheck_bot?start=token")
    assert anna.types(anna.chat, "hello").words.text == "hello"


@pytest.mark.parametrize(
    "link",
    ["https://t.me/nobody?start=x", "https://e.org/aftercheck_bot?start=x",
     "https://t.me/aftercheck_bot?start=a.b", "https://t.me/aftercheck_bot?start=" + "x" * 65],
)  # fmt: skip
def test_a_link_that_leads_nowhere(people, link) -> None:
    with pytest.raises(NotAllowedError):
        people.anna.opens(link)


async def test_a_button_must_still_be_there(telegram, people) -> None:
    anna = people.anna
    anna.starts(people.bot)
    seen = await asked(telegram, anna)
    assert seen.buttons == (("Yes", "Site"),)
    anna.presses(seen, "Yes")
    place = {"chat_id": anna.id, "message_id": seen.message_id}
    with pytest.raises(ButtonGoneError):
        anna.presses(seen, "No")
    with pytest.raises(NotAllowedError):
        anna.presses(seen, "Site")
    await telegram.result("editMessageText", **place, text="✓")
    with pytest.raises(ButtonGoneError):
        anna.presses(seen, "Yes")
    await telegram.result("deleteMessage", **place)
    with pytest.raises(MessageGoneError):
        anna.presses(seen, "Yes")
    with pytest.raises(ButtonGoneError):
        anna.taps(anna.chat, "Yes")


async def test_blocking_is_told_once(telegram, people) -> None:
    anna, bot = people.anna, people.bot
    anna.starts(bot)
    assert [list(update)[1] for update in await telegram.updates()] == ["message"]
    anna.blocks(bot)
    anna.blocks(bot)
    with pytest.raises(NotStartedError):
        anna.types(anna.chat, "hello")
    anna.starts(bot)
    updates = await telegram.updates()
    assert [list(update)[1] for update in updates] == [
        "my_chat_member",
        "my_chat_member",
        "message",
    ]
    change = updates[0]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    assert (change["chat"]["type"], change["from"]["id"]) == ("private", anna.id)


async def test_an_edit_is_a_new_update_and_a_deletion_none(telegram, people) -> None:
    anna = people.anna
    anna.starts(people.bot)
    said = anna.types(anna.chat, "38.2")
    anna.edits(said, "39.2 🌡")
    anna.deletes(said)
    updates = await telegram.updates()
    assert [list(update)[1] for update in updates] == ["message", "message", "edited_message"]
    edited = updates[-1]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("39.2 🌡", said.message_id)
    assert edited["edit_date"] == int(MONDAY.timestamp())
    with pytest.raises(MessageGoneError):
        anna.edits(said, "40")
    bots = await asked(telegram, anna)
    with pytest.raises(MessageGoneError):
        anna.deletes(bots)


async def test_an_album_is_several_messages_of_one_group(telegram, people) -> None:
    people.anna.starts(people.bot)
    people.anna.sends_album(people.anna.chat, png(), png(2000, 3000), caption="both arms")
    one, two = [update["message"] for update in await telegram.updates()][1:]
    assert one["media_group_id"] == two["media_group_id"]
    assert (one["caption"], two.get("caption")) == ("both arms", None)
    assert (two["photo"][-1]["width"], two["photo"][-1]["height"]) == (1706, 2560)


async def test_forwarding_unless_protected(telegram, people, staff) -> None:
    anna, ben = people.anna, people.ben
    anna.starts(people.bot)
    hers = await asked(telegram, anna)
    people.bot.reads_all = True
    ben.starts(people.bot)
    ben.forwards(ben.types(ben.chat, "look"), staff)
    message = (await telegram.updates())[-1]["message"]
    assert message["forward_origin"]["sender_user"]["id"] == ben.id
    anna.forwards(hers, anna.chat)
    await telegram.result("sendMessage", chat_id=anna.id, text="x", protect_content=True)
    with pytest.raises(NotAllowedError):
        anna.forwards(anna.sees()[-1], anna.chat)


async def test_a_document_is_sent_and_fetched_for_an_hour(telegram, people, clock) -> None:
    people.anna.starts(people.bot)
    people.anna.sends_document(people.anna.chat, "letter.pdf", b"%PDF", "application/pdf", "see")
    document = (await telegram.updates())[-1]["message"]["document"]
    path = (await telegram.result("getFile", file_id=document["file_id"]))["file_path"]
    url = f"{telegram.address}/file/bot{telegram.token}/{path}"
    async with telegram.session.get(url) as response:
        assert await response.read() == b"%PDF"
    clock.moves(hours=1)
    for address in (url, url.replace(telegram.token, "1:none"), url + "x"):
        async with telegram.session.get(address) as response:
            assert response.status in (401, 404)


async def test_the_log_says_what_everybody_was_shown(telegram, people, staff, world, clock) -> None:
    await telegram.result("sendMessage", chat_id=staff.id, text="alert", reply_markup=YES)
    await telegram.result("sendChatAction", chat_id=staff.id, action="typing")
    clock.moves(minutes=5)
    press = people.cleo.presses(staff.as_seen_by(people.cleo)[-1], "Yes")
    await telegram.result("answerCallbackQuery", callback_query_id=press.id, text="yours")
    shown = world.shown_to(people.cleo, since=MONDAY)
    assert [line.what for line in shown[-3:]] == ["sent", "action", "toast"]
    assert shown[-3].buttons == (("Yes", "Site"),)
    assert shown[-1].at == MONDAY + timedelta(minutes=5)
    assert [line.what for line in world.shown_to(people.ben)][-1] == "action"
    assert not world.shown_to(people.anna)
    with pytest.raises(FrozenInstanceError):
        shown[0].text = "never said"


def test_only_members_see_and_act(people, staff, world) -> None:
    anna, ben = people.anna, people.ben
    said = ben.types(staff, "plain")
    for act in (
        lambda: staff.as_seen_by(anna), lambda: anna.types(staff, "x"),
        lambda: anna.deletes(said),
    ):  # fmt: skip
        with pytest.raises(NotInChatError):
            act()
    with pytest.raises(NotAllowedError):
        ben.types(staff, "  ")
    shown = staff.as_seen_by(ben)[-1]
    ben.starts(people.bot)
    staff.messages.clear()
    with pytest.raises(MessageGoneError):
        ben.edits(shown, "x")
    world.bot("other_bot")
    with pytest.raises(NotInChatError):
        _ = anna.chat
    with pytest.raises(NotInChatError):
        _ = world.supergroup("Nobody's").owner


def test_a_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        MovableClock(datetime(2026, 11, 23))  # noqa: DTZ001
    assert World().now().tzinfo is not None


def test_a_chat_knows_who_is_in_it(people, staff, world) -> None:
    people.ben.starts(people.bot)
    assert [seen.text for seen in people.ben.sees(staff)] == ["", ""]
    assert people.ben.sees()[0].mine
    assert staff.as_seen_by(people.ben)[0].service == ("new_chat_members",)
    assert world.bot_named("@Aftercheck_bot") is people.bot
    assert people.bot in list(people.ben.chat.accounts())
    people.ben.unblocks(people.bot)
    assert len(people.bot.updates.pending) == 3
