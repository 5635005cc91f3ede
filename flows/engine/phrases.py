"""What the bot says to patients outside a protocol's own texts, by language.

The words stand in `flows/phrases/<language>.toml`; a language without one of them falls back
to English, so that nobody is met with silence.

Hazards: H42.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flows.reviews import ABOUT, Review, review_of

ENGLISH = "en"
FOLDER = files("flows.phrases")


@cache
def read(language: str) -> Mapping[str, Any]:
    """Return a language's own file; empty where there is none."""
    file = FOLDER.joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


@cache
def phrases(language: str) -> dict[str, str]:
    """Return every phrase of a language by its name."""
    found = {name: text for name, text in read(language).items() if name not in ABOUT}
    return found if language == ENGLISH else phrases(ENGLISH) | found


@cache
def review(language: str) -> Review | None:
    """Return who has reviewed a language's phrases; None for English, or where there are none."""
    if language == ENGLISH or not read(language):
        return None
    english, own = phrases(ENGLISH), phrases(language)
    names = sorted(english.keys() | own.keys())
    return review_of(read(language), ((name, english.get(name), own.get(name)) for name in names))


def is_reviewed(language: str) -> bool:
    """Whether a native speaker has reviewed a language's phrases; English needs no translation."""
    found = review(language)
    return found is None or found.counts
