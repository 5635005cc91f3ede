"""Presses on an enrolment in the making, on the open alerts, on the roster and on the rota."""

from datetime import datetime

from bot import outgoing
from bot.enrolment import EnrolmentError, EnrolmentRequest
from bot.office import Office
from bot.staff import enrol_steps, hand_over, lists, planning, roster_presses
from bot.staff.asked import Asked, refusal, why_not
from bot.staff.enrol_choice import Choice, ChoiceError, choice_of
from bot.staff.enrolling import ONCE, key_of, make
from flows.engine.events import Change, Message, Toast
from flows.escalation import StaffMember
from flows.staff_language import N_, _, in_english
from flows.stored_words import restated
from storage.enrolment import is_announced
from storage.transaction import Transaction

TOO_OLD = N_("This button is of another list. Start again with /enrol.")
ACTIONS = {"n": "enrol", "d": "open", "t": "roster_change", "h": "oncall", "o": "rota"}


def pressed(  # noqa: PLR0913, PLR0917 - a press is this much
    office: Office, who: StaffMember | None, code: str, chat_id: int, message_id: int,
    now: datetime, person: int | None = None, update_id: int | None = None,
) -> Transaction[list[Toast]]:  # fmt: skip
    """Take a press on a button whose code begins with one of `ACTIONS`; return what pops up.

    `person` is whoever pressed, where the roster has nobody of that number. `update_id` is the
    press's own number, which tells it from another one of the same instant.
    """
    family, rest = code.partition(":")[::2]
    action = ACTIONS.get(family, "")
    why = yield from why_not(office, who, action, chat_id)
    if why or who is None:
        yield from refusal(who, person, action or "unknown", why).logged(office, now)
        return [Toast(restated(why), alert=True)]
    repeat = f"{chat_id}:{message_id}:{now.isoformat()}#{update_id}"
    asked = Asked(office, who, chat_id, repeat, now)
    if family == "d":
        return (yield from turn_page(asked, rest))
    if family in ON_PEOPLE:
        message, toast = yield from ON_PEOPLE[family](asked, rest)
        if message is not None:
            yield from change(asked, message_id, message)
        return [toast]
    try:
        choice = choice_of(office.protocol, code, now)
    except ChoiceError:
        return [Toast(_(TOO_OLD), alert=True)]
    return (yield from chosen(asked, message_id, choice))


def hand_over_pressed(asked: Asked, rest: str) -> Transaction[tuple[Message | None, Toast]]:
    """Take over: `accept:17`."""
    message, toast = yield from hand_over.accepted(asked, rest.partition(":")[2])
    yield from asked.log("oncall", detail=toast.text[:LONGEST_DETAIL])
    return message, Toast(restated(toast.text), toast.alert)


def rota_pressed(asked: Asked, rest: str) -> Transaction[tuple[Message | None, Toast]]:
    """Take a shift off the rota, or take days off back: `drop:17`, `there:3`."""
    verb, _, number = rest.partition(":")
    change_plan = planning.taken_back if verb == "there" else planning.dropped
    message, said = yield from change_plan(asked, number)
    with in_english():
        detail = said()[:LONGEST_DETAIL]
    yield from asked.log("rota", detail=detail)
    return message, Toast(said())


ON_PEOPLE = {"t": roster_presses.roster_pressed, "h": hand_over_pressed, "o": rota_pressed}
"""Presses about the people of the clinic, by how their code begins: what the message shows then."""

LONGEST_DETAIL = 80
"""Characters of what came of a press that the trail keeps."""


def turn_page(asked: Asked, rest: str) -> Transaction[list[Toast]]:
    """Show more of the open alerts: `open:15`."""
    _, _, start = rest.partition(":")
    yield from lists.show_open(asked, int(start) if start.isascii() and start.isdigit() else 0)
    yield from asked.log("open")
    return [Toast("")]


def chosen(asked: Asked, message_id: int, choice: Choice) -> Transaction[list[Toast]]:
    """Show the step that a press leads to, or make the link."""
    protocol, zone = asked.office.protocol, asked.office.settings.hours.zone
    if (yield from is_announced(key_of(asked))):
        return [Toast(_(ONCE), alert=True)]
    if choice.step == "stop":
        over = _("Nobody was enrolled. /enrol starts again.")
        yield from change(asked, message_id, Message(over))
        return [Toast(_("Stopped."))]
    if choice.step != "what" and not choice.treatments:
        return [Toast(_("Tick at least one treatment."))]
    if choice.step == "make":
        return (yield from made(asked, message_id, choice))
    message = enrol_steps.shown(protocol, choice, zone, asked.now)
    yield from change(asked, message_id, message)
    return [Toast("")]


def made(asked: Asked, message_id: int, choice: Choice) -> Transaction[list[Toast]]:
    """Make the link; what is wrong with the choice pops up, and the message stays."""
    treatment, area = choice.request(asked.office.protocol)
    if choice.at is None:
        return [Toast(_("Choose a time first."))]
    try:
        note = yield from make(asked, EnrolmentRequest(treatment, choice.at, area))
    except EnrolmentError as error:
        return [Toast(str(error), alert=True)]
    yield from change(asked, message_id, Message(note or _("The link is in the next message.")))
    return [Toast(_("Sent to your private chat.") if asked.private else _("Done."))]


def change(asked: Asked, message_id: int, message: Message) -> Transaction[None]:
    """Change the message that was pressed."""
    slot = f"n:{asked.chat_id}:{message_id}"
    event = Change(message_id, message, slot, f"n:{asked.repeat}")
    yield from outgoing.change(asked.office, event, asked.chat_id, None, asked.now)
