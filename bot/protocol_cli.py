"""`aftercheck protocol …`: prove a protocol file, read it, compare it, replay history with it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.cli_ends import BAD_INPUT, end, opened
from flows.chart import charts
from flows.classify import compiled
from flows.course import plan
from flows.diff import dangerous, differences
from flows.joining import joined, stale
from flows.local_time import wall_time
from flows.proof.random_cases import RandomCases
from flows.protocol_file import ProtocolError, text_of
from flows.render import thresholds_page
from flows.replay import replay
from flows.schedule import Session
from flows.verify import GUARANTEES, check

REFUSED = 1
"""Exit code: the file is readable and not good enough."""

DEEP_CASES = 1_000_000
CHUNK = 2_000

app = typer.Typer(help="Prove, read, compare and replay protocol files.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A protocol file (TOML).")]


@app.command()
def verify(
    file: File,
    deep: Annotated[bool, typer.Option(help="Also try a million random cases.")] = False,  # noqa: FBT002
    seed: Annotated[int, typer.Option(help="Seed of the random cases.")] = 1,
) -> None:
    """Prove the six guarantees; exit 1 with a sentence for each that does not hold."""
    protocol = opened(file)
    found: list[tuple[str, str]] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for name in progress.track(GUARANTEES, description="proving"):
            found += [(name, problem.sentence) for problem in check(protocol, name)]
        if deep and not found:
            cases = RandomCases(compiled(protocol), seed)
            bar = progress.add_task("random cases", total=DEEP_CASES)
            for _ in range(DEEP_CASES // CHUNK):
                found += [("monotone", sentence) for sentence in cases.falls(CHUNK)]
                progress.advance(bar, CHUNK)
    for name, sentence in found:
        typer.echo(f"{name}: {sentence}")
    if found:
        typer.echo(f"{file}: {len(found)} problem(s); not to be used")
        raise typer.Exit(REFUSED)
    searched = f", {DEEP_CASES:,} random cases" if deep else ""
    typer.echo(f"{protocol.name}: {', '.join(GUARANTEES)}: all hold{searched}")
    if protocol.protocol.draft:
        typer.echo("It is a draft: no named clinician has signed it.")


@app.command()
def render(
    file: Annotated[Path | None, typer.Argument(help="A protocol file; else the bundled.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the page goes.")] = Path(
        "docs/thresholds.md"
    ),
) -> None:
    """Write the thresholds as a page for the desk, with a chart for each treatment."""
    protocol = opened(file)
    folder = output.parent / "charts"
    page, drawn = thresholds_page(protocol), charts(protocol)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
        for name, svg in drawn.items():
            (folder / name).write_text(svg, encoding="utf-8")
    except OSError as error:
        end(f"{error.filename}: cannot be written: {error.strerror}", BAD_INPUT)
    typer.echo(f"{output} and {len(drawn)} charts in {folder}")


@app.command()
def diff(
    old: File, new: Annotated[Path, typer.Argument(help="The version that follows it.")]
) -> None:
    """Say what changed between two versions, the most dangerous first; exit 1 if any is."""
    found = differences(opened(old), opened(new))
    for difference in found:
        typer.echo(f"{'! ' if difference.dangerous else '  '}{difference}")
    typer.echo(f"{len(found)} difference(s), {sum(d.dangerous for d in found)} dangerous (!)")
    if dangerous(found):
        raise typer.Exit(REFUSED)


@app.command()
def join(
    old: File,
    new: Annotated[Path, typer.Argument(help="The version that follows it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the joined file goes.")],
) -> None:
    """Give a version the translations that it lacks, of the one before; exit 1 if one is missed."""
    before = opened(old)
    opened(new)
    try:
        found = joined(text_of(new), before)
        output.write_text(found.text, encoding="utf-8")
    except ProtocolError as error:
        end(error, BAD_INPUT)
    except OSError as error:
        end(f"{error.filename}: cannot be written: {error.strerror}", BAD_INPUT)
    for sentence in (*found.missed, *stale(opened(new), before)):
        typer.echo(sentence)
    typer.echo(f"{output}: completed in {', '.join(found.completed) or 'no language'}")
    if found.missed:
        raise typer.Exit(REFUSED)


@app.command("replay")
def replay_history(
    file: Annotated[Path, typer.Argument(help="The version to try.")],
    history: Annotated[Path, typer.Option(help="JSON lines, as `classify` reads them.")],
    against: Annotated[Path | None, typer.Option(help="The version in use; else bundled.")] = None,
) -> None:
    """Say which alerts of a history would appear, vanish or move, and the work per week."""
    old = opened(against)
    new = opened(file)
    try:
        with (
            Progress(console=Console(stderr=True), transient=True) as progress,
            progress.open(
                history, "r", encoding="utf-8", errors="replace", description="replay"
            ) as lines,
        ):
            report = replay(old, new, lines)
    except OSError as error:
        end(f"{history}: cannot be read: {error.strerror}", BAD_INPUT)
    for line in report.lines():
        typer.echo(line)
    if report.skipped:
        raise typer.Exit(BAD_INPUT)
    if report.dangerous:
        raise typer.Exit(REFUSED)


@app.command()
def schedule(
    treatment: Annotated[str, typer.Option(help="Treatment ids joined by +.")],
    session_at: Annotated[datetime, typer.Option(help="End of the session, clinic's time.")],
    zone: Annotated[str, typer.Option(help="The patient's time zone, like Europe/Berlin.")],
    file: Annotated[Path | None, typer.Option("--protocol", help="Else the bundled one.")] = None,
) -> None:
    """Show when each check-in, results question and reminder of a session is due."""
    protocol = opened(file)
    try:
        ended = wall_time(session_at.date(), session_at.time(), ZoneInfo(zone))
        rows = plan(protocol, Session(1, treatment, ended, ended, zone))
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError) as error:
        end(error, BAD_INPUT)
    table = Table("what", "hours", "patient's clock", "status", box=None)
    for row in rows:
        table.add_row(
            row.purpose,
            f"{row.hours:g}",
            f"{row.local:%a %Y-%m-%d %H:%M}",
            f"{row.status.value}{': ' if row.why else ''}{row.why}",
        )
    Console().print(table)
