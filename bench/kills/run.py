"""One run: so many kills while patients answer, the half hour after it, and the proof."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from aiohttp.test_utils import TestServer

from bench.kills.balancing import Balancer
from bench.kills.pack import LEASE, WORKERS, Pack, free_ports
from bench.kills.points import Spot
from bench.kills.proof import Fault, faults_found, unknown
from bench.kills.rows import rows
from bench.kills.setting import Setting
from bench.kills.staff_saw import repeated
from bench.kills.starting import Calls, Starter
from bench.kills.trial import Trial
from bench.kills.witness import Told, Witness
from bot.clock import SteppedClock
from bot.standin import Deliverer, create_app
from storage.opening import open_database
from storage.transaction import Database

PATIENTS: Final = 50
A_KILL: Final = 0.4  # seconds, roughly: check-ins fall due all along the run
AFTERWARDS: Final = timedelta(minutes=40)
"""Time enough for the reminder of a check-in about which nobody knows whether it arrived."""

SENT: Final = "SELECT count(*) AS n FROM check_in WHERE purpose = 'check_in' AND state <> 'planned'"

Done: TypeAlias = Callable[[int], None]
"""Told after each kill how many there were."""


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
    unknown: int
    """Messages that had arrived when the bot was killed, before it knew."""
    repeated_alerts: int
    faults: list[Fault]
    hits: Counter[str] = field(default_factory=Counter)
    """How often each named point was struck at, before and after it; pauses of a worker."""


async def run(  # noqa: PLR0913 - what a run needs
    kills: int | Sequence[Spot], url: str, folder: Path, *, seed: int = 1,
    done: Done = lambda _: None, broken: str = "", patients: int = PATIENTS,
) -> Figures:  # fmt: skip
    """Kill the bot while patients answer, and prove what must hold.

    On PostgreSQL there are four workers, and any of them is killed, or paused.

    Args:
        kills: How often at random moments, or at which spots.
        url: An empty database's address.
        folder: Where everything else is kept.
        seed: Of all chance here; what the processes do when is the machine's.
        done: Told after each kill.
        broken: How the product is broken, of `BREAKS`; it is whole without.
        patients: How many there are.
    """
    count = kills if isinstance(kills, int) else len(kills)
    within = count * A_KILL
    async with clinic(url, folder, seed, within, broken=broken, patients=patients) as trial:
        for number in range(count):
            if isinstance(kills, int):
                await trial.one()
            else:
                await trial.at(kills[number])
            await trial.hears_out()
            done(number + 1)
        return await proven(trial)


@asynccontextmanager
async def clinic(  # noqa: PLR0913 - as for `run`
    url: str, folder: Path, seed: int, within: float, *, broken: str, patients: int
) -> AsyncIterator[Trial]:  # fmt: skip
    """Give a clinic whose patients answer until `proven`; they are asked within so many seconds."""
    world = Witness(Told(SteppedClock(datetime.now(UTC) - timedelta(hours=1), auto=True)))
    calls = world.faults = Calls()
    async with AsyncExitStack() as open_things:
        app = create_app(world, deliver=False)
        is_shared = url.startswith("postgres")
        if not is_shared:  # of several, each has a connection of an earlier life
            app.middlewares.append(world.tells_processes_apart)
        server = TestServer(app)
        await open_things.enter_async_context(server)
        address = str(server.make_url("")).rstrip("/")
        setting = Setting.made(world, address, url)
        await setting.opens_for(patients, Random(seed), within)
        lease = LEASE if is_shared else 0.0
        calls.staff = setting.staff.id
        starter = Starter(setting.given, calls, folder, lease=lease, broken=broken)
        await starter.opens()
        open_things.push_async_callback(starter.closes)
        given = (setting, starter, Random(seed), folder)
        trial = await pack(open_things, *given) if is_shared else Trial(*given)
        open_things.push_async_callback(trial.closes)
        await trial.opens()
        setting.lives_begin()
        open_things.push_async_callback(setting.lives_end)
        yield trial
    world.close()


async def pack(
    open_things: AsyncExitStack, setting: Setting, starter: Starter, random: Random, folder: Path
) -> Pack:  # fmt: skip
    """Return four workers, none of them started, with a balancer before them."""
    balancer = await open_things.enter_async_context(Balancer(free_ports(WORKERS), random))
    bringing = asyncio.create_task(Deliverer(setting.world, balancer.post).run())
    open_things.callback(bringing.cancel)
    return Pack(setting, starter, random, folder, balancer=balancer)


async def proven(trial: Trial) -> Figures:
    """Let the patients rest and the next half hour pass, and look at what must hold."""
    setting = trial.setting
    async with opened(setting) as database:
        await trial.finishes(database)
    setting.world.life += 1
    trial.starter.calls.late = 0.0
    await setting.passes(AFTERWARDS)
    async with opened(setting) as database:
        faults = trial.faults + await faults_found(
            setting, database, several=isinstance(trial, Pack)
        )
        return await figures(trial, database, faults)


@asynccontextmanager
async def opened(setting: Setting) -> AsyncIterator[Database]:
    """Open the bot's database beside it."""
    database = await open_database(setting.given["DATABASE_URL"])
    try:
        yield database
    finally:
        await database.close()


async def figures(trial: Trial, database: Database, faults: list[Fault]) -> Figures:
    """Return what came of a run."""
    setting, people = trial.setting, trial.setting.patients
    sent = await rows(database, SENT)
    alerts = await rows(database, "SELECT count(*) AS n FROM alert")
    left = len(await unknown(setting, database))
    return Figures(
        trial.kills, time.monotonic() - trial.began, sum(one.acts for one in people),
        trial.acknowledged(), len(setting.world.queued), sent[0]["n"],
        alerts[0]["n"], left, len(repeated(setting)), faults, trial.hits,
    )  # fmt: skip
