"""Several workers of one bot as real processes, and what Telegram and a balancer do before them."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.intake import SECRET_HEADER

HOOKED: Final = {"WEBHOOK_URL": "https://bot.example", "WEBHOOK_SECRET": "s" * 43}
HEALTH: Final = re.compile(r"Health: (http://\S+)/healthz")
LONGEST_START: Final = 90.0  # seconds
LOOK: Final = 0.02  # seconds
PATIENCE: Final = ClientTimeout(total=2.0)  # seconds; a paused process does not answer


@dataclass
class Worker:
    """One process, and where it listens."""

    process: Process
    address: str
    session: ClientSession

    async def health(self) -> dict[str, Any]:
        """Return its health page; empty where it does not answer."""
        try:
            async with self.session.get(f"{self.address}/healthz", timeout=PATIENCE) as answer:
                found: dict[str, Any] = await answer.json()
                return found
        except (ClientError, TimeoutError):
            return {}

    async def brings(self, path: str, update: Mapping[str, Any]) -> int:
        """Bring an update to its webhook, and return the status."""
        headers = {SECRET_HEADER: HOOKED["WEBHOOK_SECRET"]}
        address = f"{self.address}{path}"
        async with self.session.post(address, json=update, headers=headers) as answer:
            return answer.status

    def sends(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.process.pid, number)


@asynccontextmanager
async def workers(given: Mapping[str, str], count: int, log: Path) -> AsyncIterator[list[Worker]]:
    """Give so many workers, all of them started; they are killed at the end."""
    environment = {**os.environ, **given, **HOOKED, "LISTEN_PORT": "0"}
    processes: list[Process] = []
    async with ClientSession() as session:
        try:
            logs = [log.with_name(f"{log.stem}-{number}.log") for number in range(count)]
            for one in logs:
                with one.open("wb") as errors:
                    processes.append(await asyncio.create_subprocess_exec(
                        sys.executable, "-m", "bot", "run", env=environment,
                        stdin=DEVNULL, stdout=DEVNULL, stderr=errors,
                    ))  # fmt: skip
            started = [
                Worker(process, await listens(process, one), session)
                for process, one in zip(processes, logs, strict=True)
            ]
            yield started
        finally:
            for process in processes:
                if process.returncode is None:
                    process.kill()
                await process.wait()


async def listens(process: Process, log: Path) -> str:
    """Return where a started worker listens.

    Raises:
        RuntimeError: it has ended instead.
        TimeoutError: it does not come to it.
    """
    async with asyncio.timeout(LONGEST_START):
        while not (found := HEALTH.search(said := read(log))):
            if process.returncode is not None:
                raise RuntimeError(f"a worker ended: {said}")
            await asyncio.sleep(LOOK)
    return found[1]


def read(log: Path) -> str:
    """Return what a worker has written so far."""
    return log.read_text(encoding="utf-8")


async def leader_of(some: Sequence[Worker], longest: float = 60.0) -> Worker:
    """Return which of some workers leads, as soon as one does.

    Raises:
        TimeoutError: none does.
    """
    async with asyncio.timeout(longest):
        while True:
            for one in some:
                if (await one.health()).get("leads"):
                    return one
            await asyncio.sleep(LOOK)
