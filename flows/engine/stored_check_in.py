"""A check-in as it is stored: what was planned, asked and answered, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from flows.answers import UNCLEAR
from flows.conversation import State
from flows.derived import Earlier
from flows.schedule import Due, Purpose, Status
from flows.silence import SentCheckIn, Silent
from flows.verdict import Level

REPORT: Final = "report"


WATCHED: Final = ("check_in", REPORT)
"""Silence about results or an invitation to the next session is nobody's task."""


CheckInState = Literal[
    "planned",       # waits for its time
    "sent",          # asked, and not finished
    "complete",      # has its last answer
    "unanswered",    # a later check-in took its place before it was finished
    "collapsed",     # overdue together with a later one, which asks for both
    "missed_by_system",  # its time passed while nothing could be sent
    "unreachable",   # the patient cannot be written to
    "paused",        # a pause, or a chat that is not confirmed, keeps it back
    "cancelled",     # a next session, a stop or the end of the course took its reason away
    "skipped",       # never was to be sent: enrolled late, merged
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredCheckIn:
    """One planned set of questions, and what became of it.

    `key` is unique within the case: `1/check_in/24` or `report/2`. `covers` are the hours it
    stands for. `answers` are complete as stored at the last step, taken `answered_hours` after
    the session. `typed` remembers which message of the patient was read as which question's
    answer. `revision` counts the answers. At `refused_at` a chat that cannot be written to last
    refused its message: it is asked anew, by a message of its own.
    """

    key: str
    session: int
    purpose: Purpose | Literal["report"]
    hours: int
    due_at: datetime
    covers: tuple[int, ...] = ()
    state: CheckInState = "planned"
    reason: str = ""
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    completed_at: datetime | None = None
    answered_hours: float = 0.0
    level: Level | None = None
    message_id: int | None = None
    conversation: State | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    typed: tuple[tuple[int, str], ...] = ()
    produced: frozenset[Silent] = frozenset()
    revision: int = 0
    refused_at: datetime | None = None

    @property
    def kind(self) -> str:
        """The kind of `Occasion` whose questions it asks."""
        return "reminder" if self.purpose == "maintenance" else self.purpose

    @property
    def earlier(self) -> Earlier:
        """What later check-ins see of this one."""
        return Earlier(self.answered_hours, self.answers)

    def silence(self, last_level: Level | None) -> SentCheckIn:
        """Return the facts that the rules of silence look at."""
        assert self.sent_at is not None
        last = self.level if self.level is not None else last_level
        return SentCheckIn(
            self.sent_at, last, self.answered_at, self.completed_at is not None,
            self.reminded_at, self.produced,
        )  # fmt: skip


def planned(row: Due) -> StoredCheckIn:
    """Return a planned row as it is stored."""
    state: CheckInState = "planned"
    if not row.to_send:
        state = "cancelled" if row.status in CANCELLED else "skipped"
    reason = row.why if row.status is Status.PLANNED else f"{row.status}: {row.why}"
    return StoredCheckIn(
        row.key, row.session.number, row.purpose, row.hours, row.due_at, row.covers, state, reason
    )


CANCELLED = (Status.CANCELLED_BY_NEXT_SESSION, Status.COURSE_COMPLETE)


def worst_partial(answers: Mapping[str, object]) -> int:
    """Return the worst severity among answers, 0 where there is none; unclear counts as 2.

    An answer that nobody could read is no less than a moderate one (own choice).
    """
    ranks = [value for value in answers.values() if type(value) is int]
    unclear = [2 for value in answers.values() if value == UNCLEAR]
    return max([*ranks, *unclear], default=0)
