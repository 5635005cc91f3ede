"""One symptom of one patient over the days, on top of what the protocol expects: an SVG.

It is drawn as the pictures of the protocol are (`flows/chart.py`): the same time axis, the same
light, striped, crossed and dark bars. Each answer is a circle on the bar of what was said, full
where it alone needs a person; so anyone sees at once whether it lies inside. Its colours come from
the page that it stands in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from flows.answers import UNCLEAR
from flows.bands import Band, Edge, Row, levels, merged, number_ranges, range_words
from flows.chart import CLASSES, MARGIN, MARKS, WIDTH, place, text
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.staff_language import N_
from flows.verdict import ALERTING, Level
from flows.words import HOURS_A_DAY, english, unit

LABEL, BAR, GAP, AXIS = 16, 12, 4, 22
LANE = LABEL + BAR + GAP
FILLS = {"watch": ' fill="url(#stripes)"', "same-day": ' fill="url(#crosses)"'}
"""Patterns are named beside the class: a style sheet cannot name what stands in the page."""

CROWDED = 72
"""The hour whose mark would stand in another's: the letters are larger than in the pictures."""

DRAWN = ("severity", "temperature", "choice")
LEFT_OUT = frozenset({"trend", "result"})
"""Questions about change and satisfaction are no symptoms."""


class Wording(NamedTuple):
    """In which language the words that are not the protocol's are written, and the numbers.

    `say` takes a marked text and what is filled in, `number` a number and its decimal places.
    """

    say: Callable[..., str]
    number: Callable[[float, int], str]


IN_ENGLISH: Final = Wording(str.format, "{:.{}f}".format)
"""As the files have it that leave the clinic."""

DAYS: Final = N_("{number} d")
HOURS: Final = N_("{number} h")
DAY: Final = N_("day {number}")
NOT_UNDERSTOOD: Final = N_("not understood")
FROM: Final = N_("{number} or more"), N_("more than {number}")
TO: Final = N_("below {number}"), N_("up to {number}")
"""The edges of a range; the second where the number itself lies on its lower side."""


class Point(NamedTuple):
    """One answer: hours after the session, what is stored, and the level of its check-in."""

    hours: float
    value: object
    level: Level | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing that can be answered, with its bands of time; the mildest has no edge below."""

    label: str
    bands: tuple[Band, ...]
    low: Edge | None = None
    high: Edge | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it is of, and the same in words."""

    question: str
    title: str
    svg: str
    words: str


def charts(
    protocol: Protocol, treatment: str, area: str | None, points: dict[str, Sequence[Point]],
    wording: Wording = IN_ENGLISH,
) -> Iterator[Chart]:  # fmt: skip
    """Yield a drawing for each symptom that was ever more than its best answer.

    Args:
        protocol: Whose expectations are drawn.
        treatment: Treatment ids joined by +.
        area: The treated area.
        points: By question, its answers in order of time.
        wording: Who reads it.
    """
    for question in protocol.questions:
        found = points.get(question.id, ())
        if question.kind not in DRAWN or question.id in LEFT_OUT or not any_wrong(question, found):
            continue
        lanes = lanes_of(protocol, treatment, area, question.id)
        if lanes:
            yield drawn(question, lanes, found, wording)


def any_wrong(question: Question, points: Sequence[Point]) -> bool:
    """Whether some answer says more than that all is well; a temperature that was taken does."""
    best = question.options[0].id if question.options else None
    return any(point.value not in (0, False, None, best, "not_measured") for point in points)


@lru_cache(512)
def lanes_of(protocol: Protocol, treatment: str, area: str | None, name: str) -> tuple[Lane, ...]:
    """Return what can be answered to a question, the mildest first."""
    question = protocol.question_by_id[name]
    if question.kind == "temperature":
        found = []
        for low, high, sample, _ in number_ranges(protocol, treatment, question):
            label = range_words(low, high, unit(question))
            bands = bands_of(protocol, treatment, Row(question, label, sample, area))
            found.append(Lane(label, bands, low, high))
        return tuple(found)
    rows = [Row(question, english(one.label), one.id, area) for one in question.options]
    return tuple(Lane(row.label, bands_of(protocol, treatment, row)) for row in rows)


def bands_of(protocol: Protocol, treatment: str, row: Row) -> tuple[Band, ...]:
    """Return the bands of time of one answer alone."""
    return merged(protocol, [levels(protocol, treatment, row)])


def lane_of(question: Question, lanes: Sequence[Lane], value: object) -> int | None:
    """Return the lane that an answer lies on; None for one that nobody could read."""
    if value == UNCLEAR or value is None:
        return None
    if question.kind == "temperature" and isinstance(value, int | float):
        return next((n for n, lane in enumerate(lanes) if holds(lane, float(value))), None)
    if question.kind == "severity" and isinstance(value, int):
        return value if 0 <= value < len(lanes) else None
    options = [one.id for one in question.options]
    return options.index(value) if isinstance(value, str) and value in options else None


def holds(lane: Lane, value: float) -> bool:
    """Whether a number lies in a lane's range."""
    low, high = lane.low, lane.high
    above = low is None or value > low.hours or (value == low.hours and not low.including)
    below = high is None or value < high.hours or (value == high.hours and high.including)
    return above and below


def drawn(
    question: Question, lanes: Sequence[Lane], points: Sequence[Point], wording: Wording
) -> Chart:  # fmt: skip
    """Return the drawing, the worst answer on top."""
    bottom = LANE * len(lanes)
    parts = [*axis(bottom, wording)]
    for number, lane in enumerate(reversed(lanes)):
        parts += lane_drawn(lane, label(question, lane, wording), LANE * number)
    parts += marks(question, lanes, points)
    words = in_words(question, lanes, points, wording)
    title = question.term
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} '
        f'{bottom + AXIS}" role="img" aria-label="{escape(f"{title}: {words}")}">'
    )
    return Chart(question.id, title, "\n".join((head, *parts, "</svg>")), words)


def label(question: Question, lane: Lane, wording: Wording) -> str:
    """Return a lane's words: the protocol's, or a range like `38.0 °C or more, below 38.5 °C`."""
    parts = []
    for edge, words in ((lane.low, FROM), (lane.high, TO)):
        if edge is not None:
            number = f"{wording.number(edge.hours, 1)}{unit(question)}"
            parts.append(wording.say(words[edge.including], number=number))
    return ", ".join(parts) or lane.label


def axis(bottom: int, wording: Wording) -> Iterator[str]:
    """Yield the time marks."""
    for hours in (mark for mark in MARKS if mark != CROWDED):
        x = place(hours)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{LABEL}" y2="{bottom}"/>'
        words = HOURS if hours < HOURS_A_DAY else DAYS
        count = hours if hours < HOURS_A_DAY else hours // HOURS_A_DAY
        anchor = "end" if hours == MARKS[-1] else "middle"
        yield text("mark", x, bottom + 14, wording.say(words, number=count), anchor)


def lane_drawn(lane: Lane, words: str, top: float) -> Iterator[str]:
    """Yield one answer's words and bars."""
    yield text("label", MARGIN, top + LABEL - 3, words)
    start, y = place(0), top + LABEL
    for band in lane.bands:
        end = place(band.end.hours if band.end else MARKS[-1])
        if end > start:
            name = CLASSES[band.levels[0]]
            shape = f'x="{start}" y="{y}" width="{round(end - start, 1)}" height="{BAR}"'
            yield f'<rect class="bar {name}"{FILLS.get(name, "")} {shape}/>'
        start = max(start, end)


def marks(question: Question, lanes: Sequence[Lane], points: Sequence[Point]) -> Iterator[str]:
    """Yield the answers as circles, joined in order of time; those nobody could read as `?`."""
    placed = [
        (place(point.hours), lane_of(question, lanes, point.value), point) for point in points
    ]
    known = [(x, height(lanes, lane), point) for x, lane, point in placed if lane is not None]
    for (x1, y1, _), (x2, y2, _) in pairwise(known):
        yield f'<line class="way" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
    for x, y, point in known:
        full = point.level is not None and point.level >= ALERTING
        yield f'<circle class="answer{" full" if full else ""}" cx="{x}" cy="{y}" r="4.5"/>'
    for x, lane, _ in placed:
        if lane is None:
            yield text("unclear", x, height(lanes, 0) + 4, "?", "middle")


def height(lanes: Sequence[Lane], lane: int) -> float:
    """Return the middle of a lane's bar."""
    return LANE * (len(lanes) - 1 - lane) + LABEL + BAR / 2


def in_words(
    question: Question, lanes: Sequence[Lane], points: Sequence[Point], wording: Wording
) -> str:  # fmt: skip
    """Return the answers and how their check-ins were sorted as a sentence."""
    said = []
    for point in points:
        lane = lane_of(question, lanes, point.value)
        words = wording.say(NOT_UNDERSTOOD) if lane is None else lanes[lane].label
        if question.kind == "temperature" and lane is not None:
            words = f"{point.value} °C"
        if point.level is not None:
            words += f" ({wording.say(str(point.level).replace('_', ' '))})"
        said.append(f"{when(point.hours, wording)}: {words}")
    return "; ".join(said)


def when(hours: float, wording: Wording) -> str:
    """Return hours after a session as people say it."""
    if hours < 72:  # noqa: PLR2004 - three days
        return wording.say(HOURS, number=f"{hours:.0f}")
    return wording.say(DAY, number=f"{hours / HOURS_A_DAY:.0f}")
