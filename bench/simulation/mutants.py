"""Faults put into the product one at a time: a simulation that misses one does not look at enough.

They are in `mutants.toml`. Each is an edit of a copy of the source; what it replaces has to be
there exactly once.
"""

import tomllib
from pathlib import Path
from typing import Final, NamedTuple

PATH: Final = Path(__file__).with_suffix(".toml")


class Mutant(NamedTuple):
    """A fault in a sentence, and the edit that makes it."""

    what: str
    file: str
    before: str
    after: str


MUTANTS: Final = tuple(Mutant(**one) for one in tomllib.loads(PATH.read_text("utf-8"))["mutant"])
