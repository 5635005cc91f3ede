"""Power cuts: what was committed is there when the power comes back."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from bench.figures import Advance, Figure, Section
from bench.power.run import Figures, run

CUTS: Final = 1_000
EACH: Final = 200  # of one day
FEW: Final = 50  # where it is to be quick
HOW: Final = (
    "The whole bot works for some hours of a clinic on its SQLite file, while a layer between "
    "SQLite and the file notes every write and every flush, and when the bot was told that a "
    "transaction is safe. Then the power is cut at random places: what was flushed stays; of the "
    "rest any part is lost, in any order and down to 512 bytes, and where a file had grown may be "
    "noise. The product opens what is left. It must be whole, hold every transaction that it was "
    "told is safe, and be row for row what it was between two transactions. A disk that says it "
    "flushed and did not is not modelled: see `bench/power/__init__.py`."
)


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Cut the power 1,000 times, or as often as asked, or 50 times."""
    wanted = count or (CUTS if full else FEW)
    sizes = [min(EACH, wanted - before) for before in range(0, wanted, EACH)]
    days = [cut(seed, size, advance) for seed, size in enumerate(sizes, 1)]
    cuts, told = sum(one.cuts for one in days), sum(one.told for one in days)
    faults = [fault for one in days for fault in one.faults]
    bitten = sum(one.bitten for one in days)
    how = f"{bitten:,} of the cuts lost something unflushed; {told:,} transactions"
    figure = Figure(
        f"power cuts of {cuts:,} after which a committed row is lost or the file damaged",
        0, len(faults), "{:.0f}", how, at_most=True, short="power cuts: losses",
    )  # fmt: skip
    return Section("Power cuts", HOW, (figure,), tried="\n".join(f"- {one}" for one in faults))


def cut(seed: int, cuts: int, advance: Advance) -> Figures:
    """Record a day and cut the power in it."""
    advance(f"day {seed}")
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(
            run(
                cuts,
                Path(name),
                seed,
                lambda number: advance(f"day {seed}, cut {number} of {cuts}"),
            )
        )
