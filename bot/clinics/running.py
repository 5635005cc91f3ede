"""`aftercheck run --clinics DIRECTORY`: every clinic of a folder, until it is told to stop."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

import typer
from aiohttp import web

from bot.clinics.folders import SETTINGS, ClinicFolder, clinics_in
from bot.clinics.health import application
from bot.clinics.keeping import Kept, keep_all
from bot.settings import SettingsError

BAD_SETTINGS: Final = 2
TROUBLE: Final = 1


def run_clinics(directory: Path, host: str, port: int) -> None:
    """Run every clinic of a folder, and say on `host` and `port` how they are."""
    for name in [one for one in os.environ if one.upper() in SETTINGS]:
        del os.environ[name]
    try:
        clinics = clinics_in(directory)
        asyncio.run(serve(clinics, host, port))
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(BAD_SETTINGS) from None
    except OSError as error:
        typer.echo(f"The health page cannot listen: {error.strerror}. Set --port.", err=True)
        raise typer.Exit(TROUBLE) from None


async def serve(clinics: list[ClinicFolder], host: str, port: int) -> None:
    """Keep the clinics up until SIGTERM or SIGINT, then end each in order."""
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopping.set)
    kept = [Kept(clinic) for clinic in clinics]
    runner = web.AppRunner(application(kept), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        names = ", ".join(one.name for one in clinics)
        where = runner.addresses[0]
        typer.echo(f"Clinics: {names}. Health: http://{where[0]}:{where[1]}/healthz", err=True)
        await keep_all(kept, stopping)
    finally:
        await runner.cleanup()
