"""How long each symptom is expected, judged for one treatment or several combined.

One treatment: a severity is expected up to an hour, watched up to another, then needs a
person. Several: see `WindowTable.judge`. Source of the rule for combinations: the clinical
safety review, «windows, combination».
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.protocol import Protocol
from flows.rule_tables import Window
from flows.verdict import LEVEL_WORDS, Fired, Level

CALM_BELOW = 2
"""Pain from which the longest window no longer wins (review: «unless pain >= 2, …»)."""


NEVER = -1.0
"""Stands for an edge of 0: no hour is that early."""
AT_NO_TIME = "is more than is expected at any time"
"""What staff read where the edge that is past is 0."""


@dataclass(frozen=True, slots=True)
class Edges:
    """One severity's window for one class, with the three results it can give."""

    expected_until: float
    watch_until: float
    expected: Fired
    watch: Fired
    then: Fired

    def at(self, hours: float) -> Fired:
        """Return the result at this hour; an edge belongs to the milder side."""
        if hours <= self.expected_until:
            return self.expected
        return self.watch if hours <= self.watch_until else self.then


class WindowTable:
    """All windows of a protocol, by question, window class and severity rank."""

    def __init__(self, protocol: Protocol) -> None:
        self._sites = {name: t.site for name, t in protocol.treatments.items()}
        self._classes = {name: t.window_class for name, t in protocol.treatments.items()}
        self._combined = {question: w.combined for question, w in protocol.windows.items()}
        self._edges = {
            question: edges_of(protocol, question, window)
            for question, window in protocol.windows.items()
        }

    def judge(self, components: tuple[str, ...], facts: Mapping[str, object]) -> list[Fired]:
        """Judge every answered symptom; a severity the patient had before treatment is skipped.

        Args:
            components: the treatments of the session.
            facts: stored answers, `hours`, and the `baseline` severities where known. A
                severity at or below the baseline is expected unless the trend is worse.
        """
        hours, baseline = facts["hours"], facts.get("baseline") or {}
        assert isinstance(hours, (int, float))
        assert isinstance(baseline, dict)
        worse = facts.get("trend") == "worse"
        found = []
        for question, edges in self._edges.items():
            severity = facts.get(question)
            if not severity or (severity <= baseline.get(question, 0) and not worse):
                continue
            results = [(edges[self._classes[c], severity].at(hours), c) for c in components]
            found.append(self._combine(question, results, facts, worse=worse))
        return found

    def _combine(
        self,
        question: str,
        results: list[tuple[Fired, str]],
        facts: Mapping[str, object],
        *,
        worse: bool,
    ) -> Fired:
        """Choose among the components' results.

        `strictest`: the highest level. `longest`: the lowest, since the skin is treated as a
        whole. `longest_if_calm`: the lowest among skin-surface treatments while pain is below
        2, without warmth or a worse trend; a vein, a joint or the scalp is another site and is
        judged beside it, the higher level counts.
        """
        if len(results) == 1:
            return results[0][0]
        rule = self._combined[question]
        if rule == "longest":
            return min((fired for fired, _ in results), key=by_level)
        skin = [fired for fired, c in results if self._sites[c] == "skin"]
        pain = facts.get("pain", 0)
        assert isinstance(pain, int)
        calm = pain < CALM_BELOW and facts.get("warmth") is not True and not worse
        if rule == "longest_if_calm" and calm and skin:
            others = [fired for fired, c in results if self._sites[c] != "skin"]
            return max([min(skin, key=by_level), *others], key=by_level)
        return max((fired for fired, _ in results), key=by_level)


def by_level(fired: Fired) -> Level:
    """Sort key: the level alone."""
    return fired.level


def edges_of(protocol: Protocol, question: str, window: Window) -> dict[tuple[str, object], Edges]:
    """Return the compiled cells of one symptom by class and severity rank."""
    options = protocol.question_by_id[question].options
    ranks = {option.id: rank for rank, option in enumerate(options)}
    found: dict[tuple[str, object], Edges] = {}
    for window_class, cells in window.classes.items():
        for severity, cell in cells.items():
            rule = f"MX-{question}-{window_class}-{ranks[severity]}"
            label = severity.replace("_", " ")

            def fired(level: Level, words: str, rule: str = rule, label: str = label) -> Fired:
                reason = f"{window.reason} ({label}) {words}"
                text = protocol.levels[str(level)].text  # type: ignore[index]
                return Fired(rule, level, reason, window.sources, text)

            expected = cell.expected_until
            until = float("inf") if cell.watch_until == "always" else cell.watch_until
            past = f"is past its documented window of {until:g} h" if until else AT_NO_TIME
            more = f"is past its expected {expected} h" if expected else AT_NO_TIME
            found[window_class, ranks[severity]] = Edges(
                expected or NEVER,
                until or NEVER,
                fired(Level.EXPECTED, f"is expected up to {expected} h"),
                fired(Level.WATCH, more),
                fired(LEVEL_WORDS[cell.then], past),
            )
    return found
