"""How late an event loop comes beside some work, and how much of that is the work's doing.

On a machine that does something else too, a loop is late because a thread of its process had to
stand in line for a processor. Linux counts that for each thread, so it is taken off: what is left
is how long the process itself kept its loop, above all by Python's lock. As a control, a process of
its own has a loop that does nothing meanwhile.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

TICK: Final = 0.001
"""Seconds between two looks at a loop."""
SHARE: Final = 0.99
THREADS: Final = Path("/proc/self/task")


class Late(NamedTuple):
    """Milliseconds by which a loop came too late: on the wall clock, and kept by its process."""

    wall: float
    held: float


class Lateness(NamedTuple):
    """The 99th percentile of what was seen beside some work, and a control's on the wall clock."""

    held: float
    wall: float
    idle: float

    def told(self) -> str:
        """Return the wall clock's figures in words."""
        return (
            f"on the wall clock {self.wall:.2f} ms; a loop that does nothing, in a process of its "
            f"own meanwhile, {self.idle:.2f} ms"
        )


def waits() -> dict[str, int]:
    """Return by thread for how many nanoseconds it has stood in line for a processor."""
    found = {}
    for one in THREADS.iterdir() if THREADS.exists() else ():
        try:
            found[one.name] = int((one / "schedstat").read_bytes().split()[1])
        except OSError:  # it has ended since, or nothing is counted here
            continue
    return found


def stood(before: dict[str, int], after: dict[str, int]) -> float:
    """Return the milliseconds for which the thread that waited longest stood in line."""
    return max((value - before.get(one, 0) for one, value in after.items()), default=0) / 1e6


async def looks(is_done: Callable[[], bool]) -> list[Late]:
    """Return how late this loop came, again and again, until something is done."""
    found = []
    while not is_done():
        before, began = waits(), time.perf_counter()
        await asyncio.sleep(TICK)
        late = (time.perf_counter() - began - TICK) * 1_000
        found.append(Late(late, max(0.0, late - stood(before, waits()))))
    return found


async def beside(work: Awaitable[object]) -> Lateness:
    """Do some work, and return how late this loop came meanwhile."""
    async with control() as idle:
        task = asyncio.ensure_future(work)
        seen = await looks(task.done)
        await task
    return Lateness(
        quantile([one.held for one in seen]), quantile([one.wall for one in seen]), idle[0]
    )


@asynccontextmanager
async def control() -> AsyncIterator[list[float]]:
    """Let a loop in a process of its own do nothing; afterwards the list holds how late it came."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.loop", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    await child.stdout.readline()
    found: list[float] = []
    try:
        yield found
    finally:
        said, _ = await child.communicate(b"")
    found.append(float(json.loads(said)))


async def idle() -> float:
    """Return how late a loop that does nothing comes, until its input ends."""
    print("ready", flush=True)
    reading = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    return quantile([one.wall for one in await looks(reading.done)])


def quantile(values: list[float], share: float = SHARE) -> float:
    """Return the value that so large a share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(idle())))
