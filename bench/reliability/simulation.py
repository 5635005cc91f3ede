"""Stories of a whole clinic in which everything goes wrong, and what does not hold after them.

python -m bench.reliability simulation
"""

from collections import Counter
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.simulation.many import many

STORIES, FEW_STORIES = 1_000, 10


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Let stories happen, `count` of them if given, and return the section."""
    stories = count or (STORIES if full else FEW_STORIES)
    total: Counter[str] = Counter()
    wrong: dict[int, list[str]] = {}
    done = 0
    for ran in many(1, stories):
        done += 1
        advance(f"story {done} of {stories}, {len(wrong)} with faults")
        total.update(ran.counts)
        if ran.faults:
            wrong[ran.seed] = ran.faults
    figure = Figure(
        f"stories of a simulated clinic in which something does not hold, of {done:,}", 0.0,
        float(len(wrong)), "{:.0f}", "", at_most=True, short="simulated stories with faults",
    )  # fmt: skip
    happened = table(["what happened", "how often"],
                     [(what, f"{often:,}") for what, often in total.items()])  # fmt: skip
    faults = table(["story", "what does not hold"],
                   [(str(seed), found[0]) for seed, found in sorted(wrong.items())])  # fmt: skip
    tables = [happened, faults] if wrong else [happened]
    return Section("A simulated clinic in which everything goes wrong", HOW, [figure], tables)


HOW: Final = (
    "The real bot, its storage on SQLite, sender, intake, tick and watchdog, on a clock that costs "
    "nothing, with patients, staff and faults drawn from one number: [which](simulation.md). What "
    "must hold is read from what people were shown. `python -m bench.simulation --replay N` "
    "tells story N line by line. Faults put into the bot, and which check finds each: "
    "[simulation-mutants.md](simulation-mutants.md)."
)
