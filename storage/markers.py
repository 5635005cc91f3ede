"""One text of a query for both engines: the markers of a text, as each engine writes them."""

import re
from functools import lru_cache

KEPT_TEXTS = 2048
"""How many texts are kept compiled: all that the program has, several times over."""

TOKEN = re.compile(
    r"""
      '(?:[^']|'')*'          # a string: it ends at a quote that is not doubled
    | "(?:[^"]|"")*"          # a quoted name
    | --[^\n]*                # a comment to the end of its line
    | /\*.*?\*/               # a comment in between
    | ::                      # a cast of PostgreSQL
    | :(?P<name>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(KEPT_TEXTS)
def for_sqlite(text: str) -> str:
    """Return the text for SQLite, which knows `:name` itself and has no row locks to ask for."""
    return unlocked(text)


def unlocked(text: str) -> str:
    """Return the text without what asks for row locks."""
    return text.replace("{for_update}", "").replace("{skip_locked}", "")


@lru_cache(KEPT_TEXTS)
def for_postgres(text: str, *, reading: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the text for PostgreSQL with `$1`, `$2`, …, and the names of their values in order.

    What looks like a marker inside a string, a quoted name, a comment or a cast stays as it is.
    `reading` asks for no row locks: who cannot write is refused them, and sees one view anyway.
    """
    places: dict[str, int] = {}

    def numbered(token: re.Match[str]) -> str:
        name = token["name"]
        return f"${places.setdefault(name, len(places) + 1)}" if name else token[0]

    if reading:
        return TOKEN.sub(numbered, unlocked(text)), tuple(places)
    locking = text.replace("{for_update}", "FOR UPDATE")
    locking = locking.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED")
    return TOKEN.sub(numbered, locking), tuple(places)
