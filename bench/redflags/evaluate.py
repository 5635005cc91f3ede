"""How well warning signs are caught: leave-one-author-out, or the shipped model on a file.

python bench/redflags/evaluate.py                       # out of fold; writes docs/redflags.md
python bench/redflags/evaluate.py --messages FILE.csv   # the shipped model, nothing written
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus import JUDGED, LANGUAGES, Message, corpus, load

from flows.redflags import detect

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "redflags.md"
KEPT_ASIDE = HERE / "heldout" / "messages.csv"
HEAD = ("group", "must interrupt", "caught", "must not", "false alarms")

Row = tuple[Message, bool]


def share(rows: Iterable[Row], *, yes: bool) -> tuple[int, str]:
    """How many messages of one label, and the percentage of them that interrupt."""
    answers = [answer for message, answer in rows if message.interrupt is yes]
    return len(answers), f"{100 * sum(answers) / len(answers):.1f} %" if answers else "-"


def groups(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """All rows, then by language, author and category."""
    yield "all", rows
    for code in LANGUAGES:
        yield code, [r for r in rows if r[0].language == code]
    for author in JUDGED:
        yield author, [r for r in rows if r[0].author == author]
    for category in sorted({m.category for m, _ in rows if m.category}):
        yield category, [r for r in rows if r[0].category == category]


def table(rows: list[Row]) -> str:
    """The figures of every group as a Markdown table."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|---:|---:|---:|---:|"]
    for name, chosen in groups(rows):
        if chosen:
            cells = (name, *share(chosen, yes=True), *share(chosen, yes=False))
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def out_of_fold_rows() -> list[Row]:
    """Every judged author's messages, decided by models and thresholds of the others."""
    import numpy as np  # noqa: PLC0415 - only for cross-validation
    from fitting import Table, decided, judged, met, out_of_fold, read_all  # noqa: PLC0415 - heavy

    messages = corpus()
    readings = read_all(messages)
    table = Table(messages, readings, met(readings, np.ones(len(messages), dtype=bool)))
    answers = decided(table, out_of_fold(messages, readings))
    pairs = zip(messages, answers, judged(table), strict=True)
    return [(message, bool(answer)) for message, answer, counts in pairs if counts]


def main() -> None:
    """Print the figures; without a file, also write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, help="CSV with text, language and a yes/no column")
    chosen = parser.parse_args().messages
    if chosen is not None:
        print(table([(m, detect(m.text).interrupt) for m in load(chosen)]))
        return
    figures = table(out_of_fold_rows())
    page = (HERE / "page.md").read_text(encoding="utf-8")
    kept_aside = table([(m, detect(m.text).interrupt) for m in load(KEPT_ASIDE)])
    page = page.replace("{figures}", figures).replace("{kept_aside}", kept_aside)
    PAGE.write_text(page, encoding="utf-8")
    print(figures, kept_aside, sep="\n\n")


if __name__ == "__main__":
    main()
