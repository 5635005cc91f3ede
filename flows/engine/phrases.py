"""What the bot says to patients outside a protocol's own texts, by language.

The words stand in `flows/phrases/<language>.toml`; a language without one of them falls back
to English, so that nobody is met with silence.
"""

import tomllib
from functools import cache
from importlib.resources import files

ENGLISH = "en"


@cache
def phrases(language: str) -> dict[str, str]:
    """Return every phrase of a language by its name."""
    file = files("flows.phrases").joinpath(f"{language}.toml")
    found: dict[str, str] = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found if language == ENGLISH else phrases(ENGLISH) | found
