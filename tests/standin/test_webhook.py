"""Updates brought to an address: order, secret, repeats and their delays."""

import json

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from bot.standin import Deliverer, World, create_app
from bot.standin.server import poster

SECRET = "se-cret"


class Receiver:
    """The bot's side: answers with the next status on its list, 200 at the end of it."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, int]] = []
        self.got: list[dict] = []
        self.headers: list[dict[str, str]] = []

    async def __call__(self, _url: str, body: bytes, headers: dict[str, str]) -> tuple[int, int]:
        self.got.append(json.loads(body))
        self.headers.append(headers)
        return self.answers.pop(0) if self.answers else (200, 0)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got if "message" in update]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def deliverer(world, receiver) -> Deliverer:
    return Deliverer(world, receiver)


@pytest.fixture
async def hooked(telegram):
    url = "https://example.org/hook"
    await telegram.result("setWebhook", url=url, secret_token=SECRET, max_connections=2)
    return telegram


async def test_updates_come_in_order_with_the_secret(hooked, people, deliverer, receiver) -> None:
    people.anna.starts(people.bot)
    people.anna.types(people.anna.chat, "one")
    assert await deliverer.run_due() == 2
    assert receiver.texts == ["/start", "one"]
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == SECRET
    assert (await hooked.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_what_was_not_taken_comes_again_ever_later(
    hooked, people, deliverer, receiver, clock
) -> None:
    people.anna.starts(people.bot)
    people.anna.types(people.anna.chat, "one")
    receiver.answers = [(500, 0)] * 10
    assert await deliverer.run_due() == 2, "the first failure is tried again at once"
    gaps = []
    while receiver.answers:
        waited = 0
        while not await deliverer.run_due():
            clock.moves(seconds=1)
            waited += 1
        gaps.append(waited)
    assert gaps[:6] == [2, 4, 8, 16, 32, 60]
    clock.moves(seconds=60)
    await deliverer.run_due()
    assert receiver.texts == ["/start"] * 11 + ["one"], "nothing of a chat overtakes"
    info = await hooked.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"


async def test_a_press_overtakes_a_text_that_is_stuck(
    hooked, people, deliverer, receiver, clock
) -> None:
    anna = people.anna
    anna.starts(people.bot)
    await deliverer.run_due()
    key = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await hooked.result("sendMessage", chat_id=anna.id, text="x", reply_markup=key)
    anna.types(anna.chat, "stuck")
    receiver.answers = [(500, 0)] * 2
    await deliverer.run_due()
    anna.presses(anna.sees()[1], "Yes")
    await deliverer.run_due()
    assert "callback_query" in receiver.got[-1]
    clock.moves(seconds=2)
    await deliverer.run_due()
    assert receiver.texts[-1] == "stuck"


@pytest.mark.usefixtures("hooked")
async def test_the_receiver_may_ask_for_a_pause(people, deliverer, receiver, clock) -> None:
    people.anna.starts(people.bot)
    receiver.answers = [(503, 30)]
    assert await deliverer.run_due() == 1
    clock.moves(seconds=29)
    assert await deliverer.run_due() == 0
    clock.moves(seconds=1)
    assert await deliverer.run_due() == 1


async def test_an_update_that_grew_old_is_dropped(
    hooked, people, deliverer, receiver, clock
) -> None:
    people.anna.starts(people.bot)
    receiver.answers = [(0, 0), (0, 0)]
    await deliverer.run_due()
    assert (await hooked.result("getWebhookInfo"))["last_error_message"] == "Connection refused"
    clock.moves(hours=24, seconds=-1)
    receiver.answers = [(500, 0)]
    await deliverer.run_due()
    assert (await hooked.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_receiver_gone_for_a_day_loses_its_webhook(
    hooked, people, deliverer, receiver, clock
) -> None:
    people.anna.starts(people.bot)
    receiver.answers = [(410, 0)] * 3
    await deliverer.run_due()
    clock.moves(hours=23, seconds=1)
    await deliverer.run_due()
    assert (await hooked.result("getWebhookInfo"))["url"] == ""
    assert len(await hooked.result("getUpdates")) == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"url": "ftp://e.org"}, "invalid webhook URL specified"),
        ({"url": "http://e.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://e.org:8080"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://127.0.0.1"}, "bad webhook: IP address 127.0.0.1 is reserved"),
        ({"url": "https://localhost"}, "bad webhook: IP address localhost is reserved"),
        ({"url": "https://e.org", "secret_token": "x" * 257}, "secret token is too long"),
        (
            {"url": "https://e.org", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_webhooks_that_are_refused(telegram, values, reason) -> None:
    assert await telegram.refusal("setWebhook", **values) == f"Bad Request: {reason}"


async def test_a_webhook_set_and_unset(telegram, people) -> None:
    people.anna.starts(people.bot)
    values = {"url": "https://e.org", "ip_address": "192.0.2.7", "drop_pending_updates": True}
    await telegram.result("setWebhook", **values, allowed_updates=["message"])
    info = await telegram.result("getWebhookInfo")
    assert (info["ip_address"], info["pending_update_count"]) == ("192.0.2.7", 0)
    await telegram.result("setWebhook", url="")
    assert (await telegram.result("getWebhookInfo"))["url"] == ""


async def test_over_the_wire(clock) -> None:
    """The server delivers by itself, to an address on this machine in local mode."""
    world = World(clock, local_mode=True)
    bot, anna = world.bot(), world.user("Anna")
    statuses = [503, 200, 200]
    received = []

    async def hook(request: web.Request) -> web.Response:
        received.append((await request.json(), request.headers.get("Content-Type")))
        return web.Response(status=statuses.pop(0), headers={"Retry-After": "0"})

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with TestServer(app) as taker, TestServer(create_app(world)) as server:
        anna.starts(bot)
        async with ClientSession() as session:
            url = server.make_url(f"/bot{bot.token}/setWebhook")
            async with session.post(url, data={"url": str(taker.make_url("/hook"))}) as answer:
                assert (await answer.json())["ok"]
            anna.types(anna.chat, "one")
            while bot.updates.pending:
                async with session.get(server.make_url(f"/bot{bot.token}/getMe")):
                    pass
    texts = [update["message"]["text"] for update, _ in received]
    assert texts == ["/start", "/start", "one"]
    async with ClientSession() as session:
        nobody = f"http://127.0.0.1:{unused_port()}/"
        assert await poster(session)(nobody, b"{}", {}) == (0, 0)
