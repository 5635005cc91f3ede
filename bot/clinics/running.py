"""`aftercheck run --clinics DIRECTORY`: every clinic of a folder, until it is told to stop."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

import typer
from aiohttp import web

from bot.clinics.admitting import Register
from bot.clinics.folders import SETTINGS, folders_in
from bot.clinics.health import application
from bot.clinics.keeping import Kept, keep_all

BAD_SETTINGS: Final = 2
"""No clinic could be started, or one was kept out when the command was told to stop."""
TROUBLE: Final = 1
NONE_THERE: Final = (
    "{folder} holds no clinic: make a folder in it for each, with its settings in a file .env. "
    "docs/clinics.md says how."
)


def run_clinics(directory: Path, host: str, port: int) -> None:
    """Run every clinic of a folder, and say on `host` and `port` how they are."""
    for name in [one for one in os.environ if one.upper() in SETTINGS]:
        del os.environ[name]
    register = Register(tuple(folders_in(directory)))
    register.admit_all()
    if not register.in_service:
        for problem in everything_wrong(register) or [NONE_THERE.format(folder=directory)]:
            typer.echo(problem, err=True)
        raise typer.Exit(BAD_SETTINGS)
    try:
        asyncio.run(serve(register, host, port))
    except OSError as error:
        typer.echo(f"The health page cannot listen: {error.strerror}. Set --port.", err=True)
        raise typer.Exit(TROUBLE) from None
    if register.refused:
        raise typer.Exit(BAD_SETTINGS)


def everything_wrong(register: Register) -> list[str]:
    """Return a sentence for whatever keeps a clinic out, with the clinic it is about."""
    return [f"{name}: {one}" for name, problems in register.refused.items() for one in problems]


async def serve(register: Register, host: str, port: int) -> None:
    """Keep the clinics up until SIGTERM or SIGINT, then end each in order."""
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopping.set)
    kept = [Kept(folder, register) for folder in register.folders]
    runner = web.AppRunner(application(kept), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        typer.echo(started(register, runner), err=True)
        await keep_all(kept, stopping)
    finally:
        await runner.cleanup()


def started(register: Register, runner: web.AppRunner) -> str:
    """Say which clinics run, which are kept out, and where their health can be looked at."""
    out = f" Kept out: {', '.join(register.refused)}." if register.refused else ""
    host, port = runner.addresses[0][:2]
    names = ", ".join(register.in_service)
    return f"Clinics: {names}.{out} Health: http://{host}:{port}/healthz"
