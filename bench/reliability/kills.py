"""Kills at random moments of the one process on SQLite: 10,000."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.figures import Advance, Figure, Section
from bench.kills.run import Figures, run
from bench.on_each_core import on_each_core
from bench.server import empty_database

KILLS: Final = 10_000
EACH: Final = 200  # kills of one clinic, in which fifty check-ins fall due
FEW: Final = 50
HOW: Final = (
    "`aftercheck run` as a real process is ended by SIGKILL at a random moment, 15 % of the time "
    "while it still starts, and started again, while fifty patients answer by taps and words as "
    "fast as the bot answers them. Half of Telegram's answers come late, so that many kills strike "
    "while a message is under way. Whoever has pressed something and seen nothing for 20 seconds "
    "presses once more, to a bot that nobody kills; who sees nothing in 75 seconds more was not "
    "heard. At the end the bot is started for good, forty minutes pass, and what people saw in the "
    "stand-in is compared with what is stored. That this comparison sees what it should is shown "
    "by a product broken on purpose: see the named points."
)


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Kill the bot 10,000 times, or as often as asked, or 50 times."""
    runs = clinics("sqlite", count or (KILLS if full else FEW), advance)
    return Section("Kills", HOW, figures(runs, "of one process on SQLite"), tried=listed(runs))


def clinics(engine: str, kills: int, advance: Advance) -> list[Figures]:
    """Run as many clinics as so many kills need; after Ctrl+C what has begun is proved."""
    sizes = [min(EACH, kills - before) for before in range(0, kills, EACH)]
    over: list[Figures] = []
    for one in on_each_core(clinic, [(engine, seed, size) for seed, size in enumerate(sizes, 1)]):
        over.append(one)
        advance(f"{sum(clinic.kills for clinic in over):,} of {kills:,} kills")
    return over


def clinic(engine: str, seed: int, kills: int) -> Figures:
    """Run one clinic on a database of its own."""
    with tempfile.TemporaryDirectory() as name, empty_database(Path(name), engine) as url:
        return asyncio.run(run(kills, url, Path(name), seed=seed))


def figures(runs: Sequence[Figures], what: str) -> tuple[Figure, ...]:
    """Return the figures of some runs."""
    kinds = Counter(fault.kind for one in runs for fault in one.faults)
    kills = sum(one.kills for one in runs)
    acts, acknowledged = sum(one.acts for one in runs), sum(one.acknowledged for one in runs)
    check_ins, alerts = sum(one.check_ins for one in runs), sum(one.alerts for one in runs)
    repeats, copies = (sum(one.repeated_alerts for one in runs), sum(one.unknown for one in runs))
    rows = (
        ("updates lost", "update", f"{sum(one.updates for one in runs):,} updates"),
        ("answers lost that a patient saw acknowledged, or acts without an answer", "answer",
         f"{acts:,} acts, {acknowledged:,} certainly acknowledged"),
        ("check-ins lost", "check-in", f"{check_ins:,} check-ins"),
        ("alerts that staff never saw", "alert", f"{alerts:,} alerts"),
        ("identical check-ins shown twice", "twice", f"{check_ins:,} check-ins"),
        ("words of others shown, copies without a kill, work never done", "other",
         f"{copies:,} messages had arrived when the bot was killed"),
    )  # fmt: skip
    where = f"{kills:,} SIGKILLs {what}"
    found = [
        Figure(f"{text}, {where}", 0, kinds[kind], "{:.0f}", how, at_most=True)
        for text, kind, how in rows
    ]
    how = f"{repeats:,} alerts said that they may have come before"
    extra = Figure(f"extra alerts a kill, {where}", 1, repeats / kills, "{:.3f}", how, at_most=True)
    return *found, extra


def listed(runs: Sequence[Figures]) -> str:
    """Return every fault, a line each."""
    return "\n".join(f"- {fault.text}" for one in runs for fault in one.faults)
