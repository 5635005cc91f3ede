"""Two months of a clinic ten times as busy as a busy one: does the bot grow?

python -m bench.reliability soak
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.reliability.soak_days import Days, Night
from bench.reliability.ward import a_ward
from bench.silence import silence

BUSY: Final = 20
"""Patients that a busy clinic treats a day: four rooms, five treatments in each (own choice)."""
TIMES: Final = 10
DAYS, SMALL_DAYS = 60, 3
GROWS: Final = 1.0  # megabytes an hour (docs/sources.md, soak)
WAL: Final = 64.0  # megabytes (the same)


async def nights(days: int, arrivals: int, found: list[Night], advance: Advance) -> None:
    """Let so many days pass, and add what each was like at its end."""
    async with a_ward() as ward:
        clinic = Days(ward, arrivals, Random(1))
        for day in range(days):
            advance(f"day {day + 1} of {days}, {arrivals} patients a day")
            found.append(await clinic.passes())


def slope(values: Sequence[float]) -> float:
    """Return how much a value grows from one to the next, by least squares."""
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    spread = sum((place - middle) ** 2 for place in range(count))
    return sum((place - middle) * (value - mean) for place, value in enumerate(values)) / spread


def settled(found: Sequence[Night]) -> Sequence[Night]:
    """Return the days after the first half, in which caches fill."""
    return found[len(found) // 2 :] if len(found) > 3 else found


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Measure so many days and return the section; after Ctrl+C, of the days that are over.

    Raises:
        KeyboardInterrupt: fewer than two days are over, which show no growth.
    """
    found: list[Night] = []
    days = count or (DAYS if full else SMALL_DAYS)
    try:
        with silence():
            asyncio.run(nights(days, BUSY * TIMES, found, advance))
    except KeyboardInterrupt:
        if len(found) < 2:
            raise
    return section(found)


def section(found: Sequence[Night]) -> Section:
    """Return the section."""
    late, days = settled(found), len(found)
    over = f"{days} days, {BUSY * TIMES} new patients a day"
    figures = [
        Figure(f"growth of memory in the second half of {over}, an hour", GROWS,
               slope([one.resident for one in late]) / 24, "{:.2f} MB", "", at_most=True),
        Figure(f"growth of tasks, {over}", 0, late[-1].tasks - late[0].tasks, "{:.0f}", "",
               at_most=True),
        Figure(f"growth of open files, {over}", 0, late[-1].files - late[0].files, "{:.0f}", "",
               at_most=True),
        Figure(f"the write-ahead log at most, {over}", WAL, max(one.wal for one in found),
               "{:.1f} MB", "", at_most=True),
        Figure(f"updates that were not worked on, {found[-1].updates - FIRST:,}", 0,
               found[-1].undone, "{:.0f}", "", at_most=True),
    ]  # fmt: skip
    head = ["day", "memory MB", "tasks", "files", "WAL MB", "database MB",
            "rows of inbox, outbox, due", "updates so far"]  # fmt: skip
    step = max(1, days // 15)
    shown = [*found[:-1:step], found[-1]]
    rows = [(one.day, f"{one.resident:.0f}", one.tasks, one.files, f"{one.wal:.1f}",
             f"{one.database:.0f}", f"{one.rows:,}", f"{one.updates - FIRST:,}")
            for one in shown]  # fmt: skip
    return Section("Two months without a restart", HOW, figures, [table(head, rows)])


FIRST: Final = 700_000_001
"""The stand-in's first update."""

HOW = (
    f"A busy clinic treats {BUSY} patients a day (own choice); {TIMES} times as many come here, "
    "all through the link, consent and pairing. Of check-ins 5 % are not answered, most with one "
    "press, the others with up to eight; a nurse takes, calls and closes each alert. The bot and "
    "the stand-in are one process, whose memory this is; the stand-in forgets each day what nobody "
    "looks at, and keeps each patient's last message. What ended more than 30 days ago leaves "
    "inbox, outbox and plans every night; cases stay, so the database grows by them."
)
