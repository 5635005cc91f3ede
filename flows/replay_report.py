"""What a replay found: the alerts that differ, the lines it could not use, the work per week."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from flows.verdict import ALERTING, Level

UNDATED = "no date"
"""The week of lines that do not say when they were."""


class Kind(IntEnum):
    """How an alert differs, the most dangerous first."""

    UNSORTABLE = 0
    VANISHES = 1
    LOWER = 2
    APPEARS = 3
    HIGHER = 4


SENTENCES = {
    Kind.UNSORTABLE: "can no longer be sorted",
    Kind.VANISHES: "no longer alerts",
    Kind.LOWER: "alerts lower",
    Kind.APPEARS: "alerts now",
    Kind.HIGHER: "alerts higher",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history whose alert appears, vanishes or moves.

    `fired` and `fires` are the rules behind the older and the newer level; `new` is None, and
    `problem` says why, when the newer version cannot sort the case at all.
    """

    line: int
    kind: Kind
    case: str | None
    at: datetime | None
    words: str
    old: Level
    fired: tuple[str, ...]
    new: Level | None = None
    fires: tuple[str, ...] = ()
    problem: str = ""

    def __str__(self) -> str:
        """Return the change as one sentence."""
        who = f"case {self.case}" if self.case else "a case without a code"
        when = f", {self.at.isoformat(timespec='minutes')}" if self.at else ""
        text = f"line {self.line}, {who}{when}: {SENTENCES[self.kind]}: "
        text += f"{named(self.old)} ({', '.join(self.fired) or 'no rule'})"
        if self.new is None:
            return f"{text}, now: {self.problem}. {self.words}."
        return (
            f"{text}, now {named(self.new)} ({', '.join(self.fires) or 'no rule'}). {self.words}."
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no case, or that neither version can sort; `problem` says why."""

    line: int
    problem: str

    def __str__(self) -> str:
        """Return the problem with its place."""
        return f"line {self.line} skipped: {self.problem}"


@dataclass(slots=True)
class Workload:
    """How many check-ins of one week reach each level under one version."""

    by_level: Counter[Level] = field(default_factory=Counter)
    unsortable: int = 0

    @property
    def check_ins(self) -> int:
        """How many there were."""
        return self.by_level.total() + self.unsortable

    @property
    def alerts(self) -> int:
        """How many of them call a person."""
        return sum(count for level, count in self.by_level.items() if level >= ALERTING)


@dataclass(slots=True)
class Week:
    """One ISO week in UTC, like `2026-W47`: the work under the older and the newer version."""

    old: Workload = field(default_factory=Workload)
    new: Workload = field(default_factory=Workload)


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found.

    `changes` are the most dangerous first, then in file order. `weeks` are in calendar order,
    lines without a date last. `otherwise` counts lines that say they were sorted to another
    level than the older version gives now: then the history is of another version still.
    """

    old: str
    new: str
    read: int
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    weeks: dict[str, Week]
    otherwise: int

    @property
    def dangerous(self) -> bool:
        """Whether some alert vanishes, gets lower or can no longer be sorted."""
        return any(change.kind <= Kind.LOWER for change in self.changes)

    def lines(self) -> Iterator[str]:
        """Yield the report as sentences, with the work of each week at the end."""
        counts = Counter(change.kind for change in self.changes)
        yield f"{self.read} lines, sorted by {self.old} and by {self.new}."
        for kind, words in SENTENCES.items():
            if counts[kind]:
                yield f"{counts[kind]} × {words}"
        if not self.changes:
            yield "No alert appears, vanishes or moves."
        if self.otherwise:
            yield f"{self.otherwise} lines were recorded with another level than {self.old} gives."
        if self.skipped:
            yield f"{len(self.skipped)} lines skipped."
        yield from map(str, self.changes)
        yield from map(str, self.skipped)
        for name, week in self.weeks.items():
            yield f"{name}: {workload_words(week)}"


def workload_words(week: Week) -> str:
    """Return one week's work under both versions."""
    parts = [f"{week.old.check_ins} check-ins, alerts {week.old.alerts} → {week.new.alerts}"]
    parts += [
        f"{named(level)} {week.old.by_level[level]} → {week.new.by_level[level]}"
        for level in reversed(Level)
    ]
    if week.new.unsortable:
        parts.append(f"unsortable {week.new.unsortable}")
    return ", ".join(parts)


def named(level: Level) -> str:
    """Return the level as one reads it."""
    return str(level).replace("_", " ")
