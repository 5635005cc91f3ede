"""Starting the bot as a process, and ending it without a word."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from pathlib import Path
from typing import Final

from bot.standin.faults import Fault, Faults

COLD: Final = 25
"""Each so many starts the command itself is started, `python -m bot run`, imports and all."""
LOOK: Final = 0.002  # seconds
LATE: Final = 0.06  # seconds
LONGEST_START: Final = 60.0  # seconds; a start waits for the database and seven calls


class Calls(Faults):
    """Every call is counted, so that one sees when a start has come to polling.

    Every other one that sends or changes a message is answered late, as over a real network:
    a kill between what was done and its answer is the one that makes doubles.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made: Counter[str] = Counter()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """Count a call, and say whether its answer is late."""
        self.made[method] += 1
        if chat is not None and self.made[method] % 2:
            return Fault("slow", seconds=LATE)
        return super().take(method, chat)


class Starter:
    """Starts the bot, one process at a time."""

    def __init__(self, given: dict[str, str], calls: Calls, errors: Path) -> None:
        self.environment = {**os.environ, **given, "PYTHONHASHSEED": "0"}
        self.calls = calls
        self.errors = errors.open("ab")
        self.nursery: Process
        self.cold: Process | None = None
        self.count = 0
        self.number = 0
        self.polls = 0

    async def opens(self) -> None:
        """Make the process that has everything imported."""
        self.nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.kills.nursery", stdin=PIPE, stdout=PIPE,
            stderr=self.errors, env=self.environment,
        )  # fmt: skip

    async def starts(self) -> None:
        """Start the bot, in the costly way now and then."""
        self.polls = self.calls.made["getUpdates"]
        self.cold = None
        if self.count % COLD == 0:
            self.cold = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", stdin=DEVNULL, stdout=DEVNULL,
                stderr=self.errors, env=self.environment,
            )  # fmt: skip
            self.number = self.cold.pid
        else:
            assert self.nursery.stdin
            assert self.nursery.stdout
            self.nursery.stdin.write(b"\n")
            self.number = int(await self.nursery.stdout.readline())
        self.count += 1

    async def polls_now(self) -> None:
        """Wait until the started bot asks for updates.

        Raises:
            RuntimeError: it has ended by itself, or does not come to it.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_START
        while self.calls.made["getUpdates"] == self.polls:
            if loop.time() > end or not self.is_alive():
                raise RuntimeError(f"start {self.count} came to nothing; see {self.errors.name}")
            await asyncio.sleep(LOOK)

    def is_alive(self) -> bool:
        """Whether the started process is there."""
        if self.cold is not None:
            return self.cold.returncode is None
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True

    async def ends(self, how: signal.Signals) -> None:
        """Send a signal to the bot and wait until it is gone."""
        if self.is_alive():
            os.kill(self.number, how)
        if self.cold is not None:
            await self.cold.wait()
        while self.is_alive():  # noqa: ASYNC110 - nobody tells of the end of a grandchild
            await asyncio.sleep(LOOK)

    async def closes(self) -> None:
        """End the process that has everything imported."""
        assert self.nursery.stdin
        self.nursery.stdin.close()
        await self.nursery.wait()
        self.errors.close()
