"""From the start of the process to the first getUpdates: `aftercheck run` beside bare PTB.

python -m bench.performance --only start_up
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Advance, Figure, Section, table
from bench.loopback import FIRST_CHAT, TOKEN, Script, serving
from bench.ours import STAFF_CHAT, ZONE, clinic_settings
from bench.patients import example, make
from storage.sealing import new_key_text
from storage.sqlite import connect

FEW, MANY = 1_000, 1_000_000
SEEN = (
    "import atexit, json, sys; atexit.register(lambda: print(json.dumps(sorted({n.split('.')[0] for"
    " n in sys.modules})))); sys.argv = ['aftercheck', 'run']; from bot.cli import main; main()"
)
"""Runs `aftercheck run`, and says at the end what was loaded."""

HEAVY = ("sqlalchemy", "alembic", "fastapi", "matplotlib")
PENDING = """
    WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < :many)
    INSERT INTO due (key, kind, code, due_at, state, reason)
    SELECT 'check_in:Q' || n || ':1/check_in/24', 'check_in', 'Q' || n,
           '2031-01-01T00:00:00.' || printf('%06d', n % 1000000) || '+00:00', 'waiting', ''
    FROM count
"""


def pending(folder: Path, many: int) -> None:
    """Put so many check-ins into the due table that are not due for years."""
    connection = connect(folder / "clinic.db")
    connection.execute(PENDING, {"many": many})
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def started(words: Sequence[str], folder: str, given: dict[str, str]) -> tuple[float, list[str]]:
    """Return the seconds to the first poll, and the libraries that were loaded."""
    with serving(Script()) as (address, pipe):
        names = given | {"TELEGRAM_API_URL": address}
        words = [word.replace("ADDRESS", address) for word in words]
        began = time.monotonic()
        bot = subprocess.Popen(  # noqa: S603
            [sys.executable, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.PIPE, text=True, env=os.environ | paths() | names,
        )  # fmt: skip
        try:
            if not pipe.poll(60):
                bot.kill()
                raise RuntimeError(bot.communicate()[1])
            seconds = pipe.recv() - began
            bot.send_signal(signal.SIGTERM)
            out, _ = bot.communicate(timeout=60)
        finally:
            bot.kill()
    lines = [line for line in out.splitlines() if line.startswith('["')]
    return seconds, json.loads(lines[-1]) if lines else []


def paths() -> dict[str, str]:
    """Return where a child started in another folder finds this project."""
    here = str(Path(__file__).parents[1])
    return {"PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}


def environment(folder: str, key: str) -> dict[str, str]:
    """Return the settings of a clinic as environment."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN, "ENCRYPTION_KEY": key, "STAFF_CHAT_ID": str(STAFF_CHAT),
        "DATABASE_URL": f"sqlite:///{folder}/clinic.db", "STAFF_ROSTER": "5001:Ben:nurse",
        "CLINIC_PHONE": "+49 30 1234", "CLINIC_TIMEZONE": ZONE, "EMERGENCY_NUMBER": "112",
        "LISTEN_PORT": "0",
    }  # fmt: skip


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure all in turn and return the section."""
    rounds, many = (3, 100_000) if quick else (9, MANY)
    key = new_key_text()
    found: list[tuple[float, ...]] = []
    loaded: set[str] = set()
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        for name, rows in ((small, FEW), (large, many)):
            advance(f"start-up: {rows:,} check-ins pending")
            walked = example(clinic_settings(Path(name), "http://127.0.0.1", key))
            make(Path(name), key, [FIRST_CHAT], walked)
            pending(Path(name), rows)
        for _ in range(rounds):
            advance("start-up")
            bare, _ = started(["-m", "bench.peers.minimal", "ADDRESS"], small, {})
            few, modules = started(["-c", SEEN], small, environment(small, key))
            lots, _ = started(["-c", SEEN], large, environment(large, key))
            found.append((bare, few, lots))
            loaded |= set(modules)
    return section(found, [name for name in HEAVY if name in loaded], many)


def section(found: list[tuple[float, ...]], heavy: list[str], many: int) -> Section:
    """Return the section."""
    bare, few, lots = (statistics.median(column) for column in zip(*found, strict=True))
    times = statistics.median(one[1] / one[0] for one in found)
    growth = statistics.median(one[2] / one[1] for one in found)
    figures = [
        Figure("start to the first getUpdates, beside bare PTB", 1.5, times, "{:.2f} ×",
               f"bare PTB {bare:.2f} s", at_most=True, short="start-up, × bare PTB"),
        Figure(f"start with {many:,} check-ins pending, beside {FEW:,}", 1.2, growth, "{:.2f} ×",
               f"{FEW:,} pending {few:.2f} s", at_most=True, short="start-up, many pending"),
        Figure("of SQLAlchemy, Alembic, FastAPI and Matplotlib, loaded by a running bot", 0,
               float(len(heavy)), "{:.0f}", ", ".join(heavy) or "none of them", at_most=True,
               short="heavy libraries loaded"),
    ]  # fmt: skip
    rows = [("bare PTB", f"{bare:.2f}"), (f"`aftercheck run`, {FEW:,} pending", f"{few:.2f}"),
            (f"`aftercheck run`, {many:,} pending", f"{lots:.2f}")]  # fmt: skip
    return Section("Start-up", f"{HOW} {len(found)} rounds in turn.", figures,
                   [table(["to the first getUpdates", "seconds"], rows)], TRIED)  # fmt: skip


HOW = (
    "From the start of the process to the arrival of its first getUpdates, with a database that is "
    "up to date, against the same API. Bare PTB is a script of ten lines. What bounds it: imports "
    "and reading the protocol."
)
TRIED = "Look at `python -X importtime -m bot run`: what a command does not need, it can load late."
