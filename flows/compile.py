"""Turning conditions into functions: a protocol is compiled once, then only called.

A guard names one fact without which a condition cannot hold, so that sorting skips most
rules with one look-up each.
"""

from collections.abc import Mapping

from flows.conditions import Comparison, Test
from flows.protocol import Protocol
from flows.rule_tables import Condition


def condition_test(protocol: Protocol, condition: Condition) -> Test:
    """Compile a rule's or sign's condition: every `all` line, one `any` line if any."""
    every = [c.compiled() for c in protocol.comparisons(condition.all)]
    some = [c.compiled() for c in protocol.comparisons(condition.any)]
    if some:
        every.append(any_test(some))
    return all_test(every)


def any_test(tests: list[Test]) -> Test:
    """Return a test that holds when one of `tests` does."""

    def holds(facts: Mapping[str, object]) -> bool:
        for test in tests:
            if test(facts):
                return True
        return False

    return holds


def all_test(tests: list[Test]) -> Test:
    """Return a test that holds when all of `tests` do; two and three are written out for speed."""
    match tests:
        case [only]:
            return only
        case [one, two]:
            return lambda facts: one(facts) and two(facts)
        case [one, two, three]:
            return lambda facts: one(facts) and two(facts) and three(facts)

    def holds(facts: Mapping[str, object]) -> bool:
        for test in tests:
            if not test(facts):
                return False
        return True

    return holds


def guard(protocol: Protocol, condition: Condition) -> str | None:
    """Return a fact that must be there, and not 0 or empty, for the condition to hold."""
    comparisons = protocol.comparisons(condition.all)
    if not comparisons and len(condition.any) == 1:
        comparisons = protocol.comparisons(condition.any)
    guards = [c.key for c in comparisons if needs_its_fact(c)]
    return next((key for key in guards if key in protocol.question_by_id), next(iter(guards), None))


def needs_its_fact(comparison: Comparison) -> bool:
    """Whether the comparison is false while its fact is missing, 0, false or empty."""
    if comparison.negated or comparison.subject.name == "treatment":
        return False
    match comparison.subject.kind:
        case "number":
            return comparison.operator in (">=", ">") and comparison.number > 0
        case "severity":
            return comparison.subject.options[0] not in comparison.accepted()
        case "yes_no":
            return comparison.operator == "holds" or comparison.values == ("yes",)
        case _:
            return True
