"""The demo's page over a small bot, and one browser for all tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from browser import launched
from playwright.async_api import Browser
from pretend_bot import PretendBot, pretend, still_clock

from bot.demo import create_demo


@pytest.fixture
def bot() -> PretendBot:
    return pretend(still_clock())


@pytest.fixture
async def client(bot) -> AsyncIterator[TestClient]:
    app = create_demo(bot.world, bot.clock, bot, bot.stage)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser
