"""What comes in is stored before anybody is told that it arrived."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.clock import SteppedClock
from bot.health import Pulse
from bot.intake import LARGEST_BODY, SECRET_HEADER, Intake, TakenOverError, chat_of, webhook
from bot.standin import World, create_app, no_patience
from bot.transport import Transport, UnreadableAnswerError
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Query, StorageError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "s" * 43


@pytest.fixture
async def database(tmp_path):
    opened = await open_database(f"sqlite:///{tmp_path / 'inbox.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def intake(database):
    """An intake that only writes down what it hands on."""
    keyring = Keyring.from_text(new_key_text())
    key = await database.run(lambda: clinic_key(keyring))
    handed = []
    taken = Intake(database, key, SteppedClock(NOON), Pulse(NOON), handed.extend)
    taken.handed = handed
    return taken


@pytest.fixture
async def telegram():
    """The stand-in with Anna, and the bot that fetches from it."""
    world = World(SteppedClock(NOON).now, patience=no_patience)
    account = world.bot("aftercheck_bot")
    anna = world.user("Anna")
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        async with Bot(account.token, base_url=f"{address}/bot", request=Transport()) as bot:
            yield world, account, anna, bot


async def stored(database) -> list[int]:
    def asking():
        return (yield Query("SELECT update_id FROM inbox ORDER BY update_id"))

    return [row["update_id"] for row in await database.read(asking)]


async def test_what_anna_wrote_is_stored_and_then_confirmed(intake, telegram, database) -> None:
    _, account, anna, bot = telegram
    anna.starts(account)
    assert await intake.poll(bot, 0) == 1
    assert len(await stored(database)) == 1
    assert account.updates.pending, "confirmed only by the next call"
    await intake.poll(bot, 0)
    assert not account.updates.pending


async def test_what_cannot_be_stored_is_not_confirmed_and_comes_again(
    intake, telegram, database, monkeypatch
) -> None:
    _, account, anna, bot = telegram
    anna.starts(account)

    async def full(_transaction):
        raise StorageError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(intake.database, "run", full)
        with pytest.raises(StorageError):
            await intake.poll(bot, 0)
    assert intake.handed == []
    await intake.poll(bot, 0)
    assert len(await stored(database)) == len(intake.handed) == 1


@pytest.mark.hazard("H13")
async def test_an_update_that_comes_twice_is_worked_on_once(intake, database) -> None:
    update = {"update_id": 7, "message": {"chat": {"id": 5}, "text": "39.2"}}
    await intake.store([update])
    await intake.store([update, {"update_id": 3}])
    assert [one.update_id for one in intake.handed] == [7, 3], "by number, not by size"
    assert await stored(database) == [3, 7]


async def test_what_is_stored_cannot_be_read_without_the_key(intake, tmp_path) -> None:
    await intake.store([{"update_id": 7, "message": {"chat": {"id": 5}, "text": "canary words"}}])
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary words" not in held


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"message": {"chat": {"id": 5}}}, 5),
        ({"edited_message": {"chat": {"id": -100}}}, -100),
        ({"callback_query": {"from": {"id": 9}, "message": {"chat": {"id": 5}}}}, 5),
        ({"callback_query": {"from": {"id": 9}}}, 9),
        ({"my_chat_member": {"chat": {"id": 8}}}, 8),
        ({"poll": {}}, None),
    ],
)
def test_an_update_keeps_the_order_of_its_chat(update, chat) -> None:
    assert chat_of(update) == chat


async def test_an_update_of_no_known_shape_is_stored_all_the_same(intake, database) -> None:
    await intake.store([{"update_id": 4, "message": "not a message"}])
    assert await stored(database) == [4]


async def test_half_of_a_surrogate_pair_stops_nobody(intake, database) -> None:
    update = json.loads('{"update_id": 4, "message": {"chat": {"id": 5}, "text": "\\ud83d ill"}}')
    await intake.store([update, {"update_id": 5}])
    assert await stored(database) == [4, 5]


@pytest.mark.hazard("H24")
async def test_a_second_program_with_the_same_token_ends_the_first(intake, telegram) -> None:
    world, account, _, bot = telegram
    await bot.set_webhook("https://example.org/elsewhere")
    with pytest.raises(TakenOverError, match="Stop that one"):
        await intake.run(bot, nothing_was_missed)
    assert world.bots() == [account]


async def nothing_was_missed(seconds: float) -> None:
    """Refuse to make up for anything."""
    raise AssertionError(seconds)


class Telegram:
    """Fails some polls in a row, answers three, and then accepts the token no longer."""

    def __init__(self, failing: list[Exception]) -> None:
        self.answers: list[Exception | list[object]] = [[], *failing, [], [], [], InvalidToken()]

    async def do_api_request(self, *_args: object, **_values: object) -> list[object]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.hazard("H02")
@pytest.mark.parametrize(
    ("failing", "made_up"),
    [
        ([NetworkError("no way there")] * 10, []),
        ([NetworkError("no way there")] * 60, [180]),
        ([RetryAfter(170)], [170]),
    ],
)
async def test_what_was_pressed_while_no_poll_came_through_is_made_up_for_once(
    database, failing, made_up
) -> None:
    """Telegram keeps a press for 150 seconds; a poll that fails is tried again after three."""
    clock = SteppedClock(NOON, auto=True)
    key = await database.run(lambda: clinic_key(Keyring.from_text(new_key_text())))
    spans: list[float] = []

    async def was_deaf(seconds: float) -> None:
        spans.append(seconds)

    intake = Intake(database, key, clock, Pulse(NOON), lambda _: None)
    with pytest.raises(InvalidToken):
        await intake.run(Telegram(failing), was_deaf)
    assert [round(span) for span in spans] == made_up


@pytest.fixture
async def web_client(intake):
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post("/hook", webhook(intake, SECRET))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_webhook_stores_and_then_says_so(web_client, database) -> None:
    answer = await web_client.post("/hook", json={"update_id": 1}, headers={SECRET_HEADER: SECRET})
    assert answer.status == 200
    assert await stored(database) == [1]


@pytest.mark.hazard("H34")
@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], SECRET + "s", "ж" * 43])
async def test_a_forged_webhook_is_refused_unread(web_client, database, given) -> None:
    headers = {SECRET_HEADER: given} if given.isascii() else {}
    answer = await web_client.post("/hook", data=b"{", headers=headers)
    assert answer.status == 403
    assert await stored(database) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"null"])
async def test_what_is_no_update_is_refused(web_client, body) -> None:
    answer = await web_client.post("/hook", data=body, headers={SECRET_HEADER: SECRET})
    assert answer.status == 400


async def test_a_body_of_more_than_a_mebibyte_is_refused(web_client) -> None:
    body = BytesIO(json.dumps({"update_id": 1, "x": "y" * LARGEST_BODY}).encode())
    answer = await web_client.post("/hook", data=body, headers={SECRET_HEADER: SECRET})
    assert answer.status == 413


async def test_while_nothing_can_be_stored_telegram_is_asked_to_come_again(
    web_client, intake, monkeypatch
) -> None:
    async def full(_transaction):
        raise StorageError("the disk is full")

    monkeypatch.setattr(intake.database, "run", full)
    answer = await web_client.post("/hook", json={"update_id": 1}, headers={SECRET_HEADER: SECRET})
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.hazard("H36")
@pytest.mark.parametrize("number", [None, "7", 2**63, True, 1.5, "left out"])
async def test_an_update_without_a_number_keeps_no_other_from_being_stored(
    intake, database, number
) -> None:
    odd = {} if number == "left out" else {"update_id": number}
    await intake.store([odd, {"update_id": 8}, odd])
    assert await stored(database) == [8]


@pytest.mark.hazard("H36")
async def test_an_update_nested_too_deeply_to_be_written_is_kept(intake, database) -> None:
    deep: object = []
    for _ in range(100_000):
        deep = [deep]
    await intake.store([{"update_id": 9, "message": deep}])
    assert await stored(database) == [9]


@pytest.mark.parametrize("result", ["true", "7", '{"update_id":7}', '[{"message":1}]', "[null]"])
async def test_an_answer_without_updates_is_an_error_after_which_is_asked_again(
    intake, result
) -> None:
    """Not the end of the program, and no loop without a pause."""

    class Odd:
        async def do_api_request(self, *_args, **_values):
            return json.loads(result)

    with pytest.raises(UnreadableAnswerError):
        await intake.poll(Odd(), 0)


async def test_a_body_nested_too_deeply_is_refused(intake) -> None:
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post("/", webhook(intake, SECRET))
    async with TestClient(TestServer(app)) as client:
        body = "[" * 200_000 + "]" * 200_000
        answer = await client.post("/", data=body, headers={SECRET_HEADER: SECRET})
        assert answer.status == 400


def test_an_answer_nested_too_deeply_is_one_that_cannot_be_read() -> None:
    with pytest.raises(UnreadableAnswerError):
        Transport.parse_json_payload(b'{"result":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
