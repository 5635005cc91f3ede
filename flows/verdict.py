"""What sorting says: a level, the rules that raised it, and the protocol that says so."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How much a set of answers needs a person, from nothing to an ambulance."""

    EXPECTED = 0
    WATCH = 1
    FOLLOW_UP = 2
    URGENT = 3
    EMERGENCY = 4

    def __str__(self) -> str:
        """Return the word used in protocol files, in JSON and in the staff chat."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> "Level":
        """Return the level called `word`, such as `follow_up`.

        Raises:
            KeyError: there is no such level.
        """
        return LEVEL_WORDS[word]


LEVEL_WORDS = {level.name.lower(): level for level in Level}

ALERTING = Level.FOLLOW_UP
"""The lowest level that calls a person by itself; `watch` waits for the daily digest."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule that fired: its id, level, reason for staff, sources, and patient text."""

    rule: str
    level: Level
    reason: str
    source: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level of one set of answers and why.

    `because` holds every rule that fired, the highest level first, else in file order.
    `protocol` is `id@version`. `unclear` names the questions whose answer could not be
    read; each of them also raises the level, because unclear never counts as fine.
    `text` names the patient text that goes with the verdict.
    """

    level: Level
    because: tuple[Fired, ...]
    protocol: str
    text: str
    unclear: tuple[str, ...] = ()

    @property
    def own_level(self) -> Level:
        """The level these answers reach by themselves, without the open case's ratchet."""
        return max((one.level for one in self.own), default=Level.EXPECTED)

    @property
    def own(self) -> list[Fired]:
        """The rules that these answers fired by themselves, without the open case's ratchet."""
        return [one for one in self.because if one.rule != CASE_RULE]


CASE_RULE = "CASE"
"""The id under which an open case keeps its level (the protocol's `[case]` table)."""
