"""Groups: what a bot hears, who is who, topics, and the upgrade to a supergroup."""

import pytest
from pictures import png

from bot.standin import NotAllowedError, NotInChatError

YES = {"inline_keyboard": [[{"text": "Take it", "callback_data": "take"}]]}


async def said(telegram) -> list[str]:
    updates = await telegram.updates()
    return [update["message"]["text"] for update in updates if "text" in update.get("message", {})]


async def test_privacy_mode_hides_what_is_not_for_the_bot(telegram, people, staff) -> None:
    ben = people.ben
    alert = await telegram.result("sendMessage", chat_id=staff.id, text="alert")
    ben.types(staff, "who is on call?")
    ben.types(staff, "@aftercheck_bot hello")
    ben.types(staff, "later: /open@aftercheck_bot")
    ben.types(staff, "/open")
    ben.types(staff, "/open@Aftercheck_bot now")
    ben.types(staff, "/open@other_bot")
    ben.types(staff, "on it", reply_to=staff.messages[alert["message_id"]])
    ben.types(staff, "to Cleo", reply_to=ben.types(staff, "plain"))
    assert await said(telegram) == ["/open", "/open@Aftercheck_bot now", "on it"]


async def test_an_admin_bot_hears_everything(telegram, people, staff) -> None:
    staff.promotes(people.bot, "can_manage_topics")
    people.ben.types(staff, "who is on call?")
    assert await said(telegram) == ["who is on call?"]
    staff.demotes(people.bot)
    people.ben.types(staff, "nobody?")
    assert await said(telegram) == []
    people.bot.reads_all = True
    people.ben.types(staff, "me!")
    assert await said(telegram) == ["me!"]


async def test_a_command_for_nobody_is_for_the_last_bot_that_wrote(
    telegram, world, people, staff
) -> None:
    other = world.bot("other_bot")
    staff.adds(other)
    people.ben.types(staff, "/open")
    assert await said(telegram) == []
    await telegram.result("sendMessage", chat_id=staff.id, text="alert")
    people.ben.types(staff, "/open")
    assert await said(telegram) == ["/open"]
    assert [one.body["update_id"] for one in other.updates.pending]


async def test_the_bot_is_told_of_its_place(telegram, people, world) -> None:
    group = world.group("Staff", people.ben)
    group.adds(people.bot, people.ben)
    group.promotes(people.bot)
    group.removes(people.bot)
    updates = await telegram.updates()
    changes = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    places = [
        (one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes
    ]
    assert places == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    joined = [update["message"] for update in updates if "message" in update]
    assert joined[0]["new_chat_members"][0]["id"] == people.bot.id


async def test_an_admin_bot_may_ask_for_the_places_of_others(telegram, people, staff) -> None:
    staff.promotes(people.bot)
    await telegram.updates(allowed_updates=["chat_member"])
    staff.adds(people.anna)
    staff.lets_go(people.anna)
    updates = await telegram.updates()
    assert [one["chat_member"]["new_chat_member"]["status"] for one in updates] == [
        "member",
        "left",
    ]


async def test_an_anonymous_administrator_writes_as_the_group_and_presses_as_herself(
    telegram, people, staff
) -> None:
    staff.promotes(people.cleo, anonymous=True)
    staff.hides(people.ben)
    people.cleo.types(staff, "/open")
    message = (await telegram.updates())[-1]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["sender_chat"]["id"] == staff.id
    await telegram.result("sendMessage", chat_id=staff.id, text="alert", reply_markup=YES)
    shown = staff.as_seen_by(people.ben)
    assert shown[-2].by == "Staff"
    people.cleo.presses(shown[-1], "Take it")
    query = (await telegram.updates())[-1]["callback_query"]
    assert query["from"]["id"] == people.cleo.id
    assert query["chat_instance"] == staff.instance
    admins = await telegram.result("getChatAdministrators", chat_id=staff.id)
    assert [one["is_anonymous"] for one in admins] == [True, True]


async def test_a_group_becomes_a_supergroup(telegram, world, people) -> None:
    group = world.group("Staff", people.ben, people.cleo, people.bot)
    old = await telegram.result("sendMessage", chat_id=group.id, text="alert", reply_markup=YES)
    await telegram.updates()
    new = group.migrate()
    moved = [update["message"] for update in await telegram.updates()]
    assert [one.get("migrate_to_chat_id") for one in moved] == [new.id, None]
    assert moved[1]["migrate_from_chat_id"] == group.id
    body = await telegram.call("sendMessage", chat_id=group.id, text="alert")
    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    place = {"chat_id": group.id, "message_id": old["message_id"]}
    assert "can't be edited" in await telegram.refusal("editMessageText", **place, text="x")
    sent = await telegram.result("sendMessage", chat_id=new.id, text="alert")
    assert (sent["chat"]["type"], sent["message_id"]) == ("supergroup", 2)
    for late in (lambda: people.ben.types(group, "x"), lambda: group.as_seen_by(people.ben),
                 lambda: group.adds(people.anna)):  # fmt: skip
        with pytest.raises(NotInChatError):
            late()
    for chat in (group, new):
        with pytest.raises(NotAllowedError):
            chat.migrate()


async def test_topics(telegram, world, people) -> None:
    forum = world.supergroup("Cases", people.ben, people.bot, forum=True, username="cases_here")
    case = forum.topic("Case 7")
    send = {"chat_id": "@cases_here", "message_thread_id": case.id, "text": "x"}
    sent = await telegram.result("sendMessage", **send)
    assert (sent["message_thread_id"], sent["chat"]["is_forum"]) == (case.id, True)
    people.ben.types(forum, "/open", topic=case.id)
    reply = people.ben.types(forum, "seen", reply_to=forum.messages[sent["message_id"]])
    assert reply.thread == case.id
    updates = await telegram.updates()
    assert [one["message"]["message_thread_id"] for one in updates[-2:]] == [case.id, case.id]
    case.closed = forum.general.closed = True
    in_general = {"chat_id": forum.id, "text": "x"}
    assert await telegram.refusal("sendMessage", **in_general) == "Bad Request: TOPIC_CLOSED"
    assert await telegram.refusal("sendMessage", **send) == "Bad Request: TOPIC_CLOSED"
    with pytest.raises(NotAllowedError):
        people.ben.types(forum, "x", topic=case.id)
    case.deleted = True
    assert await telegram.refusal("sendMessage", **send) == "Bad Request: message thread not found"
    forum.promotes(people.bot)
    assert "TOPIC_TITLE_EMPTY" in await telegram.refusal("createForumTopic", chat_id=forum.id)
    await telegram.result("pinChatMessage", chat_id=forum.id, message_id=sent["message_id"])
    assert (await telegram.result("getChat", chat_id=forum.id))["active_usernames"]
    plain = world.supergroup("Staff", people.ben, people.bot)
    sent = await telegram.result("sendMessage", chat_id=plain.id, message_thread_id=9, text="x")
    assert "message_thread_id" not in sent
    with pytest.raises(NotAllowedError):
        plain.topic("none here")


async def test_a_menu_differs_for_administrators(telegram, people, staff) -> None:
    async def offers(name, **scope):
        commands = [{"command": name, "description": "x"}]
        await telegram.result("setMyCommands", commands=commands, scope=scope)

    await offers("everyone", type="all_group_chats")
    await offers("chiefs", type="all_chat_administrators")
    await offers("these", type="chat_administrators", chat_id=staff.id)
    assert people.cleo.menu(staff)[0]["command"] == "everyone"
    assert people.ben.menu(staff)[0]["command"] == "these"
    await offers("ben", type="chat_member", chat_id=staff.id, user_id=people.ben.id)
    assert people.ben.menu(staff)[0]["command"] == "ben"


async def test_a_command_under_a_photo_is_heard(telegram, people, staff) -> None:
    people.ben.sends_photo(staff, png(), "/case ABCD")
    update = (await telegram.updates())[-1]["message"]
    assert update["caption_entities"][0]["type"] == "bot_command"
