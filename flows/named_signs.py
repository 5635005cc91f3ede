"""Warning signs that a patient writes in the protocol's own words, as if they had pressed them.

Whoever is shown "Red streaks" may type it instead of pressing it. What the trained model of
`flows.redflags` thinks of so few words says nothing then: the protocol has named the sign.

Hazards: H25.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from flows.protocol import Protocol
from flows.redflags import UNCLEAR, Detection, Sign, detect
from flows.redflags.alone import letters
from flows.redflags.normalise import read
from flows.rule_tables import Option

PARTS = re.compile(r"[,،、，/;؛；]")
"""What stands between the parts of a label: "Tight throat, swollen tongue, hoarse"."""

HALVES = {
    language: re.compile(rf"{PARTS.pattern}|{between}", re.IGNORECASE)
    for language, between in {
        "en": r"\s(?:or|and)\s", "es": r"\s(?:o|u|y|e)\s", "pt": r"\s(?:ou|e)\s",
        "ru": r"\s(?:или|либо|и)\s", "ar": r"\sأو\s", "zh": "或",
    }.items()
}  # fmt: skip
"""The same with the words for «or» and «and» of a language: "Confused or very drowsy"."""

EMOJI = re.compile(
    "(?:\N{ZERO WIDTH JOINER}?.\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}?)+"
)
"""Signs that are shown as pictures, of which some are letters or digits otherwise: ℹ️, Ⓜ️, 1️⃣."""

MOST = 0.5
"""More than this share of a label's languages has to hear a half as the sign (own choice)."""


def signs_named(protocol: Protocol, message: str) -> frozenset[str]:
    """Return the warning signs whose words, in any language of the protocol, are all of a message.

    Case, marks, signs, quotes, emoji, width and spaces do not count.
    """
    words = own_words(protocol)
    rows = letters(read(message)) | letters(read(EMOJI.sub(" ", message)))
    found = (words.get(row, frozenset()) for row in rows)
    return frozenset[str]().union(*found)


def signs_in(protocol: Protocol, message: str) -> Detection:
    """Return the warning signs that a message names, and those that its words may mean."""
    found = detect(message)
    known = {sign.sign for sign in found.signs}
    named = sorted(signs_named(protocol, message) - known)
    signs = (*(Sign(name, (message.strip(),), 0.0) for name in named), *found.signs)
    return Detection(bool(signs), signs)


@lru_cache(maxsize=32)
def own_words(protocol: Protocol) -> Mapping[str, frozenset[str]]:
    """Return the letters of every label of a warning sign, and of its parts, with the signs."""
    found: dict[str, frozenset[str]] = {}
    for option in protocol.question_by_id[protocol.incomplete.question].options:
        labels = option.label.values()
        parts = (part for label in labels for part in parts_that_name_a_sign(label))
        for words in (*labels, *parts, *halves_that_name_it(option)):
            for row in letters(read(words)):
                found[row] = found.get(row, frozenset()) | {option.id}
    return found


def parts_that_name_a_sign(label: str) -> Iterator[str]:
    """Yield the parts of a label that are a sign without the rest: «hoarse», but not «blue»."""
    parts = PARTS.split(label)
    if len(parts) > 1:
        yield from (
            part for part in parts if any(sign.sign != UNCLEAR for sign in detect(part).signs)
        )


def halves_that_name_it(option: Option) -> Iterator[str]:
    """Yield the halves of a sign's labels that are this sign alone: «confused», in any language.

    What a model thinks of one language's word is compared with its thoughts of the others': the
    labels are translations, so the same half of each says the same. One that it hears in few of
    them, or that may be another sign too, may be something mild: «very drowsy», «blotchy skin».
    """
    halves = [HALVES.get(code, PARTS).split(label) for code, label in option.label.items()]
    if len({len(one) for one in halves}) == 1:
        for same in zip(*halves, strict=True):
            if sum(is_this_alone(half, option.id) for half in same) > MOST * len(same):
                yield from same


def is_this_alone(words: str, sign: str) -> bool:
    """Whether words are heard as a sign, and as no other."""
    return {one.sign for one in detect(words).signs} - {UNCLEAR} == {sign}
