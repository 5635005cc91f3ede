"""Running a bot in a process of its own, so that its CPU and memory are nobody else's."""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.loopback import Seen

PATIENCE = 60.0  # seconds for one run at most


def cpu() -> float:
    """Return the CPU seconds that this process has used, in all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory(field: str = "VmRSS") -> float:
    """Return the memory that this process holds, in MB; `VmHWM` is the most it ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith(field))
    return int(line.split()[1]) / 1024


async def told_to_stop() -> None:
    """Return when the parent has written a line, or is gone."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.readline()


def say(**figures: object) -> None:
    """Tell the parent the figures."""
    print(json.dumps(figures), flush=True)


def start(module: str, *words: str) -> subprocess.Popen[str]:
    """Start a bot that will stop when it is told to."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def run(words: Sequence[str], pipe: Connection) -> tuple[Seen, dict[str, Any]]:
    """Run a bot until the API has seen all it waits for; return that and the bot's own figures.

    Raises:
        RuntimeError: it ended early, or did not get through in time.
    """
    bot = start(*words)
    try:
        seen = None
        while not isinstance(seen, Seen):
            if not pipe.poll(PATIENCE):
                raise RuntimeError(f"{' '.join(words)} did not get through")
            seen = pipe.recv()
        out, _ = bot.communicate("stop\n", timeout=PATIENCE)
    finally:
        if bot.poll() is None:
            bot.kill()
            bot.wait()
    if bot.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {bot.returncode}")
    return seen, json.loads(out.splitlines()[-1])
