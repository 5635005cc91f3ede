"""Reading docs/thresholds.md back: its tables, and what a cell or a line stands for."""

import re
from collections.abc import Iterator
from functools import cache

from flows.protocol_file import bundled
from flows.render import thresholds_page
from flows.verdict import Level
from flows.words import SYMBOLS

PROTOCOL = bundled()
NEAR = 0.25
"""Hours beside an edge at which a cell is tried."""

Table = list[list[str]]


@cache
def whole_page() -> str:
    """Return the page of the bundled protocol, written once for all tests."""
    return thresholds_page(PROTOCOL)


def part(page: str, name: str, depth: int = 2) -> str:
    """Return what stands under the heading with this anchor."""
    start = page.index(f'{"#" * depth} <a id="{name}"></a>')
    end = re.search(rf"\n#{{2,{depth}}} ", page[start + depth :])
    return page[start:] if end is None else page[start : start + depth + end.start()]


def tables(text: str) -> Iterator[Table]:
    """Yield each table of a text as its lines of cells, without the ruler."""
    for block in re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE):
        lines = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in block.splitlines()]
        yield [lines[0], *lines[2:]]


def level_of(cell: str) -> Level:
    """Return the level that a cell names by its sign and its word."""
    sign, word = cell.split(" ", 1)
    level = Level.named(word.replace(" ", "_"))
    assert SYMBOLS[level] == sign
    return level


def moments(header: list[str]) -> Iterator[list[float]]:
    """Yield for each column some hours that it stands for, its edges among them."""
    start = 0.0
    for words_ in header:
        end = re.match(r"(up to|before) ([\d.]+) h", words_)
        if end is None:
            assert words_ in ("later", "at any time")
            yield [start + NEAR, start + 5000]
            continue
        last = float(end[2])
        first = start + NEAR
        yield [first, (first + last) / 2, last if end[1] == "up to" else last - NEAR]
        start = last if end[1] == "up to" else last - NEAR


def answer_of(cell: str) -> tuple[str, object, str | None]:
    """Return the question, an answer and the area that the first cell of a line stands for."""
    text = cell.replace("\\", "").replace("&lt;", "<")
    area = None
    found = re.search(r" \(area: ([^,)]+)[^)]*\)$", text)
    if found is not None:
        area = next(a for a, label in PROTOCOL.areas.items() if label["en"] == found[1])
        text = text[: found.start()]
    question = next(q for q in PROTOCOL.questions if text.startswith(f"{q.term}: "))
    label = text.removeprefix(f"{question.term}: ")
    if question.kind == "yes_no":
        return question.id, True, area
    if question.kind in ("temperature", "size"):
        return question.id, number_of(label), area
    return question.id, next(o.id for o in question.options if o.label["en"] == label), area


def number_of(label: str) -> float:
    """Return a number inside a range like `38.0 °C or more, below 38.5 °C`."""
    at_least = re.search(r"([\d.]+) \S+ or more", label)
    above = re.search(r"more than ([\d.]+)", label)
    if at_least:
        return float(at_least[1])
    if above:
        return float(above[1]) + 0.1
    below = re.search(r"below ([\d.]+)", label)
    assert below is not None
    return float(below[1]) - 0.1
