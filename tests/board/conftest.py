"""A clinic with a board, and one browser for all tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser import launched
from clinic import a_journey
from playwright.async_api import Browser
from pseudo_language import PSEUDO, write_pseudo_language
from sitting import AtTheBoard, at_the_board

from flows import staff_language
from flows.staff_language import speak


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


@pytest.fixture
def speaks(tmp_path, monkeypatch):
    """Let staff read the pseudo-language from when this is called."""
    catalogues = tmp_path / "catalogues"
    catalogues.mkdir()
    write_pseudo_language(catalogues)
    monkeypatch.setattr(staff_language, "CATALOGUES", catalogues)
    yield lambda: speak(PSEUDO)
    speak("en")
