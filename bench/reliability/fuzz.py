"""Updates that were made wrong, through the whole bot: intake, inbox, worker, engine, sender.

    python -m bench.reliability fuzz

Each round is a new clinic with six patients. They and staff act as usual; everything that Telegram
tells the bot of it is kept, and mutants of it follow by the hundred. At the end of a round each
patient writes that they cannot breathe, and has to be heard.
"""

from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.on_each_core import on_each_core
from bench.reliability.fuzz_round import DANGER, Tally, one_round

ROUND: Final = 2_500  # mutants of one clinic: its truth log is kept in memory
SMALL, FULL = 4_000, 1_000_000


def all_rounds(mutants: int, advance: Advance) -> Tally:
    """Run as many rounds as it takes; after Ctrl+C those alone that had begun."""
    sizes = [min(ROUND, mutants - done) for done in range(0, mutants, ROUND)]
    tally = Tally()
    for one in on_each_core(one_round, list(enumerate(sizes, 1))):
        tally.add(one)
        advance(f"{tally.mutants:,} of {mutants:,} updates")
    return tally


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Measure and return the section."""
    mutants = count or (FULL if full else SMALL)
    tally = all_rounds(mutants, advance)
    return section(tally)


def section(tally: Tally) -> Section:
    """Return the section."""
    among = f"in {tally.mutants:,} updates that were made wrong"
    counts = {
        f"errors that nothing was made for, {among}": tally.unhandled,
        f"chats that were stuck afterwards, {among}": tally.stuck,
        f"words of one patient shown to another, {among}": tally.leaks,
        f"updates without an end, {among}": [""] * tally.unfinished,
        f"set aside of {tally.strange:,} that keep Telegram's shape": tally.strange_aside,
    }
    figures = [
        Figure(what, 0, len(found), "{:.0f}", said(found), at_most=True)
        for what, found in counts.items()
    ]
    rows = [
        ("keep their shape", tally.strange, len(tally.strange_aside)),
        ("lose it", tally.mutants - tally.strange, tally.set_aside - len(tally.strange_aside)),
    ]
    return Section(
        "Updates made wrong",
        HOW,
        figures,
        [table(["mutants that", "were sent", "were set aside, and staff told"], rows)],
    )


def said(found: list[str]) -> str:
    """Return the first of what was found, for the page."""
    return found[0][:200].replace("|", "/").replace("\n", " ") if found else ""


HOW = (
    "Real updates of six patients and a nurse, changed by a seed: other words (every kind of sign, "
    "length and command), other buttons, chats, people, messages and dates. In half of them fields "
    "are left out, of another type, of impossible size or nested 300 deep, kinds are unknown or "
    "doubled, numbers missing. Some come twice, all out of order. They come by `getUpdates`, as "
    "JSON, and go through inbox, worker, engine and sender, against the stand-in on a stepped "
    f"clock. After {ROUND:,} of them each patient writes «{DANGER}», and has to be answered, and "
    "staff told. A new clinic and seed follow. What loses its shape is set aside after three "
    "tries, by design: staff and whoever sent it are told."
)
