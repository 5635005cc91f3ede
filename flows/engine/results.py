"""How a patient likes the result, over the course: what the case page and the board show."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flows.engine.record import Record
from flows.protocol import Protocol
from flows.rule_tables import Question

HOURS_A_DAY = 24


class Result(NamedTuple):
    """One answer about the result: on which day after which session, and what was chosen.

    `place` counts from 1, the best of the question's `of` options.
    """

    check_in: str
    session: int
    day: int
    answered_at: datetime
    question: str
    answer: str
    in_words: str
    place: int
    of: int


def results(protocol: Protocol, record: Record) -> list[Result]:
    """Return every answer about the result, the oldest first; words are the staff's.

    What could not be read is left out: a person is called about that.
    """
    found = [
        Result(
            one.key, one.session, one.hours // HOURS_A_DAY, one.answered_at, question.id, answer,
            question.options[place].label["en"], place + 1, len(question.options),
        )
        for one in record.check_ins.values()
        if one.purpose == "results" and one.answered_at is not None
        for question in about_results(protocol)
        if isinstance(answer := one.answers.get(question.id), str)
        and (place := place_of(question, answer)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.answered_at)


def about_results(protocol: Protocol) -> Iterator[Question]:
    """Yield the questions that results check-ins ask without a tick."""
    always = {symptom.id for symptom in protocol.symptoms if symptom.always}
    for question in protocol.questions:
        in_results = any(asked.in_ == "results" for asked in question.asked)
        if in_results and question.symptom in always and question.kind == "choice":
            yield question


def place_of(question: Question, answer: str) -> int | None:
    """Return where an answer stands among the options, from 0; None where it is none of them."""
    options = [option.id for option in question.options]
    return options.index(answer) if answer in options else None
