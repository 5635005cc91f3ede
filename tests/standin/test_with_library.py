"""python-telegram-bot goes through every method and reads every result as its own objects."""

import pytest
from pictures import png
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler

YES_NO = InlineKeyboardMarkup.from_row(
    [
        InlineKeyboardButton("All good", callback_data="good"),
        InlineKeyboardButton("No", callback_data="no"),
    ]
)


async def test_the_bot_introduces_itself(library, people) -> None:
    me = await library.get_me()
    assert (me.id, me.username, me.is_bot) == (people.bot.id, "aftercheck_bot", True)
    assert not me.can_read_all_group_messages


async def test_anna_starts_presses_and_is_answered(library, people, world) -> None:
    people.anna.opens("https://t.me/aftercheck_bot?start=abc-123")
    [update] = await library.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.message.text == "/start abc-123"
    assert update.effective_user.language_code == "en"
    asked = await library.send_message(people.anna.id, "How is it?", reply_markup=YES_NO)
    press = people.anna.presses(people.anna.sees()[-1], "All good")
    [update] = await library.get_updates(offset=update.update_id + 1)
    assert update.callback_query.data == "good"
    assert update.callback_query.message.text == "How is it?"
    assert await update.callback_query.answer("Thank you", show_alert=True)
    assert press.answers[0].is_alert
    edited = await asked.edit_text("✓ recorded")
    assert edited.reply_markup is None
    assert edited.edit_date
    whats = [(line.what, line.text) for line in world.shown_to(people.anna)]
    assert whats[-2:] == [("alert", "Thank you"), ("edited", "✓ recorded")]


async def test_a_keyboard_is_changed_and_taken_away(library, people) -> None:
    people.anna.starts(people.bot)
    asked = await library.send_message(people.anna.id, "How is it?", reply_markup=YES_NO)
    other = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Later", callback_data="l"))
    assert (await asked.edit_reply_markup(other)).reply_markup == other
    assert (await asked.edit_reply_markup(None)).reply_markup is None
    assert (await asked.edit_text("x", reply_markup=YES_NO)).reply_markup == YES_NO
    assert await asked.delete()
    assert all(seen.text != "x" for seen in people.anna.sees())


async def test_text_is_formatted(library, people) -> None:
    people.anna.starts(people.bot)
    message = await library.send_message(
        people.anna.id,
        "🌡 <b>38.2</b> <a href='https://example.org/a'>why</a> /help",
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    assert message.text_html.startswith("🌡 <b>38.2</b> <a href=")
    assert [(one.type, one.offset) for one in message.entities] == [
        ("bold", 3), ("text_link", 8), ("bot_command", 12),
    ]  # fmt: skip
    assert message.has_protected_content
    assert message.link_preview_options.is_disabled


async def test_a_reply_names_what_it_replies_to(library, people) -> None:
    said = people.anna.starts(people.bot)
    answer = await library.send_message(
        people.anna.id, "Hello", reply_parameters=ReplyParameters(said.message_id)
    )
    assert answer.reply_to_message.text == "/start"


async def test_the_keyboard_in_place_of_letters(library, people) -> None:
    anna = people.anna
    anna.starts(people.bot)
    keys = ReplyKeyboardMarkup([["Yes", "No"]], one_time_keyboard=True)
    sent = await library.send_message(anna.id, "Well?", reply_markup=keys)
    assert sent.reply_markup is None
    assert anna.taps(anna.chat, "Yes").words.text == "Yes"
    assert anna.chat.reply_keyboard is None
    await library.send_message(anna.id, "Well?", reply_markup=keys)
    await library.send_message(anna.id, "Done", reply_markup=ReplyKeyboardRemove())
    assert anna.chat.reply_keyboard is None


async def test_photos_both_ways(library, people) -> None:
    people.anna.starts(people.bot)
    people.anna.sends_photo(people.anna.chat, png(), "my arm")
    update = (await library.get_updates())[-1]
    sizes = update.message.photo
    assert [(one.width, one.height) for one in sizes][-1] == (1000, 500)
    assert len({one.file_id for one in sizes}) == len(sizes) == 4
    file = await sizes[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == png()
    again = await library.send_photo(people.anna.id, sizes[-1].file_id, caption="yours")
    assert again.caption == "yours"
    new = await library.send_photo(people.anna.id, png(300, 400), filename="arm.png")
    assert new.photo[-1].height == 400


async def test_documents(library, people) -> None:
    people.anna.starts(people.bot)
    document = await library.send_document(people.anna.id, b"a,b\n", filename="history.csv")
    assert document.document.file_name == "history.csv"
    again = await library.send_document(people.anna.id, document.document.file_id)
    assert again.document.file_unique_id == document.document.file_unique_id


async def test_albums(library, people, clock) -> None:
    people.anna.starts(people.bot)
    photos = [
        InputMediaPhoto(png(), caption="<i>one</i>", parse_mode="HTML"),
        InputMediaPhoto(png(90, 90)),
    ]
    album = await library.send_media_group(people.anna.id, photos)
    assert len({message.media_group_id for message in album}) == 1
    assert album[0].caption == "one"
    files = [InputMediaDocument(b"1", filename="1.txt"), InputMediaDocument(b"2", filename="2.txt")]
    with pytest.raises(RetryAfter):
        await library.send_media_group(people.anna.id, files)
    clock.moves(seconds=3)
    sent = await library.send_media_group(people.anna.id, files)
    assert [message.document.file_name for message in sent] == ["1.txt", "2.txt"]


async def test_menus_by_scope_and_language(library, people, staff) -> None:
    people.ben.starts(people.bot)
    everywhere, private = [BotCommand("help", "Help")], [BotCommand("report", "Relatar")]
    assert await library.set_my_commands(everywhere)
    scope = BotCommandScopeAllPrivateChats()
    assert await library.set_my_commands(private, scope, language_code="pt")
    assert await library.get_my_commands(scope, "pt") == tuple(private)
    assert await library.get_my_commands(scope) == ()
    assert people.ben.menu(people.ben.chat) == [{"command": "report", "description": "Relatar"}]
    assert people.anna.menu(people.anna.chat)[0]["command"] == "help"
    assert await library.set_my_commands([("open", "Open cases")], BotCommandScopeChat(staff.id))
    assert people.ben.menu(staff)[0]["command"] == "open"
    assert await library.delete_my_commands(BotCommandScopeChat(staff.id))
    assert people.ben.menu(staff)[0]["command"] == "help"


async def test_a_group_is_looked_at_and_left(library, people, staff) -> None:
    chat = await library.get_chat(staff.id)
    assert (chat.type, chat.title, chat.permissions.can_send_messages) == (
        "supergroup",
        "Staff",
        True,
    )
    assert (await library.get_chat_member(staff.id, people.ben.id)).status == ChatMemberStatus.OWNER
    assert (await library.get_chat_member(staff.id, people.cleo.id)).status == "member"
    assert (await library.get_chat_member(staff.id, people.anna.id)).status == "left"
    staff.promotes(people.cleo, "can_delete_messages")
    staff.promotes(people.bot)
    others = await library.get_chat_administrators(staff.id)
    assert {one.user.first_name for one in others} == {"Ben", "Cleo", "Aftercheck"}
    assert next(one for one in others if one.user.id == people.cleo.id).can_delete_messages
    staff.removes(people.cleo)
    assert (await library.get_chat_member(staff.id, people.cleo.id)).status == "kicked"
    assert await library.leave_chat(staff.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await library.send_message(staff.id, "hello")


async def test_a_private_chat_is_looked_at(library, people) -> None:
    people.anna.starts(people.bot)
    assert (await library.get_chat(people.anna.id)).first_name == "Anna"
    assert (await library.get_chat_member(people.anna.id, people.anna.id)).status == "member"
    assert await library.send_chat_action(people.anna.id, ChatAction.TYPING)
    sent = await library.send_message(people.anna.id, "keep this")
    assert await sent.pin()
    assert (await library.get_chat(people.anna.id)).pinned_message.text == "keep this"


async def test_the_rest_of_what_it_says_of_itself(library) -> None:
    assert await library.set_my_description("Looks after you")
    assert (await library.get_my_description("de")).description == "Looks after you"
    assert await library.set_webhook("https://example.org/hook", max_connections=3)
    info = await library.get_webhook_info()
    assert (info.url, info.max_connections) == ("https://example.org/hook", 3)
    with pytest.raises(Conflict):
        await library.get_updates()
    assert await library.delete_webhook(drop_pending_updates=True)


async def test_a_topic_is_opened_and_written_into(library, people, world) -> None:
    forum = world.supergroup("Cases", people.ben, people.bot, forum=True)
    with pytest.raises(BadRequest, match="ot enough rights to create a topic"):
        await library.create_forum_topic(forum.id, "Case 7")
    forum.promotes(people.bot)
    topic = await library.create_forum_topic(forum.id, "Case 7")
    sent = await library.send_message(forum.id, "hello", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message
    assert sent.reply_to_message.forum_topic_created.name == "Case 7"


async def test_an_application_of_the_library_runs_on_it(library, people) -> None:
    """Handlers that look at entities and commands get what they look for."""
    heard = []

    async def started(update, context) -> None:
        heard.append(context.args)
        await update.message.reply_text("Hello", reply_markup=YES_NO)

    async def pressed(update, _context) -> None:
        await update.callback_query.answer()
        await update.callback_query.edit_message_text("✓")

    application = ApplicationBuilder().bot(library).updater(None).build()
    application.add_handler(CommandHandler("start", started))
    application.add_handler(CallbackQueryHandler(pressed, "good"))
    async with application:
        people.anna.starts(people.bot, "token")
        for act in (lambda: None, lambda: people.anna.presses(people.anna.sees()[-1], "All good")):
            act()
            for update in await library.get_updates():
                await application.process_update(update)
                await library.get_updates(offset=update.update_id + 1)
    assert heard == [["token"]]
    assert [seen.text for seen in people.anna.sees()] == ["/start token", "✓"]


async def test_a_stranger_has_no_bot(library, telegram) -> None:
    other = type(library)("123:none", base_url=f"{telegram.address}/bot")
    with pytest.raises(InvalidToken):
        await other.initialize()
    await other.shutdown()
