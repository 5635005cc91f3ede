"""The bot's watchdog, and who hears it outside Telegram: the heartbeat and the second channel.

It looks every half minute while anything goes on. Over hours in which nothing does the clock is
moved on, and it looks at least every `PACE`, or `PACE_IN_TROUBLE`, so what it says may come that
much later here.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from aiohttp import ClientError

from bench.simulation.loop import MICRO
from bench.simulation.wire import Way
from bot.doctor.calling import TIMEOUT, Answer, Calling, UnreachableError
from bot.watchdog.causes import Item
from bot.watchdog.channels import StaffChat
from bot.watchdog.watching import EVERY

if TYPE_CHECKING:
    from bench.simulation.machine import Process

PACE: Final = 900.0  # seconds
PACE_IN_TROUBLE: Final = 240.0
"""Seconds while it knows of anything wrong: after 5 minutes without a look it would begin anew."""

TRIAL: Final = "SELECT value FROM meta WHERE key = 'trial_case'"
"""Only for skipping time: while the hourly trial is under way, each look is a step of it."""

AWAKE: Final = 1.0
"""Seconds after time was skipped in which everything else wakes before the watchdog looks."""


class Told(NamedTuple):
    """What the second channel was told: when, of what, and whether it begins, lasts, is over."""

    at: float
    cause: str
    what: str


@dataclass
class Kennel:
    """What the watchdogs of all processes let be heard outside Telegram."""

    time: Callable[[], float]
    beats: list[float] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    looked: float = 0.0


class SecondChannel:
    """The clinic's second channel, which always works."""

    name = "webhook"

    def __init__(self, process: "Process") -> None:
        self.process = process

    async def tell(self, items: Sequence[Item]) -> None:
        """Note what is told."""
        await self.process.lives()
        kennel = self.process.machine.kennel
        now = kennel.time()
        kennel.told += [Told(now, item.cause, item.what) for item in items]


class WatchdogsCalling(Calling):
    """The watchdog's own way to Telegram."""

    def __init__(self, process: "Process") -> None:
        self.way = Way(process, is_apart=True)
        self.token = process.machine.world.aftercheck.token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        pass

    async def __call__(self, method: str, **values: object) -> Answer:
        """As in `Calling`; the server's clock is right."""
        try:
            found = await self.way.travels(self.token, method, values, {}, TIMEOUT.total)
            body: dict[str, Any] = json.loads(found.body)
        except (ClientError, ValueError) as error:
            raise UnreachableError(type(error).__name__) from None
        return Answer(
            body["ok"], body.get("result"), body.get("error_code", 200),
            body.get("description", ""), body.get("parameters", {}),
            self.way.machine.true_time().replace(microsecond=0),
        )  # fmt: skip


class WatchdogsClock:
    """The process's clock; whoever wakes from skipped time wakes last."""

    def __init__(self, process: "Process") -> None:
        self.process = process
        self.loop = process.machine.loop

    def now(self) -> datetime:
        """As in `Clock`."""
        return self.process.clock.now()

    def monotonic(self) -> float:
        """As in `Clock`."""
        return self.process.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """As in `Clock`."""
        begun = self.loop.micro
        await self.process.sleeps(seconds)
        if self.loop.skipped_at > begun:
            self.process.busy += 1
            await self.process.sleeps(AWAKE)
            self.process.busy -= 1
        self.process.machine.kennel.looked = self.loop.micro / MICRO


def next_look(process: "Process") -> float:
    """Return when a process's watchdog looks next at the latest, in the loop's seconds."""
    ledger = process.app.watchdog.ledger
    pace = PACE_IN_TROUBLE if ledger is not None and ledger.causes else PACE
    rows = process.database.reading.execute(TRIAL).fetchall()
    if any(not json.loads(value)["ended"] for (value,) in rows):
        pace = EVERY
    return process.machine.kennel.looked + pace


def chain(process: "Process") -> None:
    """Let a process's watchdog call, beat and tell without a socket."""
    kennel, watchdog = process.machine.kennel, process.app.watchdog

    async def beat() -> bool:
        await process.lives()
        kennel.beats.append(kennel.time())
        return True

    watchdog.beat = beat
    watchdog.at.call = lambda: WatchdogsCalling(process)
    watchdog.at.clock = WatchdogsClock(process)
    watchdog.at.free = process.machine.disk.free
    [staff_chat] = [one for one in watchdog.channels if isinstance(one, StaffChat)]
    staff_chat.call = watchdog.at.call
    watchdog.channels = [staff_chat, SecondChannel(process)]
