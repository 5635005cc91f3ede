"""What a page of the board says in no language of the staff: words outside of ⟦ and ⟧."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from pseudo_language import outside

from flows.protocol_file import bundled, bundled_text

SILENT = {"script", "style"}
INLINE = {"a", "b", "strong", "span", "time"}
"""What stands within a sentence."""

SPOKEN = ("aria-label", "alt", "title", "placeholder")
"""Attributes that are read out or shown, and every `data-` in which a script finds its words."""

NAMES = ("Clinic Sunrise", "Anna", "Omar", "Ben", "Cleo", "Dora", "Eve", "Aftercheck", "Berlin")
GERMAN_DAY = re.compile(r"(Mo|Di|Mi|Do|Fr|Sa|So)\., \d{1,2}\. \w{3,4}\.?")
"""A day as Babel writes it: no message of the catalogue."""

CODE = re.compile(r"\b[A-Z][0-9][A-Z][0-9](-\d+)?\b")
RULE = re.compile(r"\b[A-Z]{3,12}(-\d+)?\b")
"""A rule or a source of the protocol, such as `FEV-07`."""

WORD = re.compile(r"[^\W\d_]{2,}")


class Spoken(HTMLParser):
    """Collects what a page shows or reads out, each piece by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.found = [""]

    def handle_starttag(self, tag, attrs) -> None:
        self.begins(tag)
        self.silent += tag in SILENT
        self.found[:0] = [
            value or "" for name, value in attrs
            if name in SPOKEN or (name.startswith("data-") and tag == "div")
        ]  # fmt: skip

    def handle_endtag(self, tag) -> None:
        self.begins(tag)
        self.silent -= tag in SILENT

    def handle_data(self, data) -> None:
        if not self.silent:
            self.found[-1] += data

    def begins(self, tag: str) -> None:
        """Let another piece begin, unless the tag stands within a sentence."""
        if tag not in INLINE:
            self.found.append("")


def foreign(page: str, exempt: Iterable[str] = ()) -> list[str]:
    """Return the texts of a page that have a word outside of the brackets.

    Args:
        page: Its HTML.
        exempt: What is not the product's to translate, such as the words of the protocol.
    """
    spoken = Spoken()
    spoken.feed(page)
    known = sorted(filter(None, (*NAMES, *exempt)), key=len, reverse=True)
    exempted = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, known))})(?!\w)")
    found = []
    for text in spoken.found:
        left = GERMAN_DAY.sub(" ", outside(" ".join(text.split())))
        if WORD.search(RULE.sub(" ", CODE.sub(" ", exempted.sub(" ", left)))):
            found.append(" ".join(text.split()))
    return found


def in_staffs_words(page: str) -> str:
    """Return a page without what is English on purpose: what an examination says, as it says it."""
    return re.sub(r'<(\w+)[^>]* lang="en" dir="ltr">.*?</\1>', "", page, flags=re.DOTALL)


def under(names: set[str], table: object, name: str = "") -> Iterator[str]:
    """Yield every text of a protocol's file under one of these names."""
    if isinstance(table, str):
        yield from [table] if name in names else []
    elif isinstance(table, dict):
        for key, value in table.items():
            yield from under(names, value, key)
    elif isinstance(table, list):
        for value in table:
            yield from under(names, value, name)


PROTOCOL = [
    *under({"reason", "sources"}, tomllib.loads(bundled_text())),
    *(one.label for one in bundled().treatments.values()),
    *(one.term for one in bundled().questions),
    *(first for one in bundled().questions for first in re.findall(r"[^.?]+[.?]", one.text["en"])),
    *(option.label["en"] for one in bundled().questions for option in one.options),
    *(one.meaning for one in bundled().patient_facts),
    *(one["en"] for one in bundled().areas.values()),
    bundled().free_text.reason, bundled().incomplete.reason, bundled().case.reason,
    "review", bundled().name, "exosome", "microneedling",
]  # fmt: skip
"""The words of the protocol, which stand as they are."""
