"""Kills of any of four workers on one PostgreSQL, of which one is paused now and then: 2,000."""

from typing import Final

from bench.figures import Advance, Section
from bench.kills.pack import LEASE, LONGEST_PAUSE, PAUSED, WORKERS
from bench.reliability.kills import clinics, figures, listed

KILLS: Final = 2_000
FEW: Final = 20
HOW: Final = (
    f"As with one process, but {WORKERS} workers share one PostgreSQL, and a balancer brings each "
    "update to any of them; one that falls silent may have it, and another gets it too. Half of "
    "the kills strike the worker that sends, the others any; another takes its place at once. With "
    "one kill in twenty a worker is stopped where it stands (SIGSTOP) and woken after up to "
    f"{LONGEST_PAUSE:.0f} seconds: the lead has then gone to another (after 8), and so have the "
    f"messages it held, whose lease is {LEASE:.0f} seconds here instead of 60."
)


def measure(advance: Advance, *, full: bool, count: int | None = None) -> Section:
    """Kill a worker 2,000 times, or as often as asked, or 20 times."""
    runs = clinics("postgres", count or (KILLS if full else FEW), advance)
    pauses = sum(one.hits[PAUSED] for one in runs)
    found = figures(runs, f"of {WORKERS} workers on PostgreSQL")
    how = f"{HOW} {pauses:,} of the pauses were longer than the lease."
    return Section("Kills of several workers", how, found, tried=listed(runs))
