"""The clinic's own answers to common questions: a file, and the search for what a patient types.

The file is TOML beside the protocol's; a clinic replaces it as a whole. Nothing here is asked of a
network, and nothing here sorts a symptom: what may be a warning sign never comes here.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache, cached_property
from importlib.resources import files
from math import log
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, sentence
from flows.tables import Language, Lines, Model, Word, Words

BUNDLED = "exosome_faq.toml"

LONGEST_ANSWER = 3_000
"""Characters of an answer: with what stands round it, it fits a message (Telegram takes 4,096)."""
LONGEST_QUESTION = 60
"""Characters of a question, which is a button (as `flows.proof.complete_words`)."""

IN_QUESTION = 3
"""So many times more a word counts in a question than in its answer (own choice)."""
ALIKE = 0.8
"""How alike a mistyped word of five letters or more has to be, by `difflib` (own choice)."""
STEM = 4
"""Letters that two forms of a word share: results and result, session and sessions (own choice)."""
FOUND = 4
"""Answers that one search finds at most (own choice)."""


class About(Model):
    """Which protocol the answers belong to, empty for any, and the languages they are in.

    `ignore` are words that say nothing of what is asked, such as «what» and «the».
    """

    about: str = ""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    ignore: Lines = ()


class Answer(Model):
    """One question with its answer; `words` are what people type besides the words in it."""

    id: Word
    question: Words
    answer: Words
    words: Lines = ()


class Faq(Model):
    """A whole file of answers."""

    faq: About
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def complete(self) -> "Faq":
        """Refuse a file that lacks words in a language it claims, or has too many of them."""
        ids = [one.id for one in self.answers]
        if len(set(ids)) < len(ids):
            raise ValueError("two answers have the same id; rename one")
        for one in self.answers:
            for language in self.faq.languages:
                question, answer = one.question.get(language), one.answer.get(language)
                if not question or not answer:
                    raise ValueError(f"answers «{one.id}»: no words in «{language}»; add them")
                if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
                    raise ValueError(
                        f"answers «{one.id}» ({language}): {len(question)} and {len(answer)} "
                        f"characters; {LONGEST_QUESTION} and {LONGEST_ANSWER} are the most. "
                        "Make two of it"
                    )
        return self

    def fits(self, protocol: Protocol) -> bool:
        """Whether the answers are meant for patients on a protocol."""
        return self.faq.about in ("", protocol.protocol.id)

    def named(self, name: str) -> Answer | None:
        """Return the answer with an id; None where there is none."""
        return next((one for one in self.answers if one.id == name), None)

    def said(self, words: Words, language: str) -> str:
        """Return words in a language, or in the first that the file claims."""
        return words.get(language) or words[self.faq.languages[0]]  # type: ignore[call-overload]

    @cached_property
    def index(self) -> dict[str, dict[str, int]]:
        """By answer, what each of its words counts, in all languages together."""
        found: dict[str, dict[str, int]] = {}
        for one in self.answers:
            counts = dict.fromkeys(tokens(" ".join(one.answer.values())), 1)
            asked = " ".join((*one.question.values(), *one.words))
            found[one.id] = counts | dict.fromkeys(tokens(asked), IN_QUESTION)
        return found

    def search(self, text: str) -> list[Answer]:
        """Return the answers that fit typed words, the best first; none where none fits.

        A word counts more the fewer answers have it.
        """
        scores = dict.fromkeys(self.index, 0.0)
        for word in dict.fromkeys(word for word in tokens(text) if word not in self.faq.ignore):
            hits = {
                name: best
                for name, counts in self.index.items()
                if (best := max((n for known, n in counts.items() if same(word, known)), default=0))
            }
            rarity = log(1 + len(self.index) / len(hits)) if hits else 0.0
            for name, best in hits.items():
                scores[name] += best * rarity
        ranked = sorted((one for one in self.answers if scores[one.id] > 0),
                        key=lambda one: -scores[one.id])  # fmt: skip
        return ranked[:FOUND]


def tokens(text: str) -> Iterator[str]:
    """Yield the words of a text, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return (word for word in re.findall(r"\w+", plain) if len(word) > 1 or not word.isascii())


@cache
def same(typed: str, known: str) -> bool:
    """Whether a typed word is a known one, in another form or mistyped at most."""
    if typed == known:
        return True
    if min(len(typed), len(known)) < STEM or typed[0] != known[0]:
        return False
    shorter, longer = sorted((typed, known), key=len)
    if longer.startswith(shorter) and len(longer) - len(shorter) <= 3:  # noqa: PLR2004 - an ending
        return True
    return len(typed) > STEM and SequenceMatcher(None, typed, known).ratio() >= ALIKE


@cache
def bundled_faq() -> Faq:
    """Return the answers that come with the bundled protocol."""
    text = files("flows.protocols").joinpath(BUNDLED).read_text(encoding="utf-8")
    return parse_faq(text, BUNDLED)


def load_faq(path: Path) -> Faq:
    """Read a file of answers.

    Raises:
        ProtocolError: it is missing, is not TOML, or breaks the model.
    """
    try:
        return parse_faq(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise ProtocolError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise ProtocolError([f"{path}: save the file as UTF-8 ({error.reason})"]) from None


def parse_faq(text: str, name: str) -> Faq:
    """Parse the text of a file of answers called `name`.

    Raises:
        ProtocolError: the text is not TOML, or breaks the model.
    """
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError([f"{name}: not valid TOML: {error}"]) from None
    try:
        return Faq.model_validate(tables)
    except ValidationError as error:
        raise ProtocolError([sentence(name, text, tables, d) for d in error.errors()]) from None
