"""The clinic's own answers to common questions: a file, and the search for what a patient types.

Nothing here is asked of a network, and nothing here sorts a symptom: what may be a warning sign
never comes here. `flows.faq_file` reads the file, and those with its translations.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from math import log
from typing import Annotated

from pydantic import Field, model_validator

from flows.faq_words import same, tokens
from flows.protocol import Protocol
from flows.tables import Language, Lines, Model, Word, Words

LONGEST_ANSWER = 3_000
"""Characters of an answer: with what stands round it, it fits a message (Telegram takes 4,096)."""
LONGEST_QUESTION = 60
"""Characters of a question, which is a button (as `flows.proof.complete_words`)."""

IN_QUESTION = 3
"""So many times more a word counts in a question than in its answer (own choice)."""
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


class Review(Model):
    """Who has reviewed a translation made by a machine, and what; empty as long as nobody has."""

    reviewed_by: str = ""
    reviewed_on: date | None = None
    reviewed_texts: str = ""


class Faq(Model):
    """A whole file of answers, with its translations."""

    faq: About
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]
    translations: Mapping[Language, Review] = {}

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

    @model_validator(mode="after")
    def reviewed(self) -> "Faq":
        """Refuse a review of texts that have changed since."""
        for language, review in self.translations.items():
            now = self.digest(language)
            if review.reviewed_by and review.reviewed_texts != now:
                raise ValueError(
                    f"translations «{language}»: texts have changed since {review.reviewed_by} "
                    f'reviewed them; have them reviewed again and write reviewed_texts = "{now}", '
                    "or clear reviewed_by"
                )
        return self

    def digest(self, language: Language) -> str:
        """Return which texts a review is about: 16 hexadecimal digits, as of the protocol."""
        first = self.faq.languages[0]
        lines = [f"{words.get(first)}\0{words.get(language)}"
                 for one in self.answers for words in (one.question, one.answer)]  # fmt: skip
        return sha256("\n".join(lines).encode()).hexdigest()[:16]

    def is_reviewed(self, language: str) -> bool:
        """Whether a native speaker has reviewed a language; the file's own needs no translation."""
        review = self.translations.get(language)  # type: ignore[call-overload]
        return review is None or bool(review.reviewed_by)

    def fits(self, protocol: Protocol) -> bool:
        """Whether the answers are meant for patients on a protocol."""
        return self.faq.about in ("", protocol.protocol.id)

    def named(self, name: str) -> Answer | None:
        """Return the answer with an id; None where there is none."""
        return next((one for one in self.answers if one.id == name), None)

    def is_question(self, text: str) -> bool:
        """Whether typed words are all of one of the questions, in any language."""
        typed = set(tokens(text))
        known = (set(tokens(words)) for one in self.answers for words in one.question.values())
        return any(typed <= question for question in known)

    def said(self, words: Words, language: str) -> str:
        """Return words in a language, or in the first that the file claims."""
        return words.get(language) or words[self.faq.languages[0]]  # type: ignore[call-overload]

    @cached_property
    def indexes(self) -> dict[str, dict[str, dict[str, int]]]:
        """By language and answer, what each of its words counts; «words» are of every language."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for language in self.faq.languages:
            index = found[language] = {}
            for one in self.answers:
                counts = dict.fromkeys(tokens(one.answer[language]), 1)
                asked = " ".join((one.question[language], *one.words))
                index[one.id] = counts | dict.fromkeys(tokens(asked), IN_QUESTION)
        return found

    @cached_property
    def ignored(self) -> frozenset[str]:
        """The words that say nothing, as they are searched for."""
        return frozenset(tokens(" ".join(self.faq.ignore)))

    def search(self, text: str, language: str = "") -> list[Answer]:
        """Return the answers that fit typed words, the best first; none where none fits.

        They are looked for in one language, and in the others where that one has none of them.
        """
        others = [one for one in self.faq.languages if one != language]
        for one in (language, *others):
            if found := self.found_in(self.indexes.get(one, {}), text):
                return found
        return []

    def found_in(self, index: Mapping[str, Mapping[str, int]], text: str) -> list[Answer]:
        """Return the answers that fit by one language's words; a rare word counts more."""
        scores = dict.fromkeys((one.id for one in self.answers), 0.0)
        for word in dict.fromkeys(word for word in tokens(text) if word not in self.ignored):
            hits = {
                name: best
                for name, counts in index.items()
                if (best := max((n for known, n in counts.items() if same(word, known)), default=0))
            }
            rarity = log(1 + len(index) / len(hits)) if hits else 0.0
            for name, best in hits.items():
                scores[name] += best * rarity
        ranked = sorted((one for one in self.answers if scores[one.id] > 0),
                        key=lambda one: -scores[one.id])  # fmt: skip
        return ranked[:FOUND]
