"""Presses of an admin on the roster, and what each changes.

Hazards: H30, H31.
"""

from collections.abc import Callable

from bot.staff import leaving, roster
from bot.staff.asked import Asked
from flows import roster as rules
from flows.engine.events import Lane, Message, Toast
from flows.escalation import StaffMember
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import clinic, staff_invitations
from storage.staff_invitations import StaffInvitation
from storage.transaction import Transaction

Shown = tuple[Message | None, str]
"""What the pressed message shows from now on, None where it stays; and what pops up."""

DECIDED = N_("Somebody has decided this already, or it took longer than a day.")
NOBODY = N_("Nobody of this number is on the roster any more.")


def roster_pressed(asked: Asked, rest: str) -> Transaction[tuple[Message | None, Toast]]:
    """Take a press whose code goes on like `role.doctor:5001`, `left:5001` or `yes:17`."""
    word, _, number = rest.partition(":")
    act, _, option = word.partition(".")
    if not (number.isascii() and number.isdigit()):
        return None, Toast("")
    if act in LINKS:
        message, said = yield from LINKS[act](asked, int(number))
    else:
        message, said = yield from of_person(asked, act, option, int(number))
    return message, Toast(said)


def of_person(asked: Asked, act: str, option: str, number: int) -> Transaction[Shown]:
    """Show somebody, or change what they are; held from here on, so that nobody else does."""
    if act == "list":
        return (yield from roster.roster_page(asked)), ""
    whom = yield from clinic.member(number)
    if whom is None or not whom.on_roster:
        return (yield from roster.roster_page(asked)), _(NOBODY)
    if act == "role":
        return (yield from change_role(asked, whom, option))
    if act == "left":
        return (yield from take_off(asked, whom))
    pages = {"who": roster.person_page, "leave": roster.leave_page}
    return (pages[act](whom), "") if act in pages else (None, _("This button is too old: /roster."))


def change_role(asked: Asked, whom: StaffMember, word: str) -> Transaction[Shown]:
    """Give somebody another role."""
    role = rules.role_named(word)
    people = yield from clinic.roster()
    why = _("This button is too old: /roster.") if role is None else ""
    if role is not None:
        why = rules.why_not_role(people, whom, role)
    if why or role is None:
        return None, why
    yield from asked.log("roster_change", detail=f"{whom.name} from {whom.role} to {role}")
    yield from leaving.change_role(
        asked.office, whom, role, _("by {name}", name=asked.who.name), asked.now
    )
    said = _("{name} is {role} now.", name=whom.name, role=restated(role))
    return (yield from roster.roster_page(asked)), said


def take_off(asked: Asked, whom: StaffMember) -> Transaction[Shown]:
    """Take somebody off the roster."""
    why = rules.why_not_leave((yield from clinic.roster()), whom)
    if why:
        return None, why
    yield from asked.log("roster_change", detail=f"{whom.name}, {whom.role}, off the roster")
    yield from leaving.take_off(asked.office, whom, _("by {name}", name=asked.who.name), asked.now)
    return (yield from roster.roster_page(asked)), _("{name} is off the roster.", name=whom.name)


def let_in(asked: Asked, number: int) -> Transaction[Shown]:
    """Put whoever opened a link on the roster: they have pressed Start, so they can be reached."""
    why = yield from why_not_let_in(asked, number)
    if why:
        return None, why
    link = yield from staff_invitations.decide(number, "let_in", asked.now)
    if link is None or link.user_id is None:
        return None, _(DECIDED)
    yield from clinic.join(StaffMember(link.user_id, link.name, link.role), asked.now)
    yield from clinic.reach(link.user_id, reachable=True)
    detail = f"let {link.name} in as {link.role}"
    yield from asked.log("roster_change", detail=detail)
    welcome = _(
        "{name} let you in: you are on the roster as {role}. /help goes on.",
        name=asked.who.name,
        role=restated(link.role),
    )
    yield from tell(asked, link, welcome)
    said = _(
        "{name} ({account}) is on the roster as {role}, by {admin}.",
        name=link.name,
        account=link.account,
        role=restated(link.role),
        admin=asked.who.name,
    )
    return Message(said), _("{name} is on the roster.", name=link.name)


def why_not_let_in(asked: Asked, number: int) -> Transaction[str]:
    """Say why a link lets nobody in: its name is taken, or another link has let the same one in.

    The last one would change their role, which could be that of the only admin.
    """
    waiting = yield from staff_invitations.still_open(asked.now)
    link = next((one for one in waiting if one.id == number), None)
    if link is None:
        return ""
    people = yield from clinic.roster()
    taken = rules.named(people, link.name)
    if taken is not None:
        return _("{name} is on the roster already: make a link for another name.", name=taken.name)
    same = next((one for one in rules.present(people) if one.id == link.user_id), None)
    if same is None:
        return ""
    return _(
        "{account} is on the roster already, as {name}, {role}. Another role is given with "
        "/roster.",
        account=link.account,
        name=same.name,
        role=restated(same.role),
    )


def refuse(asked: Asked, number: int) -> Transaction[Shown]:
    """Keep whoever opened a link out."""
    link = yield from staff_invitations.decide(number, "refused", asked.now)
    if link is None:
        return None, _(DECIDED)
    yield from asked.log("roster_change", detail=f"{link.user_id} is not {link.name}: kept out")
    yield from tell(asked, link, _("An admin did not let you in. Ask them for a new link."))
    said = _(
        "{account} is not {name}: {admin} kept them out.",
        account=link.account,
        name=link.name,
        admin=asked.who.name,
    )
    return Message(said), _("They were kept out.")


def take_back(asked: Asked, number: int) -> Transaction[Shown]:
    """End a link that nobody has opened."""
    link = yield from staff_invitations.decide(number, "withdrawn", asked.now)
    if link is None:
        return (yield from roster.roster_page(asked)), _(DECIDED)
    yield from asked.log("roster_change", detail=f"took back the link for {link.name}")
    return (yield from roster.roster_page(asked)), _("The link works no longer.")


def tell(asked: Asked, link: StaffInvitation, text: str) -> Transaction[None]:
    """Tell whoever opened a link what became of it, in their own chat."""
    if link.user_id is not None:
        key = f"joining:{link.id}:{asked.now.isoformat()}"
        office, message = asked.office, Message(text)
        yield from leaving.say(office, link.user_id, message, Lane.REPLY, key, asked.now)


LINKS: dict[str, Callable[[Asked, int], Transaction[Shown]]] = {
    "yes": let_in, "no": refuse, "void": take_back,
}  # fmt: skip
"""Presses that are about a link, by word."""
