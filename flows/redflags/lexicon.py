"""The hand-written vocabulary: patterns of words, and where they occur in a message.

A pattern is a sequence of words. `word*` matches any word beginning so, `(a|b c|)` one of several
sequences, `_` up to three words of anything, and `<name>` stands for a list of alternatives that
the file defines under `macros`. Patterns are folded like messages, so they are written as people
write; Chinese patterns are matched character by character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flows.redflags.data import read_toml
from flows.redflags.normalise import Token, fold, is_han

LANGUAGES = ("en", "es", "pt", "ru", "ar", "zh")
GAP = 3  # words that may stand at `_`
PREFIX = 24  # letters of a word tried against `word*`
ELEMENT = re.compile(r"\(([^)]*)\)|(_)|([^\s(_]+)")

Words = tuple[str, ...]
Element = tuple[Words, ...]  # alternatives, each a sequence of words; () is the gap


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of the vocabulary.

    Attributes:
        concept: what it stands for, such as "sign:throat".
        language: code of the file it comes from.
        elements: what must follow on each other.
    """

    concept: str
    language: str
    elements: tuple[Element, ...]

    def possible(self, present: set[str]) -> bool:
        """Whether every element can occur in a message: a cheap test before the exact one."""
        return all(any(present.issuperset(o) for o in e) for e in self.elements if e)


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept found in tokens `first` to `last`, both included, by the words of one language."""

    concept: str
    first: int
    last: int
    language: str = ""


def words_of(text: str) -> Words:
    """A written alternative as folded words, Chinese characters one by one."""
    spread = "".join(f" {c} " if is_han(c) else c for c in text)
    return tuple("".join(map(fold, w)) for w in spread.split())


def parsed(language: str, concept: str, written: str) -> Pattern:
    """A pattern as written, ready to match."""
    elements: list[Element] = []
    for group, gap, plain in ELEMENT.findall(written):
        if gap:
            elements.append(())
        elif plain:
            elements.extend((w,) for w in [words_of(plain)])
        else:
            elements.append(tuple(words_of(option) for option in group.split("|")))
    return Pattern(concept, language, tuple(elements))


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Every (concept, written pattern) of one language's file, macros filled in."""
    table = read_toml(f"{language}.toml")
    macros = table.pop("macros", {})
    for kind, concepts in table.items():
        for name, text in concepts.items():
            filled = re.sub(r"<(\w+)>", lambda m: f"({macros[m.group(1)]})", text)
            for written in filled.split(","):
                yield f"{kind}:{name}", written.strip()


class Lexicon:
    """All patterns, indexed by the word they begin with. Get the shared one from `lexicon`."""

    def __init__(self, patterns: Iterator[Pattern]) -> None:
        self._starts: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for key in beginnings(pattern.elements):
                self._starts.setdefault(key, []).append(pattern)

    def hits(self, tokens: tuple[Token, ...]) -> list[Hit]:
        """Every concept in the message, in order; of one concept, the longest at each place."""
        found: dict[tuple[str, str, int], int] = {}
        present = {key for token in tokens for key in keys_of(token)}
        possible: dict[int, bool] = {}
        for first, token in enumerate(tokens):
            following = tokens[first + 1].text if first + 1 < len(tokens) else ""
            for pattern in self._candidates(token, following):
                number = id(pattern)
                if number not in possible:
                    possible[number] = pattern.possible(present)
                if not possible[number]:
                    continue
                end = longest(pattern.elements, tokens, first)
                key = (pattern.concept, pattern.language, first)
                if end > found.get(key, first):
                    found[key] = end
        return [Hit(name, first, end - 1, code) for (name, code, first), end in found.items()]

    def _candidates(self, token: Token, following: str) -> Iterator[Pattern]:
        for key in keys_of(token):
            yield from self._starts.get(key, ())
        if is_han(token.text):
            yield from self._starts.get(token.text + following, ())


def keys_of(token: Token) -> Iterator[str]:
    """The written words that match a token: each form of it, and each beginning of each form."""
    for form in token.forms:
        yield form
        for size in range(1, min(len(form), PREFIX) + 1):
            yield form[:size] + "*"


def beginnings(elements: tuple[Element, ...]) -> set[str]:
    """The words a pattern can begin with; in Chinese two characters, since one says little."""
    keys: set[str] = set()
    for option in elements[0]:
        if not option:
            keys |= beginnings(elements[1:])
        else:
            keys.add("".join(option[:2]) if is_han(option[0]) else option[0])
    return keys


def longest(elements: tuple[Element, ...], tokens: tuple[Token, ...], at: int) -> int:
    """The furthest end (exclusive) of the elements matched from token `at`; -1 when none.

    A gap with nothing behind it is no part of the match.
    """
    if not elements:
        return at
    head, rest = elements[0], elements[1:]
    best = -1
    if not head:
        for begin in range(at, at + GAP + 1):
            end = longest(rest, tokens, begin)
            best = max(best, at if end == begin else end)
        return best
    for option in head:
        if fits(option, tokens, at):
            best = max(best, longest(rest, tokens, at + len(option)))
    return best


def fits(option: Words, tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a sequence of words stands at token `at`."""
    if at + len(option) > len(tokens):
        return False
    return all(same(word, tokens[at + i]) for i, word in enumerate(option))


def same(word: str, token: Token) -> bool:
    """Whether one written word matches a token in any of its forms."""
    if word.endswith("*"):
        return any(form.startswith(word[:-1]) for form in token.forms)
    return word in token.forms


@cache
def lexicon() -> Lexicon:
    """The shipped vocabulary of all languages together: people mix them."""
    return Lexicon(parsed(lang, c, w) for lang in LANGUAGES for c, w in entries(lang))
