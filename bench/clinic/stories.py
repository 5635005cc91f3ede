"""Missed complications told as stories: who, when it began, what was answered, what it gave."""

from collections.abc import Sequence

from bench.clinic.courses import Answered
from bench.clinic.tally import Outcome
from flows.protocol import Protocol

UNREMARKABLE = (0, False, None, "none", "no", "yes", "better", "same", "treated_only", ())
"""Answers that a story leaves out: the best ones, and the usual place of a swelling."""


def told(protocol: Protocol, outcomes: Sequence[Outcome]) -> list[str]:
    """Return one list entry for each outcome."""
    return [f"- {story(protocol, outcome)}" for outcome in outcomes]


def story(protocol: Protocol, outcome: Outcome) -> str:
    """Return the story of one outcome in one paragraph."""
    patient = outcome.followed.patient
    assert patient.illness is not None
    answers = "; ".join(answer(protocol, one) for one in outcome.told)
    return (
        f"Course {patient.number} of seed {outcome.seed} ({patient.treatment}, {patient.area}): "
        f"{patient.illness.kind.words} began at {patient.illness.onset:.0f} h. {answers}."
    )


def answer(protocol: Protocol, one: Answered) -> str:
    """Return what one check-in said and what level it reached."""
    said = [
        in_words(protocol, name, value)
        for name, value in one.answers.items()
        if value not in UNREMARKABLE
    ]
    return f"At {one.hours:.0f} h: {', '.join(said) or 'all good'} → {one.verdict.level!s}"


def in_words(protocol: Protocol, name: str, value: object) -> str:
    """Return an answer as the protocol file writes it."""
    question = protocol.question_by_id[name]
    if isinstance(value, bool):
        return name
    if question.kind == "severity" and isinstance(value, int):
        return f"{name} {question.options[value].id}"
    if isinstance(value, tuple):
        return f"{name} {', '.join(value)}"
    return f"{name} {value}"
