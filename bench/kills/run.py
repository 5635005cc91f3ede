"""One run: so many kills while patients answer, a last start, a rest, and the proof."""

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from aiohttp.test_utils import TestServer

from bench.kills.proof import UNFINISHED, faults_found, rows
from bench.kills.setting import Setting
from bench.kills.starting import Calls, Starter
from bench.kills.witness import Told, Witness
from bot.clock import SteppedClock
from bot.standin import create_app
from storage.instants import stored
from storage.opening import open_database
from storage.transaction import Database

PATIENTS: Final = 50
STARTING_SHARE: Final = 0.15
"""Of the kills, so many strike while the bot still starts."""
LONGEST_LIFE: Final = 0.6  # seconds after it began to poll
LONGEST_STARTING: Final = 0.2  # seconds after it was started
REST: Final = 120.0  # seconds; a group takes 20 messages a minute, and the rest waits for that
A_KILL: Final = 0.5  # seconds, roughly: check-ins fall due all along the run


@dataclass(frozen=True)
class Figures:
    """What came of a run."""

    kills: int
    seconds: float
    acts: int
    acknowledged: int
    updates: int
    check_ins: int
    alerts: int
    faults: list[str]


async def run(
    kills: int, url: str, folder: Path, seed: int = 1, done: Callable[[int], None] = lambda _: None
) -> Figures:
    """Kill the bot so many times while fifty patients answer, and prove what must hold."""
    began = time.monotonic()
    world = Witness(Told(SteppedClock(datetime.now(UTC) - timedelta(hours=1), auto=True)))
    calls = world.faults = Calls()
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        setting = Setting.made(world, address, url)
        await setting.opens_for(PATIENTS, Random(seed), kills * A_KILL)
        starter = Starter(setting.given, calls, folder / "bot.log")
        await starter.opens()
        setting.lives_begin()
        try:
            await killing(starter, kills, Random(seed), done)
            await setting.lives_end()
            await starter.starts()
            database = await open_database(url)
            await at_rest(setting, database)
            await starter.ends(signal.SIGTERM)
        finally:
            await setting.lives_end()
            await starter.ends(signal.SIGKILL)
            await starter.closes()
            world.close()
        faults = await faults_found(setting, database)
        figures = await counted(setting, database, kills, faults, time.monotonic() - began)
        await database.close()
    return figures


async def killing(
    starter: Starter, kills: int, random: Random, done: Callable[[int], None]
) -> None:
    """Start and kill, and start again."""
    for number in range(kills):
        await starter.starts()
        if random.random() < STARTING_SHARE:
            await asyncio.sleep(random.uniform(0, LONGEST_STARTING))
        else:
            await starter.polls_now()
            await asyncio.sleep(random.uniform(0, LONGEST_LIFE))
        await starter.ends(signal.SIGKILL)
        done(number + 1)


async def at_rest(setting: Setting, database: Database) -> None:
    """Wait until the bot has nothing left to do.

    Raises:
        TimeoutError: it does not come to rest.
    """
    async with asyncio.timeout(REST):
        while setting.bot.updates.pending or await left_over(database):  # noqa: ASYNC110 - of a process
            await asyncio.sleep(0.2)


async def left_over(database: Database) -> int:
    """Return how many updates, messages and due rows are still to be done."""
    found = await rows(database, UNFINISHED, now=stored(datetime.now(UTC)))
    return int(found[0]["left_over"])


async def counted(
    setting: Setting, database: Database, kills: int, faults: list[str], seconds: float
) -> Figures:
    """Return the figures of a run."""
    sent = await rows(database, "SELECT count(*) AS n FROM check_in WHERE purpose = 'check_in'"
                                " AND state <> 'planned'")  # fmt: skip
    alerts = await rows(database, "SELECT count(*) AS n FROM alert")
    return Figures(
        kills, seconds, sum(one.acts for one in setting.patients),
        sum(len(one.acknowledged) for one in setting.patients), len(setting.world.queued),
        sent[0]["n"], alerts[0]["n"], faults,
    )  # fmt: skip
