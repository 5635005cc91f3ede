"""/roster: who is on it, and what an admin may change: let in by a link, change a role, take off.

Hazards: H30, H44.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from telegram.helpers import create_deep_linked_url

from bot.enrolment import EnrolmentError, bot_name
from bot.staff.asked import Asked, how_to_be_reached
from flows import roster as rules
from flows.engine.desk import day_and_time
from flows.engine.events import Key, Keys, Lane, Message, Say
from flows.engine.permissions import may
from flows.escalation import Role, StaffMember
from flows.second_channel import state_words
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import clinic, staff_invitations
from storage.staff_invitations import NewLink, StaffInvitation
from storage.transaction import Transaction

PREFIX: Final = "staff-"
"""How a link's token begins that is for staff."""

LINK_LIFE: Final = timedelta(hours=24)
"""So long a link works, and so long an admin then has to say whether it is them: a day, so that it
can be passed on from one shift to the next, and is not found in an old chat (own choice)."""

TOKEN_BYTES: Final = 16
"""128 bits (docs/sources.md, tokens)."""

INVITING: Final = N_(
    "An admin lets somebody in with /roster invite ROLE NAME, like /roster "
    "invite nurse Zoe. Roles: {names}."
)

NO_ADMIN: Final = N_(
    "⚠️ Nobody is an admin, so nobody here can change this. Whoever runs the bot: aftercheck roster."
)


def inviting() -> str:
    """Return how an admin lets somebody in."""
    return _(INVITING, names=", ".join(rules.ROLES))


def roster_asked(asked: Asked, words: list[str]) -> Transaction[None]:
    """Show who is on the roster, whom the bot can write to in private, and who waits.

    Words such as `remove Dora` change nothing: whoever meant to shut somebody out has to know.
    """
    page = yield from roster_page(asked)
    if words:
        unchanged = _("⚠️ Nothing was changed: words after /roster do nothing. An admin changes it "
                      "with the buttons below.")  # fmt: skip
        page = replace(page, text=f"{unchanged}\n\n{page.text}")
    yield from asked.answer(page)


def roster_page(asked: Asked) -> Transaction[Message]:
    """Return the roster, with buttons where an admin asks."""
    present = rules.present((yield from clinic.roster()))
    links = yield from staff_invitations.still_open(asked.now)
    lines = [_("On the roster:")]
    lines += [f"• {member_line(member)}" for member in present]
    if not all(member.reachable for member in present):
        lines += ["", _("Whoever is not reachable opens a private chat with me and presses Start.")]
    lines += [f"\n{waiting_words(asked, one)}" for one in links]
    if not any(member.role == "admin" for member in present):
        lines += ["", _(NO_ADMIN)]
    keys: Keys = ()
    if may(asked.who, "roster_change"):
        lines += ["", inviting()]
        keys = (
            *(row for one in links for row in invitation_keys(one)),
            *((Key(_("Change {name}", name=one.name), f"t:who:{one.id}"),) for one in present),
        )
    return Message("\n".join(lines), keys)


def member_line(member: StaffMember) -> str:
    """Return who somebody is and how they are reached: `Ben, nurse: reachable`."""
    state = _("reachable") if member.reachable else _("⚠️ not reachable in private")
    second = f", {state_words(member)}" if member.takes_alerts else ""
    return f"{member.name}, {restated(member.role)}: {state}{second}"


def waiting_words(asked: Asked, link: StaffInvitation) -> str:
    """Return how far a link has come."""
    until = day_and_time(link.expires_at, asked.office.settings.hours.zone)
    if link.user_id is None:
        return _(
            "A link for {name}, {role}, works until {until}.",
            name=link.name,
            role=restated(link.role),
            until=until,
        )
    return opened_words(link) + " " + _("An admin has until {time}.", time=until)


def opened_words(link: StaffInvitation) -> str:
    """Return who opened a link, as Telegram knows them; names are what people write themselves."""
    return _(
        "{account}, number {user_id}, opened the link for {name}, {role}. Is it "
        "them? Ask them before you say so: a link can be passed on.",
        account=link.account,
        user_id=link.user_id,
        name=link.name,
        role=restated(link.role),
    )


def invitation_keys(link: StaffInvitation) -> Keys:
    """Return the buttons of a link: take it back, or say whether whoever opened it is meant."""
    if link.user_id is None:
        return ((Key(_("Take back {name}'s link", name=link.name), f"t:void:{link.id}"),),)
    return (
        (
            Key(_("Yes, it is {name}", name=link.name), f"t:yes:{link.id}"),
            Key(_("No"), f"t:no:{link.id}"),
        ),
    )


def invite_asked(asked: Asked, words: Sequence[str]) -> Transaction[None]:
    """Make a link that lets one person in, once an admin has said that it is them."""
    role = rules.role_named(words[1]) if len(words) > 1 else None
    name = " ".join(words[2:])
    why = inviting() if role is None or not name else ""
    why = why or rules.why_not_invite((yield from clinic.roster()), name)
    if why or role is None:
        yield from asked.answer(why)
        return
    try:
        bot = yield from bot_name()
    except EnrolmentError as error:
        yield from asked.answer(str(error))
        return
    token = f"{PREFIX}{secrets.token_urlsafe(TOKEN_BYTES)}"
    link = NewLink(hashed(token), name, role, asked.who, asked.now + LINK_LIFE)
    yield from staff_invitations.invite(link, asked.now)
    yield from asked.log("roster_change", detail=f"a link for {name}, {role}")
    yield from show_link(asked, link, create_deep_linked_url(bot, token))


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


def show_link(asked: Asked, link: NewLink, address: str) -> Transaction[None]:
    """Send a link to the admin's own chat; whoever has it can ask to be let in."""
    if asked.private is None:
        how = yield from how_to_be_reached()
        alone = _("So that I can send the link to you alone, {how} Then ask again.", how=how)
        yield from asked.answer(alone)
        return
    until = day_and_time(link.expires_at, asked.office.settings.hours.zone)
    text = _(
        "Send this to {name}, and to nobody else:\n{address}\nIt works once, until "
        "{until}. {name} opens it and presses Start; then I ask in the staff chat "
        "whether it is {name}, and an admin lets them in as {role}.",
        name=link.name,
        address=address,
        until=until,
        role=restated(link.role),
    )
    say = Say(asked.private, Message(text), Lane.REPLY, f"staff:{asked.repeat}:link")
    yield from asked.say(say)
    if asked.private != asked.chat_id:
        yield from asked.answer(
            _("{name}, the link was sent to you privately.", name=asked.who.name)
        )


def person_page(whom: StaffMember) -> Message:
    """Return what an admin may do about somebody."""
    others: tuple[Role, ...] = tuple(one for one in rules.ROLES if one != whom.role)
    return Message(
        _("{name}, {role}. A change counts at once.", name=whom.name, role=restated(whom.role)),
        (
            tuple(
                Key(_("Make {role}", role=restated(one)), f"t:role.{one}:{whom.id}")
                for one in others
            ),
            (Key(_("Take {name} off the roster", name=whom.name), f"t:leave:{whom.id}"),),
            (Key(_("Back"), "t:list:0"),),
        ),
    )


def leave_page(whom: StaffMember) -> Message:
    """Return the question before somebody is taken off."""
    return Message(
        _(
            "Take {name} off the roster? From then on {name} can press nothing and is "
            "shown nothing, and whatever they had taken is open again for the others.",
            name=whom.name,
        ),
        ((Key(_("Yes, at once"), f"t:left:{whom.id}"), Key(_("No"), f"t:who:{whom.id}")),),
    )
