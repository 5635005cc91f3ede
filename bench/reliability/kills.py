"""Kills at random moments: 10,000 on SQLite."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.figures import Advance, Figure, Section
from bench.kills.run import Figures, run

KILLS: Final = 10_000
EACH: Final = 500  # kills of one clinic, so that its record stays as short as one of a few days
FEW: Final = 50
HOW: Final = (
    "`aftercheck run` as a real process is ended by SIGKILL at a random moment, 15 % of the time "
    "while it still starts, and started again, while fifty patients answer by taps and words as "
    "fast as the bot answers them. Half of Telegram's answers come late, so that many kills strike "
    "while a message is under way. At the end the bot is started for good, forty minutes pass, and "
    "what people saw in the stand-in is compared with what is stored. That this comparison sees "
    "what it should is shown by a product broken on purpose: see the named points."
)


def measure(advance: Advance, *, full: bool) -> Section:
    """Kill the bot 10,000 times, or 50."""
    runs = [
        one_clinic(seed, EACH if full else FEW, advance)
        for seed in range(1, KILLS // EACH + 1 if full else 2)
    ]
    return Section("Kills", HOW, figures(runs, "SQLite"), tried=listed(runs))


def one_clinic(seed: int, kills: int, advance: Advance) -> Figures:
    """Run one clinic on a file of its own."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'clinic.db'}"
        said = f"clinic {seed}, kill {{}} of {kills}"
        return asyncio.run(
            run(kills, url, Path(name), seed=seed, done=lambda number: advance(said.format(number)))
        )


def figures(runs: Sequence[Figures], engine: str) -> tuple[Figure, ...]:
    """Return the figures of some runs."""
    kinds: Counter[str] = Counter()
    for one in runs:
        kinds.update(fault.kind for fault in one.faults)
    kills = sum(one.kills for one in runs)
    acts, acknowledged = sum(one.acts for one in runs), sum(one.acknowledged for one in runs)
    check_ins, alerts = sum(one.check_ins for one in runs), sum(one.alerts for one in runs)
    repeats = sum(one.repeated_alerts for one in runs)
    updates = sum(one.updates for one in runs)
    rows = (
        ("updates lost", "update", f"{updates:,} updates"),
        ("answers lost that a patient saw acknowledged", "answer", f"{acknowledged:,} of {acts:,}"),
        ("check-ins lost", "check-in", f"{check_ins:,} check-ins"),
        ("alerts that staff never saw", "alert", f"{alerts:,} alerts"),
        ("identical check-ins shown twice", "twice", f"{check_ins:,} check-ins"),
        ("other faults: words of others, copies without a kill, work never done", "other", ""),
    )
    where = f"in {kills:,} SIGKILLs ({engine})"
    found = [
        Figure(f"{what} {where}", 0, kinds[kind], "{:.0f}", how, at_most=True)
        for what, kind, how in rows
    ]
    how = f"{repeats:,} alerts said that they may have come before"
    return *found, Figure(
        f"extra alerts a kill {where}", 1, repeats / kills, "{:.3f}", how, at_most=True
    )


def listed(runs: Sequence[Figures]) -> str:
    """Return every fault, a line each."""
    return "\n".join(f"- {fault.text}" for one in runs for fault in one.faults)
