"""Run the simulated clinic and write what it says.

    python -m bench.clinic --courses 5000 --seeds 5 --write docs/burden.md

The same seeds give the same figures, whatever the machine.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bench.clinic.assumptions import FILE, load
from bench.clinic.chart import bars
from bench.clinic.courses import Clinic, Followed
from bench.clinic.report import report, rule_rows, summary
from bench.clinic.run import Run
from bench.clinic.tally import tallied
from bench.clinic.variants import day_five, sensitivity
from flows.protocol_file import bundled
from flows.protocol_file import load as load_protocol

PROGRESS = Console(stderr=True)

BARS = 20
"""Rules in the chart; the table has all of them."""


def watch(courses: Iterable[Followed], words: str, count: int) -> Iterable[Followed]:
    """Show a progress bar over the courses on standard error."""
    return track(courses, words, count, console=PROGRESS)


def main(  # noqa: PLR0913, PLR0917 - options of a command line
    courses: Annotated[int, typer.Option(min=1, help="Courses of each seed.")] = 5000,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 1 on.")] = 1,
    ill: Annotated[int, typer.Option(min=1, help="Courses of each kind of complication.")] = 300,
    protocol: Annotated[Path | None, typer.Option(help="A protocol file.")] = None,
    assumptions: Annotated[Path, typer.Option(help="The assumptions.")] = FILE,
    write: Annotated[Path | None, typer.Option(help="The page to write.")] = None,
    *,
    variants: Annotated[bool, typer.Option(help="Also turn the assumptions.")] = True,
) -> None:
    """Send simulated courses through the schedule and the classifier; say what staff would get."""
    rules = load_protocol(protocol) if protocol else bundled()
    assumed = load(assumptions)
    clinic, resolves_after = Clinic(rules, assumed), assumed.staff.resolves_after_hours
    tallies = []
    for seed in range(1, seeds + 1):
        run = watch(clinic.courses(seed, courses), f"seed {seed}", courses)
        tallies.append(tallied(rules, seed, resolves_after, run))
    count = ill * len(assumed.complications)
    sick = watch(clinic.ill_courses(1, ill), "complications", count)
    complications = tallied(rules, 1, resolves_after, sick)
    turned = sensitivity(rules, assumed, max(1, courses // 2), watch) if variants else []
    fifth = day_five(rules, assumed, (courses, ill), watch) if variants else None
    found = Run(rules, assumed, tallies, complications, turned, fifth)
    print("\n".join(summary(found)))
    if write is not None:
        chart = write.parent / "charts" / "burden.svg"
        chart.parent.mkdir(parents=True, exist_ok=True)
        chart.write_text(bars(rule_rows(found)[:BARS]), "utf-8")
        write.write_text(report(found), "utf-8")


if __name__ == "__main__":
    typer.run(main)
