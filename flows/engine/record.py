"""Everything that is stored about one case, as decisions see it; each class is a table's row.

Rows are immutable: a decision replaces them, and what differs afterwards is what is saved.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal

from flows.derived import Earlier
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import Alert, Told
from flows.schedule import Session
from flows.verdict import Fired, Level

Stage = Literal[
    "invited", "asked_consent", "asked_facts", "test_message", "pairing", "active",
    "declined", "refused", "stopped",
]  # fmt: skip
"""How far an enrolment has come. Check-ins are sent to `active` patients only."""

CONTENT_DIGITS = 8
"""Hexadecimal digits in a content's name: two of one alert are alike once in 4,000,000,000."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A person under a case code, on one protocol version.

    `name` is the first name that the chat app shows. `ticked` holds the facts ticked so far at
    enrolment. `current` is the key of the check-in that typed words belong to. `quiet` are the
    patient's own quiet hours, as two times like "21:00". Since `doubted_at`
    nobody knows whether the chat is still theirs; at `recognised_at` staff last said that it is.
    `moving_to` is a chat that may be theirs by now, and that nobody has confirmed yet.
    """

    code: str
    protocol: str
    stage: Stage
    language: str
    zone: str
    chat_id: int | None = None
    name: str = ""
    profile: Mapping[str, object] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    consent: str = ""
    consented_at: datetime | None = None
    confirmed_by: int | None = None
    current: str = ""
    reports: int = 0
    quiet: tuple[str, str] | None = None
    paused_until: datetime | None = None
    unreachable_since: datetime | None = None
    doubted_at: datetime | None = None
    recognised_at: datetime | None = None
    moving_to: int | None = None
    moving_name: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One session as it is stored: what `flows.schedule.Session` needs, and the product's lot."""

    session: Session
    lot: str = ""


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """What staff are told about a case until somebody has taken care of it.

    `said` holds lines in the patient's words, `because` every rule that fired. `event` names a
    silence that raised it; then the patient may not have said anything. `enclosed` counts the
    photos and other things without words that came. `serious_in` are the sessions after which
    something urgent was said. `version` counts what is shown on the card, so that a card with an
    older one is refreshed.
    """

    key: str
    code: str
    level: Level
    raised_at: datetime
    opened_at: datetime
    session: int
    hours: float
    check_in: str = ""
    event: str = ""
    route: Literal["call_list"] | None = None
    said: tuple[str, ...] = ()
    because: tuple[Fired, ...] = ()
    enclosed: int = 0
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    contacted_by: int | None = None
    contacted_at: datetime | None = None
    resolved_by: int | None = None
    resolved_at: datetime | None = None
    outcome: str = ""
    choosing_outcome: bool = False
    notified: tuple[Told, ...] = ()
    serious_in: tuple[int, ...] = ()
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.resolved_at is None

    @property
    def has_risen(self) -> bool:
        """Whether it was opened at a lower level than it has now."""
        return self.opened_at < self.raised_at

    @property
    def content(self) -> str:
        """A short name of what its card says of the patient, for the buttons below it.

        It is another one once the level, what was said or sent, or why differ, and the same
        whatever staff did meanwhile.
        """
        why = sorted((one.rule, int(one.level), one.reason) for one in self.because)
        sent = [self.enclosed] if self.enclosed else []
        told = json.dumps([int(self.level), self.said, why, *sent])
        return sha256(told.encode()).hexdigest()[:CONTENT_DIGITS]

    @property
    def facts(self) -> Alert:
        """What `flows.escalation` decides on."""
        return Alert(
            self.level, self.raised_at, self.opened_at, self.route, self.claimed_by,
            self.claimed_at, self.contacted_at, self.resolved_at, self.notified,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One case: the patient, the visits, every check-in in order of time, every alert.

    `alerts` holds closed ones too; `alerts_so_far` counts them, so that each gets a key of its own.
    """

    patient: Patient
    visits: tuple[Visit, ...] = ()
    check_ins: Mapping[str, StoredCheckIn] = field(default_factory=dict)
    alerts: Mapping[str, StoredAlert] = field(default_factory=dict)
    alerts_so_far: int = 0

    @property
    def open_alerts(self) -> Iterator[StoredAlert]:
        """Every alert that nobody has closed, the oldest first."""
        return (alert for alert in self.alerts.values() if alert.is_open)

    @property
    def case_level(self) -> str:
        """The highest level of an open alert, which the case keeps; `none` without one."""
        return str(max((alert.level for alert in self.open_alerts), default="none"))

    def visit(self, number: int) -> Visit:
        """Return one session of the course."""
        return next(visit for visit in self.visits if visit.session.number == number)

    @property
    def last_visit(self) -> Visit:
        """The latest session, which what a patient reports unasked belongs to."""
        return max(self.visits, key=lambda visit: visit.session.number)

    def before(self, check_in: StoredCheckIn) -> tuple[Earlier, ...]:
        """Return the other check-ins of its session that have answers, the oldest first."""
        found = [
            other
            for other in self.check_ins.values()
            if other.session == check_in.session and other.key != check_in.key and other.answers
            and not (check_in.answered_at and other.answered_at
                     and other.answered_at > check_in.answered_at)
        ]  # fmt: skip
        found.sort(key=lambda other: other.answered_hours)
        return tuple(other.earlier for other in found)

    def last_level(self, check_in: StoredCheckIn) -> Level | None:
        """Return the level of the latest other check-in of the case that was answered."""
        answered = [
            (other.answered_at, other.level)
            for other in self.check_ins.values()
            if other.key != check_in.key and other.answered_at and other.level is not None
        ]
        return max(answered, key=lambda pair: pair[0])[1] if answered else None

    def misses(self, check_in: StoredCheckIn) -> int:
        """Return how many check-ins in a row, up to this one, had no answer at all."""
        asked = sorted(
            (other for other in self.check_ins.values()
             if other.sent_at and check_in.sent_at and other.sent_at <= check_in.sent_at
             and other.purpose == "check_in"),
            key=lambda other: other.sent_at or other.due_at, reverse=True,
        )  # fmt: skip
        count = 0
        for other in asked:
            if other.answered_at:
                break
            count += 1
        return count

    def with_patient(self, **changes: object) -> "Record":
        """Return the record with some of the patient's fields changed."""
        return replace(self, patient=replace(self.patient, **changes))  # type: ignore[arg-type]

    def with_check_in(self, check_in: StoredCheckIn) -> "Record":
        """Return the record with one check-in put in its place."""
        return replace(self, check_ins={**self.check_ins, check_in.key: check_in})

    def with_alert(self, alert: StoredAlert) -> "Record":
        """Return the record with one alert put in its place."""
        return replace(self, alerts={**self.alerts, alert.key: alert})
