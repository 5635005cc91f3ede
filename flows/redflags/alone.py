"""Messages that are a warning sign by themselves: a few letters give the model too little to weigh.

"Pus" or "SOB" as a whole message is compared letter by letter: case, marks, signs, emoji, width and
spaces do not count, so "c h e s t  p a i n" and "chestpain" are "chest pain". In a longer
message the same words are weighed with all the others.
"""

from functools import cache

from flows.redflags.data import read_toml
from flows.redflags.normalise import Text, read


def letters(text: Text) -> frozenset[str]:
    """The letters and digits of a text in one row, held-down letters once and as typed."""
    said = [token for token in text.tokens if token.text[0].isalnum()]
    rows = ("".join(token.text for token in said), "".join(token.forms[0] for token in said))
    return frozenset(row for row in rows if row)


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """The letters of every phrase of `alone.toml` -> the signs that it is."""
    found: dict[str, tuple[str, ...]] = {}
    for signs in read_toml("alone.toml").values():
        for sign, listed in signs.items():
            for phrase in listed.split(","):
                for row in letters(read(phrase)):
                    found[row] = tuple(dict.fromkeys((*found.get(row, ()), sign)))
    return found


def signs_alone(text: Text) -> tuple[str, ...]:
    """The signs that a whole message is, by its letters."""
    return tuple(sign for row in sorted(letters(text)) for sign in phrases().get(row, ()))
