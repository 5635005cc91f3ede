"""`aftercheck restore` and `aftercheck resume`: a backup in place, and when patients may hear."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import cli_enrol, freezing
from bot.cli_care import given
from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.settings import Settings, SettingsError
from bot.terminal_user import at_terminal
from flows.engine.desk import day_and_time
from storage.location import sqlite_path
from storage.opening import open_database
from storage.restoring import restore as put_in_place
from storage.sealing import SealError
from storage.transaction import StorageError, Transaction

PG_RESTORE = """PostgreSQL is restored by its own program. Stop the bot, then:

    pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" FILE
    aftercheck restore --in-place

The second line keeps the bot from writing to patients until staff say so: do not leave it out."""


def restore(
    file: Annotated[Path | None, typer.Argument(help="The backup.")] = None,
    *,
    in_place: Annotated[
        bool,
        typer.Option("--in-place", help="The database was restored by another program already."),
    ] = False,
) -> None:
    """Put a backup in the database's place, while the bot is stopped; patients hear nothing yet."""
    now = datetime.now(UTC)
    if (file is None) != in_place:
        end("Name the backup's file, or say --in-place.", BAD_INPUT)
    try:
        known, keyring = given()
        if not known.staff_chat_id:
            end("STAFF_CHAT_ID is missing: staff must hear of a restore.", BAD_INPUT)
        who = at_terminal("restore", file.name if file else "in place")
        kept, since = restored(known, file, now, lambda: freezing.freeze(known, keyring, now, who))
    except SettingsError as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError) as error:
        end(error, FAILED)
    until = day_and_time(since, ZoneInfo(known.clinic_timezone))
    typer.echo(
        f"Restored. It knows what happened up to {until}; what patients said after that is lost."
    )
    if kept is not None:
        typer.echo(f"The database as it was is in {kept}.")
    typer.echo(
        "Start the bot: staff are told, and get every alert. Patients are not written to until a "
        "doctor or an admin writes /resume in the staff chat, or you run: aftercheck resume"
    )


def restored(
    known: Settings, file: Path | None, now: datetime, freeze: Callable[[], Transaction[datetime]]
) -> tuple[Path | None, datetime]:
    """Restore; return where the database as it was is kept, and up to when the backup knows.

    Raises:
        StorageError: it cannot be done; nothing was replaced.
        SealError: ENCRYPTION_KEY does not open the backup; nothing was replaced.
    """
    since: list[datetime] = []

    def prepare() -> Transaction[None]:
        since.append((yield from freeze()))

    path = sqlite_path(known.database_url)
    if file is None:
        asyncio.run(prepared(known, prepare))
        kept = None
    elif path is None:
        raise StorageError(PG_RESTORE)
    else:
        kept = put_in_place(path, file, prepare, now)
    return kept, since[-1]


async def prepared(known: Settings, prepare: Callable[[], Transaction[None]]) -> None:
    """Freeze a database that is in its place, while no bot runs on it."""
    database = await open_database(known.database_url, alone=True)
    try:
        await database.run(prepare)
    finally:
        await database.close()


def resume() -> None:
    """Let patients be written to again after a restore; the running bot goes on by itself."""
    known = cli_enrol.known_settings()
    who = at_terminal("resume")
    resumed = cli_enrol.done(known, lambda office: freezing.resume(office, who, datetime.now(UTC)))
    typer.echo(freezing.RESUMED if resumed else freezing.NOT_FROZEN)
