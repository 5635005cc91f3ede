"""Pictures and answers that grow when they are opened, and how much memory a bot needs for them.

Each is fetched by a process of its own, over HTTP, through the real fetcher of photos.
"""

import asyncio
import multiprocessing
import struct
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web
from telegram import Bot as Library

from bench.reliability.ward import Ward
from bot.transport import Transport
from storage.journal import Unfetched

MEGABYTE: Final = 1 << 20
PATIENCE: Final = 60.0  # seconds
SIDE: Final = 20_000  # pixels
SMALL_PICTURE: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 90, 90) + bytes(5)


class Bomb(NamedTuple):
    """A file as the server sends it: its headers and its pieces."""

    headers: dict[str, str]
    pieces: Callable[[], AsyncIterator[bytes]]
    kept: bool = False


def whole(content: Callable[[], bytes]) -> Callable[[], AsyncIterator[bytes]]:
    """Return what sends this content; it is made when it is asked for."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content()

    return pieces


async def endless() -> AsyncIterator[bytes]:
    """Send zeros until nobody takes them, at most 400 MB."""
    for _ in range(400):
        yield bytes(MEGABYTE)


def pixels() -> bytes:
    """Return a PNG of a few kilobytes with 400 million pixels."""
    row = zlib.compressobj(9)
    drawn = b"".join(row.compress(bytes(SIDE // 8 + 1)) for _ in range(SIDE)) + row.flush()
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    found = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", header), (b"IDAT", drawn), (b"IEND", b"")):
        check = zlib.crc32(kind + content)
        found += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
    return found


def packed(megabytes: int = 256) -> bytes:
    """Return so many megabytes of zeros as gzip packs them, to a thousandth."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packing.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packing.flush()


def bombs() -> dict[str, Bomb]:
    """Return every bomb by what it is; the last two are none, and are kept."""
    return {
        "a picture of 400 million pixels": Bomb({}, whole(pixels)),
        "an answer that unpacks to 256 MB": Bomb({"Content-Encoding": "gzip"}, whole(packed)),
        "a file without end": Bomb({}, endless),
        "a packed archive": Bomb({}, whole(lambda: b"PK\x03\x04" + packed())),
        "a page": Bomb({}, whole(lambda: b"<svg onload=alert(1)>")),
        "20 MB that are no picture": Bomb({}, whole(lambda: bytes(20 * MEGABYTE))),
        "nothing": Bomb({}, whole(bytes)),
        "a picture of 10 MB": Bomb(
            {}, whole(lambda: SMALL_PICTURE.ljust(10 * MEGABYTE, b"\0")), kept=True
        ),
        "a small picture": Bomb({}, whole(lambda: SMALL_PICTURE), kept=True),
    }


class Fetched(NamedTuple):
    """What became of a bomb: whether it was kept, whether staff were told, megabytes of growth."""

    what: str
    kept: bool
    told: bool
    grew: float
    wanted: bool


def resident() -> float:
    """Return this process's highest memory so far, in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this needs Linux, which says how much memory a process had at most")


def bot_child(address: str, token: str, pipe: Connection) -> None:
    """Fetch the file of a photo with the real fetcher, and send what came of it."""

    async def run() -> tuple[bool, bool, float]:
        with tempfile.TemporaryDirectory() as folder:
            ward = Ward(Path(folder))
            await ward.start()
            await ward.enrols(1)
            patient = ward.patients[0]
            patient.person.sends_photo(patient.person.chat, SMALL_PICTURE)
            await ward.app.intake.poll(ward.app.bot, 0)
            await ward.app.worker.idle()
            photos = ward.app.photos
            photos.bot = Library(
                token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot",
                request=Transport(),
            )  # fmt: skip
            await photos.bot.request.initialize()
            found: list[Unfetched] = await ward.app.database.read(lambda: photos.unfetched(0))
            before = resident()
            assert await photos.fetch(found[0])
            grew = resident() - before
            await photos.bot.request.shutdown()
            rows = await ward.rows("SELECT body, fetched_at FROM photo")
            await ward.settle()
            told = any("was not kept" in one.text for one in ward.ben.sees(ward.staff))
            sealed = rows[0]["body"] is not None and SMALL_PICTURE not in bytes(rows[0]["body"])
            assert rows[0]["fetched_at"]
            await ward.stop()
            return sealed, told, grew

    pipe.send(asyncio.run(run()))


@asynccontextmanager
async def serving(bomb: Bomb) -> AsyncIterator[str]:
    """Serve a bomb as the file of every photo; give the address."""

    async def file(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=bomb.headers)
        await response.prepare(request)
        try:
            async for piece in bomb.pieces():
                await response.write(piece)
        except ConnectionError:
            return response
        return response

    async def described(_request: web.Request) -> web.Response:
        body = {"file_id": "x", "file_unique_id": "x", "file_path": "photos/file_0.jpg"}
        return web.json_response({"ok": True, "result": body})

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", described)
    app.router.add_get("/file/bot{token}/{path:.+}", file)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def fetched(what: str, bomb: Bomb) -> Fetched:
    """Let a process of its own fetch a bomb."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    async with serving(bomb) as address:
        child = context.Process(target=bot_child, args=(address, f"7:{'A' * 35}", there))
        child.start()
        there.close()
        try:
            if not await asyncio.to_thread(here.poll, PATIENCE):
                raise RuntimeError(f"{what} was not fetched in {PATIENCE:.0f} s")
            kept, told, grew = here.recv()
        finally:
            child.kill()
            await asyncio.to_thread(child.join)
    return Fetched(what, kept, told, grew, bomb.kept)
