"""Twelve named points (docs/sources.md, crash-points), before and after each, and two more."""

from random import Random
from typing import Final, NamedTuple


class Spot(NamedTuple):
    """Where a process is killed: the point, the side of it, and the how-manieth time it passes."""

    point: str
    side: str
    time: int

    @property
    def where(self) -> str:
        """The point and the side, in words."""
        return f"{self.point}, {self.side}"


BEFORE, AFTER = "before", "after"

POINTS: Final = {
    "fetch": "updates are asked for / are here, and not stored",
    "inbox commit": "the inbox's rows are written, and not committed / committed",
    "offset": "the call that confirms updates goes out / has arrived at Telegram",
    "handler": "an update is about to be worked on / everything it causes is written",
    "commit": "that is about to be committed / committed, and nobody was told",
    "callback answer": "a press is about to be answered / was",
    "claim": "messages are taken to be sent, and not committed / committed",
    "POST bytes": "a message is about to go / its bytes have gone, and Telegram does nothing",
    "response": "Telegram has sent a message, and the answer is lost / the answer is here",
    "finalise": "that a message went is about to be committed / committed",
    "edit": "a message is about to be changed / was",
    "backup": "a copy is complete, and without its name / has its name",
}
"""Each point, and what is true before / after it."""

WORDS: Final = ("words", BEFORE)
ALERT: Final = ("alert POST", AFTER)
BESIDES: Final = {
    WORDS: "a patient's words are about to be worked on",
    ALERT: "what staff are to see of an alert has gone, and Telegram does nothing",
}
"""Two moments more, at which somebody writes, so that they come: a lost one is heard of."""

BY_STAND_IN: Final = frozenset(
    {("offset", AFTER), ("POST bytes", AFTER), ("response", BEFORE), ALERT}
)
"""At these moments the process waits for an answer: only the stand-in knows, and has it killed."""

SPOTS: Final = (*((point, side) for point in POINTS for side in (BEFORE, AFTER)), *BESIDES)
BACKUP: Final = "backup"
LATEST: Final = 6
"""A point is struck at when it is passed for the first to the sixth time."""


def planned(each: int, random: Random) -> list[Spot]:
    """Return every moment so many times, in any order."""
    spots = [
        Spot(*spot, 1 if spot in BESIDES else random.randint(1, LATEST))
        for spot in SPOTS for _ in range(each)
    ]  # fmt: skip
    random.shuffle(spots)
    return spots
