"""The stand-in's methods, parameters and updates are those that are published."""

import pytest
from pictures import png
from published_api import published

from bot.standin.methods import HANDLERS
from bot.standin.parameters import PARAMETERS
from bot.standin.updates import UPDATE_TYPES

KINDS = {
    "Integer": {"Integer"}, "String": {"String"}, "Boolean": {"Boolean"},
    "ChatId": {"Integer", "String"}, "File": {"InputFile", "String"},
}  # fmt: skip


def test_every_method_has_one_handler() -> None:
    assert set(PARAMETERS) == set(HANDLERS) | {"getUpdates"}


@pytest.mark.parametrize("method", PARAMETERS)
def test_every_parameter_is_published(method) -> None:
    fields = {name: set(field.types) for name, field in published().methods[method].items()}
    for name, kind in PARAMETERS[method].items():
        assert name in fields
        if kind == "Array":
            assert all(one.startswith("Array of") for one in fields[name])
        else:
            assert KINDS.get(kind, fields[name]) == fields[name]


def test_update_kinds_are_published() -> None:
    assert set(UPDATE_TYPES) == set(published().types["Update"]) - {"update_id"}


def test_a_fault_is_found() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "Anna"}
    assert not published().result_faults("getMe", user)
    assert published().result_faults("getMe", user | {"id": True}) == [
        "getMe.id: True is no Integer"
    ]
    assert published().result_faults("getMe", user | {"age": 7}) == ["getMe: User has no age"]
    assert published().result_faults("getMe", {"id": 1, "is_bot": 0}) == [
        "getMe.is_bot: 0 is no Boolean", "getMe: User lacks first_name",
    ]  # fmt: skip
    assert published().result_faults("getMe", 5) == ["getMe: no User"]
    assert published().result_faults("getUpdates", {}) == ["getUpdates: no array"]


def test_a_request_is_checked() -> None:
    assert not published().request_faults("sendMessage", {"chat_id": 1, "text": "x"})
    assert published().request_faults("sendMessage", {"chat_id": 1, "shout": True}) == [
        "sendMessage: unknown shout", "sendMessage: text is missing",
    ]  # fmt: skip
    assert not published().request_faults("sendPhoto", {"chat_id": 1, "photo": "attach://a"})
    assert published().request_faults("setWebhook", {"url": "x", "certificate": 5})


async def test_a_long_story_is_as_published(telegram, world, people, staff) -> None:
    """Every kind of update goes by; the fixture holds each answer against the description."""
    anna = people.anna
    anna.opens("https://t.me/aftercheck_bot?start=x")
    anna.edits(anna.types(anna.chat, "warm"), "hot")
    anna.forwards(anna.sends_photo(anna.chat, png(), "arm"), anna.chat)
    anna.sends_document(anna.chat, "a.pdf", b"%PDF")
    key = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y", "style": "success"}]]}
    values = {"chat_id": anna.id, "text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": key}
    assert not published().request_faults("sendMessage", values)
    await telegram.result("sendMessage", **values)
    anna.presses(anna.sees()[-1], "Yes")
    anna.blocks(people.bot)
    staff.promotes(people.bot)
    staff.adds(anna)
    staff.removes(anna)
    world.supergroup("Cases", people.ben, people.bot, forum=True).topic("Case 7")
    world.group("Old", people.ben, people.bot).migrate()
    updates = await telegram.result("getUpdates", allowed_updates=list(UPDATE_TYPES))
    kinds = {kind for update in updates for kind in update} - {"update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert not published().result_faults("getUpdates", updates)
