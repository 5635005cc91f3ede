"""An answer as an export writes it: as stored, and in words."""

from collections.abc import Mapping
from functools import cache, lru_cache

from bot.export.cells import cell
from flows.engine.case_page import answer_in_words
from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, bundled, parse_protocol
from flows.rule_tables import Question

KEPT = 4_096
"""How many different answers are remembered in their finished form; numbers are many."""


class Saying:
    """The answers of every protocol version that was used. `texts` holds their files by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.protocol = cache(self._read)
        self.cells = lru_cache(KEPT, typed=True)(self._cells)
        self.said = lru_cache(KEPT, typed=True)(self._said)

    def _said(self, protocol: str, name: str, value: object) -> tuple[str, str, str | float, str]:
        """Return one answer: its question, what that is about, as stored, in words."""
        question = self.questions(protocol).get(name)
        term = question.term if question else ""
        return name, term, as_stored(value), in_words(question, value)

    def _cells(self, protocol: str, name: str, value: object) -> str:
        """Return the four cells of one answer."""
        return ",".join(map(cell, self._said(protocol, name, value)))

    def questions(self, protocol: str) -> Mapping[str, Question]:
        """Return the questions of a protocol version; none where its file is not kept."""
        found = self.protocol(protocol)
        return found.question_by_id if found else {}

    def _read(self, protocol: str) -> Protocol | None:
        """Return a protocol version; None where its file is not kept or no longer read."""
        text = self._texts.get(protocol)
        if text is None:
            own = bundled()
            return own if own.name == protocol else None
        try:
            return parse_protocol(text, protocol)
        except ProtocolError:  # of a version that this program no longer reads: ids have to do
            return None


def as_stored(value: object) -> str | float:
    """Return an answer as it is stored; signs are joined by `;`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or "none"
    return value if isinstance(value, (int, float)) else str(value)


def in_words(question: Question | None, value: object) -> str:
    """Return an answer in words, also where it is none or no."""
    if question is None:
        return ""
    said = answer_in_words(question, value)
    if said:
        return said
    if isinstance(value, frozenset) or not question.options:
        return "none" if isinstance(value, frozenset) else "no"
    return question.options[0].label["en"]
