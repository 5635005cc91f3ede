"""How fast an export is, beside the sqlite3 command line on the same rows unencrypted.

    python -m bench.export [--rows 1000000] [--rounds 3]

A clinic's history is made with sealed answers, ten to a check-in, stored in the order they came.
The command line dumps the very same rows from a plain table with `.mode csv`. Both write a file;
they take turns, and the ratio is taken inside each round. Memory is the process's own high mark.
"""

import argparse
import asyncio
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench import loop
from bench.loop import Lateness
from bot.export.writing import Options, write_csv
from flows.classify import compiled
from flows.derived import History
from flows.engine.events import Answered
from flows.engine.record import Patient, Record, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.protocol_file import bundled
from flows.schedule import Session
from flows.verdict import Verdict
from storage import journal
from storage.case_keys import Key
from storage.opening import open_database
from storage.saving import new_case
from storage.sealing import Keyring, new_key_text
from storage.sqlite import connect, run_now
from storage.transaction import Transaction

HOURS = (6, 24, 72, 120, 168, 336, 672, 1344)
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ANSWERS = (
    "redness", "swelling", "pain", "itch", "tingle", "needle_marks", "peeling", "fatigue",
    "headache",
)  # fmt: skip
"""Nine severities and the list of warning signs: ten answers to a check-in."""


def make(url: str, path: Path, keyring: Keyring, wanted: int) -> None:
    """Store a history of so many answers."""
    asyncio.run(created(url))
    random = Random(1)
    check_ins = wanted // (len(ANSWERS) + 1)
    codes = [f"C{number:06d}" for number in range(check_ins // len(HOURS))]
    connection = connect(path)
    keys = run_now(connection, cases(keyring, codes))
    verdict = compiled(bundled()).classify("mn_topical", 30, {"redness": 1}, History())
    moments = [(hours, code) for hours in HOURS for code in codes]
    random.shuffle(moments)
    for first in range(0, len(moments), 1_000):
        run_now(connection, answers(moments[first : first + 1_000], keys, verdict, random))
    connection.close()


async def created(url: str) -> None:
    """Make the tables."""
    await (await open_database(url)).close()


def cases(keyring: Keyring, codes: list[str]) -> Transaction[dict[str, Key]]:
    """Store the cases and return their keys."""
    keys = {}
    for code in codes:
        patient = Patient(code, bundled().name, "active", "en", "Europe/Berlin")
        visit = Visit(Session(1, "mn_topical", START, START, "Europe/Berlin", "face"), "L-2026-01")
        planned = {
            f"1/check_in/{hours}": StoredCheckIn(
                f"1/check_in/{hours}", 1, "check_in", hours, START + timedelta(hours=hours),
                (hours,), state="complete", sent_at=START + timedelta(hours=hours),
            )
            for hours in HOURS
        }  # fmt: skip
        keys[code] = yield from new_case(keyring, Record(patient, (visit,), planned), START)
    return keys


def answers(
    moments: list[tuple[int, str]], keys: dict[str, Key], verdict: Verdict, random: Random
) -> Transaction[None]:
    """Store a thousand check-ins' answers."""
    for hours, code in moments:
        given: dict[str, object] = {name: random.randrange(3) for name in ANSWERS}
        given["red_flags"] = frozenset()
        event = Answered(f"1/check_in/{hours}", 1, hours + 0.2, given, verdict)
        now = START + timedelta(hours=hours, seconds=random.randrange(3_600))
        yield from journal.answered(code, keys[code], event, None, now)


def plain_copy(exported: Path, path: Path) -> None:
    """Put the rows of an export into a plain table."""
    with exported.open(encoding="utf-8-sig", newline="") as file:
        rows: Iterator[list[str]] = csv.reader(file)
        names = next(rows)
        connection = sqlite3.connect(path)
        columns = ", ".join(f'"{name}"' for name in names)
        connection.execute(f"CREATE TABLE answers ({columns})")
        places = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO answers VALUES ({places})", rows)  # noqa: S608
        connection.commit()
        connection.close()


def by_command_line(path: Path, target: Path) -> float:
    """Return the seconds that sqlite3 takes."""
    began = time.perf_counter()
    with target.open("wb") as out:
        subprocess.run(  # noqa: S603
            [shutil.which("sqlite3") or "sqlite3", "-readonly", "-csv", "-header", str(path),
             "SELECT * FROM answers"],
            stdout=out, check=True,
        )  # fmt: skip
    return time.perf_counter() - began


def by_us(url: str, key: str, target: Path, *, beside_a_loop: bool = False) -> dict[str, float]:
    """Return what an export of ours took, in a process of its own."""
    words = [sys.executable, "-m", "bench.export", "--child", url, str(target)]
    ran = subprocess.run(  # noqa: S603
        words + ["--loop"] * beside_a_loop, env=os.environ | {"ENCRYPTION_KEY": key},
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


def high_mark() -> float:
    """Return the most memory this process ever held, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def export(url: str, target: Path) -> int:
    """Export everything."""
    keyring = Keyring.from_text(os.environ["ENCRYPTION_KEY"])
    with target.open("wb") as out:
        return write_csv(url, keyring, Options("answer"), out, lambda _done, _total: None)


def child(url: str, target: Path) -> None:
    """Export and print what it took."""
    before = high_mark()
    began = time.perf_counter()
    rows = export(url, target)
    seconds = time.perf_counter() - began
    print(json.dumps({"rows": rows, "seconds": seconds, "before": before, "peak": high_mark()}))


async def beside_a_loop(url: str, target: Path) -> None:
    """Export in a thread, and print how late the event loop is meanwhile, in ms."""
    bundled()  # which a running bot has read already
    found = await loop.beside(asyncio.to_thread(export, url, target))
    print(json.dumps(found._asdict()))


def main() -> None:
    """Measure and print rows of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2)
    parser.add_argument("--loop", action="store_true")
    given = parser.parse_args()
    if given.child and given.loop:
        asyncio.run(beside_a_loop(given.child[0], Path(given.child[1])))
    elif given.child:
        child(given.child[0], Path(given.child[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), given.rows, given.rounds)


def compare(folder: Path, rows: int, rounds: int) -> None:
    """Measure both, and print."""
    key = new_key_text()
    url, out = f"sqlite:///{folder / 'clinic.db'}", folder / "ours.csv"
    make(url, folder / "clinic.db", Keyring.from_text(key), rows)
    small = by_us(url, key, out)
    plain_copy(out, folder / "plain.db")
    ours, theirs, peaks = [], [], []
    for _ in range(rounds):
        theirs.append(by_command_line(folder / "plain.db", folder / "theirs.csv"))
        figures = by_us(url, key, out)
        ours.append(figures["seconds"])
        peaks.append(figures["peak"])
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    late = Lateness(**by_us(url, key, out, beside_a_loop=True))
    size = out.stat().st_size / 1e6
    print(f"{small['rows']:,.0f} rows, {size:.0f} MB of CSV, {rounds} rounds\n")
    print("| | seconds | × the command line | peak MB |\n| --- | ---: | ---: | ---: |")
    print(f"| sqlite3 command line, rows not encrypted | {statistics.median(theirs):.2f} | 1 | |")
    print(
        f"| **Aftercheck, rows sealed** | **{statistics.median(ours):.2f}** | **{ratio:.2f}** | "
        f"{max(peaks):.0f}, of which {small['before']:.0f} before the first row |"
    )
    print(f"\nThe event loop meanwhile: kept {late.held:.2f} ms at p99, {late.told()}.")


if __name__ == "__main__":
    main()
