"""Runs stories: one seed, one file in memory, one loop, and what came of it."""

import asyncio
import contextlib
import gc
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from bench.silence import silence
from bench.simulation.loop import VirtualLoop
from bench.simulation.story import Story
from storage.opening import open_database

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


@dataclass
class Ran:
    """What came of one seed."""

    seed: int
    hash: str
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    tale: str = ""


@cache
def empty_database() -> bytes:
    """Return a database file with its schema and nothing in it, made once."""
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        path = Path(name) / "empty.db"

        async def makes() -> None:
            await (await open_database(f"sqlite:///{path}", backup=False)).close()

        asyncio.run(makes())
        return path.read_bytes()


def folder() -> Path | None:
    """Return a folder in memory, or None for the usual one."""
    return MEMORY if MEMORY.is_dir() else None


def run(seed: int, *, proves: Callable[[Story], list[str]]) -> Ran:
    """Let one seed's story happen and be proved."""
    with silence():
        return quietly(seed, proves)


def quietly(seed: int, proves: Callable[[Story], list[str]]) -> Ran:
    """Let it happen in a file and a loop of its own."""
    began = time.monotonic()
    name = tempfile.mkdtemp(dir=folder())
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    try:
        path = Path(name) / "clinic.db"
        path.write_bytes(empty_database())
        story = Story(seed, path, loop)
        loop.run_until_complete(story.happens())
        ran = Ran(seed, story.tale.hash(), proves(story))
        ran.counts = counted(story)
        ran.tale = story.tale.written()
        clears(loop, story)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        shutil.rmtree(name, ignore_errors=True)
    ran.seconds = time.monotonic() - began
    return ran


def counted(story: Story) -> dict[str, int]:
    """Return how much happened."""
    return {
        "acts": len(story.acts.done), "calls": len(story.world.calls),
        "kills": sum("is killed" in text for _, text in story.tale.lines),
        "posts": len(story.world.posted),
        "ends": sum("the bot ends" in text for _, text in story.tale.lines),
    }  # fmt: skip


def clears(loop: VirtualLoop, story: Story) -> None:
    """End everything that is left, the dead included, without letting any of it do anything."""
    processes = [*story.machine.dead, *([story.machine.process] if story.machine.process else [])]
    for process in processes:
        process.dead = process.over = True
    loop.skip = None
    for _ in range(20):
        left = asyncio.all_tasks(loop)
        if not left:
            break
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=60))
    story.machine.disk.closes()
    with contextlib.suppress(RuntimeError):
        loop.run_until_complete(loop.shutdown_asyncgens())
    gc.collect(0)
