"""`python -m bench.kills [--trials 1000 | --points 100] [--engine postgres]`: long tests/kills."""

import argparse
import asyncio
import tempfile
from dataclasses import fields
from pathlib import Path
from random import Random

from rich.progress import Progress

from bench.kills.points import SPOTS, planned
from bench.kills.run import Figures, run
from bench.server import empty_database


def main() -> None:
    """Kill the bot as often as asked, and print what came of it; exit code 1 for any fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    points = "at the named points, so many times before and after each"
    parser.add_argument("--points", type=int, default=0, metavar="N", help=points)
    parser.add_argument("--seed", type=int, default=1)
    engine = "postgres: one of four workers at a time, some paused beside it"
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help=engine)
    given = parser.parse_args()
    if given.points and given.engine == "postgres":
        parser.error("the named points are those of one process; leave --engine postgres out")
    spots = planned(given.points, Random(given.seed))
    with tempfile.TemporaryDirectory() as name, Progress() as progress:
        bar = progress.add_task("kills", total=given.points * len(SPOTS) or given.trials)

        def done(number: int) -> None:
            progress.update(bar, completed=number)

        with empty_database(Path(name), given.engine) as url:
            kills = spots or given.trials
            figures = asyncio.run(run(kills, url, Path(name), seed=given.seed, done=done))
    shown(figures)
    raise SystemExit(bool(figures.faults))


def shown(figures: Figures) -> None:
    """Print the figures, a line each."""
    for field in fields(figures):
        found = getattr(figures, field.name)
        print(f"{field.name:16} {found:.1f}" if isinstance(found, float) else
              f"{field.name:16} {found}")  # fmt: skip


if __name__ == "__main__":
    main()
