"""What the doctor says: a line for each thing it looked at."""

from enum import Enum
from typing import NamedTuple


class Mark(Enum):
    """Whether something is well."""

    WELL = "✓"
    DOUBT = "!"
    BAD = "✗"


class Finding(NamedTuple):
    """One thing: whether it is well, what is so, and how to mend it where it is not."""

    mark: Mark
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """Return the line."""
        return " ".join(filter(None, (self.mark.value, self.what, self.mend)))


def well(what: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Mark.WELL, what)


def doubt(what: str, mend: str = "") -> Finding:
    """Return that something should be looked at, but stops nothing."""
    return Finding(Mark.DOUBT, what, mend)


def bad(what: str, mend: str = "") -> Finding:
    """Return that the bot cannot do its work like this."""
    return Finding(Mark.BAD, what, mend)
