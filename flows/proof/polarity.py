"""Which way a condition leans on each thing it looks at.

A condition that only ever compares a question «towards worse» (`>=`, `is_at_least`, a tick,
a yes) cannot switch off when that answer worsens: it is monotone by construction. Signs are
followed into their own conditions, and a negation turns every direction round.
"""

from collections.abc import Iterator

from flows.conditions import Comparison
from flows.protocol import Protocol
from flows.rule_tables import Condition, Sign


class Leaning:
    """The comparisons behind each rule and sign, with the direction in which they count."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._signs = {sign.id: sign for sign in protocol.signs}

    def leaves(
        self, condition: Condition, *, negated: bool = False
    ) -> Iterator[tuple[Comparison, bool]]:
        """Yield every comparison on something that is no sign, and whether it is negated."""
        for comparison in self.protocol.comparisons(condition.lines):
            turned = comparison.negated != negated
            sign = self._signs.get(comparison.subject.name)
            if sign is None:
                yield comparison, turned
            else:
                yield from self.leaves(sign, negated=turned)

    def subjects(self, condition: Condition) -> frozenset[str]:
        """Return what the condition looks at: questions, `hours`, `area`, facts, quantities.

        Answers of earlier check-ins are no part of it: they do not change any more.
        """
        found: set[str] = set()
        for comparison, _ in self.leaves(condition):
            if not comparison.previous:
                found.add(comparison.subject.name)
        return frozenset(found)

    def signs_of(self, condition: Condition) -> tuple[Sign, ...]:
        """Return the signs behind a condition, in file order."""
        found: set[str] = set()
        waiting = [condition]
        while waiting:
            for comparison in self.protocol.comparisons(waiting.pop().lines):
                name = comparison.subject.name
                if name in self._signs and name not in found:
                    found.add(name)
                    waiting.append(self._signs[name])
        return tuple(sign for name, sign in self._signs.items() if name in found)

    def required(self, condition: Condition) -> Iterator[Comparison]:
        """Yield the comparisons of today's answers without which the condition cannot hold."""
        lines = condition.all or (condition.any if len(condition.any) == 1 else ())
        for comparison in self.protocol.comparisons(lines):
            sign = self._signs.get(comparison.subject.name)
            if comparison.negated or comparison.previous:
                continue
            if sign is None:
                yield comparison
            else:
                yield from self.required(sign)

    def falls_with(self, condition: Condition) -> frozenset[str]:
        """Return the subjects whose worsening may switch the condition off."""
        return frozenset(
            comparison.subject.name
            for comparison, negated in self.leaves(condition)
            if not comparison.previous and not kept_by_worse(comparison, negated=negated)
        )


def kept_by_worse(comparison: Comparison, *, negated: bool) -> bool:
    """Whether a worse answer, or a later hour, keeps the (negated) comparison true."""
    if comparison.subject.name in ("treatment", "area", "field", "event", "last_level"):
        return True  # these are no answers; nothing there is worse than anything else
    plain = Comparison(
        comparison.line,
        comparison.subject,
        comparison.operator,
        comparison.values,
        comparison.number,
    )
    return towards_better(plain) if negated else plain.towards_worse


def towards_better(comparison: Comparison) -> bool:
    """Whether a better answer, or an earlier hour, keeps the comparison true."""
    match comparison.subject.kind:
        case "number":
            return comparison.operator in ("<", "<=")
        case "severity" | "choice":
            words = comparison.accepted()
            return words == comparison.subject.options[: len(words)]
        case "yes_no":
            return comparison.values == ("no",)
        case _:
            return False
