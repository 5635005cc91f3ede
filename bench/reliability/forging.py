"""Webhooks by somebody who does not know the secret: wrong, missing, and nearly right."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from aiohttp.test_utils import TestServer

from bot.app import Aftercheck
from bot.clock import SystemClock
from bot.intake import LARGEST_BODY, Intake
from bot.settings import settings
from bot.way_in import webhook_path
from storage.inbox import waiting
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
REFUSED: Final = frozenset({401, 403, 404, 405})
TOO_LARGE: Final = 413
STORED: Final = 200
UPDATE: Final = json.dumps({"update_id": 1, "message": {"text": "/export"}}).encode()
NO_UPDATE: Final = b'{"update_id'
"""What cannot be parsed: who is refused for the secret was refused before."""


@dataclass
class Refusals:
    """Statuses by how often, how many updates were stored, and what a right one and a huge got."""

    statuses: Counter[int] = field(default_factory=Counter)
    stored: int = 0
    right: int = 0
    huge: int = 0

    @property
    def sent(self) -> int:
        """How many forged ones were sent."""
        return self.statuses.total()

    @property
    def let_in(self) -> int:
        """How many were not refused as they should be."""
        return sum(many for status, many in self.statuses.items() if status not in REFUSED)


def forged(secret: str, random: Random) -> Iterator[bytes | None]:
    """Yield secrets that are wrong, for ever; None is no header at all."""
    while True:
        here = random.randrange(len(secret))
        yield None
        yield b""
        yield "".join(random.choices(LETTERS, k=len(secret))).encode()
        for other in random.sample(LETTERS, 3):
            near = f"{secret[:here]}{other}{secret[here + 1 :]}"
            if near != secret:
                yield near.encode()
        yield secret[:here].encode()
        yield secret[here + 1 :].encode()
        yield secret.swapcase().encode()
        yield f"{secret}{random.choice(LETTERS)}".encode()
        yield f"{secret}, {secret}".encode()
        yield f"Bearer {secret}".encode()
        yield secret.encode()[:here] + bytes([random.randrange(128, 256)]) * 2
        yield f"{secret[:-1]}ſ".encode()


@asynccontextmanager
async def hook(folder: Path, secret: str) -> AsyncIterator[tuple[TestServer, Aftercheck]]:
    """Serve what the bot serves where it has a webhook."""
    key = new_key_text()
    given = settings(
        _env_file=None, telegram_bot_token=f"7001000001:{'A' * 35}", encryption_key=key,
        webhook_url="https://bot.example", webhook_secret=secret,
        database_url=f"sqlite:///{folder / 'hook.db'}",
    )  # fmt: skip
    database = await open_database(given.database_url, backup=False)
    clinic = await database.run(lambda: clinic_key(Keyring.from_text(key)))
    bot = Aftercheck(given, database, SystemClock())
    bot.intake = Intake(database, clinic, bot.clock, bot.pulse, lambda _fresh: None)
    async with (server := TestServer(bot.web())):
        try:
            yield server, bot
        finally:
            await database.close()


class Caller:
    """Sends requests one after the other, with headers of any bytes."""

    def __init__(self, server: TestServer) -> None:
        self.server = server
        self.open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def posts(self, path: str, secret: bytes | None, body: bytes) -> int:
        """Send a request, and return the status; a connection that was closed is opened again."""
        header = b"" if secret is None else b"X-Telegram-Bot-Api-Secret-Token: " + secret + b"\r\n"
        request = (
            f"POST {path} HTTP/1.1\r\nHost: bot\r\nContent-Length: {len(body)}\r\n".encode()
            + header + b"\r\n" + body
        )  # fmt: skip
        try:
            return await self.sends(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.closes()
            return await self.sends(request)

    async def sends(self, request: bytes) -> int:
        """Send a request, and return the status."""
        if self.open is None:
            self.open = await asyncio.open_connection(self.server.host, self.server.port)
        reader, writer = self.open
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        lines = head.split(b"\r\n")
        sizes = [line.split(b":")[1] for line in lines if line.startswith(b"content-length")]
        await reader.readexactly(int(sizes[0]) if sizes else 0)
        if b"connection: close" in lines:
            self.closes()
        return int(lines[0].split()[1])

    def closes(self) -> None:
        """Let go of the connection."""
        if self.open is not None:
            self.open[1].close()
            self.open = None


async def forge(folder: Path, count: int, random: Random) -> Refusals:
    """Send so many forged webhooks, one that is right, and one that is right and too large."""
    secret, found = "".join(random.choices(LETTERS, k=43)), Refusals()
    async with hook(folder, secret) as (server, bot):
        path_in = webhook_path(secret)
        paths = (path_in, path_in, "/telegram/0", path_in.upper(), "/")
        secrets = forged(secret, random)
        caller = Caller(server)
        for number in range(count):
            given, path = next(secrets), paths[number % len(paths)]
            if path != path_in and number % 2:
                given = secret.encode()  # the right secret does not help at another address
            body = UPDATE if number % 3 else NO_UPDATE
            found.statuses[await caller.posts(path, given, body)] += 1
        found.stored = len(await bot.database.read(waiting))
        found.right = await caller.posts(path_in, secret.encode(), UPDATE)
        huge = b" " * (LARGEST_BODY + 1)
        found.huge = await caller.posts(path_in, secret.encode(), huge)
        caller.closes()
    return found
