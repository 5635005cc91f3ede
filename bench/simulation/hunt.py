"""`python -m bench.simulation.hunt SEED ...`: one story after another, until something is wrong.

It runs in the copy of the source that it is started in.
"""

import resource
import sys
import time
from typing import Final

from bench.simulation.many import simulated

LONGEST: Final = 60
"""Seconds of computing for a story, of which one takes two or three; beyond, the system ends it."""


def main() -> int:
    """Print the first story in which something does not hold, and which check found it."""
    for seed in map(int, sys.argv[1:]):
        until = int(time.process_time()) + LONGEST
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        try:
            faults = simulated(seed).faults
        except Exception as error:  # noqa: BLE001 - a fault that the story does not survive is found
            faults = [f"the story does not end ({type(error).__name__})"]
        if faults:
            print(seed, faults[0].partition(":")[0])
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
