"""When the clinic is open, and by when a patient may expect its call."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from flows.local_time import wall_time
from flows.tables import Escalation

DAY = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPELL = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC, where adding minutes is safe from clock changes.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone; give an instant, for example in UTC")
    return moment.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(utc)]


@dataclass(frozen=True)
class ClinicHours:
    """Opening times of the seven days from Monday, as (opens, closes) in local minutes of the day.

    On `holidays` the clinic is closed. What a clock change skips or repeats is as in `wall_time`.

    Raises:
        ValueError: not seven days, never open, or a time that closes before it opens.
    """

    zone: ZoneInfo
    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        spells = [spell for day in self.week for spell in day]
        if len(self.week) != len(DAYS) or not spells:
            raise ValueError("opening hours need seven days, at least one of them open")
        if not all(0 <= opens < closes <= DAY for opens, closes in spells):
            raise ValueError("each opening lies before its closing, and none goes past 24:00")

    @classmethod
    def weekly(
        cls, zone: str, week: Mapping[str, Sequence[str]], holidays: Collection[date] = ()
    ) -> "ClinicHours":
        """Build from words: `{"mon": ["09:00-13:00", "14:00-18:00"]}`; a missing day is closed.

        Raises:
            ValueError: a day or an opening time is not understood, or the class refuses them.
            ZoneInfoNotFoundError: there is no such time zone.
        """
        if unknown := set(week) - set(DAYS):
            raise ValueError(f"no such day: {', '.join(sorted(unknown))}; use {', '.join(DAYS)}")
        days = tuple(tuple(map(minutes_of_day, week.get(day, ()))) for day in DAYS)
        return cls(ZoneInfo(zone), days, frozenset(holidays))

    def opening(self, moment: datetime) -> tuple[datetime, datetime]:
        """Return the first open instant from `moment` on, and the last closing of that day."""
        days = (self._spells(day) for day in self._days(moment))
        return next(
            (max(moment, opens), max(closing for _, closing in spells))
            for spells in days
            for opens, closes in sorted(spells)
            if max(moment, opens) < closes
        )

    def next_at(self, clock: str, moment: datetime) -> datetime:
        """Return the first instant from `moment` on at which it is `clock`, such as "08:30"."""
        at = time.fromisoformat(clock)
        instants = (wall_time(day, at, self.zone) for day in self._days(moment))
        return next(instant for instant in instants if instant >= moment)

    def _days(self, moment: datetime) -> Iterator[date]:
        return map(date.fromordinal, count(moment.astimezone(self.zone).toordinal()))

    def _spells(self, day: date) -> list[tuple[datetime, datetime]]:
        week = () if day in self.holidays else self.week[day.weekday()]
        return [(self._instant(day, opens), self._instant(day, closes)) for opens, closes in week]

    def _instant(self, day: date, minute: int) -> datetime:
        nights, minute = divmod(minute, DAY)
        return wall_time(day + timedelta(nights), time(*divmod(minute, 60)), self.zone)


def minutes_of_day(text: str) -> tuple[int, int]:
    """Return "09:00-18:00" as minutes after midnight, (540, 1080).

    Raises:
        ValueError: the text has another form.
    """
    found = SPELL.fullmatch(text)
    if not found:
        raise ValueError(f"«{text}» is no opening time; write for example «09:00-18:00»")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    return 60 * hour + minute, 60 * last_hour + last_minute


def callback_by(hours: ClinicHours, rules: Escalation, raised_at: datetime) -> datetime:
    """Return by when the patient of a follow_up raised then may expect the clinic's call.

    With at least `follow_up_latest_minutes_before_closing` left it is the same day, else the
    next opening day. It lies that long before closing, so that who was not called can still
    phone; but never less than that long after the raise or the opening, so that the promise
    can be kept; and never after closing.

    Raises:
        ValueError: `raised_at` has no zone.
    """
    spare = timedelta(minutes=rules.follow_up_latest_minutes_before_closing)
    start, closes = hours.opening(utc(raised_at))
    if start + spare > closes:
        start, closes = hours.opening(closes)
    return min(closes, max(closes - spare, start + spare))
