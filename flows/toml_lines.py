"""Finding the line of a mistake: tomllib keeps no positions."""

import re
from collections.abc import Sequence

Location = Sequence[int | str]


def line_of(text: str, location: Location, words: str = "") -> int | None:
    """Return the line, from 1, of a table or of a key in it; None where it cannot be found.

    Args:
        text: the whole file.
        location: the names and places that lead there, as pydantic gives them:
            `("rules", 3, "level")` is `level` in the fourth `[[rules]]`.
        words: a text that stands in the table; its own line is the better answer.
    """
    lines = text.splitlines()
    start, rest = header_line(lines, location)
    if start is None:
        return None
    for number in range(start + 1, len(lines)):
        if lines[number].startswith("["):
            break
        if words and any(f"{quote}{words}{quote}" in lines[number] for quote in "\"'"):
            return number + 1
        if not words and rest and re.match(rf"\s*{re.escape(str(rest[0]))}\b[^=]*=", lines[number]):
            return number + 1
    return start + 1


def header_line(lines: list[str], location: Location) -> tuple[int | None, Location]:
    """Return the place of the table's header from 0, and what of the location is inside it."""
    headers = [line.split("#")[0].strip() for line in lines]
    if len(location) > 1 and isinstance(location[1], int):
        places = [n for n, header in enumerate(headers) if header == f"[[{location[0]}]]"]
        return (places[location[1]] if location[1] < len(places) else None), location[2:]
    for depth in range(len(location), 0, -1):
        header = f"[{'.'.join(map(str, location[:depth]))}]"
        if header in headers:
            return headers.index(header), location[depth:]
    return None, location
