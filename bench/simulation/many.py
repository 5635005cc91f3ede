"""Many seeds at once, each in a process that has everything imported."""

from collections.abc import Iterator
from typing import Final

from bench.on_each_core import on_each_core
from bench.simulation.proof import faults_of
from bench.simulation.run import Ran, run

AT_ONCE: Final = 2  # processes


def simulated(seed: int, *, told: bool = False) -> Ran:
    """Run and prove one seed; its tale is kept only where it is wanted."""
    ran = run(seed, proves=faults_of)
    if not told:
        ran.tale = ""
    return ran


def many(first: int, seeds: int, processes: int = AT_ONCE) -> Iterator[Ran]:
    """Yield what came of many seeds, as they end."""
    return on_each_core(simulated, [(first + at,) for at in range(seeds)], processes)
