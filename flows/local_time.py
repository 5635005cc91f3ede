"""A local wall time as an instant: the one rule for hours that a clock change skips or repeats.

Hazards: H11.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def wall_time(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local wall time in UTC.

    `fold=0` (PEP 495): a time that the clocks skip goes to later by the skipped span, and of a
    time that they repeat it is the first (docs/sources.md, clock-changes).
    """
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone).astimezone(UTC)
