"""Answers for each CPU second: pressed, stored durably, sorted, replied to, the next one shown.

    python -m bench.performance --only answers

Ours is the whole bot: SQLite with `synchronous=FULL`, sealed rows, the bundled protocol, patients
with ten earlier check-ins. The library's side stores nothing. Each runs in a process of its own
against `bench/loopback.py`, and only its own CPU counts.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from bench.child import run
from bench.figures import Advance, Figure, Section, table
from bench.loopback import FIRST_CHAT, Script, Seen, serving
from bench.ours import STAFF_CHAT, clinic_settings
from bench.patients import example, make
from storage.sealing import new_key_text

OURS = "Aftercheck, everything stored (FULL)"
NAMES = {
    "bare": "bare PTB, stores nothing", "concurrent": "PTB, 16 at a time, stores nothing",
    "conversation": "ConversationHandler + PicklePersistence",
}  # fmt: skip


class Run(NamedTuple):
    """What one run came to; waits in seconds, sorted."""

    waits: list[float]
    seconds: float
    figures: dict[str, Any]

    @property
    def per_cpu(self) -> float:
        """Answers for each CPU second."""
        return len(self.waits) / float(self.figures["cpu"])

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return how long a press waited for its edit, in milliseconds."""
        return self.waits[min(len(self.waits) - 1, len(self.waits) * percent // 100)] * 1000


def of(seen: Seen, figures: dict[str, Any]) -> Run:
    """Return a run from what the API and the bot say."""
    return Run(sorted(seen.waits), seen.ended - seen.began, figures)


def ours(patients: int, delay: float = 0.0, rate: float = 0.0, *, unpaced: bool = True) -> Run:
    """Run our bot with so many patients; every press has to be stored in the end."""
    key = new_key_text()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        walked = example(clinic_settings(folder, "http://127.0.0.1", key))
        make(folder, key, [FIRST_CHAT + number for number in range(patients)], walked)
        script = scripted(patients, walked.presses, delay, rate)
        with serving(script) as (address, pipe):
            words = ["bench.ours", name, address, key, str(STAFF_CHAT), *["unpaced"] * unpaced]
            seen, figures = run(words, pipe)
    wanted = len(seen.waits)
    assert figures["done"] == figures["answers"] == wanted, figures
    assert not figures["modules"], f"a running bot loads {figures['modules']}"
    return of(seen, figures)


def theirs(kind: str, patients: int, delay: float = 0.0, rate: float = 0.0) -> Run:
    """Run a bot of the library with so many patients."""
    with tempfile.TemporaryDirectory() as name:
        presses = example(clinic_settings(Path(name), "http://127.0.0.1", new_key_text())).presses
    with serving(scripted(patients, presses, delay, rate)) as (address, pipe):
        return of(*run(["bench.peers.library", kind, address], pipe))


def scripted(patients: int, presses: tuple[str, ...], delay: float, rate: float) -> Script:
    """Return what happens."""
    return Script([FIRST_CHAT + number for number in range(patients)], presses, delay, rate)


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure both in turn and return the section."""
    rounds, patients = (1, 80) if quick else (5, 300)
    found: dict[str, list[float]] = {}
    ratios = []
    for _ in range(rounds):
        advance("answers: ours")
        mine = ours(patients).per_cpu
        found.setdefault(OURS, []).append(mine)
        for kind, name in NAMES.items():
            advance(f"answers: {name}")
            found.setdefault(name, []).append(theirs(kind, patients // 2).per_cpu)
        ratios.append(mine / found[NAMES["bare"]][-1])
    middle = {name: statistics.median(values) for name, values in found.items()}
    bare = middle[NAMES["bare"]]
    rows = [(name, f"{value:.0f}", f"{value / bare:.2f}") for name, value in middle.items()]
    figure = Figure(
        "answers per CPU-second, everything stored, beside bare PTB that stores nothing", 3.0,
        statistics.median(ratios), "{:.2f} ×", f"bare PTB {bare:.0f}",
        short="answers per CPU-second",
    )  # fmt: skip
    return Section(
        "Answers per CPU-second", f"{HOW} {rounds} rounds in turn, the ratio taken in each.",
        [figure], [table(["", "answers per CPU-second", "× bare PTB"], rows)], TRIED,
    )  # fmt: skip


HOW = (
    "Patients with ten earlier check-ins answer an open one (mild redness, which is expected; no "
    "alert is raised). Each press is stored (SQLite, `synchronous=FULL`), sorted with the whole "
    "protocol, answered, and the message shows the next question. The library answers the press "
    "and edits the message, and stores nothing. Our limit of 29 messages a second is lifted here, "
    "since the library keeps none. The API is a process of its own; no TLS. What bounds it: the "
    "engine's own work on an answer, then the calls."
)
TRIED = (
    "What was tried: presses are read without the library's objects, and earlier check-ins are "
    "not opened and parsed again at every press. Remembering how earlier answers were read as well "
    "gained nothing that could be seen. Of the transaction that works on a press, the engine was "
    "about two thirds under a profiler."
)
