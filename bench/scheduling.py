"""Pending check-ins: memory and an empty tick as they grow, many due at once, and after downtime.

    python -m bench.performance --only scheduling

Beside python-telegram-bot's JobQueue (APScheduler, in memory). Each size runs in a process of its
own. What is due at once are real check-ins of real cases, decided on and put into the outbox.
"""

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.child import memory, say
from bench.figures import Advance, Figure, Section, table
from bench.loopback import FIRST_CHAT
from bench.ours import clinic_settings
from bench.start_up import FEW, MANY, pending
from bot.clock import SteppedClock
from bot.health import Pulse
from bot.office import Office
from bot.tick import Tick
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Database, Query, Transaction
from storage.vault import Vault

DUE = 1_000
TICKS = 200
TICK = 0.001  # seconds between two looks at the event loop
DOWN = timedelta(days=3)

LEFT = """
    SELECT (SELECT count(*) FROM due WHERE state = 'waiting' AND due_at <= :now) AS waiting,
           (SELECT count(*) FROM check_in WHERE state = 'planned' AND due_at <= :now) AS planned,
           (SELECT count(*) FROM outbox) AS messages, (SELECT count(*) FROM alert) AS alerts
"""


async def late(done: asyncio.Event) -> list[float]:
    """Return how late the event loop was at each look until the event is set, in ms."""
    found = []
    while not done.is_set():
        began = time.perf_counter()
        await asyncio.sleep(TICK)
        found.append((time.perf_counter() - began - TICK) * 1000)
    return sorted(found)


async def tick_of(database: Database, folder: Path, key: str, clock: SteppedClock) -> Tick:
    """Return the part of the bot that does what is due."""
    keyring = Keyring.from_text(key)
    vault = Vault(keyring, await database.run(lambda: clinic_key(keyring)))
    given = clinic_settings(folder, "http://127.0.0.1", key)
    office = Office(given, vault, bundled(), bundled_text())
    return Tick(database, office, clock, Pulse(clock.now()), lambda: None)


async def child(folder: Path, key: str, due_at: datetime, after: timedelta) -> None:
    """Measure empty ticks, then one at which a thousand check-ins are due; say the figures."""
    clock = SteppedClock(due_at - timedelta(minutes=1))
    database = await open_database(f"sqlite:///{folder / 'clinic.db'}")
    tick = await tick_of(database, folder, key, clock)
    times = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await tick.run()
        times.append(time.perf_counter() - began)
    held = memory()
    clock.reaches(due_at + after)
    done = asyncio.Event()
    looking = asyncio.create_task(late(done))
    began = time.perf_counter()
    await tick.run()
    seconds = time.perf_counter() - began
    done.set()
    stops = await looking

    def left() -> Transaction[dict[str, int]]:
        row = (yield Query(LEFT, {"now": clock.now().isoformat(timespec="microseconds")}))[0]
        return {name: row[name] for name in ("waiting", "planned", "messages", "alerts")}

    middle, p99 = sorted(times)[TICKS // 2] * 1000, stops[len(stops) * 99 // 100]
    counts = await database.read(left)
    say(memory=held, tick=middle, stop=stops[-1], p99=p99, seconds=seconds, **counts)
    await database.close()


def ours(rows: int, after: timedelta = timedelta()) -> dict[str, Any]:
    """Run ours with so many pending rows and a thousand that come due."""
    from bench.patients import make, waiting  # noqa: PLC0415 - loads what a running bot does not

    key = new_key_text()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        walked = waiting(clinic_settings(folder, "http://127.0.0.1", key))
        due_at = walked.plans[0].at
        chats = [FIRST_CHAT + number for number in range(DUE)]
        make(folder, key, chats, walked, due_at - timedelta(days=2))
        pending(folder, rows)
        words = [name, key, due_at.isoformat(), str(after.total_seconds())]
        return output("bench.scheduling", *words)


def output(module: str, *words: str) -> dict[str, Any]:
    """Run a child to its end and return its figures."""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, *words], stdout=subprocess.PIPE, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return figures


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure all in turn and return the section."""
    many, jobs = (100_000, 20_000) if quick else (MANY, 100_000)
    found = {}
    for rows in (FEW, many):
        advance(f"due table: {rows:,} pending")
        found[rows] = ours(rows)
    peers = {}
    for rows in (FEW, jobs):
        advance(f"JobQueue: {rows:,} pending")
        peers[rows] = output("bench.peers.job_queue", str(rows), str(DUE))
    advance("after three days of downtime")
    down = ours(FEW, DOWN)
    advance("JobQueue after downtime")
    gone = output("bench.peers.job_queue", "downtime", str(DUE))
    return section(found, peers, down, gone)


def section(
    found: dict[int, dict[str, Any]], peers: dict[int, dict[str, Any]], down: dict[str, Any],
    gone: dict[str, Any],
) -> Section:  # fmt: skip
    """Return the section."""
    (_, few), (many, lots) = found.items()
    (_, less), (jobs, more) = peers.items()
    grown, theirs = lots["memory"] - few["memory"], more["memory"] - less["memory"]
    dropped = down["waiting"] + down["planned"]
    figures = [
        Figure(f"memory from {FEW:,} to {many:,} pending", 5.0, grown, "{:+.1f} MB",
               f"JobQueue to {jobs:,}: +{theirs:.0f} MB", at_most=True,
               short="memory, many pending"),
        Figure(f"an empty tick at {many:,} pending, beside {FEW:,}", 1.5,
               lots["tick"] / few["tick"], "{:.2f} ×", f"{few['tick']:.2f} ms at {FEW:,}",
               at_most=True, short="empty tick, many pending"),
        Figure(f"the event loop stopped by {DUE:,} due at once", 5.0, lots["stop"], "{:.1f} ms",
               f"JobQueue {more['stop']:.0f} ms", at_most=True, short="loop stop, 1,000 due"),
        Figure(f"of {DUE:,} that came due in three days of downtime, dropped", 0.0, float(dropped),
               "{:.0f}", f"APScheduler's defaults: {gone['dropped']}", at_most=True,
               short="dropped after downtime"),
    ]  # fmt: skip
    rows = [
        (f"{name}, {size:,} pending", f"{one['memory']:.0f}", f"{one.get('tick', 0):.2f}",
         f"{one['stop']:.1f}", f"{one.get('p99', 0):.1f}", f"{one['seconds']:.2f}")
        for name, sizes in (("**due table**", found), ("JobQueue", peers))
        for size, one in sizes.items()
    ]  # fmt: skip
    head = ["", "MB", "empty tick ms", "longest stop ms", "p99 ms", f"{DUE:,} done in s"]
    how = (
        f"{HOW} After downtime, {down['messages']:,} messages and {down['alerts']:,} tasks for"
        " staff came of the thousand."
    )
    return Section("Pending check-ins", how, figures, [table(head, rows)], TRIED)


HOW = (
    "Rows of the due table that are years away, and a thousand real check-ins that come due "
    "together: each case is loaded, decided on, and its message put into the outbox, on the disk. "
    "JobQueue runs a thousand callbacks that do nothing. The loop is looked at every millisecond. "
    "What bounds it: Python's lock, which the thread with the database shares with the loop."
)
TRIED = (
    "What was tried, one run each on a busy machine: as it is, 127 ms; with the protocol compiled "
    "before, 278; with that and a switch interval of half a millisecond, 118; with both and the "
    "garbage collector off, 14. That points to full collections as the longest stops. None of "
    "this is in the bot."
)


def main() -> None:
    """Run as a child."""
    logging.disable(logging.WARNING)
    folder, key, due_at, after = sys.argv[1:]
    moment, downtime = datetime.fromisoformat(due_at), timedelta(seconds=float(after))
    asyncio.run(child(Path(folder), key, moment, downtime))


if __name__ == "__main__":
    main()
