"""Who is on call: looking it up, taking a shift, ending one."""

from datetime import datetime, timedelta

from bot.staff.asked import Asked, how_to_be_reached
from flows.engine.desk import Desk, day_and_time
from flows.engine.events import Key, Message
from flows.engine.permissions import may
from flows.rota import DaysOff, Shift, on_call
from flows.staff_language import N_, _
from storage import rota
from storage.transaction import Transaction

USUAL_HOURS = 12
LONGEST_HOURS = 72
"""Hours of one shift, where none are said and at most (own choice: a long weekend)."""

SHOWN = 10
"""Coming shifts of the list, each with a button for who may change it (own choice: a screen)."""

EXAMPLE = N_("Write /oncall, /oncall me 12 (hours), or /oncall off.")


def oncall_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Say who is on call, or take or end a shift."""
    match [word.lower() for word in words]:
        case []:
            yield from asked.answer((yield from rota_page(asked)))
        case ["off"]:
            yield from off(asked)
        case ["me"]:
            yield from take(asked, USUAL_HOURS)
        case ["me", hours] if hours.isascii() and hours.isdigit():
            if not 1 <= int(hours[:4]) <= LONGEST_HOURS:
                long = _("A shift has 1 to {number} hours.", number=LONGEST_HOURS)
                yield from asked.answer(long + " " + _(EXAMPLE))
            else:
                yield from take(asked, int(hours))
        case _:
            yield from asked.answer(_("I did not understand that.") + " " + _(EXAMPLE))


def take(asked: Asked, hours: int) -> Transaction[None]:
    """Put whoever asks on call from now on, in place of a shift they are on."""
    until = asked.now + timedelta(hours=hours)
    yield from rota.end_shifts(asked.who.id, asked.now)
    yield from rota.put(Shift(asked.who.id, asked.now, until), asked.now)
    lines = [_("{name} is on call until {at}.", name=asked.who.name, at=at(asked, until))]
    if asked.private is None:
        how = yield from how_to_be_reached()
        lines.append(_("⚠️ I cannot reach you in private yet, so alerts go to all: {how}", how=how))
    yield from asked.answer("\n".join(lines))


def off(asked: Asked) -> Transaction[None]:
    """End the shift of whoever asks."""
    ended = yield from rota.end_shifts(asked.who.id, asked.now)
    said = _("Your shift has ended.") if ended else _("You were not on call.")
    yield from asked.answer(f"{said} {(yield from now_on_call(asked))}")


def rota_page(asked: Asked) -> Transaction[Message]:
    """Return who is on call and who is to be, with buttons for who may change the plan."""
    desk = yield from asked.office.desk(asked.office.protocol.name, asked.now)
    away = yield from rota.days_off(asked.now)
    lines = [(yield from now_on_call(asked))]
    coming = [one for one in desk.clinic.rota if one.end > asked.now and not is_on(one, asked)]
    if coming:
        lines += ["", _("Planned:"), *(planned_line(asked, desk, one) for one in coming[:SHOWN])]
    if len(coming) > SHOWN:
        lines.append(_("and {number} more", number=len(coming) - SHOWN))
    for one in away:
        name, cover = desk.name_of(one.staff), desk.name_of(one.cover)
        lines.append("\n" + away_words(asked, one, name, cover))
    if not may(asked.who, "rota"):
        return Message("\n".join(lines))
    keys = [drop_key(asked, desk, one) for one in coming[:SHOWN]]
    keys += [there_key(asked, desk, one) for one in away[:SHOWN]]
    return Message("\n".join(lines), tuple((key,) for key in keys))


def drop_key(asked: Asked, desk: Desk, shift: Shift) -> Key:
    """Return the button that takes a shift off the rota."""
    name, start = desk.name_of(shift.staff), at(asked, shift.start)
    label = _("Take off: {name}, {start}", name=name, start=start)
    return Key(label, f"o:drop:{shift.number}")


def there_key(asked: Asked, desk: Desk, away: DaysOff) -> Key:
    """Return the button that takes days off back."""
    name, start = desk.name_of(away.staff), at(asked, away.start)
    label = _("Not away: {name}, {start}", name=name, start=start)
    return Key(label, f"o:there:{away.number}")


def is_on(shift: Shift, asked: Asked) -> bool:
    """Whether somebody is on call by a shift that they have accepted."""
    return shift.accepted and shift.start <= asked.now < shift.end


def planned_line(asked: Asked, desk: Desk, shift: Shift) -> str:
    """Return a planned shift in a line; one that has begun waits to be accepted."""
    waits = [_("(⚠️ not taken over yet)")] if shift.start <= asked.now else []
    return " ".join((f"• {desk.name_of(shift.staff)}, {spell_of(asked, shift)}", *waits))


def spell_of(asked: Asked, spell: Shift | DaysOff) -> str:
    """Return from when to when a shift goes, or days off."""
    return _("{start} to {end}", start=at(asked, spell.start), end=at(asked, spell.end))


def away_words(asked: Asked, away: DaysOff, name: str, cover: str) -> str:
    """Return who is away when, and who stands in."""
    spell = spell_of(asked, away)
    return _("{name} is away {spell}; {cover} stands in.", name=name, spell=spell, cover=cover)


def now_on_call(asked: Asked) -> Transaction[str]:
    """Return who is on call now and until when, and whom alerts go to where nobody is."""
    desk = yield from asked.office.desk(asked.office.protocol.name, asked.now)
    lines = on_call_lines(asked, desk)
    if not lines:
        return _("Nobody is on call now, so alerts go to everyone at once. Take over: /oncall me")
    return "\n".join([_("On call now:"), *lines])


def on_call_lines(asked: Asked, desk: Desk) -> list[str]:
    """Return a line for each person who is on call now."""
    found = []
    for shift in on_call(desk.clinic.rota, asked.now):
        member = desk.member(shift.staff)
        if member is not None and member.takes_alerts:
            until = at(asked, shift.end)
            stays = shift.end <= asked.now
            how = (
                _("stays since {until}: nobody has taken over", until=until)
                if stays
                else _("until {until}", until=until)
            )
            warning = "" if member.reachable else (" " + _("(⚠️ not reachable in private)"))
            found.append(f"• {member.name} {how}{warning}")
    return found


def at(asked: Asked, moment: datetime) -> str:
    """Return an instant on the clinic's wall clock."""
    return day_and_time(moment, asked.office.settings.hours.zone)
