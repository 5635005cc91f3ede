"""The rows that an export reads, as they are stored; instants are UTC text."""

from typing import NamedTuple


class Visit(NamedTuple):
    """One session."""

    code: str
    number: int
    treatment: str
    area: str | None
    lot: str | None
    ended_at: str


class CheckIn(NamedTuple):
    """One check-in, whatever became of it."""

    code: str
    key: str
    session: int
    purpose: str
    due_at: str
    state: str
    reason: str
    sent_at: str | None
    completed_at: str | None
    level: str | None


class Answered(NamedTuple):
    """The last revision of a check-in's answers."""

    code: str
    check_in: str
    revision: int
    at: str
    hours: float
    level: str
    protocol: str
    body: bytes


class Alert(NamedTuple):
    """One alert; what was answered is in its body."""

    code: str
    key: str
    level: str
    opened_at: str
    raised_at: str
    claimed_by: int | None
    claimed_at: str | None
    contacted_at: str | None
    resolved_at: str | None
    outcome: str | None
    body: bytes


class Written(NamedTuple):
    """What a patient wrote: words, or the words under a picture."""

    code: str
    at: str
    check_in: str | None
    alert: str | None
    body: bytes


class Act(NamedTuple):
    """One act of the audit trail; `allowed` is 0 where it was refused."""

    at: str
    name: str
    action: str
    code: str | None
    alert: str | None
    allowed: int
    detail: str


class AlertContent(NamedTuple):
    """What of an alert is sealed: the check-in it is about, or the silence that raised it.

    `said` holds lines in the patient's words; `rules` and `reasons` those that fired.
    """

    check_in: str
    event: str
    session: int
    hours: float
    said: tuple[str, ...]
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
