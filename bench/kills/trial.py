"""A clinic whose bot is one process that is killed again and again."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from bench.kills.copying import damage
from bench.kills.patients import Patient
from bench.kills.points import ALERT, BACKUP, BEFORE, BESIDES, Spot
from bench.kills.proof import Fault
from bench.kills.rows import rows
from bench.kills.setting import Setting
from bench.kills.starting import LONGEST_STARTING, Life, Starter
from storage.transaction import Database

STARTING_SHARE: Final = 0.15
"""Of the kills, so many strike while the bot still starts."""
AGAIN_SHARE: Final = 0.5
"""Of the kills at a named point, so many are followed by another while the bot starts again."""
AGAIN: Final = "again while it started"
MOST_CALLS: Final = 12
"""After so many calls at most a process is killed: a time would say little on a busy machine."""
LONGEST_LIFE: Final = 2.0  # seconds after it began to poll, where it has nothing to say
A_MOMENT: Final = 0.03  # seconds: a kill strikes between two calls, too
LONGEST_WAIT: Final = 20.0  # seconds: for a point to be passed, for updates to be worked on
LONGEST_HEARING: Final = 75.0  # seconds: what was cut off often is sent again after a minute
DEAF: Final = 5.0  # seconds, where the product is broken on purpose and a fault is what is wanted
ALARMED: Final = 3
"""So many write a warning sign before the bot is stopped in order."""
LAST_ANSWERS: Final = 10
LONGEST_LAST: Final = 3.0  # seconds
LOOK: Final = 0.05  # seconds
LEFT: Final = "SELECT update_id FROM inbox WHERE state = 'new'"


@dataclass
class Trial:
    """A run that goes on; `hits` says how often each named point was struck at."""

    setting: Setting
    starter: Starter
    random: Random
    folder: Path
    began: float = field(default_factory=time.monotonic)
    kills: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    async def opens(self) -> None:
        """Begin; a process is only there from one kill to the next."""

    async def closes(self) -> None:
        """End whatever is still there: nothing, since each process is ended where it is started."""

    async def starts(self, spot: Spot | None = None) -> Life:
        """Start the bot."""
        self.setting.world.life += 1
        return await self.starter.starts(spot)

    async def ends(self, life: Life) -> None:
        """Kill the bot."""
        await life.ends()
        self.kills += 1

    async def one(self) -> None:
        """Start the bot, and kill it at a random moment."""
        life = await self.starts()
        if self.random.random() < STARTING_SHARE:
            await asyncio.sleep(self.random.uniform(0, LONGEST_STARTING))
        else:
            await self.starter.polls_now(life)
            await self.goes_on()
        await self.ends(life)

    async def goes_on(self) -> None:
        """Let the bot work for a random time."""
        await self.starter.calls.more(self.random.randint(0, MOST_CALLS), LONGEST_LIFE)
        await asyncio.sleep(self.random.uniform(0, A_MOMENT))

    @asynccontextmanager
    async def peace(self, how: signal.Signals = signal.SIGKILL) -> AsyncIterator[None]:
        """Let the bot work with nobody killing it, and end it in a way."""
        life = await self.starts()
        await self.starter.polls_now(life)
        yield
        await life.ends(how)
        self.kills += how == signal.SIGKILL

    async def hears_out(self) -> None:
        """Let the bot work in peace while somebody has waited for long: it may only want for time.

        They press once more; whoever is not heard then gives up, which is a fault.
        """
        if not self.tired():
            return
        async with self.peace():
            longest = DEAF if self.starter.broken else LONGEST_HEARING
            end = time.monotonic() + longest
            while tired := self.tired():
                for one in tired:
                    one.presses_again(self.setting.world)
                    if time.monotonic() > end:
                        one.gives_up()
                await asyncio.sleep(LOOK)

    async def goes_on_until(self, answers: int) -> None:
        """Let patients act until so many answers were acknowledged, or for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_LAST):
                while self.acknowledged() < answers:  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(LOOK)

    def acknowledged(self) -> int:
        """Return how many answers the patients have seen acknowledged."""
        return sum(len(one.acknowledged) for one in self.setting.patients)

    def tired(self) -> list[Patient]:
        """Return who has waited for long after a press."""
        return [one for one in self.setting.patients if one.is_tired()]

    def writes(self, *, alarmed: bool) -> None:
        """Let a patient write words; one who cannot breathe has not said so before."""
        fresh = [one for one in self.setting.patients if not (alarmed and one.alarmed)]
        who = self.random.choice(fresh or self.setting.patients)
        who.writes_besides(self.setting.world, self.setting.bot, alarmed=alarmed)

    async def at(self, spot: Spot) -> None:
        """Start the bot, to be killed at a named point, and now and then again as it starts."""
        if spot.point == BACKUP:
            await self.at_backup(spot)
            return
        life = await self.starts(spot)
        if spot[:2] in BESIDES:
            self.writes(alarmed=spot[:2] == ALERT)
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await life.is_over()
        except TimeoutError:
            self.faults.append(Fault("other", f"{spot.where}: not passed {spot.time} times"))
        if self.starter.died_at(life) == spot.where:
            self.hits[spot.where] += 1
        self.starter.calls.strike = None
        await self.ends(life)
        if self.random.random() < AGAIN_SHARE:
            life = await self.starts()
            await asyncio.sleep(self.random.uniform(0, LONGEST_STARTING))
            await self.ends(life)
            self.hits[AGAIN] += 1

    async def at_backup(self, spot: Spot) -> None:
        """Kill `aftercheck backup` at a point, then the bot beside it, and look at what is left.

        No half copy may have the name of a whole one.
        """
        target = self.folder / f"copy{self.kills}"
        words = ["backup", "--output", str(target)]
        life = await self.starts()
        await self.starter.polls_now(life)
        copying = await self.starter.command(words, spot._replace(time=1))
        await copying.is_over()
        self.kills += 1
        if self.starter.died_at(copying) == spot.where:
            self.hits[spot.where] += 1
        if spot.side == BEFORE:
            if await asyncio.to_thread(target.exists):
                self.faults.append(Fault("other", f"{spot.where}: a copy is named too early"))
            await (await self.starter.command(words)).is_over()
        for why in await asyncio.to_thread(damage, target):
            self.faults.append(Fault("other", f"{spot.where}: {why}"))
        await self.ends(life)

    async def finishes(self, database: Database) -> None:
        """Let the bot take up what is left, and stop it in order; what it does not is a fault.

        Before that patients go on, and some write that they cannot breathe. Whoever waits for the
        effect of a press presses once more.
        """
        async with self.peace(signal.SIGTERM):
            self.setting.world.stopped.add(self.setting.world.life)
            await self.goes_on_until(self.acknowledged() + LAST_ANSWERS)
            for _ in range(ALARMED):
                self.writes(alarmed=True)
            await self.goes_on_until(self.acknowledged() + LAST_ANSWERS)
            await self.setting.lives_end()
            for one in self.setting.patients:
                one.presses_again(self.setting.world)
            end = time.monotonic() + LONGEST_WAIT
            while left := await self.left(database):
                if time.monotonic() > end:
                    self.faults.append(Fault("other", f"{left} updates were left"))
                    break
                await asyncio.sleep(LOOK)

    async def left(self, database: Database) -> int:
        """Return how many updates nobody has worked on."""
        return len(self.setting.bot.updates.pending) + len(await rows(database, LEFT))
