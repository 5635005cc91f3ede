"""The expected course of each treatment as a picture: an SVG drawn by this file alone.

Time runs from left to right, close up at first and wider apart later (a logarithm), since most
thresholds lie in the first days. Each answer has a bar: light and plain while it is expected,
striped while it is watched, crossed or dark once it needs a person. No meaning rests on colour.
Lengths are in the drawing's own units, of which 360 are the width of a small phone.
"""

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from flows.bands import Band, Row, answer_rows, asked_alone, levels, merged, only_areas
from flows.chart_style import PATTERNS, STYLE
from flows.protocol import Protocol
from flows.verdict import Level
from flows.words import HOURS_A_DAY, ROUTES, english, span

WIDTH, SHOWN_WIDTH, MARGIN = 360, 540, 10
TITLE_LETTERS, NOTE_LETTERS = 42, 56
TITLE_HEIGHT, NOTE_HEIGHT, LEGEND_HEIGHT, AXIS_HEIGHT = 18, 14, 16, 24
HEADING_HEIGHT, LABEL_HEIGHT, BAR_HEIGHT, ROW_GAP = 22, 12, 9, 4
MARKS = (6, 24, 48, 72, 168, 336, 672, 2160)
"""Hours that the time axis names; the last is where it ends (the latest check-ins, day 90)."""

STRETCHED = 6
"""Hours after which the time axis begins to shrink; it spreads the first week over half of it."""

CLASSES = {
    Level.EXPECTED: "expected",
    Level.WATCH: "watch",
    Level.FOLLOW_UP: "same-day",
    Level.URGENT: "at-once",
    Level.EMERGENCY: "at-once",
}
LEGEND = (
    (Level.EXPECTED, "expected"),
    (Level.WATCH, "watch"),
    (Level.FOLLOW_UP, "follow up"),
    (Level.URGENT, "urgent or emergency"),
)
NOTE = (
    "Each answer alone, with nothing else wrong; several together can need a person sooner. "
    "Triangles: check-ins. Time: hours (h) and days (d) after the session."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One bar: the answer's words and its bands of time."""

    label: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one question under its clinical term, with the word the patient ticks.

    `plain` is that word, or the areas where the question is asked when it is not everywhere.
    """

    term: str
    plain: str
    answers: tuple[Answer, ...]

    @property
    def height(self) -> int:
        """How much of the drawing it takes."""
        return HEADING_HEIGHT + len(self.answers) * (LABEL_HEIGHT + BAR_HEIGHT + ROW_GAP)


def charts(protocol: Protocol) -> dict[str, str]:
    """Return every treatment's drawing under its file name, such as `iv.svg`."""
    return {f"{name}.svg": expected_course(protocol, name) for name in protocol.treatments}


def expected_course(protocol: Protocol, treatment: str) -> str:
    """Draw one treatment's expected course as the text of an SVG file.

    It has a bar for every severity of every symptom that a check-in of the treatment asks
    about, in light or dark colours as the reader's screen is set, and the same in words.

    Raises:
        KeyError: the protocol has no such treatment.
    """
    label = protocol.treatments[treatment].label
    schedule = protocol.treatments[treatment].schedule
    groups = tuple(groups_of(protocol, treatment))
    top = TITLE_HEIGHT * len(textwrap.wrap(label, TITLE_LETTERS)) + MARGIN
    top += NOTE_HEIGHT * len(textwrap.wrap(NOTE, NOTE_LETTERS)) + LEGEND_HEIGHT * len(LEGEND)
    top += AXIS_HEIGHT
    bottom = top + sum(group.height for group in groups)
    parts = [*heading(protocol, label), *axis(top, bottom, schedule)]
    y = top
    for group in groups:
        parts += drawn(group, y)
        y += group.height
    height = bottom + AXIS_HEIGHT + MARGIN
    return "\n".join((*opening(label, groups, height), *parts, "</svg>")) + "\n"


def groups_of(protocol: Protocol, treatment: str) -> Iterator[Group]:
    """Yield the severities of each symptom that the treatment's check-ins ask about."""
    ticked = {symptom.id: english(symptom.label) for symptom in protocol.symptoms}
    for symptom, questions in asked_alone(protocol, treatment).items():
        for question in (q for q in questions if q.kind == "severity"):
            rows = answer_rows(protocol, treatment, question)
            areas = only_areas(protocol, treatment, question)
            only = ", ".join(english(protocol.areas[area]) for area in areas)
            answers = tuple(answer(protocol, treatment, row) for row in rows)
            yield Group(question.term, f"only: {only}" if only else ticked[symptom], answers)


def answer(protocol: Protocol, treatment: str, row: Row) -> Answer:
    """Return one bar."""
    return Answer(row.label, merged(protocol, [levels(protocol, treatment, row)]))


def place(hours: float) -> float:
    """Return where an hour after the session lies, in units from the left edge."""
    last = MARKS[-1]
    share = math.log1p(min(hours, last) / STRETCHED) / math.log1p(last / STRETCHED)
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def opening(label: str, groups: tuple[Group, ...], height: int) -> Iterator[str]:
    """Yield the head of the file: size, the picture in words, colours and patterns."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{SHOWN_WIDTH}" height="{height * SHOWN_WIDTH // WIDTH}" '
        'role="img" aria-labelledby="title words">'
    )
    yield f'<title id="title">Expected course: {escape(label)}</title>'
    yield f'<desc id="words">{escape(in_words(groups))}</desc>'
    yield f"<style>{STYLE}</style>"
    yield PATTERNS
    yield f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>'


def in_words(groups: tuple[Group, ...]) -> str:
    """Return everything the bars show as sentences, for a reader who does not see them."""
    sentences = []
    for group in groups:
        for one in group.answers:
            parts: list[str] = []
            for band in one.bands:
                until = "" if band.end is None else f" up to {span(band.end.hours)}"
                level = str(band.levels[0]).replace("_", " ")
                parts.append(f"{level}{until or (' after that' if parts else ' at any time')}")
            sentences.append(f"{group.term}, {one.label}: {', '.join(parts)}.")
    return " ".join(sentences)


def heading(protocol: Protocol, label: str) -> Iterator[str]:
    """Yield the title, the note on how to read it, and the legend."""
    y = 0
    for line in textwrap.wrap(label, TITLE_LETTERS):
        y += TITLE_HEIGHT
        yield text("title", MARGIN, y, line)
    y += 2
    for line in textwrap.wrap(NOTE, NOTE_LETTERS):
        y += NOTE_HEIGHT
        yield text("note", MARGIN, y, line)
    for level, name in LEGEND:
        y += LEGEND_HEIGHT
        yield bar(CLASSES[level], MARGIN, 2.5 * MARGIN, y - BAR_HEIGHT + 1)
        route = ROUTES[protocol.levels[str(level)].staff]  # type: ignore[index]
        yield text("label", 3 * MARGIN, y, f"{name}: {route}")


def axis(top: int, bottom: int, schedule: tuple[int, ...]) -> Iterator[str]:
    """Yield the time marks above and below the bars, with a triangle for each check-in."""
    for hours in MARKS:
        x = place(hours)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'
        anchor = "end" if hours == MARKS[-1] else "middle"
        for y in (top - 9, bottom + 17):
            yield text("mark", x, y, short(hours), anchor)
    for hours in schedule:
        x = place(hours)
        for y, tip in ((top - 6, top), (bottom + 6, bottom)):
            yield f'<path class="tick" d="M{x - 3} {y}H{x + 3}L{x} {tip}Z"/>'


def drawn(group: Group, y: float) -> Iterator[str]:
    """Yield one symptom: its name, and a bar with its words above for each severity."""
    name = (
        f'{escape(group.term)} <tspan class="muted" font-weight="400">{escape(group.plain)}</tspan>'
    )
    yield f'<text class="heading" x="{MARGIN}" y="{y + HEADING_HEIGHT - 6}">{name}</text>'
    y += HEADING_HEIGHT
    for one in group.answers:
        yield text("label", MARGIN, y + LABEL_HEIGHT - 3, one.label)
        start = place(0)
        for band in one.bands:
            end = place(band.end.hours if band.end else MARKS[-1])
            if end > start:  # what begins after the axis ends is in the words alone
                yield bar(CLASSES[band.levels[0]], start, end, y + LABEL_HEIGHT)
            start = end
        y += LABEL_HEIGHT + BAR_HEIGHT + ROW_GAP


def short(hours: int) -> str:
    """Return whole hours or days as the axis names them: `6 h`, `14 d`."""
    return f"{hours} h" if hours < HOURS_A_DAY else f"{hours // HOURS_A_DAY} d"


def bar(name: str, start: float, end: float, y: float) -> str:
    """Return a bar of one level with a thin frame."""
    shape = f'x="{start}" y="{y}" width="{round(end - start, 1)}" height="{BAR_HEIGHT}"'
    return f'<rect class="{name}" {shape}/><rect class="frame" {shape}/>'


def text(name: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    """Return one line of text."""
    return f'<text class="{name}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
