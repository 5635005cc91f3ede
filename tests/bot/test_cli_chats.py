"""The numbers that a new clinic has to write down come from the bot itself."""

import asyncio
import threading

import pytest
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from bot.cli import app
from bot.standin import World, create_app


@pytest.fixture
def served(monkeypatch):
    """A world with a bot, served from a thread of its own: the command runs its own loop."""
    world = World()
    bot = world.bot("aftercheck_bot")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = TestServer(create_app(world, deliver=False))
    asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
    monkeypatch.setenv("TELEGRAM_API_URL", str(server.make_url("")))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", bot.token)
    yield world, bot
    asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_the_group_and_whoever_wrote_there_are_listed(served) -> None:
    world, bot = served
    ben = world.user("Ben")
    staff = world.supergroup("Staff", ben, bot)
    ben.types(staff, "/start")
    result = CliRunner().invoke(app, ["chats"])
    assert result.exit_code == 0
    assert f"STAFF_CHAT_ID={staff.id}   # Staff" in result.output
    assert f"STAFF_ROSTER entry: {ben.id}:Ben:nurse" in result.output
    assert len(bot.updates.pending) >= 1, "nothing was confirmed: the bot gets it all later"


@pytest.mark.usefixtures("served")
def test_where_nobody_wrote_the_command_says_what_to_do() -> None:
    result = CliRunner().invoke(app, ["chats"])
    assert result.exit_code == 1
    assert "write /start there" in result.output


@pytest.mark.usefixtures("served")
def test_a_wrong_token_is_said_in_a_sentence(monkeypatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:wrong")
    result = CliRunner().invoke(app, ["chats"])
    assert result.exit_code == 1
    assert "copy it again from @BotFather" in result.output
