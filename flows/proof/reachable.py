"""The third guarantee: every rule can fire at some check-in that asks its questions.

A rule that no check-in can reach looks like safety and is none. For each rule this looks for
one occasion (treatment, check-in, area) and answers, all of them to questions that the
occasion asks, with which the rule fires. Rules on silence need no question.
"""

from collections.abc import Iterator

from flows.asking import Occasion, asking
from flows.classify import Classifier
from flows.derived import History
from flows.protocol import Protocol
from flows.rule_tables import Example

HOURS_A_DAY = 24
LATEST_REPLY = 24
"""Hours after its due time at which an answer still counts for a check-in (own choice)."""


def unreachable_rules(classifier: Classifier) -> Iterator[str]:
    """Say which rules no check-in can reach."""
    protocol = classifier.protocol
    every = tuple(occasions(protocol))
    for rule in protocol.rules:
        if rule.on_event:
            continue
        if not any(reached(classifier, every, rule.id, example) for example in rule.fires):
            yield (
                f"{rule.id}: none of its «fires» examples can happen: no check-in asks its "
                f"questions at its hours. Widen «asked», or give an example that can be reached"
            )


def occasions(protocol: Protocol) -> Iterator[Occasion]:
    """Yield every check-in, results check-in and reminder of every treatment, without an area."""
    for name, treatment in protocol.treatments.items():
        for hours in treatment.schedule:
            yield Occasion("check_in", hours, name)
        if treatment.course != "none":
            course = protocol.courses[treatment.course]
            for kind, moment in (("results", course.results), ("reminder", course.reminders)):
                for days in moment.days:
                    yield Occasion(kind, days * HOURS_A_DAY, name)


def reached(
    classifier: Classifier, every: tuple[Occasion, ...], rule: str, example: Example
) -> bool:
    """Whether some occasion asks all that the example answers, at an hour where the rule fires."""
    area = example.profile.get("area")
    for occasion in every:
        if not set(occasion.treatment.split("+")) <= set(example.treatment.split("+")):
            continue
        here = Occasion(
            occasion.kind, occasion.hours, example.treatment, str(area) if area else None
        )
        asked = {
            q.id for q in asking(classifier).due(here, all_symptoms(classifier), example.answers)
        }
        if not set(example.answers) <= asked:
            continue
        for late in range(LATEST_REPLY + 1):
            if fires(classifier, rule, example, occasion.hours + late):
                return True
    return False


def all_symptoms(classifier: Classifier) -> frozenset[str]:
    """Return every symptom, as if the patient had ticked them all."""
    return frozenset(symptom.id for symptom in classifier.protocol.symptoms)


def fires(classifier: Classifier, rule: str, example: Example, hours: float) -> bool:
    """Whether the rule fires on the example, moved to another hour with its past."""
    shift = hours - example.hours
    history = example.history()
    moved = [type(e)(max(0.0, e.hours + shift), e.answers) for e in history.checkins]
    history = History(moved, history.profile)
    verdict = classifier.classify(example.treatment, hours, example.answers, history)
    return any(result.rule == rule for result in verdict.because)


def unused(protocol: Protocol) -> Iterator[str]:
    """Say which questions, signs and symptoms nothing uses."""
    conditions = (*protocol.signs, *protocol.rules)
    named = {c.subject.name for x in conditions for c in protocol.comparisons(x.lines)}
    asked = {line for q in protocol.questions for line in (*q.when_all, *q.when_any)}
    asked |= {line for q in protocol.questions for a in q.asked for line in (*a.all, *a.any)}
    named |= {c.subject.name for c in protocol.comparisons(tuple(asked))}
    seen = named | set(protocol.windows) | {protocol.incomplete.question}
    for question in protocol.questions:
        if question.id not in seen:
            yield f"questions «{question.id}»: asked, but no rule or window looks at the answer"
    for sign in protocol.signs:
        if sign.id not in named:
            yield f"signs «{sign.id}»: no rule uses it; remove it"
    for symptom in protocol.symptoms:
        if all(question.symptom != symptom.id for question in protocol.questions):
            yield f"symptoms «{symptom.id}»: a patient could tick it, and no question would follow"
