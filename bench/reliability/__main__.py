"""`python -m bench.reliability [PART ...] [--full] [--write docs/reliability.md]`."""

import importlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.figures import Advance, Section, machine
from bench.reliability.findings import Finding, keep, kept, page

PARTS: tuple[str, ...] = (
    "kills",
    "points",
    "power",
    "migrations",
    "restore",
    "fuzz",
    "hostile_strings",
    "claims",
    "disk",
    "watchdog",
    "storms",
    "supply_chain",
)
"""The names of the modules beside this one that measure, in the page's order."""


def measured(name: str, advance: Advance, *, full: bool) -> Finding:
    """Measure a part."""
    module = importlib.import_module(f"bench.reliability.{name}")
    measure: Callable[..., Section] = module.measure
    began = time.monotonic()
    section = measure(advance, full=full)
    day = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}"
    return Finding(section, day, full, round(time.monotonic() - began, 1))


def all_measured(names: Sequence[str], *, full: bool) -> dict[str, Finding]:
    """Measure parts one after the other, and show how far it is."""
    columns = (TextColumn("{task.description:60}"), BarColumn(), TimeElapsedColumn())
    found = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:

            def advance(what: str, name: str = name) -> None:
                progress.update(task, description=f"{name}: {what}")

            found[name] = measured(name, advance, full=full)
            progress.advance(task)
    return found


def main(
    parts: Annotated[list[str] | None, typer.Argument(help="Parts; all if none is named.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="At full size: hours for some.")] = False,
) -> None:
    """Measure, print the page, and end with 1 where a figure is missed."""
    names = parts or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    found = all_measured(names, full=full)
    if write:
        data = write.with_suffix(".json")
        whole = kept(data) | found
        keep(data, whole)
        write.write_text(page(whole, PARTS), encoding="utf-8")
    typer.echo(page(found, PARTS))
    raise typer.Exit(any(not one.met for it in found.values() for one in it.section.figures))


if __name__ == "__main__":
    typer.run(main)
