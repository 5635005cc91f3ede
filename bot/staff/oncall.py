"""The rota: who is on call, taking a shift, ending one."""

from datetime import datetime, timedelta

from bot.staff.asked import Asked, how_to_be_reached
from flows.engine.desk import Desk, day_and_time
from flows.escalation import Shift
from storage import clinic
from storage.rota import end_shifts
from storage.transaction import Transaction

USUAL_HOURS = 12
LONGEST_HOURS = 72
"""Hours of one shift, where none are said and at most (own choice: a long weekend)."""

EXAMPLE = "Write /oncall, /oncall me 12 (hours), or /oncall off."


def oncall_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Say who is on call, or take or end a shift."""
    match [word.lower() for word in words]:
        case []:
            yield from asked.answer((yield from now_on_call(asked)))
        case ["off"]:
            yield from off(asked)
        case ["me"]:
            yield from take(asked, USUAL_HOURS)
        case ["me", hours] if hours.isascii() and hours.isdigit():
            if not 1 <= int(hours[:4]) <= LONGEST_HOURS:
                yield from asked.answer(f"A shift has 1 to {LONGEST_HOURS} hours. {EXAMPLE}")
            else:
                yield from take(asked, int(hours))
        case _:
            yield from asked.answer(f"I did not understand that. {EXAMPLE}")


def take(asked: Asked, hours: int) -> Transaction[None]:
    """Put whoever asks on call from now on, in place of a shift they are on."""
    until = asked.now + timedelta(hours=hours)
    yield from end_shifts(asked.who.id, asked.now)
    yield from clinic.take_shift(Shift(asked.who.id, asked.now, until))
    lines = [f"{asked.who.name} is on call until {at(asked, until)}."]
    if asked.private is None:
        how = yield from how_to_be_reached()
        lines.append(f"⚠️ I cannot reach you in private yet, so alerts go to all: {how}")
    yield from asked.answer("\n".join(lines))


def off(asked: Asked) -> Transaction[None]:
    """End the shift of whoever asks."""
    ended = yield from end_shifts(asked.who.id, asked.now)
    said = "Your shift has ended." if ended else "You were not on call."
    yield from asked.answer(f"{said} {(yield from now_on_call(asked))}")


def now_on_call(asked: Asked) -> Transaction[str]:
    """Return who is on call now and until when, and whom alerts go to where nobody is."""
    desk = yield from asked.office.desk(asked.office.protocol.name, asked.now)
    lines = on_call_lines(asked, desk)
    if not lines:
        return "Nobody is on call now, so alerts go to everyone at once. Take over: /oncall me"
    return "\n".join(["On call now:", *lines])


def on_call_lines(asked: Asked, desk: Desk) -> list[str]:
    """Return a line for each person who is on call now."""
    found = []
    for shift in desk.clinic.rota:
        member = desk.member(shift.staff)
        if shift.start <= asked.now < shift.end and member is not None and member.takes_alerts:
            warning = "" if member.reachable else " (⚠️ not reachable in private)"
            found.append(f"• {member.name} until {at(asked, shift.end)}{warning}")
    return found


def at(asked: Asked, moment: datetime) -> str:
    """Return an instant on the clinic's wall clock."""
    return day_and_time(moment, asked.office.settings.hours.zone)
