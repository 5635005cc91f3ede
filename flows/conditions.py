"""The one-line comparisons of a protocol file, as a nurse reads them.

    redness is_at_least clearly_red      an ordered answer, this bad or worse
    swelling_place in lips_other, limb   one of several answers
    temp_c >= 38.0                       a number
    red_flags includes faint             one item of a ticked list
    treatment includes injected          a treatment, or a group of treatments
    previous hives is treated            the same question at the last check-in
    warmth                               a yes/no answer, a sign, or a fact about the patient
    swelling_sudden is no                a yes/no answer that was given
    not still_healing                    the opposite of a sign or of a fact

A comparison with a missing answer is false, `is not` included: missing is never evidence.
Only signs and facts can be negated with `not`, since a sign is false when its answers are missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Facts = Mapping[str, object]
Test = Callable[[Facts], bool]
Kind = Literal["severity", "choice", "ticks", "yes_no", "number", "sign"]

GRAMMAR = re.compile(
    r"(?P<negated>not )?(?P<previous>previous )?(?P<subject>[a-z][a-z0-9_]*)"
    r"(?: (?P<operator>is not|is_at_least|is_at_most|is|in|includes|>=|<=|>|<) (?P<right>\S.*))?"
)
WORD_OPERATORS = ("is", "is not", "in", "is_at_least", "is_at_most")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "severity": WORD_OPERATORS,
    "choice": WORD_OPERATORS,
    "ticks": ("includes",),
    "yes_no": ("is",),
    "number": (">=", "<=", ">", "<"),
    "sign": (),
}


class ConditionError(ValueError):
    """A comparison that cannot be understood; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a comparison may be about.

    `options` are the possible stored words, best first (empty for numbers and yes/no).
    A severity is stored as its rank 0, 1, 2, …; a choice as its word. `asked` marks a question:
    only questions have an answer at the last check-in.
    """

    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One parsed line. `values` are option words, or one number as written in the file."""

    line: str
    subject: Subject
    operator: str
    values: tuple[str, ...] = ()
    number: float = 0.0
    negated: bool = False
    previous: bool = False

    @property
    def key(self) -> str:
        """The fact it looks at: `redness`, or `previous redness`."""
        return f"previous {self.subject.name}" if self.previous else self.subject.name

    @property
    def towards_worse(self) -> bool:
        """Whether a worse answer, or a later hour, keeps it true."""
        if self.negated or self.previous:
            return False
        if self.operator in ("holds", "includes"):
            return True
        if self.subject.kind == "number":
            return self.operator in (">", ">=")
        words = self.accepted()
        return words == self.subject.options[-len(words) :]

    def accepted(self) -> tuple[str, ...]:
        """The option words for which it holds, best first."""
        options = self.subject.options
        match self.operator:
            case "is" | "in":
                return tuple(word for word in options if word in self.values)
            case "is not":
                return tuple(word for word in options if word not in self.values)
            case "is_at_least":
                return options[options.index(self.values[0]) :]
            case _:
                return options[: options.index(self.values[0]) + 1]

    def compiled(self) -> Test:
        """Return a function from facts to true or false."""
        test = self._positive()
        if self.negated:
            return lambda facts: not test(facts)
        return test

    def _positive(self) -> Test:
        key, kind = self.key, self.subject.kind
        if self.operator == "holds":
            return lambda facts: facts.get(key) is True
        if kind == "number":
            return number_test(key, self.operator, self.number)
        if kind == "ticks":
            wanted = self.values[0]
            return lambda facts: wanted in facts.get(key, ())  # type: ignore[operator]
        if kind == "yes_no" and self.operator == "is":
            wanted_answer = self.values[0] == "yes"
            return lambda facts: facts.get(key) is wanted_answer
        if kind == "severity":
            accepted: frozenset[object] = frozenset(
                map(self.subject.options.index, self.accepted())
            )
        else:
            accepted = frozenset(self.accepted())
        return lambda facts: facts.get(key) in accepted


def number_test(key: str, operator: str, bound: float) -> Test:
    """Return the comparison of the number called `key` with `bound`; missing is false."""
    match operator:
        case ">=":
            return lambda facts: (value := facts.get(key)) is not None and value >= bound  # type: ignore[operator]
        case "<=":
            return lambda facts: (value := facts.get(key)) is not None and value <= bound  # type: ignore[operator]
        case ">":
            return lambda facts: (value := facts.get(key)) is not None and value > bound  # type: ignore[operator]
        case _:
            return lambda facts: (value := facts.get(key)) is not None and value < bound  # type: ignore[operator]


def parse(line: str, subjects: Mapping[str, Subject]) -> Comparison:
    """Read one line of a protocol file.

    Raises:
        ConditionError: the line is not a comparison, or does not fit its subject.
    """
    match = GRAMMAR.fullmatch(line)
    if match is None:
        raise ConditionError(
            f"«{line}» is not a comparison; write for example «temp_c >= 38.0» or «redness is none»"
        )
    subject = subjects.get(match["subject"])
    if subject is None:
        raise ConditionError(
            f"«{line}» is about «{match['subject']}», which is no question, sign or fact here"
        )
    negated, previous = bool(match["negated"]), bool(match["previous"])
    operator, right = match["operator"], match["right"]
    if previous and not subject.asked:
        raise ConditionError(f"«{line}»: only a question was answered at the last check-in")
    if negated and subject.kind != "sign":
        raise ConditionError(f"«{line}»: only a sign or a fact about the patient can follow «not»")
    if operator is None:
        return bare(line, subject, negated=negated, previous=previous)
    if negated:
        raise ConditionError(f"«{line}»: write «is not» in place of «not»")
    if subject.kind == "number":
        return numeric(line, subject, operator, right, previous=previous)
    return worded(line, subject, operator, right, previous=previous)


def bare(line: str, subject: Subject, *, negated: bool, previous: bool) -> Comparison:
    """Read a line that names a sign or a yes/no answer and nothing else."""
    if subject.kind not in ("yes_no", "sign"):
        raise ConditionError(f"«{line}» needs something to compare with, like «{line} is …»")
    return Comparison(line, subject, "holds", negated=negated, previous=previous)


def numeric(
    line: str, subject: Subject, operator: str, right: str, *, previous: bool
) -> Comparison:
    """Read a comparison of a number."""
    if operator not in OPERATORS["number"]:
        raise ConditionError(f"«{line}»: {subject.name} is a number; use one of >= > <= <")
    if re.fullmatch(r"\d+(\.\d+)?", right) is None:
        raise ConditionError(f"«{line}»: «{right}» is not a number; write it like 38.0")
    return Comparison(line, subject, operator, (right,), float(right), previous=previous)


def worded(line: str, subject: Subject, operator: str, right: str, *, previous: bool) -> Comparison:
    """Read a comparison with one or several option words."""
    allowed = OPERATORS[subject.kind]
    if operator not in allowed:
        hint = f"use {' / '.join(allowed)}" if allowed else "write its name alone"
        raise ConditionError(f"«{line}»: «{operator}» does not fit {subject.name}; {hint}")
    values = tuple(word.strip() for word in right.split(","))
    for word in values:
        if word not in subject.options:
            raise ConditionError(
                f"«{line}»: {subject.name} has no «{word}»; it has {', '.join(subject.options)}"
            )
    if len(values) > 1 and operator != "in":
        raise ConditionError(f"«{line}»: several words need «in»")
    return Comparison(line, subject, operator, values, previous=previous)
