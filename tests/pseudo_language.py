"""A language that nobody speaks: each message that staff read becomes ⟦message⟧.

What a person reads outside of the brackets was not translated. The fixtures are for whoever imports
them; `tests/conftest.py` has none, as a test copies it alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from flows import staff_language

PSEUDO = "de"
"""A real language's code, so that Babel has names of days for it."""
OPENS, CLOSES = "⟦", "⟧"


def write_pseudo_language(folder: Path) -> None:
    """Write the catalogue of the pseudo-language, made from the template."""
    template = staff_language.CATALOGUES / staff_language.TEMPLATE
    with template.open("rb") as file:
        catalogue = read_po(file, locale=PSEUDO)
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = f"{OPENS}{message.id}{CLOSES}"
        elif message.id:
            message.string = tuple(f"{OPENS}{one}{CLOSES}" for one in message.id)
    with (folder / f"{PSEUDO}.po").open("wb") as file:
        write_po(file, catalogue)


def outside(text: str) -> str:
    """Return what of a text stands in no brackets."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == OPENS) - (sign == CLOSES)
        if depth == 0:
            left.append(" " if sign == CLOSES else sign)
    return "".join(left)


@pytest.fixture
def speaks(tmp_path_factory, monkeypatch) -> Iterator[Callable[[], None]]:
    """Let staff read the pseudo-language from when this is called; English after the test."""
    folder = tmp_path_factory.mktemp("catalogues")
    write_pseudo_language(folder)
    monkeypatch.setattr(staff_language, "CATALOGUES", folder)
    yield lambda: staff_language.speak(PSEUDO)
    staff_language.speak("en")


@pytest.fixture
def translated(speaks) -> None:
    """Let staff read the pseudo-language."""
    speaks()
