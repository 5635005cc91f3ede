"""Mutation testing of a protocol file: is every line of it held in place by a worked case?

    python -m bench.mutants [--write docs/mutants.md]

Each mutant changes one thing: a condition line dropped or turned round, a threshold moved by
its smallest step, an option moved to its neighbour, a window's edge moved by an hour, or a
rule deleted. It is killed when an example of a rule, a case of a window, or a vignette comes
out differently. Whatever survives is listed with the reason that `equivalent` can prove.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import track

from flows.classify import Classifier
from flows.compile import condition_test
from flows.conditions import Comparison, Facts, Test
from flows.derived import Earlier, History
from flows.proof.domains import STEPS
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.rule_tables import Cell, Condition, Example

VIGNETTES = Path(__file__).parents[1] / "tests" / "clinical" / "vignettes.csv"
LOOSENED = {">=": ">", ">": ">=", "<": "<=", "<=": "<"}


@dataclass(frozen=True)
class Mutant:
    """One change. `owner` is a rule or a sign; `test` is its condition after the change."""

    owner: str
    change: str
    test: Test


def changed_lines(comparison: Comparison) -> Iterator[tuple[str, Test]]:
    """Yield every small change of one comparison, with what it does."""
    test = comparison.compiled()
    yield "turned round", lambda facts: not test(facts)
    subject = comparison.subject
    if subject.kind == "number":
        step = STEPS.get(subject.name, 1.0)
        for number in (round(comparison.number - step, 1), round(comparison.number + step, 1)):
            yield f"{number:g}", replace(comparison, number=number).compiled()
        operator = LOOSENED[comparison.operator]
        yield operator, replace(comparison, operator=operator).compiled()
    elif subject.options and comparison.operator not in ("includes", "holds"):
        yield from changed_options(comparison)


def changed_options(comparison: Comparison) -> Iterator[tuple[str, Test]]:
    """Yield the comparison with one accepted option fewer or one more."""
    options, accepted = comparison.subject.options, comparison.accepted()
    if comparison.subject.kind == "yes_no":
        accepted = comparison.values
    for option in options:
        words = tuple(o for o in options if (o in accepted) != (o == option))
        if words and len(words) < len(options) and comparison.subject.kind != "yes_no":
            sign = "without" if option in accepted else "with"
            yield f"{sign} {option}", replace(comparison, operator="in", values=words).compiled()


def mutants_of(protocol: Protocol, owner: str, condition: Condition) -> Iterator[Mutant]:
    """Yield every mutant of one rule's or sign's condition."""
    every, some = protocol.comparisons(condition.all), protocol.comparisons(condition.any)
    all_tests, any_tests = [c.compiled() for c in every], [c.compiled() for c in some]
    for place, comparison in enumerate(every):
        rest = all_tests[:place] + all_tests[place + 1 :]
        if rest or any_tests:
            yield Mutant(owner, f"«{comparison.line}» dropped", joined(rest, any_tests))
        for change, test in changed_lines(comparison):
            tests = [*all_tests[:place], test, *all_tests[place + 1 :]]
            yield Mutant(owner, f"«{comparison.line}» → {change}", joined(tests, any_tests))
    for place, comparison in enumerate(some):
        rest = any_tests[:place] + any_tests[place + 1 :]
        if rest:
            yield Mutant(owner, f"or «{comparison.line}» dropped", joined(all_tests, rest))
        for change, test in changed_lines(comparison):
            tests = [*any_tests[:place], test, *any_tests[place + 1 :]]
            yield Mutant(owner, f"or «{comparison.line}» → {change}", joined(all_tests, tests))


def joined(every: list[Test], some: list[Test]) -> Test:
    """Return the condition made of these tests."""
    return lambda facts: all(t(facts) for t in every) and (not some or any(t(facts) for t in some))


class Cases:
    """The facts of every example, once, and what each rule's test must say about them."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.classifier = Classifier(protocol)
        self.tests = {r.id: condition_test(protocol, r) for r in protocol.rules}
        self.signs = {s.id: condition_test(protocol, s) for s in protocol.signs}
        self.examples: dict[str, list[tuple[Facts, bool]]] = {
            rule.id: [(self.facts(e), True) for e in rule.fires]
            + [(self.facts(e), False) for e in rule.silent]
            for rule in protocol.rules
        }
        self.vignettes = [self.vignette(row) for row in read_vignettes()]

    def facts(self, example: Example) -> Facts:
        """Return what comparisons see of an example."""
        history = example.history()
        return self.classifier.facts(example.treatment, example.hours, example.answers, history)[1]

    def vignette(self, row: dict[str, str]) -> tuple[Facts, dict[str, bool]]:
        """Return a vignette's facts and which rules fire on it today."""
        past = json.loads(row["history"])
        history = History(
            [Earlier(c["h"], c["answers"]) for c in past.get("checkins", [])],
            past.get("profile", {}),
            *(past.get(k, d) for k, d in SILENCE),
        )
        hours, answers = float(row["hours_since_session"]), json.loads(row["answers"])
        _, facts, _ = self.classifier.facts(row["treatment"], hours, answers, history)
        return facts, {name: test(facts) for name, test in self.tests.items()}

    def rule_killed(self, mutant: Mutant) -> bool:
        """Whether an example of the rule comes out differently."""
        return any(mutant.test(facts) != want for facts, want in self.examples[mutant.owner])

    def sign_killed(self, mutant: Mutant) -> bool:
        """Whether an example of any rule comes out differently with the sign changed."""
        return any(
            self.tests[rule](self.with_sign(facts, mutant)) != want
            for rule, examples in self.examples.items()
            for facts, want in examples
        )

    def with_sign(self, facts: Facts, mutant: Mutant) -> Facts:
        """Return the facts with every sign computed anew, the mutant's in its changed form."""
        changed = dict(facts)
        for name, test in self.signs.items():
            changed[name] = (mutant.test if name == mutant.owner else test)(changed)
        return changed

    def vignette_killed(self, mutant: Mutant) -> bool:
        """Whether a vignette's fired rules differ under the mutant of a rule."""
        return any(mutant.test(facts) != fired[mutant.owner] for facts, fired in self.vignettes)


SILENCE = (("event", None), ("misses", 0), ("last_level", "none"), ("worst_partial", 0))


def read_vignettes() -> list[dict[str, str]]:
    """Return the rows of the vignettes."""
    with VIGNETTES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def window_mutants(protocol: Protocol) -> Iterator[tuple[str, Cell, Cell]]:
    """Yield every window cell with one edge moved by an hour, with a description."""
    for question, window in protocol.windows.items():
        for window_class, cells in window.classes.items():
            for severity, cell in cells.items():
                for edge in ("expected_until", "watch_until"):
                    value = getattr(cell, edge)
                    for step in () if value == "always" else (-1, 1):
                        moved = cell.model_copy(update={edge: value + step})
                        if value + step < 0 or not in_order(moved):
                            continue  # the model refuses it
                        place = f"{question} {window_class} {severity}: {edge} {value}"
                        yield f"{place} → {value + step}", cell, moved


def in_order(cell: Cell) -> bool:
    """Whether the model would take the cell."""
    return cell.watch_until == "always" or cell.watch_until >= cell.expected_until


def case_holds(cell: Cell, case: str) -> bool:
    """Whether a worked case of a window, like «180 expected», holds."""
    hours, level = case.split()
    return str(cell.level_at(float(hours))) == level


@dataclass(frozen=True)
class Score:
    """How many mutants there were, and the survivors in words."""

    tried: int
    survivors: tuple[str, ...]


def score(protocol: Protocol) -> dict[str, Score]:
    """Try every mutant of a protocol, by kind."""
    cases = Cases(protocol)
    rules = [m for r in protocol.rules for m in mutants_of(protocol, r.id, r)]
    signs = [m for s in protocol.signs for m in mutants_of(protocol, s.id, s)]
    alive_rules = [
        f"{m.owner}: {m.change}"
        for m in track(rules, "rules", transient=True)
        if not cases.rule_killed(m) and not cases.vignette_killed(m)
    ]
    alive_signs = [
        f"{m.owner}: {m.change}"
        for m in track(signs, "signs", transient=True)
        if not cases.sign_killed(m)
    ]
    edges = list(window_mutants(protocol))
    alive_edges = [
        name for name, cell, moved in edges if all(case_holds(moved, c) for c in cell.cases)
    ]
    deleted = [r.id for r in protocol.rules if not any(want for _, want in cases.examples[r.id])]
    return {
        "rule deleted": Score(len(protocol.rules), tuple(deleted)),
        "condition of a rule changed": Score(len(rules), tuple(alive_rules)),
        "condition of a sign changed": Score(len(signs), tuple(alive_signs)),
        "edge of a window moved by an hour": Score(len(edges), tuple(alive_edges)),
    }


EXPLAINED = {
    "RF-03c: or «swelling is_at_least clearly_puffy» → with none": "a_little or more is needed too",
    "RF-03e: or «swelling is clearly_puffy» → with very_puffy": "gravity ends at clearly_puffy",
    "RF-03e: or «area in eye, lip» → with body": "gravity needs a face, eye, lip or scalp",
    "RF-03e: or «area in eye, lip» → with arm": "gravity needs a face, eye, lip or scalp",
    "RF-03e: or «area in eye, lip» → with joint": "gravity needs a face, eye, lip or scalp",
    "RF-03f: «swelling is a_little» → with very_puffy": "gravity ends at clearly_puffy",
    "CHI-03: or «chills is a_lot» → with none": "the rule also asks for a_little or a_lot",
    "CHI-03: or «chills is a_lot» → with shaking": "the rule also asks for a_little or a_lot",
    "INF-02: or «pain is_at_least limiting» → with none": "hot needs pain",
    "eyes_beside: «swelling_place is eyes_other» → with face_other": "face_beside holds there",
    "early_vomiting: «vomiting is once_or_twice» → with more": "RF-10 has a line for it",
    "hives_and_risk: «hives is elsewhere» → with spreading": "ALL-03 has a line for it",
    "healing_light: «treatment includes light» dropped": (
        "what is neither light nor by needle is deep, and heals longer"
    ),
    "face_and_clear: «pain is_at_least limiting» → with none": "hot, beside it, needs pain",
    "lump_bad: or «lump is bigger» → with none": "used with lump_present only",
    "lump_bad: or «lump is bigger» → with gone": "used with lump_present only",
    "shrinking_lump: «lump is smaller» → with bigger": "a bigger lump is lump_bad",
    "bruise_three_weeks: «bruise is small» → with medium": "bruise_two_weeks holds there",
    "bruise_three_weeks: «bruise is small» → with large": "bruise_two_weeks holds there",
    "late_shedding: «hair_shed is a_lot» → with bald_spots": "HAI-02 has a line for it",
}
"""Survivors that change nothing, and why: no case can tell them from the file as it is."""


def page(protocol: Protocol, scores: dict[str, Score]) -> str:
    """Return the report as Markdown."""
    tried = sum(s.tried for s in scores.values())
    alive = [name for s in scores.values() for name in s.survivors]
    lines = [
        "# Mutation testing of the protocol",
        "",
        f"Made by `make mutants` for `{protocol.name}`. Each mutant changes one thing in the file;",
        "a worked case in the file, or a vignette, has to come out differently.",
        "",
        "| change | mutants | killed | survivors |",
        "| --- | ---: | ---: | ---: |",
    ]
    for kind, s in scores.items():
        alone = len(s.survivors)
        lines.append(f"| {kind} | {s.tried} | {s.tried - alone} | {alone} |")
    lines += [
        f"| **all** | **{tried}** | **{tried - len(alive)}** | **{len(alive)}** |",
        "",
        "Survivors, each of them equivalent to the file as it is:",
        "",
        *(f"- {name}: {EXPLAINED.get(name, '**not explained**')}" for name in alive),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run from the command line; exit 1 when a survivor is not explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write the report to this file")
    arguments = parser.parse_args()
    scores = score(bundled())
    report = page(bundled(), scores)
    if arguments.write:
        arguments.write.write_text(report, encoding="utf-8")
    print(report)
    if "**not explained**" in report:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
