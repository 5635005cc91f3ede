"""`python -m bench.reliability [PART ...] [--full | --count N] [--write docs/reliability.md]`."""

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.figures import Advance, Section, machine
from bench.reliability.findings import Finding, keep, kept, page

PARTS: tuple[str, ...] = (
    "kills",
    "kills_of_workers",
    "points",
    "power",
    "migrations",
    "restore",
    "fuzz",
    "hostile_strings",
    "claims",
    "disk",
    "watchdog",
    "simulation",
    "storms",
    "soak",
    "supply_chain",
    "access",
)
"""The names of the modules beside this one that measure, in the page's order."""


@dataclass(frozen=True)
class Size:
    """How much of each part is measured: `full`, `count` of what it counts, or a small run."""

    full: bool
    count: int | None

    def name(self, *, can_be_ended: bool) -> str:
        """Return how the page calls it; what counts may have been ended before by Ctrl+C."""
        if self.count:
            return f"up to {self.count:,} by order"
        full = "up to full size" if can_be_ended else "full size"
        return full if self.full else "**a small run, as in CI**"


def measure_of(name: str) -> Callable[..., Section]:
    """Return the function by which a part measures."""
    measure: Callable[..., Section] = importlib.import_module(f"bench.reliability.{name}").measure
    return measure


def measured(name: str, advance: Advance, size: Size) -> Finding:
    """Measure a part."""
    began = time.monotonic()
    more = {"count": size.count} if size.count else {}
    measure = measure_of(name)
    section = measure(advance, full=size.full, **more)
    day = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}"
    return Finding(
        section,
        day,
        size.name(can_be_ended="count" in signature(measure).parameters),
        round(time.monotonic() - began, 1),
    )


def all_measured(names: Sequence[str], size: Size) -> dict[str, Finding]:
    """Measure parts one after the other, and show how far it is."""
    columns = (TextColumn("{task.description:60}"), BarColumn(), TimeElapsedColumn())
    found = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:

            def advance(what: str, name: str = name) -> None:
                progress.update(task, description=f"{name}: {what}")

            found[name] = measured(name, advance, size)
            progress.advance(task)
    return found


def main(
    parts: Annotated[list[str] | None, typer.Argument(help="Parts; all if none is named.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="At full size: hours for some.")] = False,
    count: Annotated[
        int | None, typer.Option(min=1, help="So many updates, kills or cuts.")
    ] = None,
) -> None:
    """Measure, print the page, and end with 1 where a figure is missed."""
    names = parts or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    countless = [name for name in names if "count" not in signature(measure_of(name)).parameters]
    if count and countless:
        raise typer.BadParameter(f"{', '.join(countless)}: nothing to count; leave --count out")
    found = all_measured(names, Size(full, count))
    if write:
        data = write.with_suffix(".json")
        whole = kept(data) | found
        keep(data, whole)
        write.write_text(page(whole, PARTS), encoding="utf-8")
    typer.echo(page(found, PARTS))
    raise typer.Exit(any(not one.met for it in found.values() for one in it.section.figures))


if __name__ == "__main__":
    typer.run(main)
