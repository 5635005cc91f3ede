"""Around the open alerts: who is on call, who waits to be confirmed, what was closed lately."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.board.clocks import when
from bot.staff.roster import member_line
from flows.engine.cards import waited
from flows.escalation import Clinic
from flows.roster import present
from flows.rota import on_call
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import board_now
from storage.board_now import Closed
from storage.transaction import Transaction

LATELY: Final = timedelta(days=7)
"""So long a closed case can be found on the page itself (own choice: a week of shifts)."""

MOST_CLOSED: Final = 40
"""So many closed alerts are listed (own choice); any other case opens by its code."""

MOST_PLANNED: Final = 10
"""So many coming shifts are listed; `/oncall` has them all (own choice)."""

NOBODY: Final = N_("Nobody is on call: alerts go to everyone.")


class ClosedLine(NamedTuple):
    """A closed alert: its key, its case, and what became of it."""

    key: str
    code: str
    text: str


def on_call_lines(clinic: Clinic, now: datetime) -> list[str]:
    """Return who is on call and until when, a line for each: `On call until 18:00: Ben`."""
    members = {one.id: one for one in clinic.roster if one.takes_alerts}
    found = []
    for shift in on_call(clinic.rota, now):
        member = members.get(shift.staff)
        if member is None:
            continue
        words = N_("On call until {time}: {name}")
        if shift.end <= now:
            words = N_("On call since {time}, when nobody took over: {name}")
        warning = "" if member.reachable else " " + _("(cannot be reached in private)")
        until = when(shift.end, now, clinic.hours.zone)
        found.append(_(words, time=until, name=member.name) + warning)
    return found or [_(NOBODY)]


def roster_lines(clinic: Clinic) -> list[str]:
    """Return who is on the roster, in which role, and how they are reached."""
    return [member_line(one) for one in present(clinic.roster)]


def planned_lines(clinic: Clinic, now: datetime) -> list[str]:
    """Return who is to be on call next, and from when to when."""
    names, zone = {one.id: one.name for one in present(clinic.roster)}, clinic.hours.zone
    coming = [one for one in clinic.rota if one.start > now and one.staff in names][:MOST_PLANNED]
    return [
        _(
            "{name}: {start} to {end}",
            name=names[one.staff],
            start=when(one.start, now, zone),
            end=when(one.end, now, zone),
        )
        for one in coming
    ]


def pairing_lines(
    waiting: Sequence[tuple[str, datetime | None]], now: datetime
) -> list[tuple[str, str]]:
    """Return by case code for how long it has waited to be confirmed; empty where unknown."""
    return [(code, waited(now - since) if since else "") for code, since in waiting]


def closed_lately(clinic: Clinic, now: datetime) -> Transaction[list[ClosedLine]]:
    """Return what was closed in the last days, the latest first; one more than is listed."""
    found = yield from board_now.closed(now - LATELY, MOST_CLOSED + 1)
    return list(closed_lines(found, clinic, now))


def closed_lines(found: Sequence[Closed], clinic: Clinic, now: datetime) -> Iterator[ClosedLine]:
    """Yield each closed alert with its level, by whom it was closed, when, and how it ended."""
    names = {one.id: one.name for one in clinic.roster}
    for one in found:
        who = names.get(one.by) if one.by is not None else None
        line = _(
            "{level}, closed by {name}, {time}: {outcome}",
            level=restated(one.level.replace("_", " ")), name=who or _("the clinic"),
            time=when(one.at, now, clinic.hours.zone), outcome=restated(one.outcome),
        )  # fmt: skip
        yield ClosedLine(one.key, one.code, line)
