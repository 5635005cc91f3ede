"""One run: so many kills while patients answer, the half hour after it, and the proof."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from aiohttp.test_utils import TestServer

from bench.kills.copying import at_backup
from bench.kills.points import BACKUP, Spot
from bench.kills.proof import Fault, faults_found, repeated, rows, unknown
from bench.kills.setting import Setting
from bench.kills.starting import Calls, Life, Starter
from bench.kills.witness import Told, Witness
from bot.clock import SteppedClock
from bot.standin import create_app
from storage.opening import open_database
from storage.transaction import Database

PATIENTS: Final = 50
STARTING_SHARE: Final = 0.15
"""Of the kills, so many strike while the bot still starts."""
AGAIN_SHARE: Final = 0.5
"""Of the kills at a named point, so many are followed by another while the bot starts again."""
LONGEST_LIFE: Final = 0.4  # seconds after it began to poll
LONGEST_STARTING: Final = 0.2  # seconds after it was started
LONGEST_WAIT: Final = 20.0  # seconds, for a point to be passed
A_KILL: Final = 0.4  # seconds, roughly: check-ins fall due all along the run
AFTERWARDS: Final = timedelta(minutes=40)
"""Time enough for the reminder of a check-in about which nobody knows whether it arrived."""

LOOK: Final = 0.05  # seconds
LEFT: Final = "SELECT update_id FROM inbox WHERE state = 'new'"
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
    """How often each named point was struck at, before and after it."""


@dataclass
class Trial:
    """A run that goes on."""

    setting: Setting
    starter: Starter
    random: Random
    began: float = field(default_factory=time.monotonic)
    kills: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    async def starts(self, spot: Spot | None = None) -> Life:
        """Start the bot."""
        self.setting.world.life += 1
        return await self.starter.starts(spot)

    async def one(self) -> None:
        """Start the bot, and kill it at a random moment."""
        life = await self.starts()
        if self.random.random() < STARTING_SHARE:
            await asyncio.sleep(self.random.uniform(0, LONGEST_STARTING))
        else:
            await self.starter.polls_now(life)
            await asyncio.sleep(self.random.uniform(0, LONGEST_LIFE))
        await life.ends()
        self.kills += 1

    async def at(self, spot: Spot) -> None:
        """Start the bot, to be killed at a named point, and now and then again as it starts."""
        life = await self.starts(spot)
        self.kills += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await life.is_over()
        except TimeoutError:
            await life.ends()
        where = f"{spot.point}, {spot.side}"
        if life.number in self.starter.calls.struck or self.starter.died_at(life) == where:
            self.hits[where] += 1
        else:
            why = f"{where}: not passed {spot.time} times in {LONGEST_WAIT:.0f} s"
            self.faults.append(Fault("other", why))
        self.starter.calls.strike = None
        if self.random.random() < AGAIN_SHARE:
            life = await self.starts()
            await asyncio.sleep(self.random.uniform(0, LONGEST_STARTING))
            await life.ends()
            self.kills += 1
            self.hits["again while it started"] += 1


async def run(  # noqa: PLR0913 - what a run needs
    kills: int | Sequence[Spot], url: str, folder: Path, *, seed: int = 1,
    done: Done = lambda _: None, broken: str = "",
) -> Figures:  # fmt: skip
    """Kill the bot while fifty patients answer, and prove what must hold.

    Args:
        kills: How often at random moments, or at which spots.
        url: An empty database's address.
        folder: Where everything else is kept.
        seed: Of all chance here; what the processes do when is the machine's.
        done: Told after each kill.
        broken: How the product is broken, of `BREAKS`; it is whole without.
    """
    count = kills if isinstance(kills, int) else len(kills)
    async with clinic(url, folder, seed, count * A_KILL, broken) as trial:
        for number in range(count):
            if isinstance(kills, int):
                await trial.one()
            elif kills[number].point == BACKUP:
                await at_backup(trial, kills[number], folder / f"copy{number}")
            else:
                await trial.at(kills[number])
            done(number + 1)
        return await proven(trial)


@asynccontextmanager
async def clinic(
    url: str, folder: Path, seed: int, within: float, broken: str
) -> AsyncIterator[Trial]:  # fmt: skip
    """Give a clinic whose patients answer until `proven`; they are asked within so many seconds."""
    world = Witness(Told(SteppedClock(datetime.now(UTC) - timedelta(hours=1), auto=True)))
    calls = world.faults = Calls()
    async with TestServer(create_app(world, deliver=False)) as server:
        address = str(server.make_url("")).rstrip("/")
        setting = Setting.made(world, address, url)
        await setting.opens_for(PATIENTS, Random(seed), within)
        starter = Starter(setting.given, calls, folder, broken=broken)
        await starter.opens()
        setting.lives_begin()
        try:
            yield Trial(setting, starter, Random(seed))
        finally:
            await setting.lives_end()
            await starter.closes()
            world.close()


async def last_life(trial: Trial, database: Database) -> list[Fault]:
    """Let the bot take up what is left, stop it in order, and say what it did not take up."""
    life = await trial.starts()
    await trial.starter.polls_now(life)
    end = time.monotonic() + LONGEST_WAIT
    left = trial.setting.bot.updates.pending or await rows(database, LEFT)
    while left and time.monotonic() < end:
        await asyncio.sleep(LOOK)
        left = trial.setting.bot.updates.pending or await rows(database, LEFT)
    await life.ends(signal.SIGTERM)
    return [Fault("other", f"an update was left for {LONGEST_WAIT:.0f} s") for _ in left]


async def proven(trial: Trial) -> Figures:
    """Let the patients rest and the next half hour pass, and look at what must hold."""
    setting = trial.setting
    await setting.lives_end()
    database = await open_database(setting.given["DATABASE_URL"])
    try:
        faults = trial.faults + await last_life(trial, database)
        setting.world.life += 1
        trial.starter.calls.late = 0.0
        await setting.passes(AFTERWARDS)
        faults += await faults_found(setting, database)
        sent = await rows(database, SENT)
        alerts = await rows(database, "SELECT count(*) AS n FROM alert")
        left = len(await unknown(setting, database))
    finally:
        await database.close()
    people = setting.patients
    return Figures(
        trial.kills, time.monotonic() - trial.began, sum(one.acts for one in people),
        sum(len(one.acknowledged) for one in people), len(setting.world.queued), sent[0]["n"],
        alerts[0]["n"], left, len(repeated(setting)), faults, trial.hits,
    )  # fmt: skip
