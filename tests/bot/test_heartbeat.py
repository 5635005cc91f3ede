"""Somebody outside hears from a bot that is well, and a deaf one outside stops nothing."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.heartbeat import beat


@pytest.fixture
async def outside():
    """A watchdog that counts the calls it gets."""
    calls = []

    async def heard(request):
        calls.append(1)
        return web.Response(status=int(request.query.get("says", "200")))

    app = web.Application()
    app.router.add_get("/alive", heard)
    async with TestServer(app) as server:
        yield str(server.make_url("/alive")), calls


async def test_it_is_called_once(outside) -> None:
    url, calls = outside
    assert await beat(url)
    assert calls == [1]


async def test_a_call_that_was_refused_was_not_heard(outside) -> None:
    url, _ = outside
    assert not await beat(f"{url}?says=500")


async def test_somebody_who_cannot_be_reached_stops_nothing() -> None:
    assert not await beat("http://127.0.0.1:9/alive")


async def test_without_an_address_nobody_is_called() -> None:
    assert not await beat("")
