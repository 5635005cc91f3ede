"""Character and word n-grams of a message, hashed into a fixed number of slots.

They carry what the vocabulary does not know: spelling, endings, habits of speech. Slots come from
CRC-32, so they are the same on every machine and in every process.
"""

from collections import Counter
from collections.abc import Iterator
from zlib import crc32

from flows.redflags.normalise import Text, Token, is_han

SLOTS = 1 << 18
LONGEST, LONGEST_HAN = 5, 4  # characters in an n-gram
CUT = 40  # letters of one word that are read


def spans(tokens: tuple[Token, ...]) -> Iterator[tuple[str, int, int]]:
    """Words as (spelling, first token, last token); a run of Chinese characters is one word."""
    at = 0
    while at < len(tokens):
        last = at
        if is_han(tokens[at].text):
            while last + 1 < len(tokens) and is_han(tokens[last + 1].text):
                last += 1
        yield "".join(t.text for t in tokens[at : last + 1]), at, last
        at = last + 1


def grams(text: Text) -> Iterator[tuple[str, int, int]]:
    """Every n-gram as (name, first token, last token) that it comes from."""
    previous, before = "^", 0
    for word, first, last in spans(text.tokens):
        if is_han(word[0]):
            for size in range(1, LONGEST_HAN + 1):
                for i in range(len(word) - size + 1):
                    yield f"h{word[i : i + size]}", first + i, first + i + size - 1
            yield f"b{previous} {word[0]}", before, first
            yield f"b{word[-1]} ^", last, last
            previous, before = word[-1], last
            continue
        padded = f" {word[:CUT]} "
        for size in range(1, LONGEST + 1):
            for i in range(len(padded) - size + 1):
                yield f"c{padded[i : i + size]}", first, last
        stem = text.tokens[first].stem
        yield f"w{word}", first, last
        yield f"s{stem}", first, last
        yield f"b{previous} {stem}", before, last
        previous, before = stem, last


def slot(name: str) -> int:
    """The slot of an n-gram, 0 to SLOTS - 1."""
    return crc32(name.encode("utf-8", "replace")) % SLOTS


def counts(text: Text) -> Counter[int]:
    """How often each slot occurs in a message."""
    return Counter(slot(name) for name, _, _ in grams(text))
