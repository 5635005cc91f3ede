"""Puts each mutant into a copy of the source and lets stories happen there until one catches it.

Only stories in which everything holds without a mutant are used.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from bench.simulation.mutants import MUTANTS, Mutant

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ("bench", "bot", "flows", "storage", "docs")


class MutantError(Exception):
    """The source no longer says once what a mutant replaces: adapt the mutant."""


class Hunted(NamedTuple):
    """What came of a mutant: after how many stories which check caught it; "" for none."""

    mutant: Mutant
    stories: int
    caught: str


def edited(mutant: Mutant, folder: Path) -> None:
    """Put a mutant into a copy of the source.

    Raises:
        MutantError: it does not fit.
    """
    path = folder / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.before) != 1 or mutant.before == mutant.after:
        raise MutantError(f"{mutant.file}, “{mutant.what}”: {MutantError.__doc__}")
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")


def hunted(mutant: Mutant, seeds: Sequence[int]) -> Hunted:
    """Let stories happen in a mutated copy until one catches it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in PARTS:
            ignored = shutil.ignore_patterns("__pycache__", "screenshots")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        edited(mutant, folder)
        command = [sys.executable, "-m", "bench.simulation.hunt", *map(str, seeds)]
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=folder, env={**os.environ, "PYTHONPATH": name}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode == -signal.SIGXCPU:
        return Hunted(mutant, len(seeds), "a story that does not end")
    if not done.stdout.strip():
        if done.returncode:
            raise MutantError(f"{mutant.file}, “{mutant.what}”: {done.stderr[-500:]}")
        return Hunted(mutant, len(seeds), "")
    seed, _, check = done.stdout.strip().partition(" ")
    return Hunted(mutant, seeds.index(int(seed)) + 1, check)


def all_hunted(
    seeds: Sequence[int], processes: int, mutants: Sequence[Mutant] = MUTANTS
) -> Iterator[Hunted]:
    """Yield what came of each mutant, in the order of the list."""
    with ThreadPoolExecutor(processes) as pool:
        yield from pool.map(lambda one: hunted(one, seeds), mutants)


def mutants_page(found: Sequence[Hunted], seeds: int) -> str:
    """Return the page of the mutants; `seeds` is how many stories each was given at most."""
    caught = sum(bool(one.caught) for one in found)
    return f"""# Faults put into the bot, and the simulation that has to find them

Made by `python -m bench.simulation --mutants --write docs/simulation-mutants.md`.

Each fault is an edit of a copy of the source, in which stories of [the simulation](simulation.md)
happen until a check finds something. Only stories in which all is well without it count; each fault
was given {seeds} at most.

{len(found)} of the {len(MUTANTS)} faults were tried, {caught} were found.

{table(found)}
"""


def table(found: Sequence[Hunted]) -> str:
    """Return a table of the mutants."""
    lines = [
        "| fault put into the bot | where | found by | stories |",
        "| --- | --- | --- | ---: |",
    ]
    lines += [
        f"| {one.mutant.what} | `{one.mutant.file}` | "
        f"{f'`{one.caught}`' if one.caught else '**not found**'} | {one.stories} |"
        for one in found
    ]
    return "\n".join(lines)
