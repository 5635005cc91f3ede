"""`aftercheck export`: check-in histories into a file."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.export.files import SHAPES, Order, order, write
from bot.export.pdf import NoTypesetterError
from bot.export.writing import OptionsError, moment
from bot.noting import noted
from bot.settings import Settings, SettingsError, settings
from bot.terminal_user import at_terminal
from storage.sealing import Keyring, SealError
from storage.transaction import StorageError


def export(  # noqa: PLR0913, PLR0917 - one parameter an option
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv, xlsx, fhir; of one case json, pdf, copy, copy-json, adverse-event.",
        ),
    ] = "csv",
    rows: Annotated[
        str | None, typer.Option(help="Of csv: one row an answer, a check_in or a session.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="One case code; else all.")] = None,
    alert: Annotated[
        str | None, typer.Option(help="Of adverse-event: which alert; else the most severe.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="From this date or time on, by the clinic's clock.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Up to this time, or to the end of this date.")
    ] = None,
) -> None:
    """Write check-in histories, or all about one case, without stopping a running bot."""
    try:
        known = settings()
        zone = ZoneInfo(known.clinic_timezone)
        wanted = order(
            by_name(file_format, output), rows, case, moment(since, zone) if since else None,
            moment(until, zone, ends=True) if until else None, alert,
        )  # fmt: skip
        Keyring.from_text(known.encryption_key.get_secret_value())
    except (OptionsError, SettingsError, SealError) as error:
        end(error, BAD_INPUT)
    try:
        count = written(known, wanted, output)
    except OptionsError as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError, NoTypesetterError) as error:
        end(error, FAILED)
    except OSError as error:
        end(f"{output} cannot be written: {error.strerror}.", FAILED)
    shape = wanted.shape
    if shape.one_case:
        what = shape.caption.format(case=wanted.options.case).rstrip(".")
        typer.echo(f"{what} in {output}")
    else:
        typer.echo(f"{count:,} {shape.counts} in {output}")


def by_name(file_format: str, output: Path) -> str:
    """Return the format that a file's name asks for, where one comes in two."""
    as_json = f"{file_format}-json"
    return as_json if output.suffix == ".json" and as_json in SHAPES else file_format


def written(known: Settings, wanted: Order, output: Path) -> int:
    """Write a file with a bar that shows how far it is, and return how many rows it has."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("cases", total=None)

        def report(done: int, total: int) -> None:
            said = at_present(wanted, done, total)
            progress.update(bar, completed=done, total=total, description=said)

        def fill(out: BinaryIO) -> int:
            return write(known, wanted, out, report, datetime.now(UTC))

        act = at_terminal("export", wanted.told)
        asyncio.run(noted(known, wanted.options.case, act))
        return in_its_place(output, fill)


def at_present(wanted: Order, done: int, total: int) -> str:
    """Return what stands beside the bar."""
    return "putting the file together" if done == total else wanted.shape.how_far(done, total)


def in_its_place(output: Path, write: Callable[[BinaryIO], int]) -> int:
    """Write the file under another name first, so that no half of one is ever taken for all.

    Only its owner may read it: it holds what patients said. Returns what `write` does.
    """
    unfinished = output.with_name(f"{output.name}.part")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            count = write(out)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(output)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return count
