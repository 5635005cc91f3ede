"""Counting what came of many courses: levels, alerts by rule and treatment, complications."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.clinic.courses import Answered, Followed
from flows.protocol import Protocol
from flows.verdict import ALERTING, Level

CLOSING = ("PAT-01", "PAT-04")
"""Rules of the closing questions: the patient asks for a person, whatever the symptoms."""


@dataclass(frozen=True)
class Outcome:
    """One complication that was answered about at least once, and what the answers gave."""

    seed: int
    followed: Followed
    told: tuple[Answered, ...]

    @property
    def kind(self) -> str:
        """Which complication."""
        assert self.followed.patient.illness is not None
        return self.followed.patient.illness.kind.kind

    @property
    def clear(self) -> bool:
        """Whether a sign was more than light at one of the answers."""
        return any(one.clear for one in self.told)

    @property
    def best(self) -> Level:
        """The highest level that an answer about it reached."""
        return max(one.verdict.level for one in self.told)

    @property
    def caught(self) -> bool:
        """Whether an answer about it called a person."""
        return self.best >= ALERTING

    @property
    def reached(self) -> bool:
        """Whether the level that a clinician would want was reached."""
        assert self.followed.patient.illness is not None
        return self.best >= Level.named(self.followed.patient.illness.kind.needs)

    @property
    def caught_by_symptoms(self) -> bool:
        """Whether it is caught without the closing questions."""
        return any(
            fired.level >= ALERTING and fired.rule not in CLOSING
            for one in self.told
            for fired in one.verdict.because
        )

    @property
    def first_alert_after(self) -> float | None:
        """Hours from onset to the first answer that called a person; None when missed."""
        assert self.followed.patient.illness is not None
        hours = (one.hours for one in self.told if one.verdict.level >= ALERTING)
        first = next(hours, None)
        return None if first is None else first - self.followed.patient.illness.onset


@dataclass
class Treated:
    """Courses, answered check-ins and alerts of one treatment."""

    courses: int = 0
    checkins: int = 0
    alerts: int = 0


@dataclass
class Tally:
    """Everything counted over the courses of one seed."""

    seed: int
    call_list: frozenset[str]
    resolves_after: float
    courses: int = 0
    sent: int = 0
    reminders: int = 0
    unanswered: int = 0
    clinical: int = 0
    closing_only: int = 0
    courses_alerting: int = 0
    cases: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    took_part: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    watched_alone: Counter[str] = field(default_factory=Counter)
    treatments: dict[str, Treated] = field(default_factory=dict)
    silences: Counter[str] = field(default_factory=Counter)
    moments: Counter[Level] = field(default_factory=Counter)
    moment_rules: Counter[str] = field(default_factory=Counter)
    ill: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def checkins(self) -> int:
        """Answered planned check-ins."""
        return self.levels.total()

    @property
    def alerts(self) -> int:
        """Answered planned check-ins at follow_up or above."""
        return sum(count for level, count in self.levels.items() if level >= ALERTING)

    @property
    def messages(self) -> int:
        """Check-ins sent and their reminders."""
        return self.sent + self.reminders

    def add(self, followed: Followed) -> None:
        """Count one course."""
        self.courses += 1
        self.sent += followed.sent
        self.reminders += followed.reminders
        self.unanswered += followed.unanswered
        treated = self.treatments.setdefault(followed.patient.treatment, Treated())
        treated.courses += 1
        for one in followed.checkins:
            treated.checkins += 1
            treated.alerts += self.count(one)
        alerts = [one.hours for one in followed.checkins if one.verdict.level >= ALERTING]
        self.courses_alerting += bool(alerts)
        self.cases += cases(alerts, self.resolves_after)
        for one in followed.answered:
            if one.kind != "check_in":
                self.moments[one.verdict.level] += 1
                self.moment_rules.update(fired.rule for fired in one.verdict.because)
        for silent in followed.silent:
            if silent.verdict.level >= ALERTING:
                self.silences[silent.verdict.because[0].rule] += 1
        self.note_illness(followed)

    def count(self, one: Answered) -> bool:
        """Count one planned check-in; return whether it alerts."""
        verdict = one.verdict
        self.levels[verdict.level] += 1
        if verdict.level < ALERTING:
            watching = [fired.rule for fired in verdict.because if fired.level == Level.WATCH]
            self.watched_alone.update(watching if len(watching) == 1 else ())
            return False
        calling = [fired.rule for fired in verdict.because if fired.level >= ALERTING]
        self.took_part.update(calling)
        self.alone.update(calling if len(calling) == 1 else ())
        self.clinical += any(rule not in self.call_list for rule in calling)
        self.closing_only += all(rule in CLOSING for rule in calling)
        return True

    def note_illness(self, followed: Followed) -> None:
        """Keep the outcome of a complication that was answered about."""
        if followed.patient.illness is None:
            return
        self.ill += 1
        told = tuple(one for one in followed.checkins if one.ill)
        if told:
            self.outcomes.append(Outcome(self.seed, followed, told))


def cases(alerts: Iterable[float], resolves_after: float) -> int:
    """Return how many cases these alert hours open, each closed `resolves_after` hours later."""
    opened, count = float("-inf"), 0
    for hour in alerts:
        if hour - opened >= resolves_after:
            opened, count = hour, count + 1
    return count


def tallied(
    protocol: Protocol, seed: int, resolves_after: float, courses: Iterable[Followed]
) -> Tally:
    """Count these courses."""
    call_list = frozenset(rule.id for rule in protocol.rules if rule.route == "call_list")
    tally = Tally(seed, call_list, resolves_after)
    for followed in courses:
        tally.add(followed)
    return tally
