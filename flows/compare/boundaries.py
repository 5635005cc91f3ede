"""Cases on both sides of everything a protocol decides by: what a comparison of versions tries.

They are the worked examples of every rule; each example that fires, varied in everything its
rule looks at (signs followed into their own conditions) to just below, at and just above every
bound and to every option; every severity of every window around both its edges; and answers
that cannot be read or were not given.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from flows.answers import NOT_MEASURED, UNCLEAR
from flows.cases import Case
from flows.conditions import Comparison
from flows.derived import DERIVED, Earlier
from flows.proof.polarity import Leaning
from flows.protocol import Protocol, not_measured
from flows.rule_tables import Example
from flows.verdict import LEVEL_WORDS

FINE_STEP = 0.1
"""The smallest step of a temperature or a size as patients give it; other numbers go by ones."""

A_DAY = 24
"""Hours between a case and the earlier check-in made up for it, where it has none."""

SILENCE = ("event", "last_level", "misses", "worst_partial")


@lru_cache(maxsize=4)
def cases_near(protocol: Protocol) -> dict[str, Case]:
    """Return every case to try, each once, under a text that tells it from the others."""
    return {repr(case): case for case in generated(protocol)}


def generated(protocol: Protocol) -> Iterator[Case]:
    """Yield the cases, some of them more than once."""
    leaning = Leaning(protocol)
    for rule in protocol.rules:
        yield from (example_case(protocol, example) for example in rule.silent)
        comparisons = {comparison.line: comparison for comparison, _ in leaning.leaves(rule)}
        for example in rule.fires:
            case = example_case(protocol, example)
            yield case
            for comparison in comparisons.values():
                yield from variations(protocol, case, comparison)
    yield from window_cases(protocol)
    yield from unread_cases(protocol)


def example_case(protocol: Protocol, example: Example) -> Case:
    """Return a worked example as a case, with nothing ticked on the emergency list if unsaid."""
    answers: dict[str, object] = {**example.answers}
    if example.event is None:
        answers = {protocol.incomplete.question: [], **answers}
    return Case(example.treatment, example.hours, answers, example.history())


def window_cases(protocol: Protocol) -> Iterator[Case]:
    """Yield every severity alone, at and just after both edges of its window."""
    asked_first: dict[str, object] = {protocol.incomplete.question: []}
    for name, window in protocol.windows.items():
        for treatment, about in protocol.treatments.items():
            for severity, cell in window.classes[about.window_class].items():
                edges = {cell.expected_until, cell.watch_until} - {"always"}
                for edge in sorted(float(edge) for edge in edges):
                    answers = {**asked_first, name: severity}
                    yield Case(treatment, edge, answers)
                    yield Case(treatment, edge + 1, answers)


def unread_cases(protocol: Protocol) -> Iterator[Case]:
    """Yield a check-in without any answer, and every question answered beyond reading."""
    for treatment in protocol.treatments:
        yield Case(treatment, A_DAY)
        for question in protocol.questions:
            answers: dict[str, object] = {protocol.incomplete.question: []}
            yield Case(treatment, A_DAY, answers | {question.id: UNCLEAR})


def variations(protocol: Protocol, case: Case, comparison: Comparison) -> Iterator[Case]:
    """Yield a case with the thing a comparison looks at changed to each value near it."""
    name = comparison.subject.name
    if name in DERIVED:
        return
    for value in values(protocol, comparison):
        if comparison.previous:
            yield with_earlier(case, name, value)
        elif name == "hours":
            assert isinstance(value, (int, float))
            yield replace(case, hours=max(0, value))
        elif name == "treatment":
            yield replace(case, treatment=str(value))
        elif name in SILENCE:
            silence = replace(case.history, **{name: value})  # type: ignore[arg-type]
            yield replace(case, history=silence)
        elif name in protocol.question_by_id:
            yield replace(case, answers={**case.answers, name: value})
        else:
            yield other(protocol, case, name, value)


def other(protocol: Protocol, case: Case, name: str, value: object) -> Case:
    """Return a case with a fact about the patient, or with a temperature not measured."""
    for question in protocol.questions:
        if not_measured(question.id) == name:
            return replace(case, answers={**case.answers, question.id: NOT_MEASURED})
    profile = {**case.history.profile, name: value}
    return replace(case, history=replace(case.history, profile=profile))


def with_earlier(case: Case, name: str, value: object) -> Case:
    """Return a case whose last check-in gave this answer."""
    before = [*case.history.checkins]
    last = before.pop() if before else Earlier(max(0, case.hours - A_DAY), {})
    before.append(Earlier(last.hours, {**last.answers, name: value}))
    return replace(case, history=replace(case.history, checkins=before))


def values(protocol: Protocol, comparison: Comparison) -> tuple[object, ...]:
    """Return the values on both sides of a comparison."""
    subject = comparison.subject
    match subject.kind:
        case "number":
            question = protocol.question_by_id.get(subject.name)
            fine = question is not None and question.kind in ("temperature", "size")
            step = FINE_STEP if fine else 1
            found = (round(comparison.number + side * step, 1) for side in (-1, 0, 1))
            return tuple(int(value) if value.is_integer() else value for value in found)
        case "yes_no" | "sign":
            return (False, True)
        case "ticks" if subject.name == "treatment":
            return tuple(protocol.treatments)
        case "ticks":
            return ([], *([option] for option in subject.options))
        case _:
            known = (*LEVEL_WORDS, "none") if subject.name == "last_level" else subject.options
            return tuple(known)
