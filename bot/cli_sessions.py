"""`aftercheck sessions`: whose next session is to be booked."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli_ends import FAILED, end
from bot.cli_enrol import done, known_settings
from bot.next_sessions import HEADINGS, coming
from bot.noting import noted
from bot.terminal_user import at_terminal
from storage.sealing import SealError
from storage.transaction import StorageError

app = typer.Typer(
    help="Sessions of a course: whose next one is to be booked.",
    no_args_is_help=True, add_completion=False,
)  # fmt: skip


@app.callback()
def sessions() -> None:
    """Look at whose next session is to be booked."""


@app.command()
def due(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List whose next session is due, past its usual time, or soon. That it was read is noted."""
    known, now = known_settings(), datetime.now(UTC)
    try:
        asyncio.run(noted(known, None, at_terminal("due")))
    except (StorageError, SealError) as error:
        end(error, FAILED)
    found = done(known, lambda office: coming(office, now))
    if as_json:
        for one in found:
            typer.echo(json.dumps(one.as_object(), ensure_ascii=False))
        return
    for window, heading in HEADINGS.items():
        lines = [one.line() for one in found if one.window is window]
        if lines:
            typer.echo("\n".join((heading, *lines, "")))
    if not found:
        typer.echo("Nobody's next session is due or soon.")
