"""What staff say of one visit, checked before anything is stored of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import known_zone
from flows.lots import same_lot
from flows.protocol import Protocol
from flows.schedule import Session
from flows.staff_language import _

AHEAD = timedelta(minutes=5)
"""So far ahead of ours may the clock be that a session's time is read from (own choice)."""

OLDEST = timedelta(days=14)
"""A session longer ago than this is taken for a mistyped date (own choice)."""

LOT = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")


class EnrolmentError(ValueError):
    """What was asked for cannot be enrolled; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """What staff say of a visit; `session_at` is when it ended, with its zone.

    `treatment` holds treatment ids joined by +. Without an `area` it is the treatment's usual
    one. `code` is the case code wanted, `zone` the patient's time zone where it is not the
    clinic's.
    """

    treatment: str
    session_at: datetime
    area: str | None = None
    lot: str = ""
    code: str | None = None
    zone: str | None = None


def checked_session(
    protocol: Protocol, request: EnrolmentRequest, number: int, zone: str, now: datetime
) -> Session:
    """Return the session of a request, known from now on.

    Raises:
        EnrolmentError: its treatment, area, time or zone is none.
    """
    checked_lot(request.lot)
    try:
        known_zone(zone)
        parts = protocol.components(request.treatment)
    except ValueError as error:
        raise EnrolmentError(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    area = checked_area(protocol, parts, request.area)
    ended = checked_time(request.session_at, now)
    return Session(number, "+".join(parts), ended, now, zone, area)


def checked_area(protocol: Protocol, parts: Sequence[str], area: str | None) -> str:
    """Return the area, the usual one where it was left out and there is just one.

    Raises:
        EnrolmentError: it is none of the protocol's, or the treatments have different usual ones.
    """
    if area is not None:
        if area in protocol.areas:
            return area
        known = ", ".join(protocol.areas)
        raise EnrolmentError(
            _("There is no area «{area}»; this protocol has {known}.", area=area[:40], known=known)
        )
    usual = usual_areas(protocol, parts)
    if len(usual) > 1:
        raise EnrolmentError(
            _(
                "Say which area was treated: {names}. What is asked depends on it.",
                names=" or ".join(usual),
            )
        )
    return usual[0]


def usual_areas(protocol: Protocol, parts: Sequence[str]) -> list[str]:
    """Return the usual areas of treatments, each once."""
    return list(dict.fromkeys(protocol.treatments[part].usual_area for part in parts))


def checked_time(session_at: datetime, now: datetime) -> datetime:
    """Return when a session ended, which cannot be later than now.

    Raises:
        EnrolmentError: it lies ahead, or too long ago.
    """
    if session_at.utcoffset() is None:
        raise EnrolmentError(_("The session's time needs its zone, like 2026-11-24T14:30+01:00."))
    if session_at > now + AHEAD:
        raise EnrolmentError(
            _(
                "The session's time lies ahead. If it was another day, write the date too, "
                "like 2026-11-24T14:30; enrol after the session, not before."
            )
        )
    if session_at < now - OLDEST:
        raise EnrolmentError(
            _(
                "The session's time is more than {days} days ago. Look at the date again; "
                "after so long, check-ins begin with the next session.",
                days=OLDEST.days,
            )
        )
    return min(session_at, now)


def checked_lot(text: str) -> str:
    """Return a product's lot number as it is stored, in capitals; empty stays empty.

    Raises:
        EnrolmentError: it cannot be one.
    """
    lot = same_lot(text)
    if lot and not LOT.fullmatch(lot):
        raise EnrolmentError(
            _(
                "A lot number has up to 40 letters, digits and . / _ -, a digit among them, "
                "like AB12."
            )
        )
    return lot
