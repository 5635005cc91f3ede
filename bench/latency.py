"""Answers a second when every call takes 50 ms, and how long a press waits for its edit.

python -m bench.performance --only latency
"""

import statistics

from bench.answers import NAMES, OURS, Run, ours, theirs
from bench.figures import Advance, Figure, Section, table

DELAY = 0.05  # seconds that every answer of the API takes
RATE = 25.0  # presses a second
SLOW = ("bare", "conversation")


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure all in turn and return the section."""
    rounds = 1 if quick else 3
    flood: dict[str, list[float]] = {}
    paced: dict[str, list[Run]] = {}
    for _ in range(rounds):
        advance("latency: ours")
        flood.setdefault(OURS, []).append(ours(100 if quick else 400, DELAY).per_second)
        for kind, name in NAMES.items():
            advance(f"latency: {name}")
            patients = (8 if quick else 30) if kind in SLOW else (60 if quick else 200)
            flood.setdefault(name, []).append(theirs(kind, patients, DELAY).per_second)
        presses = int(RATE * (8 if quick else 30))
        advance("press to edit: ours")
        paced.setdefault(OURS, []).append(ours(presses, DELAY, RATE, unpaced=False))
        for kind in ("bare", "concurrent"):
            advance(f"press to edit: {NAMES[kind]}")
            paced.setdefault(NAMES[kind], []).append(theirs(kind, presses, DELAY, RATE))
    return section(flood, paced, rounds)


def section(flood: dict[str, list[float]], paced: dict[str, list[Run]], rounds: int) -> Section:
    """Return the section."""
    middle = {name: statistics.median(values) for name, values in flood.items()}

    def times(kind: str) -> float:
        pairs = zip(flood[OURS], flood[NAMES[kind]], strict=True)
        return statistics.median(mine / other for mine, other in pairs)

    late = {
        name: (statistics.median(r.percentile(50) for r in runs),
               statistics.median(r.percentile(99) for r in runs))
        for name, runs in paced.items()
    }  # fmt: skip
    what = "answers a second at 50 ms on every call, beside"
    figures = [
        Figure(f"{what} bare PTB", 30.0, times("bare"), "{:.1f} ×",
               f"bare PTB {middle[NAMES['bare']]:.1f}/s", short="answers/s at 50 ms, × bare PTB"),
        Figure(f"{what} ConversationHandler", 30.0, times("conversation"), "{:.1f} ×",
               f"{middle[NAMES['conversation']]:.1f}/s", short="the same, × ConversationHandler"),
        Figure(f"{what} PTB's best setting", 2.0, times("concurrent"), "{:.1f} ×",
               f"16 at a time {middle[NAMES['concurrent']]:.0f}/s", short="the same, × PTB's best"),
        Figure("press to edit at 25 a second, p99, in times of the call's 50 ms", 2.5,
               late[OURS][1] / DELAY / 1000, "{:.2f} ×",
               f"16 at a time {late[NAMES['concurrent']][1] / DELAY / 1000:.1f} ×",
               at_most=True, short="press to edit, p99"),
    ]  # fmt: skip
    tables = [
        table(["50 ms on every call", "answers a second"],
              [(name, f"{value:.1f}") for name, value in middle.items()]),
        table(["25 presses a second", "p50 ms", "p99 ms"],
              [(name, f"{a:.0f}", f"{b:.0f}") for name, (a, b) in late.items()]),
    ]  # fmt: skip
    return Section("Answers a second, and press to edit", f"{HOW} {rounds} rounds.", figures,
                   tables, TRIED)  # fmt: skip


HOW = (
    "As above, every answer of the API taking 50 ms, also that of the poll which brings the press. "
    "First everybody presses as fast as their message changes; our limit of 29 messages a second "
    "is lifted for this, so **in operation the bot stays at 29 a second**, which is Telegram's "
    "limit and not ours. Then 25 presses a second come evenly, and our limit is kept. What bounds "
    "it: calls at the same time, then CPU."
)
TRIED = (
    "What was tried: what the section above says, and nothing else; what holds it back here was "
    "not looked at apart from that."
)
