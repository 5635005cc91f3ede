"""Keeping each clinic's process up: started again when it ends, with a pause that grows.

They share this machine and nothing else: no memory, no file, no connection. A process that ends,
hangs or is busy is that clinic's alone. So is a mistake in its settings: it is kept out, which is
said every minute, and is started once its file is mended.

Hazards: H52.
"""

import asyncio
import logging
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clinics.admitting import Register
from bot.clinics.folders import ClinicFolder, environment

LOGGER = logging.getLogger(__name__)
FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=60)
STEADY: Final = timedelta(seconds=60)
"""Pauses before a start: doubled after each that came to nothing, up to a minute; a process that
has run for a minute is taken to be well (own choice)."""
STOP_SECONDS: Final = 30.0
"""As long as the unit of one clinic gives it (deploy/aftercheck.service)."""

KEPT_OUT: Final = (
    "{name} is not running: {problem} · Mend {file}; it is read again in {seconds:.0f} s.\n"
)
LOOK_AGAIN: Final = timedelta(seconds=60)
"""How long a clinic that is kept out waits until its file is read again (own choice)."""

COMMAND: Final = (sys.executable, "-P", "-m", "bot", "run")


@dataclass
class Kept:
    """One clinic's process as it is kept up: `starts` counts them."""

    folder: Path
    register: Register
    process: Process | None = None
    starts: int = 0

    @property
    def name(self) -> str:
        """What the clinic is called."""
        return self.folder.name

    @property
    def refused(self) -> tuple[str, ...]:
        """Why the clinic is kept out, one sentence for each reason; empty where it is not."""
        return self.register.refused.get(self.name, ())

    @property
    def clinic(self) -> ClinicFolder | None:
        """The clinic as it was last admitted."""
        return self.register.in_service.get(self.name)

    async def keep(self, stopping: asyncio.Event) -> None:
        """Start the clinic again and again, until `stopping` is set; then end it in order."""
        pause, loop = timedelta(), asyncio.get_running_loop()
        while not await waits(stopping, pause):
            if self.register.admit(self.folder) is None:
                pause = LOOK_AGAIN
                sys.stderr.write(self.why_kept_out())
                continue
            began = loop.time()
            became = await self.once(stopping)
            if not became:
                break
            ran = timedelta(seconds=loop.time() - began)
            pause = next_pause(pause, ran)
            seconds = pause.total_seconds()
            sys.stderr.write(f"{self.name} {became}; again in {seconds:.0f} s.\n")

    def why_kept_out(self) -> str:
        """Say why the clinic does not run, and how to mend it."""
        said = {"name": self.name, "file": self.folder / ".env"}
        seconds = LOOK_AGAIN.total_seconds()
        return "".join(
            KEPT_OUT.format(problem=problem, seconds=seconds, **said) for problem in self.refused
        )

    async def once(self, stopping: asyncio.Event) -> str:
        """Run the process once, and say what became of it; empty where it was told to stop.

        What this machine refuses, a folder or one more process, is this clinic's alone: raised
        from here it would end every other clinic's process as well.
        """
        try:
            await self.start()
        except OSError as error:
            return f"cannot be started ({error.strerror or error})"
        code = await self.ended(stopping)
        return "" if code is None else f"ended ({code})"

    async def start(self) -> None:
        """Start the process in the clinic's own folder, with its own settings only."""
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND, cwd=self.folder, env=environment(), stdin=asyncio.subprocess.DEVNULL
        )
        self.starts += 1

    async def ended(self, stopping: asyncio.Event) -> int | None:
        """Wait until the process has ended by itself, and return its exit code; None if told to."""
        assert self.process is not None
        ends = asyncio.create_task(self.process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait((ends, told), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if ends.done():
            return ends.result()
        with suppress(ProcessLookupError):  # it has just ended by itself
            self.process.terminate()
            await asyncio.wait((ends,), timeout=STOP_SECONDS)
            if not ends.done():
                self.process.kill()
        await ends
        return None


def next_pause(before: timedelta, ran: timedelta) -> timedelta:
    """Return how long to wait before the next start, after a process that ran for a while."""
    if ran >= STEADY or not before:
        return FIRST_PAUSE
    return min(2 * before, LONGEST_PAUSE)


async def waits(stopping: asyncio.Event, pause: timedelta) -> bool:
    """Wait for a pause, or until `stopping` is set; return whether it is."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), pause.total_seconds())
    return stopping.is_set()


async def keep_all(kept: Sequence[Kept], stopping: asyncio.Event) -> None:
    """Keep every clinic up until `stopping` is set."""
    await asyncio.gather(*(one.keep(stopping) for one in kept))
