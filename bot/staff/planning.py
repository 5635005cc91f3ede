"""Planning the rota: who is to be on call when, who is away, and who stands in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.office import Office
from bot.staff.asked import Asked
from bot.staff.hand_over import HAND_OVER
from bot.staff.oncall import away_words, rota_page, spell_of
from flows import roster as rules
from flows.engine.events import Message
from flows.escalation import StaffMember
from flows.rota import DaysOff, Shift, covered
from flows.rota_line import RotaError, read_away, read_plan
from flows.staff_language import _
from storage import clinic, due, rota
from storage.due import DueRow
from storage.transaction import Transaction


def plan_asked(asked: Asked, words: Sequence[str]) -> Transaction[None]:
    """Put somebody on the rota; where they are away, whoever stands in."""
    zone = asked.office.settings.hours.zone
    try:
        plan = read_plan(" ".join(words[1:]), zone, asked.now)
        who = yield from taker(plan.name)
    except RotaError as error:
        yield from asked.answer(str(error))
        return
    away = yield from rota.days_off(asked.now)
    wanted = [Shift(who.id, start, end, accepted=False) for start, end in plan.spells]
    parts = [part for one in wanted for part in covered(one, away)]
    for part in parts:
        yield from planned(part, asked.now)
    yield from asked.answer((yield from said_of(asked, parts)))


def planned(shift: Shift, now: datetime) -> Transaction[Shift]:
    """Store a shift, and see to it that it is handed over when it begins."""
    kept = yield from rota.put(shift, now)
    if not kept.accepted:
        yield from due.plan(DueRow(HAND_OVER, str(kept.number), None, max(kept.start, now)))
    return kept


def said_of(asked: Asked, parts: Sequence[Shift]) -> Transaction[str]:
    """Return what was planned: each spell with whose it is."""
    people = {one.id: one.name for one in (yield from clinic.roster())}
    lines = [f"• {people.get(one.staff, '?')}, {spell_of(asked, one)}" for one in parts]
    foot = _(
        "Each is asked to take over when it begins; until then whoever was on call before stays."
    )
    return "\n".join([_("On the rota:"), *lines, foot])


def away_asked(asked: Asked, words: Sequence[str]) -> Transaction[None]:
    """Note somebody's days off, and give their shifts of these days to whoever stands in."""
    zone = asked.office.settings.hours.zone
    try:
        line = read_away(" ".join(words[1:]), zone, asked.now)
        who = yield from taker(line.name)
        cover = yield from taker(line.cover, other_than=who)
    except RotaError as error:
        yield from asked.answer(str(error))
        return
    away = DaysOff(who.id, line.start, line.end, cover.id)
    yield from rota.put_days_off(away)
    given = yield from give_away(asked.office, away, asked.now)
    said = away_words(asked, away, who.name, cover.name)
    plan = _("No planned shift falls on these days.")
    if given:
        plan = yield from said_of(asked, given)
    yield from asked.answer(f"{said}\n\n{plan}")


def give_away(office: Office, away: DaysOff, now: datetime) -> Transaction[list[Shift]]:
    """Cut shifts of somebody who will be away, and return what others are to do."""
    people = yield from office.people(now)
    all_away = yield from rota.days_off(now)
    given = []
    for shift in rota.of_person(people.rota, away.staff, now):
        parts = covered(shift, all_away)
        if parts == (shift,):
            continue
        yield from rota.drop(shift.number)
        for part in (one for one in parts if one.end > now):
            kept = yield from planned(part, now)
            given += [kept] if kept.staff != away.staff else []
    return given


def dropped(asked: Asked, number: str) -> Transaction[tuple[Message, Callable[[], str]]]:
    """Take a shift off the rota; return the rota as it is then."""
    is_number = number.isascii() and number.isdigit()
    shift = (yield from rota.drop(int(number))) if is_number else None
    people = {one.id: one.name for one in (yield from clinic.roster())}

    def said() -> str:
        if shift is None:
            return _("That shift was not there any more.")
        name, spell = people.get(shift.staff, "?"), spell_of(asked, shift)
        return _("Taken off the rota: {name}, {spell}.", name=name, spell=spell)

    return (yield from rota_page(asked)), said


def taken_back(asked: Asked, number: str) -> Transaction[tuple[Message, Callable[[], str]]]:
    """Forget days off; return the rota as it is then.

    Shifts that were given away stay with whoever stands in, who may have accepted them.
    """
    is_number = number.isascii() and number.isdigit()
    away = (yield from rota.drop_days_off(int(number))) if is_number else None
    people = {one.id: one.name for one in (yield from clinic.roster())}

    def said() -> str:
        if away is None:
            return _("These days off were not there any more.")
        who, cover = people.get(away.staff, "?"), people.get(away.cover, "?")
        return _("{name} is not away {spell}. What {cover} was given stays.",
                 name=who, spell=spell_of(asked, away), cover=cover)  # fmt: skip

    return (yield from rota_page(asked)), said


def taker(name: str, other_than: StaffMember | None = None) -> Transaction[StaffMember]:
    """Return who on the roster has this name and takes alerts.

    Raises:
        RotaError: nobody, they only read, or it is who cannot stand in for themselves.
    """
    roster = yield from clinic.roster()
    found = rules.named(roster, name)
    if found is None or not found.takes_alerts:
        names = ", ".join(one.name for one in rules.present(roster) if one.takes_alerts)
        nobody = _("Nobody called «{name}» takes alerts. Who does: {names}.",
                   name=name[:64], names=names)  # fmt: skip
        raise RotaError(nobody)
    if found == other_than:
        raise RotaError(
            _("{name} cannot stand in for themselves: name somebody else.", name=found.name)
        )
    return found
