"""A full drain of check-ins with alerts in between, beside python-telegram-bot's rate limiter.

    python -m bench.drain [--messages 1800] [--jitter 20]

Both write to the same strict stand-in for the Bot API, in a process of its own: 30 messages in
any second, and every call reaches it up to `jitter` milliseconds late. Once a second an alert for
a nurse comes in; it is late by the time from then until the nurse's telephone shows it. Ours
stores every message first (SQLite, `synchronous=FULL`); the peer holds them in memory. Prints
rows for docs/performance.md. The peer needs `aiolimiter`.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from telegram import Bot
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.clock import SystemClock
from bot.delivery.calling import through
from bot.delivery.outcome import Outcome
from bot.delivery.pacing import Pacing
from bot.delivery.sender import Sender
from bot.standin import World, create_app
from bot.transport import Transport
from storage.opening import open_database
from storage.outbox import put
from storage.outbox_rows import Lane, NewRow, OutboxRow
from storage.sealing import DataKey
from storage.transaction import Database, Transaction

LIMIT = 30.0  # messages a second, by the stand-in
NURSES = 20
ALERT_EVERY = 1.037  # seconds; in no step with anything else
TOKEN = f"7001000001:{'A' * 35}"
SEED = 11
TEXT = "How does the treated area feel today?"


@dataclass(frozen=True)
class Figures:
    """What one drain came to, from the first message's arrival to the last's; ms of lateness."""

    seconds: float
    share: float
    too_many: int
    lateness: list[float]
    cpu: float

    def row(self, name: str) -> str:
        """Return a row of the table."""
        ordered = sorted(self.lateness)
        worst = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
        return (
            f"| {name} | {self.seconds:.1f} | {self.share:.1%} | {self.too_many} "
            f"| {statistics.median(ordered):,.0f} | {worst:,.0f} | {self.cpu:.1f} |"
        )


HEADER = (
    "| | drain s | share of the limit | 429s | alert late p50 ms | p99 ms | CPU s |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def serve(pipe: Connection, people: int, jitter: float) -> None:
    """Run a stand-in with so many people who have started the bot; send its port and their ids."""
    world = World()
    bot = world.bot("aftercheck_bot", TOKEN)
    ids = []
    for number in range(people + NURSES):
        person = world.user(f"Person {number}")
        person.starts(bot)
        ids.append(person.id)
    chance, seen = random.Random(SEED), {"too_many": 0}
    arrived: list[float] = []
    lateness: list[float] = []

    @web.middleware
    async def late(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401
        if request.path == "/figures":
            return web.json_response(seen | {"arrived": arrived, "lateness": lateness})
        await asyncio.sleep(chance.random() * jitter)
        response: web.Response = await handler(request)
        seen["too_many"] += response.status == 429
        if response.status == 200:
            arrived.append(time.monotonic())
        if response.status == 200 and '"alert ' in (said := response.text or ""):
            text = json.loads(said)["result"]["text"]
            lateness.append((time.time() - float(text.removeprefix("alert "))) * 1000)
        return response

    async def run() -> None:
        app = create_app(world, deliver=False)
        app.middlewares.append(late)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        pipe.send((runner.addresses[0][1], ids))
        await asyncio.Event().wait()

    asyncio.run(run())


Post = Callable[[int, str, Lane], Awaitable[None]]
Drain = Callable[[str, Sequence[int], Sequence[int]], Awaitable[None]]


async def alerts(nurses: Sequence[int], post: Post) -> None:
    """Raise an alert once a second, for one nurse after another, until cancelled."""
    number = 0
    while True:
        await asyncio.sleep(ALERT_EVERY)
        await post(nurses[number % len(nurses)], f"alert {time.time()}", Lane.ALERT)
        number += 1


class OneKey:
    """Seals every row with one key."""

    key = DataKey(b"k" * 32)

    def seal(self, _code: str | None, plain: bytes, place: str) -> Transaction[bytes]:
        """Return the sealed bytes."""
        yield from ()
        return self.key.seal(plain, place)

    def open(self, _code: str | None, sealed: bytes, place: str) -> Transaction[bytes]:
        """Return the plain bytes."""
        yield from ()
        return self.key.open(sealed, place)


async def ours(address: str, patients: Sequence[int], nurses: Sequence[int]) -> None:
    """Drain our outbox."""
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'drain.db'}")
        async with Transport() as transport:
            bot = Bot(TOKEN, base_url=f"{address}/bot", request=transport)
            await drained(database, bot, patients, nurses)
        await database.close()


async def drained(
    database: Database, bot: Bot, patients: Sequence[int], nurses: Sequence[int]
) -> None:
    """Put every message into the outbox, and send until the last check-in has arrived."""
    clock, sealing, waiting = SystemClock(), OneKey(), set(patients)
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def recorded(rows: Sequence[OutboxRow], _outcome: Outcome, _now: datetime) -> Transaction[None]:
        yield from ()
        waiting.difference_update(row.chat_id for row in rows)
        if not waiting:
            loop.call_soon_threadsafe(done.set)

    sender = Sender(
        database, through(bot), clock, sealing, pacing=Pacing(), prepare={}, recorded=recorded
    )

    async def post(chat: int, text: str, lane: Lane) -> None:
        row = NewRow(f"{chat}:{text}", lane, chat, "sendMessage", {"text": text})
        await database.run(lambda: put(row, clock.now(), sealing))
        sender.wake()

    await asyncio.gather(*(post(chat, TEXT, Lane.CHECK_IN) for chat in patients))
    running = asyncio.create_task(sender.run())
    raising = asyncio.create_task(alerts(nurses, post))
    await done.wait()
    for task in (raising, running):
        task.cancel()
    await asyncio.gather(raising, running, return_exceptions=True)


async def peer(address: str, patients: Sequence[int], nurses: Sequence[int]) -> None:
    """Send everything at once through the library's limiter, which is to hold it back."""
    request = HTTPXRequest(connection_pool_size=64, pool_timeout=600.0)
    limiter = AIORateLimiter(max_retries=100)
    bot = ExtBot(TOKEN, base_url=f"{address}/bot", request=request, rate_limiter=limiter)
    sending: set[asyncio.Task[object]] = set()

    async def post(chat: int, text: str, _lane: Lane) -> None:
        sending.add(asyncio.create_task(bot.send_message(chat, text)))

    await bot.initialize()
    raising = asyncio.create_task(alerts(nurses, post))
    await asyncio.gather(*(bot.send_message(chat, TEXT) for chat in patients))
    raising.cancel()
    await asyncio.gather(*sending)
    await bot.shutdown()


async def measured(drain: Drain, messages: int, jitter: float) -> Figures:
    """Run one drain against a stand-in of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there, messages, jitter), daemon=True)
    server.start()
    port, ids = await asyncio.to_thread(here.recv)
    address = f"http://127.0.0.1:{port}"
    cpu = time.process_time()
    await drain(address, ids[:messages], ids[messages:])
    cpu = time.process_time() - cpu
    async with ClientSession() as session, session.get(f"{address}/figures") as response:
        seen = await response.json()
    server.terminate()
    arrived = seen["arrived"][1:]  # from getMe, or the first message, on
    seconds = arrived[-1] - arrived[0]
    share = (len(arrived) - 1) / seconds / LIMIT
    return Figures(seconds, share, seen["too_many"], seen["lateness"], cpu)


def main() -> None:
    """Measure ours and the peer, one after the other, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--messages", type=int, default=1800)
    arguments.add_argument("--jitter", type=float, default=20.0, help="milliseconds")
    given = arguments.parse_args()
    print(HEADER)
    for name, drain in (("**Aftercheck**", ours), ("PTB AIORateLimiter", peer)):
        figures = asyncio.run(measured(drain, given.messages, given.jitter / 1000))
        print(figures.row(name), flush=True)


if __name__ == "__main__":
    main()
