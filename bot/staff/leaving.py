"""Taking somebody off the roster: from this instant they may do nothing, and hold nothing.

Whoever becomes an auditor holds nothing either.

Whoever acts is looked up and held in the same transaction (`storage.clinic.member`), so of a press
and a revocation one comes first: a claim made before is given back here, one made after is refused.

Hazards: H31.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot import outgoing
from bot.deciding import Cause, decide
from bot.office import Office
from bot.staff.lists import buttons, short_line
from flows.engine.desk import day_and_time
from flows.engine.events import Lane, Message, Say
from flows.engine.inputs import ClaimantLeft
from flows.engine.record import StoredAlert
from flows.escalation import Role, StaffMember
from flows.rota import DaysOff, Shift, on_call
from flows.staff_language import _
from flows.stored_words import restated
from storage import cards, clinic, due, leaving, records, rota
from storage.due import DueRow
from storage.sealing import SealError
from storage.transaction import Transaction

LOGGER = logging.getLogger(__name__)
SHOWN = 10
"""Planned shifts that the message names (own choice); more do not fit beside the alerts."""


def take_off(office: Office, whom: StaffMember, by: str, now: datetime) -> Transaction[None]:
    """Take somebody off the roster, give back what they hold, and tell everybody.

    `by` is who says so, in words.
    """
    gone = replace(whom, on_roster=False)
    said = _("{name} was taken off the roster ({by}).", name=whom.name, by=by)
    yield from gives_up(office, gone, said, leaving.leave(whom.id, now), now)
    if whom.reachable:
        clinic_name = office.settings.contact.clinic
        gone_words = _(
            "You are no longer on the roster of {clinic} ({by}). I show you nothing more there.",
            clinic=clinic_name, by=by,
        )  # fmt: skip
        message = Message(gone_words)
        key = f"left:{whom.id}:alone:{now.isoformat()}"
        yield from say(office, whom.id, message, Lane.REST, key, now)


def change_role(
    office: Office, whom: StaffMember, role: Role, by: str, now: datetime
) -> Transaction[None]:
    """Give somebody another role; who takes no alerts any more gives back what they hold.

    Nobody is told of an alert that an auditor seems to have in hand, and they may not close it.
    """
    changed = replace(whom, role=role)
    yield from clinic.join(changed, now)
    if whom.takes_alerts and not changed.takes_alerts:
        said = _(
            "{name} is {role} now ({by}) and takes no alerts any more.",
            name=whom.name,
            role=restated(role),
            by=by,
        )
        yield from gives_up(office, changed, said, leaving.off_the_rota(whom.id, now), now)


def gives_up(
    office: Office, whom: StaffMember, said: str, ends: Transaction[None], now: datetime
) -> Transaction[None]:
    """Give back what somebody holds after what ends their part, and tell the staff chat.

    `whom` is what they are from now on; `said` begins what the chat reads.
    """
    before = yield from office.people(now)
    was_on_call = whom.id in (one.staff for one in on_call(before.rota, now))
    plans = yield from plans_lost(office, whom, before.rota, now)
    yield from ends
    held = [one for one in (yield from open_alerts(office)) if one.claimed_by == whom.id]
    for alert in sorted(held, key=lambda one: one.key):
        yield from give_back(office, whom, alert, now)
    keys = {one.key for one in held}
    after = [one for one in (yield from open_alerts(office)) if one.key in keys]
    chat = yield from office.staff_chat()
    message = yield from told(office, whom, said, after, now)
    if was_on_call:
        gap = yield from without(office, whom, now)
        message = replace(message, text=f"{message.text}\n\n{gap}")
    if plans:
        message = replace(message, text="\n\n".join((message.text, *plans)))
    yield from say(office, chat, message, Lane.ALERT, f"left:{whom.id}:{now.isoformat()}", now)


def without(office: Office, whom: StaffMember, now: datetime) -> Transaction[str]:
    """Return who is told of alerts now that somebody who was on call is not any more."""
    desk = yield from office.desk(office.protocol.name, now)
    names = ", ".join(desk.name_of(one.staff) for one in on_call(desk.clinic.rota, now))
    still = _("Nobody is now, so alerts go to everyone.")
    if names:
        still = _("{names} is on call.", names=names)
    was = _("⚠️ {name} was on call.", name=whom.name)
    return " ".join((was, still, _("To take over: /oncall me")))


def plans_lost(
    office: Office, whom: StaffMember, shifts: Iterable[Shift], now: datetime
) -> Transaction[list[str]]:
    """Return which shifts to come and which days off end with somebody's part, one by one."""
    desk = yield from office.desk(office.protocol.name, now)
    zone = office.settings.hours.zone

    def spell(one: Shift | DaysOff) -> str:
        start, end = day_and_time(one.start, zone), day_and_time(one.end, zone)
        return _("{start} to {end}", start=start, end=end)

    coming = [spell(one) for one in shifts if one.staff == whom.id and one.start > now]
    lost = []
    if coming:
        words = _("⚠️ {name} was to be on call: {spells}. Nobody is planned for that now: "
                  "/oncall plan", name=whom.name, spells="; ".join(coming[:SHOWN]))  # fmt: skip
        lost.append(words)
    lost += [
        _("⚠️ {name} was to stand in for {other}, {spell}. That {other} is away is not planned any "
          "more: /oncall away", name=whom.name, other=desk.name_of(one.staff), spell=spell(one))
        for one in (yield from rota.days_off(now)) if one.cover == whom.id
    ]  # fmt: skip
    return lost


def open_alerts(office: Office) -> Transaction[list[StoredAlert]]:
    """Return every alert that nobody has closed."""
    return (yield from cards.open_alerts(office.vault.keys))


def give_back(
    office: Office, whom: StaffMember, alert: StoredAlert, now: datetime
) -> Transaction[None]:
    """Let the case decide what becomes of an alert whose claimant takes no alerts now.

    One whose case cannot be read is open again without it, and keeps nobody on the roster.
    """
    try:
        loaded = yield from records.of_case(office.vault.keys, alert.code)
    except (SealError, ValueError, LookupError):
        LOGGER.exception("a case cannot be read; its alert is let go of without it")
        yield from leaving.free(alert.key)
        yield from due.plan(DueRow("notify", alert.key, alert.code, now))
        return
    if loaded is not None:
        yield from decide(office, loaded, ClaimantLeft(whom, alert.key), Cause(now))


def told(
    office: Office, whom: StaffMember, said: str, held: list[StoredAlert], now: datetime
) -> Transaction[Message]:
    """Return what the staff chat reads: what became of somebody, and what they leave behind."""
    desk = yield from office.desk(office.protocol.name, now)
    free = [one for one in held if one.claimed_by is None]
    reached = [one for one in held if one.claimed_by is not None]
    lines = [said]
    if free:
        lines += ["", _("⚠️ Nobody has these now:"), *(short_line(desk, one, now) for one in free)]
    if reached:
        lines += [
            "",
            _("{name} reached these patients and did not close the alerts:", name=whom.name),
        ]
        lines += [short_line(desk, one, now) for one in reached]
    keys = [row for one in (*free, *reached) for row in buttons(desk, one)]
    return Message("\n".join(lines), tuple(keys))


def say(  # noqa: PLR0913, PLR0917 - a message is this much
    office: Office, chat: int, message: Message, lane: Lane, repeat: str, now: datetime
) -> Transaction[None]:
    """Say something about the roster, which is about no case."""
    yield from outgoing.say(office, Say(chat, message, lane, repeat), chat, None, now)
