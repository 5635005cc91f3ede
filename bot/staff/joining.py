"""Somebody opens a link for staff: they are asked about, and are nobody until an admin says so.

Hazards: H30, H44.
"""

from datetime import datetime

from telegram import Message, User

from bot.office import Office
from bot.staff.leaving import say
from bot.staff.roster import LINK_LIFE, hashed, invitation_keys, opened_words
from flows.engine.events import Did, Lane
from flows.engine.events import Message as Words
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import audit, clinic, staff_invitations
from storage.transaction import Transaction

DEAD = N_("This link does not work any more. Ask whoever sent it to you for a new one.")
WAITING = N_(
    "Thank you. An admin is asked now whether it is you. Until one says so I can "
    "show you nothing; then you hear from me here."
)


def opened(office: Office, said: Message, token: str, now: datetime) -> Transaction[str]:
    """Take a link for staff in somebody's own chat; return what it came to.

    Whatever is wrong with a link, the sentence is the same. One that is opened by somebody who is
    on the roster stays unused.
    """
    person = said.from_user
    repeat = f"joining:{said.chat.id}:{said.message_id}"
    if person is None:
        return "a link from nobody"
    member = yield from clinic.member(person.id)
    if member is not None and member.on_roster:
        text = _(
            "You are on the roster already, {name}: {role}.",
            name=member.name,
            role=restated(member.role),
        )
        yield from clinic.reach(person.id, reachable=True)
        yield from say(office, person.id, Words(text), Lane.REPLY, repeat, now)
        return "a link for staff, opened by one of them"
    found = yield from staff_invitations.use(
        hashed(token), person.id, account_of(person), now + LINK_LIFE, now
    )
    detail = f"for {found.name}, {found.role}" if found else "for staff"
    log = Did(person.id, account_of(person), "link_opened", "", detail, found is not None)
    yield from audit.did(office.vault.audit, None, log, now)
    if found is None:
        yield from say(office, person.id, Words(_(DEAD)), Lane.REST, repeat, now)
        return "a link for staff that does not work"
    chat = yield from office.staff_chat()
    asking = Words(opened_words(found), invitation_keys(found))
    yield from say(office, chat, asking, Lane.REPLY, f"{repeat}:asks", now)
    yield from say(office, person.id, Words(_(WAITING)), Lane.REPLY, repeat, now)
    return "a link for staff opened"


def account_of(person: User) -> str:
    """Return how an account names itself: `Zoe Wood (@zoew)`."""
    return f"{person.full_name} (@{person.username})" if person.username else person.full_name
