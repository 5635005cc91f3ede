"""Proving a protocol file: the six guarantees that it cannot lose somebody.

1. monotone: a worse or later answer never lowers the level (`flows.proof.monotone`);
2. total: every combination at every hour gets a level, and unclear never counts as fine;
3. reachable: every rule can fire at some check-in (`flows.proof.reachable`);
4. complete in words: every level has a text and a route in every language, within lengths;
5. sourced: every number cites a source that the file explains;
6. sound examples: every worked case holds, on both sides of each threshold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.classify import Classifier, compiled
from flows.derived import History
from flows.proof.bounds import bounds
from flows.proof.complete_words import complete_in_words
from flows.proof.course_words import course_order
from flows.proof.monotone import MonotoneSearch, unsteady, window_falls
from flows.proof.reachable import unreachable_rules, unused
from flows.proof.sound_examples import sound_examples
from flows.proof.sourced import sourced
from flows.protocol import Protocol
from flows.verdict import Level

NOTHING = History()


@dataclass(frozen=True)
class Problem:
    """One broken guarantee, in a sentence."""

    guarantee: str
    sentence: str


Check = Callable[[Classifier], Iterator[str]]


def verify(protocol: Protocol) -> tuple[Problem, ...]:
    """Return every problem that breaks one of the six guarantees; none means proved."""
    return tuple(problem for name in GUARANTEES for problem in check(protocol, name))


def check(protocol: Protocol, guarantee: str) -> Iterator[Problem]:
    """Yield the problems of one guarantee, by its name in `GUARANTEES`."""
    classifier = compiled(protocol)
    for sentence in GUARANTEES[guarantee](classifier):
        yield Problem(guarantee, sentence)


def monotone(classifier: Classifier) -> Iterator[str]:
    """Find falls that the file does not declare, and declarations that no fall needs."""
    protocol = classifier.protocol
    accepted = {
        (rule, fall.question): fall.id for fall in protocol.accepted_falls for rule in fall.rules
    }
    needed = set()
    search = MonotoneSearch(classifier)
    yield from unsteady(protocol, search.leaning)
    for fall in search.falls():
        key = (fall.rule, fall.question)
        needed.add(key)
        if key not in accepted:
            yield fall.sentence()
    for (rule, question), name in accepted.items():
        if (rule, question) not in needed:
            yield f"accepted_falls «{name}»: {rule} does not fall with {question}; remove it there"
    yield from window_falls(protocol)


def total(classifier: Classifier) -> Iterator[str]:
    """Find what could pass without a level, or pass as fine without an answer."""
    protocol = classifier.protocol
    if protocol.incomplete.level == "expected":
        yield "incomplete: a check-in without its red-flag answer can never be expected"
    yield from bounds(protocol)
    yield from timing(protocol)
    yield from course_order(protocol)
    flags = protocol.question_by_id[protocol.incomplete.question]
    for treatment in protocol.treatments:
        for option in flags.options:
            verdict = classifier.classify(treatment, 1000.0, {flags.id: [option.id]}, NOTHING)
            if verdict.level < Level.FOLLOW_UP:
                yield (
                    f"questions «{flags.id}»: «{option.id}» alone is {verdict.level} after "
                    f"{treatment}; every warning sign needs a rule that calls a person"
                )
                break


def timing(protocol: Protocol) -> Iterator[str]:
    """Find waiting times in an order that would tell somebody too late."""
    silence, escalation = protocol.silence, protocol.escalation
    if silence.reminder_after_minutes >= silence.unanswered_after_hours * 60:
        yield "silence: the reminder comes after the silence is a task; let it come earlier"
    if silence.unanswered_after_serious_hours > silence.unanswered_after_hours:
        yield "silence: after a serious answer silence has to count sooner, not later"
    steps = list(escalation.urgent_repeat_minutes)
    if steps != sorted(set(steps)):
        yield "escalation: urgent_repeat_minutes count from the alert; give them in rising order"


def reachable(classifier: Classifier) -> Iterator[str]:
    """Find rules that cannot fire and questions that nothing uses."""
    yield from unreachable_rules(classifier)
    yield from unused(classifier.protocol)


GUARANTEES: dict[str, Check] = {
    "sound examples": sound_examples,
    "sourced": sourced,
    "complete in words": complete_in_words,
    "total": total,
    "reachable": reachable,
    "monotone": monotone,
}
"""The six checks, the quickest first."""
