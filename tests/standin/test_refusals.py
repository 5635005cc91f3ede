"""Edits, deletions, presses, files and menus that are refused, in the real server's words."""

import pytest
from pictures import png


def keyboard(*buttons):
    return {"reply_markup": {"inline_keyboard": [list(buttons)]}}


@pytest.fixture
def anna(people):
    people.anna.starts(people.bot)
    return people.anna


async def test_edits_that_are_refused(telegram, anna) -> None:
    place = {"chat_id": anna.id}
    sent = await telegram.result("sendMessage", **place, text="<b>x</b>", parse_mode="HTML")
    own = place | {"message_id": sent["message_id"]}
    assert await telegram.refusal("editMessageText", **own, text="<b>x</b>", parse_mode="HTML") == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert "is not modified" in await telegram.refusal("editMessageReplyMarkup", **own)
    await telegram.refuses(
        "message to edit not found", "editMessageText", **place, message_id=1, text="y"
    )
    hers = anna.types(anna.chat, "mine")
    await telegram.refuses(
        "message can't be edited", "editMessageText", **place, message_id=hers.message_id, text="y"
    )
    await telegram.refuses("message identifier is not specified", "editMessageText", text="y")
    keys = {"reply_markup": {"keyboard": [["Yes"]]}}
    await telegram.refuses("inline keyboard expected", "editMessageText", **own, text="y", **keys)
    await telegram.result("deleteMessage", **own)
    await telegram.refuses("message to edit not found", "editMessageText", **own, text="y")
    pinned = await telegram.result("pinChatMessage", **place, message_id=hers.message_id)
    assert pinned
    await telegram.refuses(
        "there is no text in the message to edit",
        "editMessageText",
        **place,
        message_id=hers.message_id + 1,
        text="y",
    )


async def test_deletions_that_are_refused(telegram, anna, clock, staff, people) -> None:
    sent = await telegram.result("sendMessage", chat_id=anna.id, text="x")
    await telegram.refuses("chat identifier is not specified", "deleteMessage", message_id=1)
    await telegram.refuses("message identifier is not specified", "deleteMessage", chat_id=anna.id)
    await telegram.refuses(
        "message to delete not found", "deleteMessage", chat_id=anna.id, message_id=1
    )
    clock.moves(hours=48)
    own = {"chat_id": anna.id, "message_id": sent["message_id"]}
    await telegram.refuses("message can't be deleted for everyone", "deleteMessage", **own)
    bens = {"chat_id": staff.id, "message_id": people.ben.types(staff, "x").message_id}
    await telegram.refuses("message can't be deleted", "deleteMessage", **bens)
    await telegram.refuses(
        "not enough rights to manage pinned messages in the chat", "pinChatMessage", **bens
    )
    staff.promotes(people.bot)
    clock.moves(hours=50)
    await telegram.result("deleteMessage", **bens)


async def test_presses_that_can_no_longer_be_answered(telegram, anna, clock) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await telegram.result(
        "sendMessage", chat_id=anna.id, text="x", **keyboard({"text": "Yes", "callback_data": "y"})
    )
    press = anna.presses(anna.sees()[-1], "Yes")
    answer = {"callback_query_id": press.id}
    assert await telegram.refusal("answerCallbackQuery", callback_query_id="5") == too_old
    await telegram.refuses("MESSAGE_TOO_LONG", "answerCallbackQuery", **answer, text="x" * 201)
    await telegram.refuses("URL_INVALID", "answerCallbackQuery", **answer, url="https://e.org")
    clock.moves(seconds=149)
    await telegram.result(
        "answerCallbackQuery", **answer, url="https://t.me/aftercheck_bot?start=x"
    )
    clock.moves(seconds=1)
    assert await telegram.refusal("answerCallbackQuery", **answer) == too_old


async def test_files_that_are_refused(telegram, anna, world) -> None:
    place = {"chat_id": anna.id}
    await telegram.refuses("there is no photo in the request", "sendPhoto", **place)
    await telegram.refuses(
        "there is no document in the request", "sendDocument", **place, document="attach://x"
    )
    await telegram.refuses(
        "wrong file identifier/HTTP URL specified", "sendPhoto", **place, photo="AgACxyz"
    )
    await telegram.refuses(
        "failed to get HTTP URL content", "sendPhoto", **place, photo="https://e.org/a.png"
    )
    await telegram.refuses("file_id not specified", "getFile")
    await telegram.refuses("invalid file_id", "getFile", file_id="AgACxyz")
    bot = int(telegram.token.split(":")[0])
    photos = anna.sends_photo(anna.chat, png()).photo
    wrong = photos[0].id_for(bot)
    await telegram.refuses(
        "can't use file of type Photo as Document", "sendDocument", **place, document=wrong
    )
    big = anna.sends_document(anna.chat, "film.mp4", b"x" * ((20 << 20) + 1))
    own = big.document.id_for(int(telegram.token.split(":")[0]))
    await telegram.refuses("file is too big", "getFile", file_id=own)
    await telegram.refuses(
        "can't use file of type Document as Photo", "sendPhoto", **place, photo=own
    )
    photo = anna.sends_photo(anna.chat, png())
    theirs = photo.photo[-1].id_for(world.bot("other_bot").id)
    await telegram.refuses("invalid file_id", "getFile", file_id=theirs)


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        (None, 'parameter "media" is required'),
        ([{"type": "photo", "media": "x"}], "too few messages to send as an album"),
        ([{"type": "photo"}] * 11, "too many messages to send as an album"),
        (
            [{"type": "photo"}, {"type": "document"}],
            "document can't be mixed with other media types",
        ),
        (["x", "y"], "can't parse InputMedia: expected an Object"),
        ([{"type": "video"}] * 2, "can't parse InputMedia: type must be photo or document"),
        ([{"type": "photo", "media": "attach://a"}] * 2, "can't parse InputMedia: Media not found"),
    ],
)
async def test_albums_that_are_refused(telegram, anna, media, reason) -> None:
    description = await telegram.refusal("sendMediaGroup", chat_id=anna.id, media=media)
    assert description == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "start", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            {"commands": [{"command": "start"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ({"commands": ["start"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "english"}, "invalid language code specified"),
        ({"scope": {"type": "planet"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"scope": {"type": "chat"}}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"scope": {"type": "chat", "chat_id": "-7"}}, "chat not found"),
        ({"scope": "chat"}, "can't parse BotCommandScope JSON object"),
    ],
)
async def test_menus_that_are_refused(telegram, values, reason) -> None:
    assert await telegram.refusal("setMyCommands", **values) == f"Bad Request: {reason}"


async def test_other_refusals(telegram, anna, staff, people) -> None:
    place = {"chat_id": anna.id}
    await telegram.refuses(
        "there are no administrators in the private chat", "getChatAdministrators", **place
    )
    await telegram.refuses(
        "wrong parameter action in request", "sendChatAction", **place, action="dancing"
    )
    await telegram.refuses("PARTICIPANT_ID_INVALID", "getChatMember", chat_id=staff.id, user_id=1)
    await telegram.refuses("member not found", "getChatMember", **place, user_id=people.ben.id)
    await telegram.refuses(
        "the chat is not a forum", "createForumTopic", chat_id=staff.id, name="x"
    )
    await telegram.refuses("BOT_DESCRIPTION_TOO_LONG", "setMyDescription", description="x" * 513)
    admins = {"type": "chat_administrators", "chat_id": anna.id}
    assert "private chats" in await telegram.refusal("setMyCommands", scope=admins)
    member = {"type": "chat_member", "chat_id": staff.id, "user_id": 0}
    assert "Invalid user_id" in await telegram.refusal("setMyCommands", scope=member)
    await telegram.result(
        "setMyCommands",
        scope=member | {"user_id": anna.id},
        commands=[{"command": "/x", "description": "y"}],
    )


async def test_addresses_that_mean_nothing(telegram, world) -> None:
    assert await telegram.call("sendLove") == {
        "ok": False, "error_code": 404, "description": "Not Found: method not found",
    }  # fmt: skip
    assert world.ignored["sendLove"] == 1
    for token, description in (
        ("7001000001:B", "Unauthorized"), ("x", "Unauthorized: invalid token specified"),
    ):  # fmt: skip
        telegram.token = token
        body = await telegram.call("getMe")
        assert body == {"ok": False, "error_code": 401, "description": description}
    async with telegram.session.get(f"{telegram.address}/elsewhere") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")
