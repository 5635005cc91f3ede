"""What was said about an alert, in the patient's language.

It is stored as staff read it on the card. Each line of it is an answer in the protocol's words, so
the protocol has it in the words that the patient saw; what was typed stands as it was typed.

Hazards: H42.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.export.reasons import told
from bot.export.wording import LEFT_TO_RIGHT, Wording
from flows.answers import UNCLEAR
from flows.engine.conversing import SPEAKS, STAFFS
from flows.local_words import END, ENGLISH, ISOLATE
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.understood import Understood
from storage.bodies import answers_of

FOR_STAFF: Final = SPEAKS.partition("{")[0]
"""How the line begins that only whoever phones needs."""
ON_PAPER: Final = str.maketrans({ISOLATE: LEFT_TO_RIGHT, END: LEFT_TO_RIGHT})
"""Marks of direction that the letters of a PDF know, for those of a chat."""


class Retelling:
    """The lines of a case's alerts in another language, by how staff read them."""

    def __init__(
        self, whole: Mapping[str, Any], protocols: Iterable[Protocol | None], word: Wording
    ) -> None:
        self.word = word
        known = [one for one in protocols if one] if word.language != ENGLISH else []
        measured = [
            (name, value)
            for row in whole["answers"] if row["content"]
            for name, value in answers_of(row["content"]["answers"]).items()
            if isinstance(value, float)
        ]  # fmt: skip
        self.lines = {
            line: other.translate(ON_PAPER)
            for protocol in known
            for line, other in pairs(protocol, word.language, measured)
        }

    def said(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield lines in the language; those that no words are known for as they are stored."""
        for line in lines:
            if self.word.language == ENGLISH or not line.startswith(FOR_STAFF):
                yield self.lines.get(line) or told(line, self.word)


def pairs(
    protocol: Protocol, language: str, measured: Iterable[tuple[str, object]]
) -> Iterator[tuple[str, str]]:
    """Yield every line that an answer can stand in, as staff read it and as a patient does."""
    staffs, patients = Understood(protocol, STAFFS), Understood(protocol, language)
    every = [(one, value) for one in protocol.questions for value in values(one)]
    known = protocol.question_by_id
    every += [(known[name], value) for name, value in measured if name in known]
    for question, value in every:
        both = (staffs.lines(question, value), patients.lines(question, value))
        yield from zip(*both, strict=True)


def values(question: Question) -> Iterator[object]:
    """Yield every answer that a question offers."""
    yield UNCLEAR
    if question.kind == "severity":
        yield from range(1, len(question.options))
    elif question.kind == "choice":
        yield from (one.id for one in question.options)
    elif question.kind == "ticks":
        yield frozenset(one.id for one in question.options)
    elif question.kind == "yes_no":
        yield True
