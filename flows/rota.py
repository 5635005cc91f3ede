"""Who is on call when: shifts, the hand-over between two of them, and who stands in on days off.

A shift that somebody takes themselves counts at once. One that was planned for them counts from
when they have accepted it, and until then whoever was on call before stays. So nobody is on call
without knowing it, and a hand-over that nobody hears leaves no gap.

Hazards: H28.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pydantic.dataclasses import dataclass

from flows.clinic_hours import Instant


@dataclass(frozen=True)
class Shift:
    """One person on call from `start` until just before `end`, so a hand-over has no gap.

    `number` is what it is stored under.
    """

    staff: int
    start: Instant
    end: Instant
    accepted: bool = True
    number: int = 0


@dataclass(frozen=True)
class DaysOff:
    """Somebody is away from `start` until just before `end`, and `cover` stands in.

    `number` is what it is stored under.
    """

    staff: int
    start: Instant
    end: Instant
    cover: int
    number: int = 0


def on_call(rota: Sequence[Shift], at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that count at an instant, in the order of the rota.

    Where every shift of that time waits to be accepted, those count that were to end when the
    first of them began, however many in between nobody has accepted either.
    """
    present = [one for one in rota if one.start <= at < one.end]
    taken = tuple(one for one in present if one.accepted)
    if taken or not present:
        return taken
    begun = min(one.start for one in present)
    while earlier := [
        one.start for one in rota if not one.accepted and one.start < begun <= one.end
    ]:
        begun = min(earlier)
    ended = [one for one in rota if one.accepted and begun <= one.end <= at]
    last = max((one.end for one in ended), default=at)
    return tuple(one for one in ended if one.end == last)


def given_up(rota: Sequence[Shift], staff: int, at: datetime) -> list[Shift]:
    """Return the shifts to take off the rota so that somebody is not on call any more.

    Those by which they are or stay on call, and with them the ended ones that would now count for
    others: somebody who went home long ago is not put on call because a colleague goes.
    """
    before = on_call(rota, at)
    gone = [one for one in before if one.staff == staff]
    others = {one.staff for one in before} - {staff}
    while gone:
        left = on_call([one for one in rota if one not in gone], at)
        back = [one for one in left if one.staff not in others]
        if not back:
            break
        gone += back
    return gone


def covered(shift: Shift, days_off: Sequence[DaysOff]) -> tuple[Shift, ...]:
    """Return a shift in parts: whoever stands in has to accept theirs.

    Who stands in may be away themselves, and then whoever stands in for them; the same days off
    are looked at once, so that two who stand in for each other end with one of the two.
    """
    for place, away in enumerate(days_off):
        start, end = max(shift.start, away.start), min(shift.end, away.end)
        if away.staff != shift.staff or start >= end:
            continue
        rest = (*days_off[:place], *days_off[place + 1 :])
        instead = replace(shift, staff=away.cover, start=start, end=end, accepted=False)
        before = replace(shift, end=start)
        after = replace(shift, start=end)
        parts = (*covered(before, rest), *covered(instead, rest), *covered(after, rest))
        return tuple(part for part in parts if part.start < part.end)
    return (shift,)
