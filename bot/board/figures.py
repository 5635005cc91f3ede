"""The clinic's figures: how patients answer, what alerts cost, how soon somebody hears."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from flows.lots import Count, stands_out
from storage.board_clinic import Answers, Raised, Sessions
from storage.instants import stored

PRO_TECT: Final = 34.0
MSK: Final = 7.82
"""Alerts per 100 check-ins elsewhere: PRO-TECT's weekly questions to people in cancer treatment
(alerts on 34 % of surveys), and Memorial Sloan Kettering's after surgery (7.82 % of 470,841);
docs/sources.md, alerts-elsewhere."""

CALLING: Final = ("follow_up", "urgent", "emergency")
MIDDLE, NEARLY_ALL = 0.5, 0.95


@dataclass(frozen=True, slots=True)
class Hour:
    """How long it took until somebody took an alert that was raised in this hour of the day."""

    hour: int
    alerts: int
    middle: float
    nearly_all: float


@dataclass(frozen=True, slots=True)
class Share:
    """Sessions of a treatment or with a lot, and how many were followed by a reaction."""

    name: str
    count: Count
    stands_out: bool = False

    @property
    def percent(self) -> float:
        """Reactions per 100 sessions."""
        return percent(self.count.reactions, self.count.sessions)


def percent(part: float, whole: float) -> float:
    """Return a share in percent; nothing of nothing is nothing."""
    return 100 * part / whole if whole else 0.0


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the value that so large a share does not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def by_rule(reasons: Iterable[tuple[str, str]]) -> Counter[str]:
    """Return how many alerts each rule has raised, each alert once; lower levels call nobody."""
    seen: dict[str, set[str]] = defaultdict(set)
    for alert, detail in reasons:
        level, _, rules = detail.partition(": ")
        if level.rpartition(" ")[2] in CALLING:
            seen[alert].update(rules.split(", "))
    return Counter(rule for rules in seen.values() for rule in rules if rule)


def burden(alerts: Sequence[Raised], answered: Answers) -> float | None:
    """Return the alerts that call a person per 100 answered check-ins; None of none."""
    return percent(len(alerts), answered.answered) if answered.answered else None


def heard_seconds(alerts: Iterable[Raised]) -> list[float]:
    """Return how long alerts waited at their level until somebody took or closed them."""
    return [
        (one.heard_at - one.raised_at).total_seconds() for one in alerts if one.heard_at is not None
    ]


def by_hour(alerts: Iterable[Raised], zone: tzinfo) -> list[Hour]:
    """Return the same by the hour of the clinic's day in which they reached their level."""
    waits: dict[int, list[float]] = defaultdict(list)
    for one in alerts:
        if one.heard_at is not None:
            hour = one.raised_at.astimezone(zone).hour
            waits[hour].append((one.heard_at - one.raised_at).total_seconds())
    return [
        Hour(hour, len(found), quantile(found, MIDDLE) or 0.0, quantile(found, NEARLY_ALL) or 0.0)
        for hour, found in sorted(waits.items())
    ]


def reactions(alerts: Iterable[Raised], since: datetime) -> dict[tuple[str, int], Raised]:
    """Return one alert of each session of the span that was followed by any."""
    first = stored(since)
    return {one.session: one for one in alerts if one.session is not None and one.ended_at > first}


def shares(
    sessions: Iterable[Sessions], followed: Mapping[tuple[str, int], Raised], *, of_lots: bool
) -> list[Share]:
    """Return the shares by lot or by treatment, the highest first; sessions without a lot left out.

    Treatments are compared by nobody: they differ by nature. Lots should not.
    """
    many: Counter[str] = Counter()
    for one in sessions:
        many[one.lot if of_lots else one.treatment] += one.sessions
    few = Counter(one.lot if of_lots else one.treatment for one in followed.values())
    names = [name for name in many if name]
    every = Count(sum(many[name] for name in names), sum(few[name] for name in names))
    found = []
    for name in names:
        count = Count(many[name], few[name])
        found.append(Share(name, count, of_lots and stands_out(count, every)))
    return sorted(found, key=lambda one: (not one.stands_out, -one.percent, one.name))
