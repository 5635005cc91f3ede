"""Figures out of tallies: means over seeds with their interval, medians, markdown tables."""

from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from statistics import fmean, median, stdev

from bench import figures
from bench.clinic.assumptions import Assumptions, Complication
from bench.clinic.complications import rate
from bench.clinic.tally import Outcome, Tally
from flows.protocol import Protocol

STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)
"""Student's t for a 95 % interval, 1 to 9 degrees of freedom (any statistics table)."""

NORMAL = 1.96
"""The same for many degrees of freedom."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a markdown table; every column but the first is aligned right."""
    return [figures.table(head, [*rows]), ""]


def over_seeds(tallies: Sequence[Tally], figure: Callable[[Tally], float], digits: int = 1) -> str:
    """Return the mean over seeds, with its 95 % interval where there are several."""
    values = [figure(tally) for tally in tallies]
    words = f"{fmean(values):.{digits}f}"
    if len(values) == 1:
        return words
    freedom = len(values) - 1
    student = STUDENT[freedom - 1] if freedom <= len(STUDENT) else NORMAL
    half = student * stdev(values) / sqrt(len(values))
    return f"{words} ({fmean(values) - half:.{digits}f} to {fmean(values) + half:.{digits}f})"


def per_hundred(count: float, courses: int) -> float:
    """Return a count per 100 courses."""
    return 100 * count / courses


def percent(part: float, whole: float, digits: int = 1) -> str:
    """Return a share in percent, a dash of nothing."""
    return f"{100 * part / whole:.{digits}f}" if whole else "-"


def middle(values: Iterable[float | None]) -> str:
    """Return the median of the known values, a dash where there is none."""
    known = [value for value in values if value is not None]
    return f"{median(known):.1f}" if known else "-"


def frequency(protocol: Protocol, assumed: Assumptions, kind: Complication) -> float:
    """Return the share of all courses that get this complication."""
    total = 0.0
    for treatment, share in assumed.mix.items():
        areas = assumed.areas[protocol.components(treatment)[0]]
        fitting = sum(part for area, part in areas.items() if not kind.areas or area in kind.areas)
        total += share * fitting * rate(protocol, kind, treatment)
    return total


def of_kind(outcomes: Iterable[Outcome], kind: Complication) -> list[Outcome]:
    """Return the outcomes of one kind of complication."""
    return [outcome for outcome in outcomes if outcome.kind == kind.kind]


def weighted(
    protocol: Protocol,
    assumed: Assumptions,
    outcomes: Sequence[Outcome],
    counts: Callable[[Outcome], bool],
    among: Callable[[Outcome], bool],
) -> float:
    """Return the share in percent, each kind weighing as much as it is frequent in the clinic."""
    part = whole = 0.0
    for kind in assumed.complications:
        weight = frequency(protocol, assumed, kind)
        told = [outcome for outcome in of_kind(outcomes, kind) if among(outcome)]
        part += weight * sum(counts(outcome) for outcome in told)
        whole += weight * len(told)
    return 100 * part / whole if whole else 100.0
