"""A shift begins: whoever it was planned for is asked to take over, with what is open.

Nobody is on call before they have said so. Where nobody does, whoever was on call before stays, and
is told that they do; where there was nobody, everyone is told of alerts, and the chat hears that.

Hazards: H28.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.office import Office
from bot.staff.asked import Asked
from bot.staff.leaving import say
from bot.staff.lists import most_urgent_first, needs_a_look, short_line
from flows.engine.desk import Desk, day_and_time
from flows.engine.events import Key, Lane, Message, Toast
from flows.rota import Shift, on_call
from flows.staff_language import N_, _
from storage import due, rota
from storage.due import DueRow
from storage.transaction import Transaction

HAND_OVER: Final = "hand_over"
NOT_TAKEN: Final = "hand_over_late"
PATIENCE: Final = timedelta(minutes=15)
"""So long somebody has to take over before it is said that they have not; as the second channel of
an urgent alert that nobody takes (docs/sources.md, untaken)."""

SHOWN: Final = 8
NOT_YOURS: Final = N_("This is {name}'s to take over. To be on call instead: /oncall me")
OVER: Final = N_(
    "This hand-over is over: it was taken, has ended, or was taken off the rota. /oncall"
)


def begins(office: Office, about: str, now: datetime) -> Transaction[None]:
    """Ask whoever a shift is planned for to take over, in their own chat and in the staff's."""
    shift = yield from rota.shift(int(about))
    if shift is None or shift.accepted or shift.end <= now:
        return
    desk = yield from office.desk(office.protocol.name, now)
    message = yield from asking(office, desk, shift, now)
    yield from tell(office, desk, [shift.staff], message, f"hand_over:{spell(shift)}", now)
    yield from due.plan(DueRow(NOT_TAKEN, about, None, now + PATIENCE))


def asking(office: Office, desk: Desk, shift: Shift, now: datetime) -> Transaction[Message]:
    """Return what whoever is to take over reads: until when, from whom, and what is open."""
    zone = desk.clinic.hours.zone
    name, until = desk.name_of(shift.staff), day_and_time(shift.end, zone)
    yours = _("{name}, you are to be on call now, until {time}.", name=name, time=until)
    lines = [f"{yours} {who_stays(desk, now)}"]
    alerts = [one for one in (yield from most_urgent_first(office)) if not needs_a_look(one)]
    if alerts:
        lines += ["", _("{number} open, the most urgent first:", number=len(alerts))]
        lines += [short_line(desk, one, now) for one in alerts[:SHOWN]]
        if len(alerts) > SHOWN:
            lines.append(_("and {number} more: /open", number=len(alerts) - SHOWN))
    else:
        lines += ["", _("Nothing is open that needs a person.")]
    return Message("\n".join(lines), ((Key(_("I take over"), f"h:accept:{shift.number}"),),))


def who_stays(desk: Desk, now: datetime) -> str:
    """Return who is told of alerts until somebody takes over."""
    names = ", ".join(desk.name_of(one.staff) for one in on_call(desk.clinic.rota, now))
    if names:
        return _("{names} stays on call until you press the button.", names=names)
    return _("Alerts go to everyone until you press the button.")


def not_taken(office: Office, about: str, now: datetime) -> Transaction[None]:
    """Say that nobody has taken over, to the chat and to whoever stays on call."""
    shift = yield from rota.shift(int(about))
    if shift is None or shift.accepted or not shift.start <= now < shift.end:
        return
    desk = yield from office.desk(office.protocol.name, now)
    present = [one.staff for one in on_call(desk.clinic.rota, now)]
    if shift.staff in present:  # by a shift that they took themselves
        return
    names = ", ".join(desk.name_of(one) for one in present)
    late = _("⚠️ {name} has not taken over.", name=desk.name_of(shift.staff))
    stays = _("Nobody is on call, so alerts go to everyone, until somebody does.")
    if names:
        stays = _("{names} stays on call until somebody does.", names=names)
    text = " ".join((late, stays, _("Whoever takes over instead: /oncall me")))
    keys = ((Key(_("I take over"), f"h:accept:{shift.number}"),),)
    key = f"hand_over_late:{spell(shift)}"
    yield from tell(office, desk, [*present, shift.staff], Message(text, keys), key, now)


def spell(shift: Shift) -> str:
    """Return what a hand-over is known by: a number alone may be used again, on SQLite."""
    return f"{shift.number}:{shift.start.isoformat()}"


def accepted(asked: Asked, number: str) -> Transaction[tuple[Message | None, Toast]]:
    """Put whoever presses on call by the shift that was planned for them.

    What pops up is in English, as it is logged.
    """
    shift = (yield from rota.shift(int(number))) if number.isascii() and number.isdigit() else None
    desk = yield from asked.office.desk(asked.office.protocol.name, asked.now)
    if shift is not None and shift.staff != asked.who.id:
        return None, Toast(NOT_YOURS.format(name=desk.name_of(shift.staff)), alert=True)
    before = on_call(desk.clinic.rota, asked.now)
    if shift is None or not (yield from rota.accept(shift.number, asked.who.id, asked.now)):
        return None, Toast(OVER, alert=True)
    until = day_and_time(shift.end, desk.clinic.hours.zone)
    text = _("{name} has taken over and is on call until {time}.", name=asked.who.name, time=until)
    relieved = [one.staff for one in before if one.end <= asked.now]
    key = f"hand_over_taken:{spell(shift)}"
    yield from tell(asked.office, desk, relieved, Message(text), key, asked.now)
    return Message(text), Toast(N_("You are on call."))


def tell(  # noqa: PLR0913, PLR0917 - a message is this much
    office: Office, desk: Desk, people: Sequence[int], message: Message, repeat: str, now: datetime
) -> Transaction[None]:
    """Say something about a hand-over in the staff chat, and to some in their own."""
    chat = yield from office.staff_chat()
    yield from say(office, chat, message, Lane.ALERT, repeat, now)
    for person in dict.fromkeys(people):
        member = desk.member(person)
        if member is not None and member.takes_alerts and member.reachable:
            yield from say(office, person, message, Lane.ALERT, f"{repeat}:{person}", now)


OF_THE_ROTA: Final = {HAND_OVER: begins, NOT_TAKEN: not_taken}
"""By kind, what is done when a plan about a shift comes due."""
