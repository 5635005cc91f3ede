"""Messages that the real server does not send are not sent, and it is said in its words."""

import pytest

LONG = "é" * 4097
APP = {"text": "Board", "web_app": {"url": "https://example.org/app"}}


def keyboard(*buttons):
    return {"reply_markup": {"inline_keyboard": [list(buttons)]}}


@pytest.fixture
def anna(people):
    people.anna.starts(people.bot)
    return people.anna


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": LONG}, "message is too long"),
        ({"text": "🌡" * 2049}, "message is too long"),
        ({"text": 5}, 'parameter "text" must be of type String'),
        (
            {"text": "x", "protect_content": "maybe"},
            'parameter "protect_content" must be of type Boolean',
        ),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "x", "parse_mode": "MarkdownV2"},
            "parse_mode MarkdownV2 is not supported by the stand-in; use HTML",
        ),
        (
            {"text": "a < b", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        (
            {"text": "é<b>x", "parse_mode": "html"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": "0", "length": 1}]},
            'can\'t parse MessageEntity: Field "offset" must be of type Number',
        ),
        (
            {"text": "x", "entities": [{"type": "shiny", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        ({"text": "x", "entities": ["bold"]}, "can't parse MessageEntity: expected an Object"),
        ({"text": "x", "entities": {}}, "expected an Array as entities"),
        ({"text": "x", "reply_parameters": {"message_id": 7}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {}, "message_thread_id": 9}, "message thread not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": "7"}},
            "can't parse reply parameters JSON object",
        ),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": []}, "object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": {}}},
            'field "inline_keyboard" must be an Array of Arrays',
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[{}]]}},
            "keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[5]]}},
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
        ),
    ],
)
async def test_a_message_that_is_not_sent(telegram, anna, values, reason) -> None:
    await telegram.refuses(reason, "sendMessage", chat_id=anna.id, **values)
    assert len(anna.sees()) == 1


@pytest.mark.parametrize(
    ("buttons", "reason"),
    [
        (("Yes",), "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (
            ({"callback_data": "y"},),
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (({"text": " ", "callback_data": "y"},), "inline keyboard button text must be non-empty"),
        (
            ({"text": "Yes"},),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            ({"text": "Yes", "callback_data": 5},),
            "can't parse inline keyboard button: a field must be of type String",
        ),
        (({"text": "Yes", "callback_data": "é" * 33},), "BUTTON_DATA_INVALID"),
        (
            ({"text": "Yes", "callback_data": "y", "style": "pink"},),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            ({"text": "Yes", "url": "nowhere"},),
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            ({"text": "Yes", "web_app": {"url": "http://e.org"}},),
            (
                "inline keyboard button Web App URL 'http://e.org' is invalid: "
                "Only HTTPS links are allowed"
            ),
        ),
        ([*[{"text": "Yes", "callback_data": "y"}] * 101], "reply markup is too long"),
    ],
)
async def test_a_keyboard_that_is_not_shown(telegram, anna, buttons, reason) -> None:
    keys = keyboard(*buttons)
    await telegram.refuses(reason, "sendMessage", chat_id=anna.id, text="x", **keys)
    assert len(anna.sees()) == 1


async def test_an_empty_keyboard_is_none(telegram, anna) -> None:
    for empty in ({}, {"inline_keyboard": []}, {"selective": True}, {"force_reply": True}):
        sent = await telegram.result("sendMessage", chat_id=anna.id, text="x", reply_markup=empty)
        assert "reply_markup" not in sent
        telegram.world.gate.sent.clear()


async def test_the_longest_of_everything_is_sent(telegram, anna) -> None:
    exactly = keyboard({"text": "Yes", "callback_data": "é" * 32, "style": "danger"}, APP)
    text = "🌡" * 2048
    sent = await telegram.result("sendMessage", chat_id=str(anna.id), text=text, **exactly)
    assert sent["reply_markup"]["inline_keyboard"][0][1] == APP
    missing = {"message_id": 7, "allow_sending_without_reply": True}
    sent = await telegram.result("sendMessage", chat_id=anna.id, text="x", reply_parameters=missing)
    assert "reply_to_message" not in sent
