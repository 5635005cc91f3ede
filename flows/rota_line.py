"""What an admin or a doctor types to plan the rota: `Ben fri 18:00 mon 08:00 for 8 weeks`."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from flows.clinic_hours import DAYS
from flows.local_time import wall_time
from flows.staff_language import N_, _

DAY: Final = rf"(?:{'|'.join(DAYS)})|\d{{4}}-\d\d-\d\d"
CLOCK: Final = r"([01]?\d|2[0-3]):[0-5]\d"
PLAN: Final = re.compile(
    rf"(?P<name>\S.*?)\s+(?P<from_day>{DAY})\s+(?P<from_time>{CLOCK})\s+(?:to\s+)?"
    rf"(?P<to_day>{DAY})\s+(?P<to_time>{CLOCK})(?:\s+for\s+(?P<weeks>\d\d?)\s+weeks?)?",
    re.IGNORECASE,
)
AWAY: Final = re.compile(
    rf"(?P<name>\S.*?)\s+(?P<from_day>{DAY})\s+(?:to\s+)?(?P<to_day>{DAY})\s+cover\s+(?P<cover>\S.*)",
    re.IGNORECASE,
)
WEEK: Final = timedelta(days=7)
LONGEST: Final = WEEK
MOST_WEEKS: Final = 26
LONGEST_AWAY: Final = timedelta(days=366)
"""One shift, weeks planned ahead, days off: longer ones are more likely typed wrongly (own choice:
a week on call, half a year, a year)."""

LIKE_PLAN: Final = N_(
    "Write for example /oncall plan Ben fri 18:00 mon 08:00, or with a date, "
    "/oncall plan Ben 2026-12-24 18:00 2026-12-27 08:00; «for 8 weeks» at the "
    "end repeats it."
)
LIKE_AWAY: Final = N_(
    "Write for example /oncall away Ben 2026-12-24 2027-01-02 cover Cleo: both days are days off."
)


class RotaError(ValueError):
    """A line for the rota that cannot be taken; the sentence says why, and how to write it."""


class Plan(NamedTuple):
    """Somebody by name, and each time they are to be on call."""

    name: str
    spells: tuple[tuple[datetime, datetime], ...]


class Away(NamedTuple):
    """Somebody by name who is away between two instants, and who stands in."""

    name: str
    start: datetime
    end: datetime
    cover: str


def read_plan(text: str, zone: ZoneInfo, now: datetime) -> Plan:
    """Read a plan by the clinic's wall clock; a weekday is the next one.

    Raises:
        RotaError: it is none, lies behind, or is too long.
    """
    found = PLAN.fullmatch(text.strip())
    if found is None:
        raise RotaError(_("I did not understand that. {like_plan}", like_plan=LIKE_PLAN))
    start = wall(found["from_day"], found["from_time"], zone, now)
    end = wall(found["to_day"], found["to_time"], zone, start)
    weeks = int(found["weeks"] or 1)
    if end <= now or end <= start:
        raise RotaError(
            _("That is over already, or ends before it begins. {like_plan}", like_plan=LIKE_PLAN)
        )
    if end - start > LONGEST or not 1 <= weeks <= MOST_WEEKS:
        raise RotaError(
            _(
                "A shift has at most 7 days, and 1 to {most_weeks} weeks. {like_plan}",
                most_weeks=MOST_WEEKS,
                like_plan=LIKE_PLAN,
            )
        )
    return Plan(found["name"], tuple(repeated(start, end, weeks, zone)))


def repeated(
    start: datetime, end: datetime, weeks: int, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield a shift of each week, at the same hours of the wall clock."""
    for number in range(weeks):
        yield later(start, number, zone), later(end, number, zone)


def later(moment: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """Return the same weekday and hour some weeks later."""
    local = moment.astimezone(zone)
    return wall_time(local.date() + weeks * WEEK, local.time(), zone)


def read_away(text: str, zone: ZoneInfo, now: datetime) -> Away:
    """Read days off by the clinic's calendar.

    Raises:
        RotaError: they are none, lie behind, or are too many.
    """
    found = AWAY.fullmatch(text.strip())
    if found is None:
        raise RotaError(_("I did not understand that. {like_away}", like_away=LIKE_AWAY))
    midnight = "00:00"
    start = wall(found["from_day"], midnight, zone, now - timedelta(days=1))
    last = wall(found["to_day"], midnight, zone, start - timedelta(seconds=1))
    end = wall_time(last.astimezone(zone).date() + timedelta(days=1), time(), zone)
    if end <= now or last < start:
        raise RotaError(
            _("That is over already, or ends before it begins. {like_away}", like_away=LIKE_AWAY)
        )
    if end - start > LONGEST_AWAY:
        raise RotaError(_("Days off are at most a year. {like_away}", like_away=LIKE_AWAY))
    return Away(found["name"], start, end, found["cover"])


def wall(day: str, clock: str, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the instant of a date or of the next such weekday after an instant.

    Raises:
        RotaError: there is no such date.
    """
    hour, minute = map(int, clock.split(":"))
    at = time(hour, minute)
    if day.lower() not in DAYS:
        try:
            return wall_time(date.fromisoformat(day), at, zone)
        except ValueError:
            raise RotaError(
                _("There is no day {day}. {like_plan}", day=day, like_plan=LIKE_PLAN)
            ) from None
    local = after.astimezone(zone)
    ahead = (DAYS.index(day.lower()) - local.weekday()) % 7
    found = wall_time(local.date() + timedelta(days=ahead), at, zone)
    return found if found > after else wall_time(found.astimezone(zone).date() + WEEK, at, zone)
