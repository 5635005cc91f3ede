"""The machine that the bot runs on: its processes, which can die anywhere, its clock, its disk."""

import asyncio
import logging
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.simulation.disk import Disk, SimulatedDatabase
from bench.simulation.kennel import Kennel, chain, next_look
from bench.simulation.loop import MICRO, Agenda, VirtualLoop
from bench.simulation.wire import Wire
from bot.app import Aftercheck
from bot.settings import Settings
from flows.protocol import Protocol
from storage.instants import instant

if TYPE_CHECKING:
    from bench.simulation.weather import Weather
    from bench.simulation.witness import Witness

RESTART: Final = 30.0  # seconds until a supervisor starts again what ended by itself
COARSE: Final = 60.0  # seconds at a time, while no call gets through
NEEDS: Final = """
    SELECT (SELECT MIN(due_at) FROM due WHERE state = 'waiting') AS due,
           (SELECT MIN(not_before) FROM outbox WHERE state = 'pending') AS message,
           (SELECT COUNT(*) FROM outbox WHERE state = 'sending')
           + (SELECT COUNT(*) FROM inbox WHERE state = 'new') AS busy
"""
"""Only for skipping time in which nothing can happen; nothing is proved by it."""

LOGGER = logging.getLogger(__name__)


class MachineClock:
    """The bot's clock: the wall clock may be set, the other never is."""

    def __init__(self, process: "Process") -> None:
        self.process = process
        self.machine = process.machine

    def now(self) -> datetime:
        """As in `Clock`."""
        return self.machine.wall(self.machine.loop.looks())

    def monotonic(self) -> float:
        """As in `Clock`."""
        return self.machine.loop.looks() / MICRO

    async def sleep(self, seconds: float) -> None:
        """As in `Clock`."""
        await self.process.sleeps(seconds)


class Process:
    """One process of the bot. Once dead, nothing that it still tries has any effect."""

    def __init__(self, machine: "Machine", number: int) -> None:
        self.machine = machine
        self.number = number
        self.random = random.Random(f"{machine.seed}:process:{number}")
        self.dead = False
        self.over = False
        self.limbo: list[asyncio.Future[None]] = []
        self.goes: Callable[[], None] = lambda: None
        self.ready = False
        self.polling = 0
        self.busy = 0
        self.fuse = -1
        self.stopping = asyncio.Event()
        self.tasks: list[asyncio.Future[Any]] = []
        self.database = SimulatedDatabase(self, machine.disk)
        self.clock = MachineClock(self)
        self.app: Aftercheck

    def keeps(self, task: asyncio.Future[Any]) -> None:
        """Keep a task from being forgotten."""
        self.tasks.append(task)

    async def lives(self) -> None:
        """Go on if the process lives; wait for ever if not, or until the story is over."""
        if self.over:
            raise asyncio.CancelledError
        if self.dead:
            never: asyncio.Future[None] = self.machine.loop.create_future()
            self.limbo.append(never)
            await never

    async def sleeps(self, seconds: float) -> None:
        """Let time pass, and go on if the process lives then."""
        await asyncio.sleep(max(seconds, 0))
        await self.lives()

    async def passes(self, point: str) -> None:
        """Come to a point at which a process may be killed."""
        await self.lives()
        if self.fuse > 0:
            self.fuse -= 1
        if self.fuse == 0:
            self.machine.dies(point)
        await self.lives()

    async def runs(self) -> None:
        """Do what `aftercheck run` does, from the start to an orderly stop."""
        machine = self.machine
        self.app = Aftercheck(
            machine.settings(),
            self.database,
            self.clock,
            transport=lambda **given: Wire(self, **given),
        )
        await self.app.start(machine.protocol, machine.protocol_text)
        chain(self)
        self.ready = True
        machine.became_ready()
        try:
            await self.app.run(self.stopping)
        finally:
            await self.app.stop()


class Machine:
    """Where the bot runs, and who starts it again."""

    def __init__(
        self, seed: int, start: datetime, loop: VirtualLoop, agenda: Agenda, path: Path
    ) -> None:
        self.seed = seed
        self.start = start.astimezone(UTC)
        self.loop = loop
        self.agenda = agenda
        self.disk = Disk(path)
        self.kennel = Kennel(loop.time)
        self.skew = timedelta()
        self.late = random.Random(f"{seed}:late")
        self.world: Witness
        self.weather: Weather
        self.settings: Callable[[], Settings]
        self.protocol: Protocol
        self.protocol_text: str
        self.process: Process | None = None
        self.dead: list[Process] = []
        self.count = 0
        self.ends: Callable[[str], None] = lambda _why: None
        self.begins: Callable[[], None] = lambda: None

    def true_time(self) -> datetime:
        """Return what time it really is."""
        return self.start + timedelta(microseconds=self.loop.micro)

    def wall(self, micro: int) -> datetime:
        """Return what the machine's wall clock shows."""
        return self.start + timedelta(microseconds=micro) + self.skew

    def starts(self) -> None:
        """Start the bot, unless it runs."""
        if self.process is not None:
            return
        self.count += 1
        self.process = Process(self, self.count)
        task = asyncio.ensure_future(self.process.runs())
        self.process.keeps(task)
        process = self.process
        task.add_done_callback(lambda done: self.ended(process, done))

    def became_ready(self) -> None:
        """Note that the bot works."""
        self.begins()

    def ended(self, process: Process, task: asyncio.Future[Any]) -> None:
        """Start again a process that ended by itself."""
        if process.dead or task.cancelled():
            return
        error = task.exception()
        process.dead = True
        self.dead.append(process)
        self.process = None
        self.ends(f"ends: {type(error).__name__}" if error else "stops in order")
        if error is not None or not process.stopping.is_set():
            self.agenda.after(RESTART, self.starts)

    def stops(self) -> None:
        """Tell the bot to stop in order."""
        if self.process is not None:
            self.process.stopping.set()

    def dies(self, point: str) -> None:
        """Kill the bot with SIGKILL, or cut the power: with `synchronous=FULL` the same."""
        process, self.process = self.process, None
        if process is None:
            return
        process.dead = True
        self.dead.append(process)
        self.ends(f"is killed {point}")
        process.goes()

    def is_up(self) -> bool:
        """Whether the bot works."""
        return self.process is not None and self.process.ready

    def skips(self) -> float:
        """Return until when nothing can happen, in the loop's seconds."""
        coming = self.agenda.coming()
        process = self.process
        if process is None:
            return coming
        if process.database.working or process.busy or not process.ready:
            return 0.0
        if self.weather.is_dark:
            return min(coming, self.loop.time() + COARSE)
        if self.world.aftercheck.updates.pending or not process.polling:
            return 0.0
        upcoming = min(self.needed(process), next_look(process))
        return min(coming, upcoming + self.late.uniform(0.01, 0.9))

    def needed(self, process: Process) -> float:
        """Return when the bot has something to do by itself."""
        row = process.database.reading.execute(NEEDS).fetchone()
        if row["busy"]:
            return 0.0
        times = [instant(text) for text in (row["due"], row["message"]) if text]
        first = min(times, default=None)
        if first is None:
            return math.inf
        return (first - self.start - self.skew).total_seconds()
