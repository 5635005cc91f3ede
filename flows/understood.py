"""What was understood of an answer, as a line in a language: the same for patients and for staff.

The words are the protocol's.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flows.answers import UNCLEAR
from flows.asking import TREND
from flows.local_words import isolated
from flows.protocol import Protocol
from flows.rule_tables import Question
from flows.tables import Words

QUESTION_MARK: Final = re.compile("[?؟？]")


class Understood(NamedTuple):
    """A protocol's words for answers, in one language."""

    protocol: Protocol
    language: str

    def words(self, words: Words) -> str:
        """Return words in the language, or in the first that the protocol claims."""
        fallback = self.protocol.protocol.languages[0]
        return words.get(self.language) or words[fallback]  # type: ignore[call-overload]

    def signs(self, question: Question, ticked: frozenset[str]) -> list[str]:
        """Return what was ticked, in the order of the list."""
        return [self.words(one.label) for one in question.options if one.id in ticked]

    def trend(self, question: Question, value: object) -> str:
        """Return that it became worse; nothing where it did not."""
        worse = question.options[-1]
        return self.words(worse.label) if value == worse.id else ""

    def line(self, question: Question, value: object) -> str:
        """Return a question and its answer; nothing where that says «no»."""
        said = self.said(question, value)
        return f"{asked(self.words(question.text))} {said}" if said else ""

    def said(self, question: Question, value: object) -> str:
        """Return the words of one stored answer; nothing where it says «no»."""
        said = ""
        if value == UNCLEAR:
            said = self.words(self.protocol.texts["UNREAD"])
        elif question.kind == "severity" and isinstance(value, int) and value:
            said = self.words(question.options[value].label)
        elif question.kind == "choice" and value != question.options[0].id:
            said = next(self.words(o.label) for o in question.options if o.id == value)
        elif question.kind == "yes_no" and value is True:
            said = self.words(self.protocol.buttons["yes"])
        elif isinstance(value, float):
            said = f"{value:g} °C" if question.kind == "temperature" else f"{value:g}"
            said = isolated(said, self.language)
        return said

    def lines(self, question: Question, value: object) -> Iterator[str]:
        """Yield every line that an answer can stand in; in each language as many, in one order."""
        if isinstance(value, frozenset):
            yield from self.signs(question, value)
            return
        if question.id == TREND:
            yield self.trend(question, value)
        yield self.line(question, value)


def asked(text: str) -> str:
    """Return a question up to its mark, without what explains it."""
    mark = QUESTION_MARK.search(text)
    return text[: mark.end()] if mark else text
