"""`aftercheck keys`: the key that seals what is stored."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.settings import Settings, SettingsError, settings
from bot.terminal_user import at_terminal
from storage import audit, backups, rotating
from storage.audit import AuditKey
from storage.opening import open_database
from storage.sealing import Keyring, SealError, clinic_key, new_key_text
from storage.transaction import Database, StorageError, Transaction

app = typer.Typer(
    help="The key that seals what is stored.", no_args_is_help=True, add_completion=False
)


class Rotated(NamedTuple):
    """How many keys there are, how many were wrapped anew, and the cases whose key is lost."""

    seen: int
    wrapped: int
    lost: list[str]


@app.callback()
def keys() -> None:
    """Make or change the key that seals what is stored."""


@app.command()
def new() -> None:
    """Print a new ENCRYPTION_KEY. Keep a copy away from this machine: nothing opens without it."""
    typer.echo(new_key_text())


@app.command()
def rotate() -> None:
    """Wrap every stored key with the first key of ENCRYPTION_KEY, while the bot is stopped.

    Put the new key in front of the old one, with a comma between, and stop the bot first.
    """
    try:
        known = settings()
        keyring = Keyring.from_text(known.encryption_key.get_secret_value())
    except (SettingsError, SealError) as error:
        end(error, BAD_INPUT)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("keys", total=None)

        def report(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        try:
            rotated = asyncio.run(rotated_all(known, keyring, report))
        except (StorageError, SealError) as error:
            end(error, FAILED)
    typer.echo(f"{rotated.wrapped:,} of {rotated.seen:,} keys were wrapped with the first key.")
    if rotated.lost:
        end(
            f"No key in ENCRYPTION_KEY opens these cases: {', '.join(rotated.lost)}. Keep every "
            "key, add the one that is missing after a comma, and run this again.",
            FAILED,
        )
    typer.echo(
        "All are wrapped with the first key now: take the others out of ENCRYPTION_KEY, then start "
        "the bot. Keep them as long as you keep a backup from before: it opens with nothing else."
    )


async def rotated_all(
    known: Settings, keyring: Keyring, report: Callable[[int, int], None]
) -> Rotated:
    """Wrap every key, the clinic's too; a bot that knows only the old key is kept from running.

    Raises:
        AlreadyRunningError: a bot is running.
        SealError: the clinic's key cannot be opened.
        StorageError: the database cannot be used.
    """
    database = await open_database(known.database_url, alone=True)
    try:
        rotated = await wrapped(database, keyring, report)
        await database.run(lambda: noted(keyring, rotated))
        await backups.sweep(known.database_url)
    finally:
        await database.close()
    return rotated


def noted(keyring: Keyring, rotated: Rotated) -> Transaction[None]:
    """Note in the audit trail that keys were wrapped anew; its own key stays the same."""
    key = AuditKey((yield from clinic_key(keyring)))
    act = at_terminal("keys_rotate", f"{rotated.wrapped} of {rotated.seen} keys")
    yield from audit.did(key, None, act, datetime.now(UTC))


async def wrapped(
    database: Database, keyring: Keyring, report: Callable[[int, int], None]
) -> Rotated:
    """Go through the keys batch by batch."""
    count = int(await database.run(lambda: rotating.rotate_clinic_key(keyring)))
    total = await database.read(rotating.count)
    seen, lost, after = 0, list[str](), ""
    while True:
        batch = await database.run(partial(rotating.rotate, keyring, after))
        seen, count, lost = seen + batch.seen, count + batch.wrapped, lost + batch.lost
        report(seen, total)
        if batch.last is None:
            return Rotated(seen + 1, count, lost)
        after = batch.last
