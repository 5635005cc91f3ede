"""A language that nobody speaks: each message that staff read becomes ⟦message⟧.

What a person reads outside of the brackets was not translated.
"""

from pathlib import Path

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
