"""A world with a bot, served on this machine; every answer is held against the published API."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pictures import MONDAY
from published import held_against_the_published
from telegram import Bot as LibraryBot
from telegram.request import HTTPXRequest

from bot.standin import MovableClock, World, create_app, no_patience


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(MONDAY)


@pytest.fixture
def world(clock) -> World:
    return World(clock, patience=no_patience)


@pytest.fixture
def people(world) -> SimpleNamespace:
    """Anna, a patient; Ben, a nurse; Cleo, a doctor; and the bot."""
    return SimpleNamespace(
        bot=world.bot("aftercheck_bot"),
        anna=world.user("Anna", language="en"),
        ben=world.user("Ben", language="pt-br", username="ben_the_nurse"),
        cleo=world.user("Cleo", last_name="Diaz"),
    )


@dataclass
class Telegram:
    """The served world, for raw calls."""

    world: World
    token: str
    address: str
    session: ClientSession

    async def call(self, method: str, **values: Any) -> dict[str, Any]:
        url = f"{self.address}/bot{self.token}/{method}"
        async with self.session.post(url, json=values) as response:
            body = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def result(self, method: str, **values: Any) -> Any:
        body = await self.call(method, **values)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **values: Any) -> str:
        body = await self.call(method, **values)
        assert not body["ok"], body
        return body["description"]

    async def refuses(self, reason: str, method: str, **values: Any) -> None:
        """Check that a call is answered 400 with this reason."""
        assert await self.refusal(method, **values) == f"Bad Request: {reason}"

    async def updates(self, **values: Any) -> list[dict[str, Any]]:
        """Fetch what waits and confirm it."""
        found = await self.result("getUpdates", **values)
        if found:
            await self.result("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found


@pytest.fixture
async def telegram(world, people) -> AsyncIterator[Telegram]:
    faults: list[str] = []
    app = create_app(world, deliver=False)
    app.middlewares.append(held_against_the_published(faults, requests=False))
    async with TestServer(app) as server, ClientSession() as session:
        address = str(server.make_url("")).rstrip("/")
        yield Telegram(world, people.bot.token, address, session)
    assert not faults


@pytest.fixture
async def library(telegram) -> AsyncIterator[LibraryBot]:
    """The bot class of python-telegram-bot, pointed at the stand-in."""
    bot = LibraryBot(
        telegram.token,
        base_url=f"{telegram.address}/bot",
        base_file_url=f"{telegram.address}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with bot:
        yield bot


@pytest.fixture
def staff(world, people) -> Iterator[Any]:
    """The staff's supergroup: Ben owns it, Cleo and the bot are in it."""
    return world.supergroup("Staff", people.ben, people.cleo, people.bot)
