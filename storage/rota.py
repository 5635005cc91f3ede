"""The rota: shifts, who has accepted them, and days off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from flows.rota import DaysOff, Shift, given_up
from storage.instants import instant, stored
from storage.transaction import Query, Row, Transaction

KEPT: Final = timedelta(days=14)
"""So long a shift that has ended can still say who was on call before one that waits: twice the
longest shift."""

ROTA = "SELECT * FROM shift WHERE ends_at > :since ORDER BY starts_at, id"
SHIFT = "SELECT * FROM shift WHERE id = :id {for_update}"
PUT = """
    INSERT INTO shift (user_id, starts_at, ends_at, accepted_at)
    VALUES (:user_id, :starts_at, :ends_at, :accepted_at)
    RETURNING id
"""
ACCEPT = """
    UPDATE shift SET accepted_at = :now
    WHERE id = :id AND user_id = :user_id AND accepted_at IS NULL
      AND starts_at <= :now AND ends_at > :now
    RETURNING id
"""
DROP = "DELETE FROM shift WHERE id = :id RETURNING *"
DROP_DAYS_OFF = "DELETE FROM day_off WHERE id = :id RETURNING *"
DAYS_OFF = "SELECT * FROM day_off WHERE ends_at > :now ORDER BY starts_at, id"
PUT_DAYS_OFF = """
    INSERT INTO day_off (user_id, starts_at, ends_at, cover)
    VALUES (:user_id, :starts_at, :ends_at, :cover)
"""


def rota(now: datetime) -> Transaction[tuple[Shift, ...]]:
    """Return the shifts that have not ended, and those of a while before."""
    rows = yield Query(ROTA, {"since": stored(now - KEPT)})
    return tuple(shift_of(row) for row in rows)


def shift(number: int) -> Transaction[Shift | None]:
    """Return one shift, held until the end."""
    rows = yield Query(SHIFT, {"id": number})
    return shift_of(rows[0]) if rows else None


def put(one: Shift, now: datetime) -> Transaction[Shift]:
    """Put a shift on the rota, and return it with its number."""
    rows = yield Query(PUT, {
        "user_id": one.staff, "starts_at": stored(one.start), "ends_at": stored(one.end),
        "accepted_at": stored(now) if one.accepted else None,
    })  # fmt: skip
    return Shift(one.staff, one.start, one.end, one.accepted, int(rows[0]["id"]))


def accept(number: int, user_id: int, now: datetime) -> Transaction[bool]:
    """Accept a shift for whom it was planned.

    False: it is another's, was accepted before, has ended, has not begun, or is there no more. One
    that has not begun was not asked about: the button is of an earlier one with its number.
    """
    values = {"id": number, "user_id": user_id, "now": stored(now)}
    return bool((yield Query(ACCEPT, values)))


def end_shifts(user_id: int, now: datetime) -> Transaction[int]:
    """End the shifts by which somebody is or stays on call; return how many went off the rota.

    They said so themselves, so they do not stay on call until the next one has accepted.
    """
    ended = given_up((yield from rota(now)), user_id, now)
    for one in ended:
        yield from drop(one.number)
    return len(ended)


def drop(number: int) -> Transaction[Shift | None]:
    """Take a shift off the rota, and return it; None where it was not there."""
    rows = yield Query(DROP, {"id": number})
    return shift_of(rows[0]) if rows else None


def days_off(now: datetime) -> Transaction[tuple[DaysOff, ...]]:
    """Return who is away, now and later."""
    rows = yield Query(DAYS_OFF, {"now": stored(now)})
    return tuple(days_off_of(row) for row in rows)


def put_days_off(away: DaysOff) -> Transaction[None]:
    """Note days off, and who stands in."""
    yield Query(PUT_DAYS_OFF, {
        "user_id": away.staff, "starts_at": stored(away.start), "ends_at": stored(away.end),
        "cover": away.cover,
    })  # fmt: skip


def drop_days_off(number: int) -> Transaction[DaysOff | None]:
    """Forget days off, and return them; None where they were not there."""
    rows = yield Query(DROP_DAYS_OFF, {"id": number})
    return days_off_of(rows[0]) if rows else None


def of_person(found: Iterable[Shift], user_id: int, now: datetime) -> list[Shift]:
    """Return the shifts of one person that have not ended."""
    return [one for one in found if one.staff == user_id and one.end > now]


def shift_of(row: Row) -> Shift:
    """Return a shift as stored."""
    return Shift(
        row["user_id"], instant(row["starts_at"]), instant(row["ends_at"]),
        row["accepted_at"] is not None, int(row["id"]),
    )  # fmt: skip


def days_off_of(row: Row) -> DaysOff:
    """Return days off as stored."""
    return DaysOff(
        row["user_id"], instant(row["starts_at"]), instant(row["ends_at"]), row["cover"],
        int(row["id"]),
    )  # fmt: skip
