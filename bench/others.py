"""Sections from the drain and the export, which have commands of their own."""

import asyncio
import re
import shutil
import statistics
import subprocess
import sys
from importlib.util import find_spec

from bench import drain
from bench.figures import Advance, Figure, Section

JITTER = 0.02  # seconds
RATIO = re.compile(r"\*\*([\d.]+)\*\* \| (\d+), of which")
LOOP = re.compile(r"kept ([\d.]+) ms at p99, (.*)[.]$", re.MULTILINE)
KEPT = 2.0  # milliseconds of the bot's loop (docs/sources.md, exports)


def drained(advance: Advance, *, quick: bool) -> Section:
    """Drain check-ins with alerts in between, ours and the library's limiter."""
    messages, rounds = (240, 1) if quick else (1800, 3)
    has_peer = find_spec("aiolimiter") is not None
    mine, peers = [], []
    for _ in range(rounds):
        advance("drain: ours")
        mine.append(asyncio.run(drain.measured(drain.ours, messages, JITTER)))
        if has_peer:
            advance("drain: AIORateLimiter")
            peers.append(asyncio.run(drain.measured(drain.peer, messages, JITTER)))
    share = statistics.median(one.share for one in mine)
    late = statistics.median(sorted(one.lateness)[len(one.lateness) * 99 // 100] for one in mine)
    said = [f"{statistics.median(one.share for one in peers):.0%}",
            f"{statistics.median(one.too_many for one in peers):.0f} times",
            f"{statistics.median(max(one.lateness) for one in peers) / 1000:.1f} s"
            ] if peers else ["not installed"] * 3  # fmt: skip
    figures = [
        Figure(f"share of the limit, {messages:,} messages at 20 ms jitter", 0.95, share, "{:.1%}",
               f"AIORateLimiter {said[0]}", short="drain, share of the limit"),
        Figure("429s meanwhile", 0.0, float(max(one.too_many for one in mine)), "{:.0f}",
               f"AIORateLimiter {said[1]}", at_most=True, short="drain, 429s"),
        Figure("an urgent alert meanwhile, p99", 100.0, late, "{:.0f} ms",
               f"AIORateLimiter, the last {said[2]}", at_most=True, short="alert during a drain"),
    ]  # fmt: skip
    rows = [one.row("**Aftercheck**") for one in mine]
    rows += [one.row("PTB AIORateLimiter") for one in peers]
    missing = () if has_peer else ("the library's AIORateLimiter, which needs `aiolimiter`.",)
    how = "`python -m bench.drain` says how. What bounds it: Telegram's limit of 30 a second."
    return Section("Drain", how, figures, ["\n".join([drain.HEADER, *rows])], missing=missing)


def exported(advance: Advance, *, quick: bool) -> Section:
    """Export beside the sqlite3 command line."""
    how = "`python -m bench.export` says how. What bounds it: opening every sealed row."
    if shutil.which("sqlite3") is None:
        absent = "the sqlite3 command line is not installed (Debian's package `sqlite3`)."
        return Section("Export", how, missing=[absent])
    rows = "20000" if quick else "1000000"
    advance(f"export: {int(rows):,} rows")
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.export", "--rows", rows], stdout=subprocess.PIPE, text=True,
        check=True,
    )  # fmt: skip
    (ratio, peak), (late, beside) = RATIO.findall(ran.stdout)[0], LOOP.findall(ran.stdout)[0]
    figures = [
        Figure(f"CSV of {int(rows):,} rows, decrypted, beside the sqlite3 command line", 4.0,
               float(ratio), "{:.2f} ×", "its rows not encrypted", at_most=True,
               short="CSV, × sqlite3"),
        Figure("the most memory an export holds", 40.0, float(peak), "{:.0f} MB", "none",
               at_most=True, short="CSV, memory"),
        Figure("the event loop kept beside an export, p99", KEPT, float(late), "{:.2f} ms", beside,
               at_most=True, short="loop beside an export"),
    ]  # fmt: skip
    return Section("Export", how, figures, [ran.stdout.strip()])
