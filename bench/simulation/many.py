"""Many seeds at once, each in a process that has everything imported."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Final

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
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for one in as_completed([pool.submit(simulated, first + at) for at in range(seeds)]):
            yield one.result()
