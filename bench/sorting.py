"""How fast sorting is, beside two rule engines on the same forty rules, in the same run.

    python -m bench.sorting

The forty rules are translated from the protocol file for each engine; before anything is
timed, all three have to name the same rules on every case. Ours also reads and validates the
answers, which the others do not. Figures are medians of single calls; trust the ratios.
"""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import rule_engine
from json_logic import jsonLogic

from bench.figures import Advance, Figure, Section, table
from flows.classify import Classifier
from flows.conditions import Comparison
from flows.derived import Earlier, History
from flows.proof.domains import Case
from flows.proof.monotone import MonotoneSearch
from flows.proof.polarity import Leaning
from flows.proof.random_cases import RandomCases
from flows.protocol import Protocol
from flows.protocol_file import BUNDLED, bundled, parse_protocol
from flows.rule_tables import Condition, Rule
from flows.verify import verify

FILE = Path(__file__).parents[1] / "flows" / "protocols" / BUNDLED
FORTY = 40
CASES = 150
ROUNDS = 7
MISSING = -1
"""Stands for a missing number in the engines that have no missing values."""

Tree = dict[str, list[object]]


class Translation:
    """Rules as a tree of and, or, not and comparisons, and from there as each engine's text."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.signs = {sign.id: sign for sign in protocol.signs}

    def logic(self, condition: Condition) -> Tree:
        """Return a condition in JSON logic."""
        parts: list[object] = [self.leaf(c) for c in self.protocol.comparisons(condition.all)]
        some: list[object] = [self.leaf(c) for c in self.protocol.comparisons(condition.any)]
        if some:
            parts.append({"or": some})
        return {"and": parts}

    def leaf(self, comparison: Comparison) -> Tree:
        """Return one comparison, or the sign it names written out."""
        sign = self.signs.get(comparison.subject.name)
        tree = self.logic(sign) if sign else self.plain(comparison)
        return {"!": [tree]} if comparison.negated else tree

    def plain(self, comparison: Comparison) -> Tree:
        """Return a comparison on an answer or a number."""
        var = {"var": comparison.key}
        match comparison.subject.kind:
            case "number":
                known = {"!=": [var, MISSING]}
                return {"and": [known, {comparison.operator: [var, comparison.number]}]}
            case "ticks":
                return {"in": [comparison.values[0], var]}
            case "severity":
                options = comparison.subject.options
                return {"in": [var, [options.index(word) for word in comparison.accepted()]]}
            case "choice":
                return {"in": [var, list(comparison.accepted())]}
            case _:
                return {"==": [var, comparison.values != ("no",)]}


def as_text(tree: object) -> str:
    """Return a tree of JSON logic in rule-engine's language."""
    if not isinstance(tree, dict):
        return literal(tree)
    ((operator, parts),) = tree.items()
    match operator:
        case "var":
            return str(parts)
        case "and" | "or":
            return "(" + f" {operator} ".join(as_text(part) for part in parts) + ")"
        case "!":
            return f"not ({as_text(parts[0])})"
        case _:
            return f"({as_text(parts[0])} {operator} {as_text(parts[1])})"


def literal(value: object) -> str:
    """Return a value in rule-engine's language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def translatable(protocol: Protocol) -> list[Rule]:
    """Return forty rules, spread evenly over the file, on today's answers, hours and treatment."""
    leaning = Leaning(protocol)
    answers = {*protocol.question_by_id, "hours", "treatment"}
    found = [
        rule
        for rule in protocol.rules
        if not rule.on_event
        and all(c.subject.name in answers and not c.previous for c, _ in leaning.leaves(rule))
    ]
    return [found[n * len(found) // FORTY] for n in range(FORTY)]


def only(protocol: Protocol, rules: list[Rule]) -> Protocol:
    """Return the protocol with these rules, the signs they need, and no windows."""
    leaning = Leaning(protocol)
    needed = {sign.id for rule in rules for sign in leaning.signs_of(rule)}
    signs = tuple(sign for sign in protocol.signs if sign.id in needed)
    return protocol.model_copy(update={"rules": tuple(rules), "signs": signs, "windows": {}})


def flat(protocol: Protocol, facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts with a stand-in for everything that is missing."""
    complete: dict[str, object] = {}
    for name, subject in protocol.subjects.items():
        default = {"number": MISSING, "severity": MISSING, "choice": "", "ticks": []}
        value = facts.get(name, default.get(subject.kind))
        complete[name] = sorted(value) if isinstance(value, frozenset) else value
    return complete


def median_us(call: Callable[[Case], object], cases: list[Case]) -> float:
    """Return the median time of one call, in microseconds, over rounds of all cases."""
    times = []
    for _ in range(ROUNDS):
        for case in cases:
            start = time.perf_counter()
            call(case)
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def ten_check_ins(case: Case) -> History:
    """Return a past of ten check-ins with the case's own answers."""
    earlier = [Earlier(case.hours * n / 11, case.answers) for n in range(10)]
    return History(earlier, case.profile)


def measured() -> dict[str, float]:
    """Measure everything once; every figure under its name."""
    protocol = bundled()
    rules = translatable(protocol)
    forty = Classifier(only(protocol, rules))
    whole = Classifier(protocol)
    translation = Translation(protocol)
    trees = {rule.id: translation.logic(rule) for rule in rules}
    engine = {name: rule_engine.Rule(as_text(tree)) for name, tree in trees.items()}
    source = RandomCases(whole, seed=11)
    cases = [source.case()[0] for _ in range(CASES)]
    complete = {id(c): whole.facts(c.treatment, c.hours, c.answers, NOTHING)[1] for c in cases}
    flattened = {key: flat(protocol, facts) for key, facts in complete.items()}

    def ours(case: Case) -> set[str]:
        found = forty.classify(case.treatment, case.hours, case.answers, NOTHING).because
        return {fired.rule for fired in found} & trees.keys()

    prepared = {id(c): forty.facts(c.treatment, c.hours, c.answers, NOTHING)[1] for c in cases}

    def sorting_alone(case: Case) -> set[str]:
        facts = prepared[id(case)]
        forty.add_signs(facts)
        return {fired.rule for fired in forty.matching(facts)}

    def by_rule_engine(case: Case) -> set[str]:
        return {name for name, rule in engine.items() if rule.matches(flattened[id(case)])}

    def by_json_logic(case: Case) -> set[str]:
        return {name for name, tree in trees.items() if jsonLogic(tree, flattened[id(case)])}

    for case in cases:
        assert ours(case) == sorting_alone(case) == by_rule_engine(case) == by_json_logic(case), (
            case
        )
    return {
        "alone": median_us(sorting_alone, cases),
        "forty": median_us(ours, cases),
        "rule_engine": median_us(by_rule_engine, cases),
        "json_logic": median_us(by_json_logic, cases),
        "whole": median_us(
            lambda c: whole.classify(c.treatment, c.hours, c.answers, NOTHING), cases
        ),
        "whole_history": median_us(
            lambda c: whole.classify(c.treatment, c.hours, c.answers, ten_check_ins(c)), cases
        ),
        **verified(protocol),
        "memory_mb": memory_mb(),
    }


NOTHING = History()


def verified(protocol: Protocol) -> dict[str, float]:
    """Measure a whole proof of the bundled file, and how many steps it searched."""
    start = time.perf_counter()
    problems = verify(protocol)
    seconds = time.perf_counter() - start
    assert not problems
    search = MonotoneSearch(Classifier(protocol))
    start = time.perf_counter()
    list(search.falls())
    alone = time.perf_counter() - start
    return {"verify_s": seconds, "verify_steps": float(search.steps), "search_s": alone}


def memory_mb() -> float:
    """Return what a parsed and compiled protocol keeps in memory, in MB."""
    text = FILE.read_text(encoding="utf-8")
    tracemalloc.start()
    kept = Classifier(parse_protocol(text, FILE.name))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.protocol
    return size / 2**20


def section(figures: dict[str, float]) -> Section:
    """Return the section of the page."""
    f = figures
    alone = f["alone"]
    same = table(
        ["", "µs", "× the first"],
        [
            ("**Aftercheck, forty rules, prepared facts**", f"**{alone:.1f}**", "**1**"),
            ("Aftercheck, answers read and validated too", f"{f['forty']:.1f}",
             f"{f['forty'] / alone:.1f}"),
            ("panzi-json-logic", f"{f['json_logic']:.0f}", f"{f['json_logic'] / alone:.0f}"),
            ("rule-engine", f"{f['rule_engine']:.0f}", f"{f['rule_engine'] / alone:.0f}"),
        ],
    )  # fmt: skip
    whole = table(
        ["the whole protocol: every rule, sign and window", "µs"],
        [
            ("no history", f"{f['whole']:.1f}"),
            ("a history of ten check-ins", f"{f['whole_history']:.1f}"),
        ],
    )
    proof = (
        f"`aftercheck protocol verify` of the bundled file, all six guarantees: {f['verify_s']:.1f}"
        f" s, {f['verify_steps']:,.0f} worsenings tried in the exhaustive search, which alone takes"
        f" {f['search_s']:.1f} s. The protocol is parsed and compiled once and shared; it keeps"
        f" {f['memory_mb']:.1f} MB."
    )
    return Section("Sorting and proof", HOW, compared(f), [same, whole, proof], TRIED)


def compared(f: dict[str, float]) -> list[Figure]:
    """Return the figures beside what they are to reach."""
    alone = f["alone"]
    return [
        Figure("sorting by the whole protocol, ten earlier check-ins, answers validated", 60.0,
               f["whole_history"], "{:.0f} µs", "none", at_most=True, short="sorting, whole"),
        Figure("the same forty rules, beside rule-engine", 12.0, f["rule_engine"] / alone,
               "{:.0f} ×", f"rule-engine {f['rule_engine']:.0f} µs",
               short="sorting, × rule-engine"),
        Figure("the same forty rules, beside JSON logic", 12.0, f["json_logic"] / alone, "{:.0f} ×",
               f"panzi-json-logic {f['json_logic']:.0f} µs", short="sorting, × JSON logic"),
        Figure("a million combinations checked", 2.0, f["search_s"] / f["verify_steps"] * 1e6,
               "{:.1f} s", "none", at_most=True, short="a million combinations"),
    ]  # fmt: skip


HOW = (
    f"The same {FORTY} rules on the same {CASES} random cases, {ROUNDS} rounds, median of single "
    "calls. All name the same rules on every case. The engines get prepared facts; so does the "
    "first row. The million combinations are the proof's worsenings, timed as far as it has any."
)
TRIED = "The proof sorts each combination as a patient's answers are sorted, one by one."


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure everything and return the section; it is short enough to be always whole."""
    del quick
    advance("sorting and proof")
    return section(measured())


def main() -> None:
    """Run from the command line."""
    print(section(measured()).text())


if __name__ == "__main__":
    main()
