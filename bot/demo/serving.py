"""Serving the page on this machine, and opening a browser where there is one."""

import os
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

LOCAL = "127.0.0.1"


@asynccontextmanager
async def serving(
    app: web.Application, port: int = 0, host: str = LOCAL, at: socket.socket | None = None
) -> AsyncIterator[str]:
    """Serve an application and give its address; port 0 is any free one.

    `at` is a socket whose address had to be known before.

    Raises:
        OSError: The port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port) if at is None else web.SockSite(runner, at)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def has_browser(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ,
    *, terminal: bool | None = None,
) -> bool:  # fmt: skip
    """Whether somebody sits at this machine with a browser: a terminal, and a screen."""
    if not (sys.stdout.isatty() if terminal is None else terminal):
        return False
    if platform in ("darwin", "win32"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def open_browser(address: str) -> bool:
    """Open the page where there is a browser, and say whether that was done."""
    return has_browser() and webbrowser.open(address)
