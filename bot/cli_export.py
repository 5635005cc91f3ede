"""`aftercheck export`: check-in histories into a file."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn, get_args
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from bot.export.columns import RowKind
from bot.export.everything import FORMATS, document
from bot.export.pdf import NoTypesetterError
from bot.export.writing import Options, OptionsError, moment, write_csv
from bot.export.writing import Progress as Report
from bot.noting import noted
from bot.settings import Settings, SettingsError, settings
from bot.terminal_user import at_terminal
from storage.sealing import Keyring, SealError
from storage.transaction import StorageError

FAILED, BAD_INPUT = 1, 2
"""Exit codes: it could not be read or written; what was asked for makes no sense."""


def export(  # noqa: PLR0913, PLR0917 - one parameter an option
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    file_format: Annotated[
        str, typer.Option("--format", help="csv; json or pdf for everything about one case.")
    ] = "csv",
    rows: Annotated[str, typer.Option(help="One row an answer, a check_in or a session.")] = (
        "answer"
    ),
    case: Annotated[str | None, typer.Option(help="One case code; else all.")] = None,
    since: Annotated[
        str | None, typer.Option(help="From this date or time on, by the clinic's clock.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Up to this time, or to the end of this date.")
    ] = None,
) -> None:
    """Write check-in histories, or all about one case, without stopping a running bot."""
    if file_format in FORMATS:
        export_everything(output, file_format, case, rows, since, until)
        return
    try:
        known = settings()
        options = wanted(known, file_format, rows, case, since, until)
        keyring = Keyring.from_text(known.encryption_key.get_secret_value())
    except (OptionsError, SettingsError, SealError) as error:
        end(error, BAD_INPUT)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("cases", total=None)

        def report(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        try:
            asyncio.run(noted(known, options.case, at_terminal("export", told(options))))
            count = write_file(output, known.database_url, keyring, options, report)
        except OptionsError as error:
            end(error, BAD_INPUT)
        except (StorageError, SealError) as error:
            end(error, FAILED)
        except OSError as error:
            end(f"{output} cannot be written: {error.strerror}.", FAILED)
    typer.echo(f"{count:,} rows in {output}")


def export_everything(  # noqa: PLR0913, PLR0917 - one parameter an option
    output: Path, file_format: str, case: str | None, rows: str, since: str | None,
    until: str | None,
) -> None:  # fmt: skip
    """Write everything about one case."""
    try:
        code = the_case(file_format, case, narrowed=rows != "answer" or bool(since or until))
        known = settings()
        keyring = Keyring.from_text(known.encryption_key.get_secret_value())
        now = datetime.now(UTC)
        clinic = known.contact.clinic
        whole, saying = document(known.database_url, keyring, code, clinic, now)
        content = FORMATS[file_format](whole, saying)
        asyncio.run(noted(known, code, at_terminal("export", f"everything, as {file_format}")))
        in_its_place(output, lambda out: out.write(content))
    except (OptionsError, SettingsError) as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError, NoTypesetterError) as error:
        end(error, FAILED)
    except OSError as error:
        end(f"{output} cannot be written: {error.strerror}.", FAILED)
    typer.echo(f"Everything about {code} in {output}")


def the_case(file_format: str, case: str | None, *, narrowed: bool) -> str:
    """Return the code of the one case; `narrowed` says that only a part was asked for.

    Raises:
        OptionsError: no case is named, or only a part of one is wanted.
    """
    if case is None or narrowed:
        raise OptionsError(
            f"--format {file_format} writes everything about one case: name it with --case, "
            "and leave --rows, --since and --until out."
        )
    return case.strip().upper()


def wanted(  # noqa: PLR0913, PLR0917 - one parameter an option
    known: Settings, file_format: str, rows: str, case: str | None, since: str | None,
    until: str | None,
) -> Options:  # fmt: skip
    """Return what was asked for.

    Raises:
        OptionsError: it makes no sense.
    """
    if file_format != "csv":
        raise OptionsError("--format is csv, json or pdf.")
    kind = next((one for one in get_args(RowKind) if one == rows), None)
    if kind is None:
        raise OptionsError(f"--rows is one of {', '.join(get_args(RowKind))}.")
    zone = ZoneInfo(known.clinic_timezone)
    return Options(
        kind, case.strip().upper() if case else None,
        moment(since, zone) if since else None, moment(until, zone, ends=True) if until else None,
    )  # fmt: skip


def told(options: Options) -> str:
    """Return what was exported, as the audit trail names it."""
    parts = [options.rows, options.since and f"since {options.since:%Y-%m-%d %H:%M%z}",
             options.until and f"until {options.until:%Y-%m-%d %H:%M%z}"]  # fmt: skip
    return " ".join(str(one) for one in parts if one)


def write_file(
    output: Path, database_url: str, keyring: Keyring, options: Options, report: Report
) -> int:
    """Write a table, and return how many rows it has."""
    return in_its_place(output, lambda out: write_csv(database_url, keyring, options, out, report))


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


def end(why: object, code: int) -> NoReturn:
    """End with a sentence on stderr."""
    sys.stderr.write(f"{why}\n")
    raise typer.Exit(code)
