"""Serving on this machine, and whether there is a browser to open."""

import pytest
from aiohttp import ClientSession

from bot.demo import create_demo, open_browser, serving
from bot.demo.serving import has_browser


async def test_it_serves_this_machine_alone_on_a_free_port(bot) -> None:
    app = create_demo(bot.world, bot.clock, bot, bot.stage)
    async with serving(app) as address:
        assert address.startswith("http://127.0.0.1:")
        async with ClientSession() as session, session.get(address) as response:
            assert response.status == 200


async def test_a_port_that_is_taken_is_said(bot) -> None:
    app = create_demo(bot.world, bot.clock, bot, bot.stage)
    other = create_demo(bot.world, bot.clock, bot, bot.stage)
    async with serving(app) as address:
        with pytest.raises(OSError, match="address already in use"):
            async with serving(other, int(address.rstrip("/").rpartition(":")[2])):
                pass


@pytest.mark.parametrize(
    ("platform", "environment", "terminal", "there"),
    [
        ("linux", {"DISPLAY": ":0"}, True, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True, True),
        ("linux", {}, True, False),
        ("linux", {"DISPLAY": ":0"}, False, False),
        ("darwin", {}, True, True),
        ("win32", {}, True, True),
        ("darwin", {}, False, False),
    ],
)
def test_a_browser_needs_a_screen_and_somebody_before_it(
    platform, environment, terminal, there
) -> None:
    assert has_browser(platform, environment, terminal=terminal) is there


def test_nothing_is_opened_where_nobody_sits() -> None:
    assert open_browser("http://127.0.0.1:1/") is False
