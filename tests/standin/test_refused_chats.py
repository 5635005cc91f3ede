"""Chats that cannot be written to, each for its own reason."""

import pytest

APP = {"text": "Board", "web_app": {"url": "https://example.org/app"}}


def keyboard(*buttons):
    return {"reply_markup": {"inline_keyboard": [list(buttons)]}}


@pytest.mark.parametrize(
    ("chat", "reason"),
    [(None, "chat_id is empty"), ("", "chat_id is empty"), (999, "chat not found"),
     (-5, "chat not found"), ("@nobody", "chat not found"), ("anna", "chat not found"),
     ([1], 'parameter "chat_id" must be of type ChatId')],
)  # fmt: skip
async def test_nobody_is_there(telegram, chat, reason) -> None:
    description = await telegram.refusal("sendMessage", chat_id=chat, text="x")
    assert description == f"Bad Request: {reason}"


@pytest.mark.usefixtures("staff")
async def test_somebody_who_cannot_be_written_to(telegram, people) -> None:
    async def refusal(person):
        body = await telegram.call("sendMessage", chat_id=person.id, text="x")
        return body["error_code"], body["description"]

    assert await refusal(people.anna) == (400, "Bad Request: chat not found")
    assert await refusal(people.cleo) == (
        403, "Forbidden: bot can't initiate conversation with a user",
    )  # fmt: skip
    people.anna.starts(people.bot)
    people.anna.blocks(people.bot)
    assert await refusal(people.anna) == (403, "Forbidden: bot was blocked by the user")
    people.anna.deletes_account()
    assert await refusal(people.anna) == (403, "Forbidden: user is deactivated")
    assert await refusal(people.bot) == (403, "Forbidden: bot can't send messages to bots")
    assert (await telegram.result("getChat", chat_id=people.anna.id))["first_name"] == "Anna"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_without_the_bot(telegram, world, people, kind) -> None:
    make = getattr(world, kind)
    group = make("Staff", people.ben)
    send = {"chat_id": group.id, "text": "x"}
    await telegram.refuses("chat not found", "sendMessage", **send)
    group.adds(people.bot)
    await telegram.result("sendMessage", **send)
    group.removes(people.bot)
    assert (
        await telegram.refusal("sendMessage", **send)
        == f"Forbidden: bot was kicked from the {kind} chat"
    )
    group.adds(people.bot)
    await telegram.result("leaveChat", chat_id=group.id)
    assert (
        await telegram.refusal("sendMessage", **send)
        == f"Forbidden: bot is not a member of the {kind} chat"
    )
    answered = await telegram.call("getChat", chat_id=group.id)
    assert answered["ok"] == (kind == "group")


async def test_a_web_app_has_no_place_in_a_group(telegram, staff) -> None:
    send = {"chat_id": staff.id, "text": "x"}
    await telegram.refuses("BUTTON_TYPE_INVALID", "sendMessage", **send, **keyboard(APP))
    phone = {"reply_markup": {"keyboard": [[{"text": "Phone", "request_contact": True}]]}}
    await telegram.refuses("BUTTON_TYPE_INVALID", "sendMessage", **send, **phone)
    link = keyboard({"text": "Board", "url": "https://t.me/aftercheck_bot/board?startapp=x"})
    await telegram.result("sendMessage", **send, **link)
