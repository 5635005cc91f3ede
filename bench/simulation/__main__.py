"""`python -m bench.simulation [--seeds 1000] [--first 1] [--replay SEED] [--mutants]`."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.simulation.many import AT_ONCE, many, simulated
from bench.simulation.mutants import MUTANTS
from bench.simulation.mutating import Hunted, all_hunted, mutants_page
from bench.simulation.run import Ran


def shown(ran: Ran) -> None:
    """Print what does not hold after a seed, and how to see its whole story."""
    print(f"\nseed {ran.seed}: {len(ran.faults)} faults", file=sys.stderr)
    for fault in ran.faults:
        print(f"  {fault}", file=sys.stderr)
    print(f"  python -m bench.simulation --replay {ran.seed}", file=sys.stderr)


def replayed(seed: int) -> int:
    """Print one seed's whole story and what does not hold after it; 1 where anything does not."""
    ran = simulated(seed, told=True)
    print(ran.tale)
    print(f"\nseed {seed}, hash {ran.hash}")
    print(", ".join(f"{many} {what}" for what, many in ran.counts.items()))
    for fault in ran.faults:
        print(f"FAULT {fault}")
    return int(bool(ran.faults))


def all_of(first: int, seeds: int, processes: int) -> int:
    """Run many seeds and print what does not hold; 1 where anything does not."""
    total: Counter[str] = Counter()
    wrong: list[int] = []
    columns = (TextColumn("seeds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("", total=seeds)
        for ran in many(first, seeds, processes):
            progress.advance(bar)
            total.update(ran.counts)
            if ran.faults:
                wrong.append(ran.seed)
                shown(ran)
    print(f"{seeds} seeds, {len(wrong)} in which something does not hold: {sorted(wrong)}")
    print(", ".join(f"{many:,} {what}" for what, many in total.items()))
    return int(bool(wrong))


def hunt_mutants(seeds: int, processes: int, write: Path | None) -> int:
    """Put each mutant into the source and see which are caught; 1 where one is not."""
    found: list[Hunted] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("stories without a mutant", total=seeds)
        good: list[int] = []
        for ran in many(1, seeds, processes):
            progress.advance(bar)
            good += [] if ran.faults else [ran.seed]
        bar = progress.add_task("mutants", total=len(MUTANTS))
        for one in all_hunted(sorted(good), processes):
            progress.advance(bar)
            found.append(one)
            progress.console.print(f"{one.mutant.what}: {one.caught or 'not found'}")
    page = mutants_page(found, len(good))
    if write is not None:
        write.write_text(page, encoding="utf-8")
    print(page)
    return int(not all(one.caught for one in found))


def main(  # noqa: PLR0913 - the options of a command
    seeds: Annotated[int, typer.Option(help="How many stories.")] = 100,
    first: Annotated[int, typer.Option(help="The first one's number.")] = 1,
    processes: Annotated[int, typer.Option(help="How many at once.")] = AT_ONCE,
    replay: Annotated[int | None, typer.Option(help="One story alone, told whole.")] = None,
    *,
    mutants: Annotated[bool, typer.Option("--mutants", help="Look for faults put in.")] = False,
    write: Annotated[Path | None, typer.Option(help="Write the page of mutants here.")] = None,
) -> None:
    """Let stories happen and prove what must hold; end with 1 where anything does not."""
    if replay is not None:
        raise typer.Exit(replayed(replay))
    if mutants:
        raise typer.Exit(hunt_mutants(seeds, processes, write))
    raise typer.Exit(all_of(first, seeds, processes))


if __name__ == "__main__":
    typer.run(main)
