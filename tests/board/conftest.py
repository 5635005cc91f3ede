"""A clinic with a board, and one browser for all tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser import launched
from clinic import a_journey
from playwright.async_api import Browser
from pseudo_language import speaks, translated  # noqa: F401 - fixtures
from sitting import AtTheBoard, at_the_board


@pytest.fixture
async def clinic(tmp_path) -> AsyncIterator[AtTheBoard]:
    """A clinic whose bot runs and whose board is served; the staff have started the bot."""
    async with a_journey(tmp_path, board_url="http://127.0.0.1:1") as journey:
        await journey.starts_private(journey.ben, journey.cleo, journey.dora, journey.eve)
        async with at_the_board(journey) as found:
            yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser
