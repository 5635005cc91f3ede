"""The little Markdown that the page needs: tables, links inside the page, safe text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.bands import Band, Edge
from flows.protocol import Protocol
from flows.words import level_words, span

SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*|~[]"} | {"<": "&lt;", "\n": " "})


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page. `name` is where links inside the page lead."""

    name: str
    title: str
    lines: Sequence[str]


def safe(text: str) -> str:
    """Return text that Markdown shows as it is, also inside a table."""
    return text.translate(SPECIAL)


def anchor(name: str) -> str:
    """Return a place that links can lead to."""
    return f'<a id="{name}"></a>'


def link(text: str, name: str) -> str:
    """Return a link inside the page."""
    return f"[{safe(text)}](#{name})"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, with an empty line around it."""
    yield ""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def sources(protocol: Protocol, codes: Iterable[str]) -> str:
    """Return links to sources, each once; a code that nothing explains stays plain."""
    return " ".join(
        link(code, f"s-{code}") if code in protocol.sources else safe(code)
        for code in dict.fromkeys(codes)
    )


def until(end: Edge | None) -> str:
    """Return the end of a band in words: `up to 80 h (3 d 8 h)`, `before 144 h (6 d)`, `later`."""
    if end is None:
        return "later"
    return f"{'up to' if end.including else 'before'} {span(end.hours)}"


def course(bands: Sequence[Band]) -> str:
    """Return the bands of one answer in words: `✚ emergency up to 12 h, later ● urgent`."""
    *first, last = (f"{level_words(band.levels[0])}" for band in bands)
    parts = [f"{words} {until(band.end)}" for words, band in zip(first, bands, strict=False)]
    return ", ".join((*parts, f"later {last}" if parts else f"{last}, at any time"))
