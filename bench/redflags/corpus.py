"""The training messages: who wrote them, in which language, and whether they must interrupt."""

import csv
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "messages"
LANGUAGES = ("en", "es", "pt", "ru", "ar", "zh")
LABELS = ("interrupt", "must_be_red_flag")
JUDGED = ("author1", "author2", "author3", "author4")  # authors left out in turn


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message."""

    text: str
    language: str
    interrupt: bool
    category: str
    author: str


def load(path: Path) -> list[Message]:
    """The messages of one CSV file with a text, a language and a yes/no column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    label = next(name for name in LABELS if name in rows[0])
    return [
        Message(r["text"], r["language"], r[label] == "yes", r.get("category", ""), path.stem)
        for r in rows
    ]


def corpus() -> list[Message]:
    """Every training message, in a fixed order."""
    return [m for path in sorted(FOLDER.glob("author*.csv")) for m in load(path)]
