"""Kills at the twelve named points, before and after each; and a product broken on purpose."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.kills.broken import BREAKS, KILLS_EACH, PATIENTS, kills_for
from bench.kills.points import BESIDES, POINTS, SPOTS, planned
from bench.kills.run import Figures, run
from bench.kills.trial import AGAIN
from bench.reliability.kills import listed

KILLS: Final = 1_200  # 100 at each point (docs/sources.md, crash-points)
EACH: Final = 5  # kills at each moment in one clinic
HOW: Final = (
    "As with kills at random moments, but the process kills itself at a named point, the first to "
    "the sixth time that it passes it: the product's own function is wrapped in the process that "
    "becomes the bot. Where the process only waits for Telegram, the stand-in has it killed. "
    "After half of them it is killed again while it starts. Two moments more are struck at while "
    "somebody writes words, and a warning sign. Last the product is broken in nine ways, one at a "
    "time, and killed five times where that matters, at random moments where it does not: the "
    "same proof, which is not told, must see each. Those clinics have 15 patients."
)


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Kill the bot 50 times at each moment, or so many times in all, or once at each moment."""
    wanted = max(1, (count or (KILLS if full else 1)) // len(SPOTS))
    sizes = [min(EACH, wanted - before) for before in range(0, wanted, EACH)]
    runs = [clinic(seed, size, advance) for seed, size in enumerate(sizes, 1)]
    hits = sum((one.hits for one in runs), Counter[str]())
    fewest = min(hits[f"{point}, {side}"] for point, side in SPOTS)
    kills, faults = sum(hits.values()), sum(len(one.faults) for one in runs)
    names = list(BREAKS) if full or count else list(BREAKS)[:2]
    missed = [name for name in names if not is_caught(name, advance)]
    figures = (
        Figure(f"faults in {kills:,} kills at {len(POINTS)} named points", 0, faults, "{:.0f}",
               f"{hits[AGAIN]:,} of them while it started after another", at_most=True),
        Figure("kills at the moment that was struck at least often", wanted, fewest, "{:.0f}",
               f"{len(SPOTS)} moments, before and after each point, and two more"),
        Figure("of the ways in which the product was broken, those that the proof sees",
               len(names), len(names) - len(missed), "{:.0f}", "each must be seen"),
    )  # fmt: skip
    rows = [
        [point, *(hits[f"{point}, {side}"] for side in ("before", "after")), what]
        for point, what in POINTS.items()
    ]
    rows += [
        [point, *(hits[f"{point}, {side}"] if side == at else "" for side in ("before", "after")),
         what]
        for (point, at), what in BESIDES.items()
    ]  # fmt: skip
    seen = "\n".join(f"- {name}{' (**not seen**)' * (name in missed)}" for name in names)
    tables = (table(["point", "before", "after", "before / after it"], rows), seen)
    return Section("Kills at named points", HOW, figures, tables, tried=listed(runs))


def clinic(seed: int, each: int, advance: Advance) -> Figures:
    """Run one clinic, killed so many times at each moment."""
    spots = planned(each, Random(seed))
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'clinic.db'}"
        return asyncio.run(
            run(spots, url, Path(name), seed=seed,
                done=lambda number: advance(f"clinic {seed}, point {number} of {len(spots)}"))
        )  # fmt: skip


def is_caught(name: str, advance: Advance) -> bool:
    """Break the product, kill it, and say whether the proof says what it should."""
    advance(f"broken: {name}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'clinic.db'}"
        kills = kills_for(name, KILLS_EACH)
        figures = asyncio.run(run(kills, url, Path(folder), broken=name, patients=PATIENTS))
    return any(BREAKS[name][2] in fault.text for fault in figures.faults)
