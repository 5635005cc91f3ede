"""`aftercheck erase` and `aftercheck backup`: care for what is stored, beside a running bot."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.settings import Settings, SettingsError, settings
from bot.terminal_user import at_terminal
from storage import backups, erasing
from storage.erasing import Erased, NoCaseError, StillKeptError, StillOpenError
from storage.location import sqlite_path
from storage.opening import open_database
from storage.sealing import Keyring, SealError, clinic_key
from storage.transaction import StorageError

PG_DUMP = 'pg_dump --format=custom --file=aftercheck-{day}.dump "$DATABASE_URL"'
TRACES = (
    "The key is destroyed, but earlier versions of rows may be left in the file's free space. "
    "Run the same command again."
)


def erase(
    code: Annotated[str, typer.Argument(help="The case code.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the code again.")] = False,
    even_with_open_alerts: Annotated[
        bool,
        typer.Option("--even-with-open-alerts", help="Although somebody may have to be called."),
    ] = False,
    although_kept: Annotated[
        bool,
        typer.Option("--although-the-law-keeps-it", help="Before RECORD_YEARS are over."),
    ] = False,
) -> None:
    """Erase a patient for good: nothing of what was said can be read, only counts are left."""
    code = code.strip().upper()
    try:
        known, keyring = given()
        if not yes and typer.prompt(f"Erase {code} for good? Type the code").upper() != code:
            end("That is another code: nothing was erased.", BAD_INPUT)
        erased, copies = asyncio.run(
            erased_case(
                known.model_copy(update={"record_years": 0}) if although_kept else known,
                keyring,
                code,
                even_with_open_alerts=even_with_open_alerts,
            )
        )
    except (SettingsError, NoCaseError, StillOpenError, StillKeptError) as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError) as error:
        end(error, FAILED)
    typer.echo(said(erased))
    typer.echo(copies_to_delete(known, erased, copies))
    try:
        asyncio.run(backups.sweep(known.database_url))
    except StorageError as error:
        end(f"{error}\n{TRACES}", FAILED)


def given() -> tuple[Settings, Keyring]:
    """Return the settings and the clinic's keys.

    Raises:
        SettingsError: one cannot be read.
        SealError: ENCRYPTION_KEY is no key.
    """
    known = settings()
    return known, Keyring.from_text(known.encryption_key.get_secret_value())


async def erased_case(
    known: Settings, keyring: Keyring, code: str, *, even_with_open_alerts: bool
) -> tuple[Erased, list[str]]:
    """Erase a case, and return with it where backups were once written."""
    database = await open_database(known.database_url)
    try:
        now = datetime.now(UTC)
        key = await database.run(lambda: clinic_key(keyring))
        await database.read(lambda: erasing.not_kept(code, known.record_years, now))
        erased = await database.run(
            lambda: erasing.erase(
                key,
                code,
                now,
                even_with_open_alerts=even_with_open_alerts,
                by=at_terminal("erase"),
            )
        )
        return erased, await database.read(erasing.noted_backups)
    finally:
        await database.close()


def said(erased: Erased) -> str:
    """Say what was erased."""
    if erased.again:
        return f"{erased.code} had been erased; what came in since is emptied too."
    counts = erased.counts
    closed = f" {counts['alerts']} open alert(s) were closed as erased." if counts["alerts"] else ""
    return (
        f"{erased.code} is erased: the key is destroyed, {counts['photos']} photo(s) are deleted, "
        f"{counts['plans']} plan(s), {counts['check-ins']} check-in(s) and {counts['messages']} "
        f"message(s) that waited are ended.{closed}"
    )


def copies_to_delete(known: Settings, erased: Erased, noted: list[str]) -> str:
    """Name the older copies, in which the patient can still be read."""
    path = sqlite_path(known.database_url)
    found = {str(one) for one in backups.beside(path)} if path else set()
    places = {Path(one) for one in noted}
    places |= {backups.unfinished_of(place) for place in places}
    found |= {str(place) for place in places if place.exists()}
    since = erased.created_at[:10]
    general = f"every copy and backup of the database that was made since {since}"
    if path is None:
        general += ", and the server's archived journal"
    if not found:
        return f"Delete {general}: whoever has one and ENCRYPTION_KEY can still read {erased.code}."
    lines = (f"  {one}" for one in sorted(found))
    return "\n".join((
        f"Delete {general}. With ENCRYPTION_KEY they can still be read. These are on this machine:",
        *lines,
    ))  # fmt: skip


def backup(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file; else one beside the database.")
    ] = None,
) -> None:
    """Copy the database while the bot runs, and check the copy. Keep the key somewhere else."""
    now = datetime.now(UTC)
    try:
        path = sqlite_path(settings().database_url)
        if path is None:
            end("PostgreSQL makes its own backups, beside a running bot:\n\n    "
                f"{PG_DUMP.format(day=now.date())}", BAD_INPUT)  # fmt: skip
        if not path.exists():
            end(f"There is no database at {path}: nothing to copy.", BAD_INPUT)
        target = output or path.with_name(f"{path.name}.backup-{now:%Y-%m-%dT%H%M%SZ}")
        version = backups.back_up(path, target, lambda: note(path, target, now))
    except SettingsError as error:
        end(error, BAD_INPUT)
    except StorageError as error:
        end(error, FAILED)
    typer.echo(f"{target}: {target.stat().st_size:,} bytes, schema {version}, checked. "
               "ENCRYPTION_KEY is not in it, and nothing in it opens without.")  # fmt: skip


def note(path: Path, target: Path, now: datetime) -> None:
    """Note where a copy will be; one that cannot be noted is better than none."""
    try:
        backups.note(path, target, given()[1], at_terminal("backup"), now)
    except (StorageError, SealError) as error:
        typer.echo(f"It could not be noted, so `aftercheck erase` will not name it: {error}",
                   err=True)  # fmt: skip
