"""How long a workbook takes, beside XlsxWriter's own constant-memory mode on the same cells.

    python -m bench.workbook [--rows 100000] [--rounds 3]

A clinic's history is made with sealed answers (as in `bench.export`). Ours reads, opens and writes
it; XlsxWriter is handed the finished cells of the same sheets in memory, and writes them with
`write_row`. They take turns, each in a process of its own, and the ratio is taken inside each
round. Seconds are the processor's, so that what else the machine does is left out. Memory is the
process's own high mark, at this size and at a tenth of it.
"""

import argparse
import asyncio
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import openpyxl
import xlsxwriter

from bench import loop
from bench.export import high_mark, make
from bench.figures import Advance, Figure, Section
from bench.loop import Lateness
from bot.export.workbook import SAFE, Cover, write_xlsx
from bot.export.writing import Options
from flows.protocol_file import bundled
from storage.sealing import Keyring, new_key_text

COVER = Cover("Clinic Sunrise", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 26, tzinfo=UTC))
KEPT = 2.0  # milliseconds of the bot's loop (docs/sources.md, exports)


def ours(url: str, target: Path) -> int:
    """Write a clinic's workbook."""
    keyring = Keyring.from_text(os.environ["ENCRYPTION_KEY"])
    with target.open("wb") as out:
        return write_xlsx(url, keyring, Options(), out, lambda _done, _total: None, COVER)


def theirs(cells: Path, target: Path) -> float:
    """Write the cells of the same sheets, and return how long that took without reading them."""
    sheets = pickle.loads(cells.read_bytes())  # noqa: S301 - we wrote it
    began = time.process_time()
    options = {**SAFE, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(target, options) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return time.process_time() - began


def keep_cells(source: Path, target: Path) -> int:
    """Keep the cells of a workbook as Python has them, and return how many rows there are."""
    book = openpyxl.load_workbook(source, read_only=True)
    sheets = {page.title: list(page.iter_rows(values_only=True)) for page in book}
    target.write_bytes(pickle.dumps(sheets))
    return sum(map(len, sheets.values()))


def child(kind: str, source: str, target: Path) -> None:
    """Write one workbook, and print what it took."""
    if kind == "theirs":
        seconds = theirs(Path(source), target)
    else:
        bundled()  # which a running bot has read already
        began = time.process_time()
        ours(source, target)
        seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "peak": high_mark()}))


async def beside_a_loop(url: str, target: Path) -> None:
    """Write one in a thread, and print how late the event loop is meanwhile, in ms."""
    bundled()  # which a running bot has read already
    found = await loop.beside(asyncio.to_thread(ours, url, target))
    print(json.dumps(found._asdict()))


def run(kind: str, source: str, target: Path, key: str) -> dict[str, float]:
    """Return what a process of its own measured."""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.workbook", "--child", kind, source, str(target)],
        env=os.environ | {"ENCRYPTION_KEY": key}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


class Compared(NamedTuple):
    """What was measured: seconds of the processor, and the ratio inside each round, medians."""

    rows: int
    size: float
    theirs: float
    ours: float
    ratio: float
    peak: float
    peak_of_a_tenth: float
    late: Lateness


def compared(folder: Path, rows: int, rounds: int) -> Compared:
    """Measure both."""
    key = new_key_text()
    addresses = {}
    for name, count in (("small", rows // 10), ("large", rows)):
        path = folder / f"{name}.db"
        addresses[name] = f"sqlite:///{path}"
        make(addresses[name], path, Keyring.from_text(key), count)
    small = run("ours", addresses["small"], folder / "small.xlsx", key)["peak"]
    run("ours", addresses["large"], folder / "large.xlsx", key)
    cells = folder / "cells.pickle"
    written = keep_cells(folder / "large.xlsx", cells)
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(run("theirs", str(cells), folder / "theirs.xlsx", key))
        ours.append(run("ours", addresses["large"], folder / "ours.xlsx", key))
    pairs = zip(ours, theirs, strict=True)
    return Compared(
        written, (folder / "ours.xlsx").stat().st_size / 1e6, seconds(theirs), seconds(ours),
        statistics.median(one["seconds"] / two["seconds"] for one, two in pairs),
        max(one["peak"] for one in ours), small,
        Lateness(**run("loop", addresses["large"], folder / "loop.xlsx", key)),
    )  # fmt: skip


def lines(found: Compared, rounds: int) -> str:
    """Return what was measured as Markdown."""
    return "\n".join([
        f"{found.rows:,} rows, {found.size:.1f} MB of XLSX, {rounds} rounds",
        "",
        "| | CPU seconds | × XlsxWriter | peak MB |",
        "| --- | ---: | ---: | ---: |",
        f"| XlsxWriter, constant memory, cells given | {found.theirs:.2f} | 1 | |",
        (f"| **Aftercheck, rows sealed** | **{found.ours:.2f}** | **{found.ratio:.2f}** | "
        f"{found.peak:.0f}, with a tenth of the rows {found.peak_of_a_tenth:.0f} |"),
        "",
        (f"The event loop meanwhile: kept {found.late.held:.2f} ms at p99, "
         f"{found.late.told()}."),
    ])  # fmt: skip


def measure(advance: Advance, *, quick: bool) -> Section:
    """Return the section of the page."""
    rows, rounds = (20_000, 1) if quick else (100_000, 3)
    advance(f"workbook: {rows:,} answers")
    with tempfile.TemporaryDirectory() as folder:
        found = compared(Path(folder), rows, rounds)
    figures = [
        Figure(f"XLSX of {found.rows:,} rows, decrypted, beside XlsxWriter", 1.2, found.ratio,
               "{:.2f} ×", "the same cells, given to its constant-memory mode", at_most=True,
               short="XLSX, × XlsxWriter"),
        Figure("its memory, beside a tenth of the rows", 1.1, found.peak / found.peak_of_a_tenth,
               "{:.2f} ×", f"{found.peak_of_a_tenth:.0f} MB", at_most=True, short="XLSX, memory"),
        Figure("the event loop kept beside a workbook, p99", KEPT, found.late.held, "{:.2f} ms",
               found.late.told(), at_most=True, short="loop beside a workbook"),
    ]  # fmt: skip
    how = "`python -m bench.workbook` says how. What bounds it: XlsxWriter's own work on a cell."
    return Section("Workbook", how, figures, [lines(found, rounds)])


def seconds(found: Sequence[Mapping[str, float]]) -> float:
    """Return the median of what rounds took."""
    return statistics.median(one["seconds"] for one in found)


def main() -> None:
    """Measure and print rows of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=3)
    given = parser.parse_args()
    if given.child and given.child[0] == "loop":
        asyncio.run(beside_a_loop(given.child[1], Path(given.child[2])))
    elif given.child:
        child(given.child[0], given.child[1], Path(given.child[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(lines(compared(Path(folder), given.rows, given.rounds), given.rounds))


if __name__ == "__main__":
    main()
