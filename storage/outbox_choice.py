"""Which pending messages go next. Pure: rows in, numbers out.

Hazards: H09.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.outbox_rows import CARD, Held, Lane

GATHERED = 20  # cards in one message at most: their buttons are one row each


@dataclass(frozen=True)
class Waiting:
    """A pending row, without its body."""

    id: int
    lane: Lane
    chat_id: int
    method: str
    not_before: datetime
    is_stuck: bool = False


@dataclass(frozen=True)
class Terms:
    """What a claim asks for.

    Args:
        now: The present.
        limit: Rows at most.
        bulk: Rows of the last two lanes at most; with none, those lanes are not looked at.
        busy: Chats into which something is on its way from here.
        shut: Chats that take not everything now, each with the first lane it does not take.
        gathering: Groups where up to twenty cards go as one message.
        second: Whether it is about what goes by a second channel; else all but that.
    """

    now: datetime
    limit: int = 50
    bulk: int = 50
    busy: frozenset[int] = frozenset()
    shut: Mapping[int, int] = field(default_factory=dict)
    gathering: frozenset[int] = frozenset()
    second: bool = False

    @property
    def last(self) -> Lane:
        """Return the last lane to look at."""
        return Lane.REST if self.bulk else Lane.REPLY


class Choice:
    """Goes through the pending rows, by lane, then by age, and takes those that may go.

    One a chat, and nothing past an older one of the same chat and lane, so that a chat reads
    in order; one that cannot be made or opened is passed, since it may never go. A row on its way
    holds its chat; one of a later lane does not hold an alert or a reply, which would otherwise
    wait behind a check-in that was claimed and not begun.
    """

    def __init__(self, terms: Terms, sending: Iterable[tuple[int, Lane]]) -> None:
        self.terms = terms
        self.full: set[int] = set(terms.busy)
        self.bulky: set[int] = set()
        for chat_id, lane in sending:
            (self.full if lane <= Lane.REPLY else self.bulky).add(chat_id)
        self.not_yet: set[tuple[int, Lane]] = set()
        self.cards: dict[int, int] = {}
        self.taken: list[int] = []
        self.bulk = 0
        self.held: dict[int, Held] = {}
        self.later: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether no more are wanted."""
        enough_bulk = 0 < self.terms.bulk <= self.bulk
        return enough_bulk or len(self.taken) >= self.terms.limit

    def look_at(self, row: Waiting) -> None:
        """Take a row, or note why not."""
        if row.not_before > self.terms.now:
            if not row.is_stuck:
                self.not_yet.add((row.chat_id, row.lane))
            self.later = min(self.later or row.not_before, row.not_before)
        elif (row.chat_id, row.lane) in self.not_yet:
            return
        elif row.method == CARD and 0 < self.cards.get(row.chat_id, 0) < GATHERED:
            self.take(row)
        elif self.may_go(row):
            if row.method == CARD and row.chat_id in self.terms.gathering:
                self.cards[row.chat_id] = 0
            self.full.add(row.chat_id)
            self.take(row)
        else:
            self.held.setdefault(row.chat_id, Held(row.lane, row.chat_id, row.method))

    def may_go(self, row: Waiting) -> bool:
        """Whether its chat takes it now."""
        if row.chat_id in self.full or row.lane >= self.terms.shut.get(row.chat_id, row.lane + 1):
            return False
        return row.lane <= Lane.REPLY or row.chat_id not in self.bulky

    def take(self, row: Waiting) -> None:
        """Take a row."""
        self.taken.append(row.id)
        self.bulk += row.lane > Lane.REPLY
        if row.chat_id in self.cards:
            self.cards[row.chat_id] += 1
