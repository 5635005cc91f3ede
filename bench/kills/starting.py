"""Starting the bot as a process, and ending it without a word."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.kills.points import ALERT, BY_STAND_IN, Spot
from bench.kills.traps import NOTED
from bot.standin.faults import Fault, Faults, Kind

COLD: Final = 25
"""Each so many starts the command itself is started, `python -m bot run`, imports and all."""
LOOK: Final = 0.004  # seconds
LATE: Final = 0.06  # seconds
LONGEST_START: Final = 60.0  # seconds; a start waits for the database and seven calls
LONGEST_STARTING: Final = 0.2  # seconds after it was started, where that is to be interrupted

STRUCK: Final[Mapping[str, tuple[str, int, Kind | None]]] = {
    "offset": ("getUpdates", 1, None),  # the first call of a process confirms nothing
    "POST bytes": ("sendMessage", 0, "reset_before"),
    "response": ("sendMessage", 0, "reset_after"),
    ALERT[0]: ("sendMessage", 0, "reset_before"),
}
"""For a point that the stand-in strikes at: the call, how many to let pass, what becomes of it."""


@dataclass
class Life:
    """One process of the bot, from its start to its end."""

    number: int
    cold: Process | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        if self.cold is not None:
            return self.cold.returncode is None
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True

    def sends(self, what: signal.Signals) -> None:
        """Send a signal to the process, if it is there."""
        if self.is_alive:
            os.kill(self.number, what)

    async def ends(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the process and wait until it is gone."""
        self.sends(how)
        await self.is_over()

    async def is_over(self) -> None:
        """Wait until the process is gone, and what it sent last has been taken."""
        if self.cold is not None:
            await self.cold.wait()
        while self.is_alive:  # noqa: ASYNC110 - nobody tells of the end of a grandchild
            await asyncio.sleep(LOOK)
        await asyncio.sleep(LOOK)


@dataclass
class Strike:
    """A kill that waits for a call: whom it hits, calls to let pass, what becomes of the call.

    With a `chat`, only calls to it count.
    """

    life: Life
    where: str
    method: str
    passing: int
    kind: Kind | None
    chat: int | None = None


class Calls(Faults):
    """Every call is counted, so that one sees when a start has come to polling.

    Every other one that sends or changes a message is answered late, as over a real network:
    a kill between what was done and its answer is the one that makes doubles.
    """

    def __init__(self) -> None:
        super().__init__()
        self.staff = 0
        """The staff chat's number."""
        self.made: Counter[str] = Counter()
        self.total = 0
        self.late = LATE
        self.strike: Strike | None = None
        self.struck: dict[int, str] = {}

    def arm(self, spot: Spot, life: Life) -> None:
        """Have a process killed at a moment that only the stand-in knows."""
        method, more, kind = STRUCK[spot.point]
        chat = self.staff if spot[:2] == ALERT else None
        self.strike = Strike(life, spot.where, method, spot.time - 1 + more, kind, chat)

    def take(self, method: str, chat: int | None) -> Fault | None:
        """Count a call, and say whether its answer is late or lost."""
        self.made[method] += 1
        self.total += 1
        strike = self.strike
        if strike is not None and strike.method == method and strike.chat in (None, chat):
            if strike.passing == 0:
                return self.strikes(strike)
            strike.passing -= 1
        if self.late and chat is not None and self.made[method] % 2:
            return Fault("slow", seconds=self.late)
        return super().take(method, chat)

    async def more(self, count: int, longest: float) -> None:
        """Wait until so many calls more were made, or so many seconds."""
        end = self.total + count
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while self.total < end:  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(LOOK)

    def strikes(self, strike: Strike) -> Fault | None:
        """Kill now, while the process waits for its answer."""
        self.strike = None
        if strike.life.is_alive:
            strike.life.sends(signal.SIGKILL)
            self.struck[strike.life.number] = strike.where
        return Fault(strike.kind) if strike.kind else None


class Starter:
    """Starts the bot, and the commands beside it.

    Args:
        given: The settings of the clinic.
        calls: Where the stand-in counts.
        folder: Where a process writes its errors, and notes where it died.
        lease: Seconds for which messages are held, 0 for the product's own.
        broken: How the product is broken, of `BREAKS`; it is whole without.
    """

    def __init__(
        self, given: Mapping[str, str], calls: Calls, folder: Path, *, lease: float = 0.0,
        broken: str = "",
    ) -> None:  # fmt: skip
        self.noted = folder / "noted"
        self.noted.touch()
        self.errors = (folder / "bot.log").open("ab")
        more = {"PYTHONHASHSEED": "0", NOTED: str(self.noted)}
        self.environment = {**os.environ, **given, **more}
        self.calls = calls
        self.lease, self.broken = lease, broken
        self.nursery: Process
        self.count = 0
        self.polls = 0

    async def opens(self) -> None:
        """Make the process that has everything imported."""
        self.nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.kills.nursery", stdin=PIPE, stdout=PIPE,
            stderr=self.errors, env=self.environment,
        )  # fmt: skip

    async def starts(self, spot: Spot | None = None) -> Life:
        """Start the bot, in the costly way now and then, to die at a spot if one is given."""
        self.polls = self.calls.made["getUpdates"]
        self.count += 1
        if self.count % COLD == 1 and spot is None and not (self.lease or self.broken):
            cold = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", stdin=DEVNULL, stdout=DEVNULL,
                stderr=self.errors, env=self.environment,
            )  # fmt: skip
            return Life(cold.pid, cold)
        is_outside = spot is not None and spot[:2] in BY_STAND_IN
        life = await self.command(["run"], None if is_outside else spot)
        if is_outside and spot is not None:
            self.calls.arm(spot, life)
        return life

    async def command(
        self, words: Sequence[str], spot: Spot | None = None, **given: str
    ) -> Life:  # fmt: skip
        """Start a command of the bot's, with more settings where they are given."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        order = {"words": words, "spot": spot, "given": given, "lease": self.lease,
                 "broken": self.broken}  # fmt: skip
        self.nursery.stdin.write(json.dumps(order).encode() + b"\n")
        return Life(int(await self.nursery.stdout.readline()))

    async def polls_now(self, life: Life) -> None:
        """Wait until the started bot asks for updates.

        Raises:
            RuntimeError: it has ended by itself, or does not come to it.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_START
        while self.calls.made["getUpdates"] == self.polls:
            if loop.time() > end or not life.is_alive:
                raise RuntimeError(f"start {self.count} came to nothing; see {self.errors.name}")
            await asyncio.sleep(LOOK)

    def died_at(self, life: Life) -> str:
        """Return at which named point a process died, empty where it was at none."""
        if life.number in self.calls.struck:
            return self.calls.struck[life.number]
        lines = reversed(self.noted.read_text(encoding="ascii").splitlines())
        notes = (line.partition(" ") for line in lines)
        return next((where for number, _, where in notes if number == str(life.number)), "")

    async def closes(self) -> None:
        """End the process that has everything imported."""
        assert self.nursery.stdin
        self.nursery.stdin.close()
        await self.nursery.wait()
        self.errors.close()
