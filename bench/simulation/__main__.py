"""`python -m bench.simulation --seeds 1000 [--first 1] [--replay SEED] [--mutants]`."""

import argparse
import sys
from collections import Counter

from rich.console import Console
from rich.progress import Progress

from bench.simulation.many import AT_ONCE, many, simulated
from bench.simulation.run import Ran


def shown(ran: Ran) -> None:
    """Print what does not hold after a seed, and how to see it again."""
    print(f"\nseed {ran.seed}: {len(ran.faults)} faults", file=sys.stderr)
    for fault in ran.faults:
        print(f"  {fault}", file=sys.stderr)
    print(f"  python -m bench.simulation --replay {ran.seed}", file=sys.stderr)


def replay(seed: int) -> int:
    """Print one seed's whole story and what does not hold after it."""
    ran = simulated(seed, told=True)
    print(ran.tale)
    print(f"\nhash {ran.hash}, {ran.counts}")
    for fault in ran.faults:
        print(f"FAULT {fault}")
    return int(bool(ran.faults))


def main() -> int:
    """Run what was asked for; 1 where anything does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--processes", type=int, default=AT_ONCE)
    parser.add_argument("--replay", type=int, help="one seed, with its story")
    given = parser.parse_args()
    if given.replay is not None:
        return replay(given.replay)
    total: Counter[str] = Counter()
    wrong = 0
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("seeds", total=given.seeds)
        for ran in many(given.first, given.seeds, given.processes):
            progress.advance(bar)
            total.update(ran.counts)
            if ran.faults:
                wrong += 1
                shown(ran)
    print(f"{given.seeds} seeds, {wrong} with faults; {dict(total)}")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
