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

PARTS = re.compile(r"[,،、，/;؛；]")
"""What stands between the parts of a label: "Tight throat, swollen tongue, hoarse"."""


def signs_named(protocol: Protocol, message: str) -> frozenset[str]:
    """Return the warning signs whose words, in any language of the protocol, are all of a message.

    Case, marks, signs, emoji, width and spaces do not count.
    """
    words = own_words(protocol)
    found = (words.get(row, frozenset()) for row in letters(read(message)))
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
        for label in option.label.values():
            for words in (label, *parts_that_name_a_sign(label)):
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
