"""429 by itself and on order, and answers that break or get lost."""

import pytest
from aiohttp import ClientError

from bot.standin import UNLIMITED, Limits
from bot.standin.errors import forbidden
from bot.standin.limits import Gate


async def flood(telegram, chat, count: int) -> list[int]:
    """Send so many messages and return the waits that were asked for, 0 where it was sent."""
    bodies = [await telegram.call("sendMessage", chat_id=chat, text="x") for _ in range(count)]
    return [body.get("parameters", {}).get("retry_after", 0) for body in bodies]


async def test_a_private_chat_bears_one_a_second(telegram, people, clock) -> None:
    people.anna.starts(people.bot)
    assert await flood(telegram, people.anna.id, 4) == [0, 0, 0, 3]
    clock.moves(seconds=2)
    body = await telegram.call("sendMessage", chat_id=people.anna.id, text="x")
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    clock.moves(seconds=1)
    assert await flood(telegram, people.anna.id, 1) == [0]


async def test_a_group_bears_twenty_a_minute_edits_included(telegram, staff, clock) -> None:
    assert await flood(telegram, staff.id, 19) == [0] * 19
    place = {"chat_id": staff.id, "message_id": max(staff.messages)}
    await telegram.result("editMessageText", **place, text="y")
    clock.moves(seconds=20)
    assert (await telegram.call("editMessageText", **place, text="z"))["error_code"] == 429
    assert await flood(telegram, staff.id, 1) == [40]


async def test_thirty_a_second_overall(telegram, people, world) -> None:
    patients = [world.user(f"Patient {number}") for number in range(31)]
    for patient in patients:
        patient.starts(people.bot)
    waits = [(await flood(telegram, patient.id, 1))[0] for patient in patients]
    assert waits == [0] * 30 + [1]


async def test_limits_are_a_choice(telegram, people, world) -> None:
    people.anna.starts(people.bot)
    world.gate = Gate(UNLIMITED)
    assert await flood(telegram, people.anna.id, 40) == [0] * 40
    world.gate = Gate(Limits(private=(1, 10.0)))
    assert await flood(telegram, people.anna.id, 2) == [0, 10]


async def test_refusals_on_order_strike_what_they_name(telegram, people, world, staff) -> None:
    people.anna.starts(people.bot)
    world.faults.too_many(7, "sendMessage", staff.id, times=2, skip=1)
    assert await flood(telegram, people.anna.id, 1) == [0]
    assert await flood(telegram, staff.id, 4) == [0, 7, 7, 0]
    world.faults.refuses(forbidden("bot was blocked by the user"), chat=people.anna.id)
    body = await telegram.call("sendChatAction", chat_id=people.anna.id, action="typing")
    assert body["error_code"] == 403
    world.faults.server_error(500, times=3)
    world.faults.clear()
    assert (await telegram.call("getMe"))["ok"]


@pytest.mark.parametrize("executed", [False, True])
async def test_a_server_error_may_hide_a_success(telegram, people, world, executed) -> None:
    people.anna.starts(people.bot)
    world.faults.server_error(502, "sendMessage", executed=executed)
    body = await telegram.call("sendMessage", chat_id=people.anna.id, text="x")
    assert body == {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    assert len(people.anna.sees()) == 1 + executed


@pytest.mark.parametrize(("kind", "delivered"), [("reset_before", False), ("reset_after", True)])
async def test_a_connection_that_breaks(telegram, people, world, kind, delivered) -> None:
    people.anna.starts(people.bot)
    world.faults.breaks(kind, "sendMessage")
    with pytest.raises((ClientError, ConnectionError)):
        await telegram.call("sendMessage", chat_id=people.anna.id, text="x")
    assert len(people.anna.sees()) == 1 + delivered


async def test_answers_that_are_late_or_broken(telegram, people, world) -> None:
    people.anna.starts(people.bot)
    waits = []

    async def patience(_event, seconds):
        waits.append(seconds)

    world.patience = patience
    world.faults.slow(45, "sendMessage")
    await telegram.result("sendMessage", chat_id=people.anna.id, text="x")
    assert waits == [45]
    world.faults.breaks("malformed", "sendMessage")
    with pytest.raises(ValueError, match="Unterminated"):
        await telegram.call("sendMessage", chat_id=people.anna.id, text="y")
    assert people.anna.sees()[-1].text == "y"
