"""The hours of the patient's wall clock in which nothing is sent."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.local_time import wall_time
from flows.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Quiet:
    """The protocol's quiet hours on the wall clock of one zone; both edges are outside."""

    start: time
    end: time
    zone: ZoneInfo

    def covers(self, instant: datetime) -> bool:
        """Whether the wall clock lies strictly between the edges."""
        wall = instant.astimezone(self.zone).time()
        if self.start > self.end:
            return wall > self.start or wall < self.end
        return self.start < wall < self.end

    def edges(self, instant: datetime) -> tuple[datetime, datetime]:
        """Return start and end, in UTC, of the quiet hours that cover `instant`."""
        wall = instant.astimezone(self.zone)
        night = timedelta(days=1 if self.start > self.end else 0)
        first = wall.date() - night if wall.time() < self.end else wall.date()
        return wall_time(first, self.start, self.zone), wall_time(
            first + night, self.end, self.zone
        )

    def moved(self, instant: datetime, soonest: datetime, evening: date | None) -> datetime:
        """Return `instant`, or the nearest edge of the quiet hours that cover it.

        A tie goes to the earlier edge: what is asked too soon is asked again at the next
        check-in. Quiet hours that start on the day `evening` always send it to their start.
        A start before `soonest` does not count, nor one that the clocks skip that night.
        """
        if not self.covers(instant):
            return instant
        start, end = self.edges(instant)
        usable = start >= soonest and not self.covers(start)
        same_evening = start.astimezone(self.zone).date() == evening
        return start if usable and (same_evening or instant - start <= end - instant) else end

    def held(self, instant: datetime) -> datetime:
        """Return `instant`, or the end of the quiet hours that cover it."""
        return self.edges(instant)[1] if self.covers(instant) else instant


def quiet_hours(protocol: Protocol, zone: str) -> Quiet:
    """Return the protocol's quiet hours in the IANA zone `zone`.

    Raises:
        ZoneInfoNotFoundError: there is no such zone.
    """
    table = protocol.quiet_hours
    return Quiet(time.fromisoformat(table.start), time.fromisoformat(table.end), ZoneInfo(zone))
