"""python-telegram-bot's JobQueue: `python -m bench.peers.job_queue PENDING DUE`.

With `downtime` instead of a number it asks what APScheduler, by its defaults and kept in a
database, does with jobs whose time passed while nothing ran.
"""

import asyncio
import logging
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.ext import ApplicationBuilder, ContextTypes

from bench.child import memory, say
from bench.peers import kept_job

TOKEN = f"7001000001:{'A' * 35}"
RAN: list[float] = []
TICK = 0.001


async def job(_context: ContextTypes.DEFAULT_TYPE) -> None:
    """Note that it ran."""
    RAN.append(time.perf_counter())


async def pending(count: int, due: int) -> None:
    """Measure so many pending jobs, and some of them due at once."""
    app = ApplicationBuilder().token(TOKEN).build()
    queue = app.job_queue
    assert queue is not None
    await queue.start()
    far = datetime.now(UTC) + timedelta(days=1000)
    for number in range(count):
        queue.run_once(job, far + timedelta(seconds=number))
    held = memory()
    at = datetime.now(UTC) + timedelta(seconds=2)
    for _ in range(due):
        queue.run_once(job, at)
    stops = []
    began = time.perf_counter()
    while len(RAN) < due and time.perf_counter() < began + 30:
        look = time.perf_counter()
        await asyncio.sleep(TICK)
        stops.append((time.perf_counter() - look - TICK) * 1000)
    say(memory=held, stop=max(stops), seconds=max(RAN) - min(RAN), ran=len(RAN))
    await queue.stop()


async def downtime(due: int) -> None:
    """Count the jobs of a database that are dropped when the scheduler starts after their time."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'jobs.db'}"
        before = AsyncIOScheduler(timezone=UTC)
        before.add_jobstore("sqlalchemy", url=url)
        before.start(paused=True)
        at = datetime.now(UTC) + timedelta(seconds=0.5)
        for _ in range(min(due, 100)):
            before.add_job(kept_job.kept_job, "date", run_date=at)
        before.shutdown(wait=False)
        await asyncio.sleep(3)
        after = AsyncIOScheduler(timezone=UTC)
        after.add_jobstore("sqlalchemy", url=url)
        after.start()
        await asyncio.sleep(2)
        after.shutdown(wait=False)
    total = min(due, 100)
    say(dropped=f"{total - len(kept_job.RAN)} of {total} after 3 s")


def main() -> None:
    """Run from the command line."""
    logging.disable(logging.WARNING)
    count, due = sys.argv[1:]
    asyncio.run(downtime(int(due)) if count == "downtime" else pending(int(count), int(due)))


if __name__ == "__main__":
    main()
