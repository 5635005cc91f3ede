"""getUpdates: order, confirmation, waiting, conflict and expiry."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.standin import no_patience, wait_for_real


async def texts(telegram, **values) -> list[str]:
    return [update["message"]["text"] for update in await telegram.result("getUpdates", **values)]


@pytest.fixture
def anna(people):
    people.anna.starts(people.bot)
    for text in ("one", "two", "three"):
        people.anna.types(people.anna.chat, text)
    return people.anna


@pytest.mark.usefixtures("anna")
async def test_updates_stay_until_an_offset_confirms_them(telegram) -> None:
    assert await texts(telegram) == await texts(telegram) == ["/start", "one", "two", "three"]
    first = (await telegram.result("getUpdates", limit=1))[0]["update_id"]
    assert await texts(telegram, offset=first + 2, limit=1) == ["two"]
    assert await texts(telegram, offset=0) == ["two", "three"]
    assert await texts(telegram, offset=-1) == ["three"]
    assert await texts(telegram) == ["three"]


@pytest.fixture
def long_poll(world, telegram) -> Callable[[], Awaitable[asyncio.Task[Any]]]:
    """Start a poll, and return it once it waits; it waits without end."""

    async def start() -> asyncio.Task[Any]:
        waits = asyncio.Event()

        async def patience(woken: asyncio.Event, seconds: float) -> None:
            assert seconds == 50
            waits.set()
            await woken.wait()

        world.patience = patience
        poll = asyncio.create_task(telegram.call("getUpdates", timeout=60))
        await waits.wait()
        return poll

    return start


async def test_a_poll_waits_for_what_comes(people, long_poll) -> None:
    waiting = await long_poll()
    people.anna.starts(people.bot)
    assert (await waiting)["result"][0]["message"]["text"] == "/start"


async def test_the_older_of_two_polls_is_ended(telegram, long_poll) -> None:
    older = await long_poll()
    assert await telegram.result("getUpdates") == []
    assert await older == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; make sure that only "
        "one bot instance is running",
    }


async def test_setting_a_webhook_ends_a_poll(telegram, long_poll) -> None:
    older = await long_poll()
    await telegram.result("setWebhook", url="https://example.org/hook")
    assert (await older)["description"] == "Conflict: terminated by setWebhook request"
    assert (await telegram.refusal("getUpdates")).startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )


async def test_a_server_that_stops_lets_a_poll_go(world, long_poll) -> None:
    waiting = await long_poll()
    world.close()
    assert (await waiting)["result"] == []


async def test_patience_ends_with_the_event_or_the_time(telegram, anna) -> None:
    event = asyncio.Event()
    await wait_for_real(event, 0)
    await no_patience(event, 50)
    event.set()
    await wait_for_real(event, 50)
    await no_patience(event, 50)
    await telegram.result("getUpdates", offset=-1)
    anna.types(anna.chat, "more")
    assert len(await telegram.result("getUpdates", timeout=50)) == 2


async def test_a_message_waits_a_day_and_a_press_150_seconds(telegram, anna, clock) -> None:
    key = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await telegram.result("sendMessage", chat_id=anna.id, text="x", reply_markup=key)
    anna.presses(anna.sees()[-1], "Yes")
    clock.moves(seconds=149)
    assert "callback_query" in (await telegram.result("getUpdates"))[-1]
    clock.moves(seconds=1)
    assert len(await telegram.result("getUpdates")) == 4
    clock.moves(hours=24)
    assert await telegram.result("getUpdates") == []


async def test_the_choice_of_kinds_stays(telegram, anna) -> None:
    await telegram.updates(allowed_updates=["callback_query", "nonsense"])
    anna.types(anna.chat, "unheard")
    assert await telegram.result("getUpdates") == []
    info = await telegram.result("getWebhookInfo")
    assert info["allowed_updates"] == ["callback_query"]
    await telegram.result("getUpdates", allowed_updates=[])
    anna.types(anna.chat, "heard")
    assert await texts(telegram) == ["heard"]


@pytest.mark.usefixtures("anna")
async def test_any_way_of_asking_is_understood(telegram, world) -> None:
    url = f"{telegram.address}/bot{telegram.token}/GETUPDATES"
    async with telegram.session.get(url, params={"limit": "1", "shape": "round"}) as response:
        assert len((await response.json())["result"]) == 1
    async with telegram.session.post(url, data={"limit": "2"}) as response:
        assert len((await response.json())["result"]) == 2
    assert world.ignored == {"getUpdates.shape": 1}
    for body in ("[]", "{"):
        headers = {"Content-Type": "application/json"}
        async with telegram.session.post(url, data=body, headers=headers) as response:
            assert response.status == 400


async def test_two_bots_have_their_own_updates(telegram, anna, world) -> None:
    other = world.bot("other_bot")
    anna.starts(other)
    assert len(await texts(telegram)) == 4
    telegram.token = other.token
    assert await texts(telegram) == ["/start"]
