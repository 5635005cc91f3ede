"""`aftercheck doctor`: what is wrong with the set-up, and how to mend it."""

import asyncio
from datetime import UTC, datetime

import typer

from bot.doctor.examining import examine
from bot.doctor.findings import Mark
from bot.settings import Settings, SettingsError, settings

SICK = 1
"""Exit code when something is so that the bot cannot do its work."""


def doctor() -> None:
    """Say what is wrong with the set-up and how to mend it; exit 1 if anything is."""
    try:
        known = settings()
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(f"{Mark.BAD.value} {problem}")
        raise typer.Exit(SICK) from None
    if asyncio.run(said(known, datetime.now(UTC))):
        raise typer.Exit(SICK)


async def said(known: Settings, now: datetime) -> bool:
    """Print every finding, and return whether any of them is bad."""
    is_bad = False
    async for one in examine(known, now):
        typer.echo(str(one))
        is_bad |= one.mark is Mark.BAD
    return is_bad
