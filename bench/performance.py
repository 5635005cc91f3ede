"""Every figure that this project promises, each beside its peer in the same run.

    python -m bench.performance [--quick] [--only NAME] [--write docs/performance.md]

Writes the page, and beside it `charts/performance.svg`. A whole run takes about 35 minutes and
wants a machine that does nothing else; `--quick` takes five, and its figures are rough.
"""

import importlib
import platform
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.figures import Advance, Section, chart, machine

PARTS = {
    "answers": "bench.answers:measure",
    "latency": "bench.latency:measure",
    "alerts": "bench.alerts:measure",
    "drain": "bench.others:drained",
    "scheduling": "bench.scheduling:measure",
    "writes": "bench.writes:measure",
    "sorting": "bench.sorting:measure",
    "export": "bench.others:exported",
    "workbook": "bench.workbook:measure",
    "start_up": "bench.start_up:measure",
    "board": "bench.board:measure",
}
"""Each part's name, and where it is measured; loaded one by one."""

LIBRARIES = (
    "python-telegram-bot", "httpx", "aiohttp", "uvloop", "aiosqlite", "APScheduler", "rule-engine",
    "panzi-json-logic",
)  # fmt: skip


def measure_of(place: str) -> Callable[..., Section]:
    """Return what measures a part."""
    module, _, name = place.partition(":")
    found: Callable[..., Section] = getattr(importlib.import_module(module), name)
    return found


def measured(names: Sequence[str], *, quick: bool) -> list[Section]:
    """Measure these parts one after the other, and show how far it is."""
    columns = (TextColumn("{task.description:45}"), BarColumn(), TimeElapsedColumn())
    sections = []
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(names))

        def advance(what: str) -> None:
            progress.update(task, description=what)

        for name in names:
            sections.append(one(name, advance, quick=quick))
            progress.advance(task)
    return sections


def one(name: str, advance: Advance, *, quick: bool) -> Section:
    """Measure a part."""
    return measure_of(PARTS[name])(advance, quick=quick)


def page(sections: Sequence[Section], *, quick: bool, picture: str) -> str:
    """Return the page."""
    figures = [figure for section in sections for figure in section.figures]
    met = sum(figure.met for figure in figures)
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    note = "**A quick run: the figures are rough.** " if quick else ""
    lines = [
        "# Performance",
        "",
        f"Made by `make performance`, {datetime.now(UTC):%Y-%m-%d}.",
        f"{machine()}, {platform.system()}, Python {platform.python_version()},",
        f"SQLite {sqlite3.sqlite_version}; {libraries}.",
        "",
        f"{note}{met} of {len(figures)} figures are reached. Absolute times depend on the machine;",
        "trust the ratios, which are of one run, both sides in turn.",
        "",
        f"![Each figure beside what it is to reach]({picture})",
        "",
        "| what | to reach | measured | peer | met? |",
        "| --- | ---: | ---: | --- | --- |",
        *(figure.row() for figure in figures),
        "",
        "\n\n".join(section.text() for section in sections),
    ]
    return "\n".join(lines) + "\n"


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds, smaller sizes.")] = False,
) -> None:
    """Measure everything, or the named parts."""
    names = only or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise typer.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    sections = measured(names, quick=quick)
    text = page(sections, quick=quick, picture="charts/performance.svg")
    if write:
        write.write_text(text, encoding="utf-8")
        figures = [figure for section in sections for figure in section.figures]
        target = write.parent / "charts" / "performance.svg"
        target.parent.mkdir(exist_ok=True)
        target.write_text(chart(figures), encoding="utf-8")
    typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
