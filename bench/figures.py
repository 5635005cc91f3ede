"""What a measurement hands over: figures beside what they are to reach, and how they were made."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TypeAlias

Advance: TypeAlias = Callable[[str], None]
"""Called before each run with what it is, so that people see that something goes on."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Args:
        what: What was measured.
        target: What it is to reach.
        value: What it came to.
        form: How both are written, such as `{:.2f} ×`.
        peer: What it was compared with, and what that came to.
        at_most: Whether less is better.
        short: A few words for the chart.
    """

    what: str
    target: float
    value: float
    form: str
    peer: str
    at_most: bool = False
    short: str = ""

    @property
    def share(self) -> float:
        """How far it reaches: 1 is just what was wanted, more is better."""
        if not self.at_most:
            return self.value / self.target
        return self.target / self.value if self.value > 0 else 9.9

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.value <= self.target if self.at_most else self.value >= self.target

    def row(self) -> str:
        """Return its row of the table."""
        sign = "≤" if self.at_most else "≥"
        verdict = "yes" if self.met else f"**no**: {self.share:.0%} of it"
        wanted, found = self.form.format(self.target), self.form.format(self.value)
        return f"| {self.what} | {sign} {wanted} | **{found}** | {self.peer} | {verdict} |"


@dataclass(frozen=True)
class Section:
    """One section of the page.

    Args:
        title: Its heading.
        how: How it is measured, and what bounds it.
        figures: Its figures.
        tables: Tables in Markdown, each a list of lines.
        tried: For what was missed: what was tried, or why it is so.
    """

    title: str
    how: str
    figures: Sequence[Figure] = ()
    tables: Sequence[str] = ()
    tried: str = ""
    missing: Sequence[str] = field(default_factory=tuple)

    def text(self) -> str:
        """Return the section as Markdown."""
        parts = [f"## {self.title}", self.how, *self.tables]
        missed = [figure for figure in self.figures if not figure.met]
        for one in missed:
            wanted, found = one.form.format(one.target), one.form.format(one.value)
            parts.append(f"**Missed:** {one.what}: {found}, wanted {wanted}.")
        if missed and self.tried:
            parts.append(self.tried)
        parts += [f"Not measured here: {one}" for one in self.missing]
        return "\n\n".join(parts)


ROW, LABEL, WIDE, TOP, LONGEST = 24, 270, 420, 56, 3.0
"""Pixels: a row, the words, the bars, above the bars; and the share where a bar is cut."""

REACHED, SHORT, INK, LINE = "#2f7d5b", "#b3541e", "#1f2933", "#4a5666"


def chart(figures: Sequence[Figure]) -> str:
    """Return an SVG with a bar for each figure: how far it reaches, the line is what is wanted."""
    height, width = TOP + ROW * len(figures) + 12, LABEL + WIDE + 90
    goal = LABEL + WIDE / LONGEST
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="13" role="img">'
        ),
        "<title>Each figure beside what it is to reach</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{goal}" y="20" text-anchor="middle" fill="{INK}">what is wanted</text>',
        (
            f'<text x="{LABEL + WIDE}" y="40" text-anchor="end" fill="{LINE}">'
            "further right is better; cut at three times</text>"
        ),
    ]
    for place, one in enumerate(figures):
        y, length = TOP + ROW * place, min(one.share, LONGEST) * WIDE / LONGEST
        name, colour = escape(one.short or one.what), REACHED if one.met else SHORT
        label = one.form.format(one.value)
        lines += [
            f'<text x="{LABEL - 8}" y="{y + 16}" text-anchor="end" fill="{INK}">{name}</text>',
            f'<rect x="{LABEL}" y="{y + 3}" width="{length:.1f}" height="17" fill="{colour}"/>',
            f'<text x="{LABEL + length + 6:.1f}" y="{y + 16}" fill="{INK}">{escape(label)}</text>',
        ]
    end = TOP + ROW * len(figures)
    lines.append(f'<path d="M{goal} 26V{end}" stroke="{LINE}" stroke-dasharray="4 3"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown; every column but the first is on the right."""
    lines = [f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """Return what it ran on: no name of a machine, only its kind."""
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} × {models[0]}" if models else platform.machine()
