"""A native speaker's review of a translation: who, when, and of which texts.

A file of translated texts says so at its top, in `reviewed_by`, `reviewed_on` and `reviewed_texts`.
The last is a digest of the texts in both languages: where one changes, the review counts no more.

Hazards: H42.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final, NamedTuple

ABOUT: Final = ("reviewed_by", "reviewed_on", "reviewed_texts")
"""What a translation says of itself; everything else in it is words."""

DIGITS_OF_A_DIGEST: Final = 16


class Review(NamedTuple):
    """What a file says of its review, and the digest that its texts have now."""

    by: str
    on: date | None
    texts: str
    now: str

    @property
    def counts(self) -> bool:
        """Whether somebody has reviewed these very texts."""
        return bool(self.by) and self.texts == self.now


def review_of(tables: Mapping[str, Any], lines: Iterable[tuple[str, object, object]]) -> Review:
    """Return a file's review. `lines` are its texts, as `digest_of` takes them."""
    by, on, texts = (tables.get(name) for name in ABOUT)
    return Review(by or "", on, texts or "", digest_of(lines))


def digest_of(lines: Iterable[tuple[str, object, object]]) -> str:
    """Return which texts a review is about: 16 hexadecimal digits of their SHA-256.

    Each line is a text's place, what it says in the first language, and in the other.
    """
    whole = "\n".join(f"{place}\0{first}\0{said}" for place, first, said in lines)
    return sha256(whole.encode()).hexdigest()[:DIGITS_OF_A_DIGEST]
