"""The values that the search for falls goes through: which there are, and which is worse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from flows.compile import condition_test
from flows.conditions import Comparison
from flows.firing import possible
from flows.proof.polarity import Leaning
from flows.protocol import Protocol
from flows.rule_tables import Condition, Question, Rule

HOURS = "hours"
Values = dict[str, object]

STEPS = {"temp_c": 0.1, "lump_cm": 0.1, "site_size_cm": 0.1}
"""Smallest step of a number as patients give it; everything else counts in ones."""

SIGNS_OF_INFECTION: tuple[Values, ...] = (
    {"redness": 2}, {"warmth": True}, {"pain": 2}, {"swelling": 2}, {"discharge": "pus"},
    {"lump_tender": True},
)  # fmt: skip
SIGN_SETS: tuple[Values, ...] = tuple(
    {name: value for sign in signs for name, value in sign.items()}
    for count in range(3)
    for signs in combinations(SIGNS_OF_INFECTION, count)
)
"""Every way to have none, one or two of the six signs that `infection_signs` counts."""


@dataclass(frozen=True)
class Case:
    """One point of the search: a treatment, an hour, answers and a profile."""

    treatment: str
    hours: float
    answers: Values
    profile: Values

    def words(self) -> str:
        """Say the case in one line."""
        said = [f"{name} {value}" for name, value in {**self.answers, **self.profile}.items()]
        return f"{self.treatment} at {self.hours:g} h: {', '.join(said) or 'nothing answered'}"


class Domains:
    """The values that each subject can take in the search for one rule."""

    def __init__(self, protocol: Protocol, leaning: Leaning) -> None:
        self.protocol = protocol
        self.leaning = leaning
        self.facts = {fact.id for fact in protocol.patient_facts}
        self.treatments = representatives(protocol)
        self.numbers = all_numbers(protocol, leaning)
        self.treated = {t: protocol.with_groups(protocol.components(t)) for t in self.treatments}
        self.follow_ups = [
            (q.id, leaning.subjects(when), condition_test(protocol, when))
            for q in protocol.questions
            if not leaning.signs_of(when := Condition(all=q.when_all, any=q.when_any))
            and when.lines
        ]

    def cases(self, rule: Rule) -> Iterator[Case]:
        """Yield every combination of values of the rule's subjects in which it could hold."""
        must: dict[str, list[Comparison]] = {}
        for comparison in self.leaning.required(rule):
            must.setdefault(comparison.subject.name, []).append(comparison)
        names = sorted(self.leaning.subjects(rule))
        domains = [self.values(rule, name, must.get(name, [])) for name in names]
        for values in product(*domains):
            yield self.case(dict(zip(names, values, strict=True)))

    def could_be_answered(self, case: Case) -> bool:
        """Whether no follow-up is answered although its own question says it never came up."""
        return all(
            name not in case.answers or not looked_at <= case.answers.keys() or test(case.answers)
            for name, looked_at, test in self.follow_ups
        )

    def case(self, values: Values) -> Case:
        """Build a case from values by subject; None means not answered."""
        given = {name: value for name, value in values.items() if value is not None}
        hours = given.pop(HOURS, 30.0)
        treatment = given.pop("treatment", self.treatments[0])
        signs = given.pop("infection_signs", {})
        assert isinstance(hours, float)
        assert isinstance(signs, dict)
        profile = {n: v for n, v in given.items() if n in self.facts or n in ("area", "field")}
        answers = {n: v for n, v in given.items() if n not in profile}
        return Case(str(treatment), hours, signs | answers, profile)

    def values(self, rule: Rule, name: str, must: list[Comparison]) -> tuple[object, ...]:
        """Return the values of one subject that fit what the rule requires of it."""
        every: Sequence[object]
        if name == "treatment":
            every = self.treatments
        elif name == "infection_signs":
            return SIGN_SETS
        elif name == HOURS:
            every = self.around(rule, HOURS)
        elif name == "area":
            return self.areas(rule)
        elif name in self.facts:
            every = (None, True)
        elif name in self.protocol.question_by_id:
            every = (None, *self.answers(rule, name))
        else:
            every = (None, *self.protocol.subjects[name].options)
        return tuple(value for value in every if self.fits(name, value, must))

    def areas(self, rule: Rule) -> tuple[object, ...]:
        """Return one area for each way in which areas differ to the rule; none known is one."""
        looked = [c.compiled() for c, _ in self.leaning.leaves(rule) if c.subject.name == "area"]
        found: dict[tuple[bool, ...], object] = {}
        for area in (None, *self.protocol.areas):
            found.setdefault(tuple(test({"area": area}) for test in looked), area)
        return tuple(found.values())

    def fits(self, name: str, value: object, must: list[Comparison]) -> bool:
        """Whether the required comparisons hold with this value."""
        if not must:
            return True
        if name == "treatment":
            components = self.protocol.components(str(value))
            return all(c.compiled()({name: self.protocol.with_groups(components)}) for c in must)
        return value is not None and all(c.compiled()({name: value}) for c in must)

    def answers(self, rule: Rule, name: str) -> Sequence[object]:
        """Return the answers to a question; of a number, those around the rule's thresholds."""
        question = self.protocol.question_by_id[name]
        if question.kind in ("temperature", "size", "onset"):
            return self.around(rule, name)
        return self.every_answer(question)

    def every_answer(self, question: Question) -> Sequence[object]:
        """Return the stored forms of a question's answers, best first."""
        if question.kind == "ticks":
            return [frozenset[str](), *(frozenset([option.id]) for option in question.options)]
        return possible(question) or self.numbers[question.id]

    def around(self, rule: Rule, name: str) -> list[float]:
        """Return each threshold that the rule has for a number, and its two neighbours."""
        step = STEPS.get(name, 1.0)
        bounds = {c.number for c, _ in self.leaning.leaves(rule) if c.subject.name == name}
        found = {round(b + d, 1) for b in bounds for d in (-step, 0.0, step)}
        return sorted(number for number in found if number >= 0)

    def worse(self, case: Case, question: str) -> Iterator[Case]:
        """Yield the case one step worse in `question`; numbers step over every threshold."""
        if question == HOURS:
            later = [n for n in self.numbers[HOURS] if n > case.hours][:1]
            yield from (replace(case, hours=n) for n in later)
        elif question in self.facts:
            yield replace(case, profile={**case.profile, question: True})
        elif question in case.answers:
            for value in self.next_worse(question, case.answers[question]):
                yield replace(case, answers={**case.answers, question: value})

    def next_worse(self, name: str, value: object) -> Iterator[object]:
        """Yield the next worse stored forms; options beside each other are no step."""
        question = self.protocol.question_by_id[name]
        if question.kind in ("temperature", "size", "onset"):
            assert isinstance(value, float)
            yield from [n for n in self.numbers[name] if n > value][:1]
        elif question.kind == "severity":
            assert isinstance(value, int)
            yield from range(value + 1, min(value + 2, len(question.options)))
        elif question.kind == "choice":
            yield from worse_options(question, str(value))
        elif question.kind == "yes_no" and value is False:
            yield True


def worse_options(question: Question, word: str) -> list[str]:
    """Return the options on the next rung below `word`; `beside` puts two on one rung."""
    rungs: list[list[str]] = []
    for option in question.options:
        if option.beside:
            rungs[-1].append(option.id)
        else:
            rungs.append([option.id])
    place = next(number for number, rung in enumerate(rungs) if word in rung)
    return rungs[place + 1] if place + 1 < len(rungs) else []


def representatives(protocol: Protocol) -> tuple[str, ...]:
    """Return one treatment for each set of groups and window class that differ to the rules."""
    found: dict[object, str] = {}
    named = {
        w for c in (*protocol.signs, *protocol.rules) for line in c.lines for w in line.split()
    }
    for name, treatment in protocol.treatments.items():
        groups = protocol.with_groups((name,)) & named
        found.setdefault((groups, treatment.window_class, treatment.site), name)
    return tuple(found.values())


def all_numbers(protocol: Protocol, leaning: Leaning) -> dict[str, list[float]]:
    """Return, by subject, every threshold of the protocol and the next value above it."""
    found: dict[str, set[float]] = {HOURS: set()}
    for rule in protocol.rules:
        for comparison, _ in leaning.leaves(rule):
            if comparison.subject.kind == "number":
                name = comparison.subject.name
                step = STEPS.get(name, 1.0)
                values = (comparison.number, comparison.number + step)
                found.setdefault(name, set()).update(round(v, 1) for v in values)
    return {name: sorted(values) for name, values in found.items()}
