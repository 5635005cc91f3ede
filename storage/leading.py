"""Which of several workers leads: sends, polls, and does what must not be done twice at once.

A SQLite file has one process, which leads. On PostgreSQL any number of workers share the inbox and
what is due, and the one that holds the lead does the rest.
"""

from collections.abc import Callable
from typing import Protocol

from storage.location import sqlite_path


class Leading(Protocol):
    """One worker's part in it. Instants are seconds of a clock that only ever grows.

    `workers` is how many there were at the last look, this one included.
    """

    workers: int
    is_shared: bool
    """Whether there can be several."""

    async def look(self, at: float) -> bool:
        """Take the lead if nobody has it; say whether this worker leads. `at` is the present."""

    def holds(self, at: float) -> bool:
        """Say, without asking anybody, whether the lead is certainly still this worker's."""

    def call(self) -> None:
        """Let the leader know that there is something to send; where it is lost it looks anyway."""

    async def close(self) -> None:
        """Let go of the lead."""


class Alone:
    """The lead of the only process."""

    workers = 1
    is_shared = False

    async def look(self, at: float) -> bool:  # noqa: ARG002 - as in `Leading`
        """It leads."""
        return True

    def holds(self, at: float) -> bool:  # noqa: ARG002 - as in `Leading`
        """It does."""
        return True

    def call(self) -> None:
        """Nobody else is there."""

    async def close(self) -> None:
        """Nothing is held."""


def leading_of(url: str, called: Callable[[], None]) -> Leading:
    """Return a worker's part in leading the bot of a database.

    `called` is told when another worker has put something into the outbox.
    """
    if sqlite_path(url) is not None:
        return Alone()
    from storage.postgres_leading import PostgresLeading  # noqa: PLC0415 - only where its driver is

    return PostgresLeading(url, called)
