"""`python -m bench.simulation.hunt SEED ...`: one story after another, until something is wrong.

It runs in the copy of the source that it is started in.
"""

import sys

from bench.simulation.many import simulated


def main() -> int:
    """Print the first story in which something does not hold, and which check found it."""
    for seed in map(int, sys.argv[1:]):
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
