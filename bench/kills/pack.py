"""Four workers of one bot on one PostgreSQL, of which any is killed, or paused, at any time."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from bench.kills.balancing import Balancer
from bench.kills.starting import Life
from bench.kills.trial import LOOK, Trial
from bench.several import HOOKED

WORKERS: Final = 4
LEADER_SHARE: Final = 0.5
"""Of the kills and pauses, so many strike the one that sends; the others any."""
PAUSE_SHARE: Final = 0.05
"""Of the kills, with so many another worker is paused."""
LONGEST_PAUSE: Final = 14.0  # seconds; the lead is given to another after 8
LEASE: Final = 6.0  # seconds instead of 60 for which a message is held: some pauses outlast it
STOP_PATIENCE: Final = 60.0  # seconds
PAUSED: Final = "paused past the lease"
AT_ONCE_SHARE: Final = 0.2
"""Of the kills, so many follow the last one at once; before the others somebody is answered."""
LONGEST_SILENCE: Final = 10.0  # seconds in which nobody is answered; the lead is given on after 8


@dataclass
class Pack(Trial):
    """As a trial of one process; each worker has its port, and so does the next in its place."""

    balancer: Balancer = field(kw_only=True)
    lives: dict[int, Life] = field(default_factory=dict)
    paused: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def opens(self) -> None:
        """Start all workers, and wait until one leads."""
        self.setting.world.life += 1
        for port in self.balancer.ports:
            await self.starts_at(port)
        await self.leader()

    async def starts_at(self, port: int) -> None:
        """Start a worker at a port."""
        given = {**HOOKED, "LISTEN_PORT": str(port)}
        self.lives[port] = await self.starter.command(["run"], None, **given)

    async def leader(self) -> int:
        """Return the port of the worker that leads, as soon as one does."""
        async with asyncio.timeout(STOP_PATIENCE):
            while True:
                for port in self.balancer.ports:
                    if port not in self.paused and await self.balancer.leads(port):
                        return port
                await asyncio.sleep(LOOK)

    async def chosen(self) -> int:
        """Return the port of a worker that is to be struck."""
        if self.random.random() < LEADER_SHARE:
            return await self.leader()
        return self.random.choice([port for port in self.lives if port not in self.paused])

    async def one(self) -> None:
        """Kill a worker at a random moment and start it again, and now and then pause one."""
        if not self.paused and self.random.random() < PAUSE_SHARE:
            await self.pauses(await self.chosen())
        if self.random.random() > AT_ONCE_SHARE:
            await self.answers_somebody()
        await self.goes_on()
        port = await self.chosen()
        await self.ends(self.lives[port])
        self.setting.world.life += 1
        await self.starts_at(port)

    async def answers_somebody(self) -> None:
        """Wait until one answer more was acknowledged, so that kills do not outrun all work."""
        before = self.acknowledged()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SILENCE):
                while self.acknowledged() == before:  # noqa: ASYNC110 - of other processes
                    await asyncio.sleep(LOOK)

    async def pauses(self, port: int) -> None:
        """Stop a worker where it stands, for a while."""
        seconds = self.random.uniform(0, LONGEST_PAUSE)
        self.setting.world.life += 1
        self.lives[port].sends(signal.SIGSTOP)
        self.paused[port] = asyncio.create_task(self.wakes(port, seconds))
        self.hits[PAUSED] += seconds > LEASE

    async def wakes(self, port: int, seconds: float) -> None:
        """Let a paused worker go on where it stood."""
        await asyncio.sleep(seconds)
        self.lives[port].sends(signal.SIGCONT)
        del self.paused[port]

    @asynccontextmanager
    async def peace(self, how: signal.Signals = signal.SIGKILL) -> AsyncIterator[None]:
        """Let the workers work with nobody killing any; stop them all if that is wanted."""
        await asyncio.gather(*self.paused.values())
        await self.leader()
        yield
        if how == signal.SIGTERM:
            for life in self.lives.values():
                life.sends(how)
            async with asyncio.timeout(STOP_PATIENCE):
                await asyncio.gather(*(life.is_over() for life in self.lives.values()))

    async def closes(self) -> None:
        """End whatever is still there."""
        for task in self.paused.values():
            task.cancel()
        for life in self.lives.values():
            await life.ends()


def free_ports(count: int) -> list[int]:
    """Return so many ports of this machine at which nobody listens."""
    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in taken]
    for one in taken:
        one.close()
    return ports
