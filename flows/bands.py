"""What one answer alone means over time: bands of hours with one level each.

A band is found by sorting, not by reading windows: the answer is given with nothing ticked on
the emergency list and nothing else said, at every hour where some threshold of the protocol
lies and between any two of them. So a rule that overrides a window shows as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.asking import Occasion, offered, roots
from flows.classify import compiled
from flows.derived import History
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.verdict import Level, Verdict
from flows.words import english, unit

NOT_FIRST = 1
"""Options run from best to worst; the first says that nothing is wrong and gets no row."""

STEP_OUTSIDE = 0.5
"""How far below the lowest and above the highest bound a number is tried."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a band ends: at `hours`, which still belongs to it when `including`."""

    hours: float
    including: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours without a threshold between them. `sample` is one of them; the last has no end."""

    sample: float
    end: Edge | None


@dataclass(frozen=True, slots=True)
class Band:
    """The levels of several answers over the same hours; `end` is None for the last band."""

    end: Edge | None
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of a table: its question, its words, and its value as in a case.

    `area` is the first one where the question is asked, when it is not asked everywhere.
    """

    question: Question
    label: str
    value: object
    area: str | None = None


def stretches(bounds: Sequence[float]) -> tuple[Stretch, ...]:
    """Cut a number line at sorted `bounds`: each bound itself, and the gap before and after."""
    found = []
    for place, bound in enumerate(bounds):
        before = (bounds[place - 1] + bound) / 2 if place else bound - STEP_OUTSIDE
        found.append(Stretch(before, Edge(bound, including=False)))
        found.append(Stretch(bound, Edge(bound, including=True)))
    return (*found, Stretch(max(bounds, default=0) + STEP_OUTSIDE, None))


def numbers_compared(protocol: Protocol, subject: str) -> set[float]:
    """Return every number that some rule or sign compares `subject` with."""
    lines = [line for c in (*protocol.signs, *protocol.rules) for line in c.lines]
    return {c.number for c in protocol.comparisons(tuple(lines)) if c.subject.name == subject}


@lru_cache(maxsize=8)
def hour_stretches(protocol: Protocol) -> tuple[Stretch, ...]:
    """Return the time after a session, cut at every hour that any threshold names."""
    bounds = numbers_compared(protocol, "hours")
    for window in protocol.windows.values():
        for cells in window.classes.values():
            for cell in cells.values():
                bounds.add(cell.expected_until)
                if cell.watch_until != "always":
                    bounds.add(cell.watch_until)
    return stretches(sorted(bound for bound in bounds if bound > 0))


def verdicts(protocol: Protocol, treatment: str, row: Row) -> tuple[Verdict, ...]:
    """Return the verdict on an answer alone in each of the protocol's stretches of time."""
    classifier = compiled(protocol)
    history = History(profile={} if row.area is None else {"area": row.area})
    alone = {protocol.incomplete.question: [], row.question.id: row.value}
    return tuple(
        classifier.classify(treatment, stretch.sample, alone, history)
        for stretch in hour_stretches(protocol)
    )


def levels(protocol: Protocol, treatment: str, row: Row) -> tuple[Level, ...]:
    """Return the level of an answer alone in each of the protocol's stretches of time."""
    return tuple(verdict.level for verdict in verdicts(protocol, treatment, row))


def merged(protocol: Protocol, rows: Sequence[tuple[Level, ...]]) -> tuple[Band, ...]:
    """Join neighbouring stretches of time where no row changes its level.

    Args:
        protocol: whose thresholds cut the time.
        rows: for each answer its level in every stretch, as `levels` gives it.
    """
    bands: list[Band] = []
    columns = zip(*rows, strict=True)
    for stretch, column in zip(hour_stretches(protocol), columns, strict=True):
        if bands and bands[-1].levels == column:
            bands.pop()
        bands.append(Band(stretch.end, column))
    return tuple(bands)


def answer_rows(protocol: Protocol, treatment: str, question: Question) -> Iterator[Row]:
    """Yield the answers of a question that stand for something wrong, mildest first.

    A number gets one row for each range in which the levels are the same.
    """
    area = next(iter(only_areas(protocol, treatment, question)), None)
    if question.kind == "yes_no":
        yield Row(question, "Yes", value=True, area=area)
    elif question.kind == "ticks":
        for option in question.options:
            yield Row(question, english(option.label), [option.id], area)
    elif question.kind in ("severity", "choice"):
        for option in question.options[NOT_FIRST:]:
            yield Row(question, english(option.label), option.id, area)
    elif question.kind in ("temperature", "size"):
        yield from number_rows(protocol, treatment, question)


def number_rows(protocol: Protocol, treatment: str, question: Question) -> Iterator[Row]:
    """Yield one row for each range of a number in which the levels are the same."""
    for low, high, sample, _ in number_ranges(protocol, treatment, question):
        yield Row(question, range_words(low, high, unit(question)), sample)


Range = tuple[Edge | None, Edge | None, float, tuple[Level, ...]]
"""From, up to, a number in between, and its levels; no edge where it goes on for ever."""


def number_ranges(protocol: Protocol, treatment: str, question: Question) -> list[Range]:
    """Return the ranges of a number in which the levels are the same, the lowest first."""
    bounds = sorted(numbers_compared(protocol, question.id))
    ranges: list[Range] = []
    if not bounds:
        return ranges
    start: Edge | None = None
    for stretch in stretches(bounds):
        found = levels(protocol, treatment, Row(question, "", stretch.sample))
        if ranges and ranges[-1][3] == found:
            ranges[-1] = (ranges[-1][0], stretch.end, stretch.sample, found)
        else:
            ranges.append((start, stretch.end, stretch.sample, found))
        start = stretch.end
    return ranges


def range_words(low: Edge | None, high: Edge | None, suffix: str) -> str:
    """Return a range in words, like `38.0 °C or more, below 38.5 °C`."""
    parts = []
    if low is not None:
        word = "more than {}" if low.including else "{} or more"
        parts.append(word.format(f"{low.hours:.1f}{suffix}"))
    if high is not None:
        word = "up to {}" if high.including else "below {}"
        parts.append(word.format(f"{high.hours:.1f}{suffix}"))
    return ", ".join(parts) or "any"


def occasions(protocol: Protocol, treatment: str) -> Iterator[Occasion]:
    """Yield the planned check-ins of a treatment, for no known area first, then for each."""
    for area in (None, *protocol.areas):
        for hours in protocol.treatments[treatment].schedule:
            yield Occasion("check_in", hours, treatment, area)


def only_areas(protocol: Protocol, treatment: str, question: Question) -> tuple[str, ...]:
    """Return the areas where a question is asked, or () when it is asked whatever the area."""
    found: list[str] = []
    for occasion in occasions(protocol, treatment):
        if any(asked.id == question.id for asked in offered(protocol, occasion)):
            if occasion.area is None:
                return ()
            if occasion.area not in found:
                found.append(occasion.area)
    return tuple(found)


def asked_alone(protocol: Protocol, treatment: str) -> dict[str, tuple[Question, ...]]:
    """Return, by symptom in file order, the questions a tick alone brings up at some check-in."""
    found: dict[str, set[str]] = {}
    for occasion in occasions(protocol, treatment):
        for symptom, questions in roots(protocol, occasion).items():
            found.setdefault(symptom, set()).update(question.id for question in questions)
    return {
        symptom.id: tuple(q for q in protocol.questions if q.id in found[symptom.id])
        for symptom in protocol.symptoms
        if symptom.id in found
    }
