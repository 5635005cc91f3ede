"""Something that a member of staff asked for, and the ways to answer it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from telegram.helpers import create_deep_linked_url

from bot import outgoing
from bot.office import BOT_NAME, Office
from flows.engine.events import Did, Lane, Message, Say
from flows.engine.permissions import ELSEWHERE as OTHER_GROUP
from flows.engine.permissions import OWN_CHAT, PATIENT, permits, roles_of
from flows.engine.permissions import STAFF_CHAT as IN_STAFF_CHAT
from flows.escalation import StaffMember
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import audit, clinic
from storage.transaction import Transaction

NOBODY = N_("Only people on the clinic's roster can use this. Ask whoever runs the bot to add you.")
ELSEWHERE = N_("I answer this in the staff chat, or in a private chat with me.")
ALONE = N_("I answer this in a private chat with me.")
NOT_YOURS = N_("Your role, {role}, may not do this. Roles that may: {roles}.")
FOR_PATIENTS = N_("This is for patients, in their own chat with me.")


@dataclass(frozen=True, slots=True)
class StaffCommand:
    """A command as it was typed: `user_id` is the real person's, `name` the account's."""

    text: str
    chat_id: int
    message_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, in which chat, and a key that no other request has."""

    office: Office
    who: StaffMember
    chat_id: int
    repeat: str
    now: datetime

    @property
    def private(self) -> int | None:
        """Their own chat with the bot, None where it cannot write there."""
        is_open = self.who.reachable or self.chat_id == self.who.id
        return self.who.id if is_open else None

    def answer(self, message: str | Message, code: str | None = None) -> Transaction[None]:
        """Answer in the chat where it was asked; a `code` says which case it is about."""
        found = Message(message) if isinstance(message, str) else message
        yield from self.say(Say(self.chat_id, found, Lane.REPLY, f"staff:{self.repeat}"), code)

    def say(self, event: Say, code: str | None = None) -> Transaction[None]:
        """Say something to the chat that `event` names by its number."""
        assert isinstance(event.to, int)
        yield from outgoing.say(self.office, event, event.to, code, self.now)

    def log(self, action: str, code: str | None = None, detail: str = "") -> Transaction[None]:
        """Note that they did this."""
        event = Did(self.who.id, self.who.name, action, detail=detail)
        yield from audit.did(self.office.vault.audit, code, event, self.now)


def why_not(office: Office, who: StaffMember | None, action: str, chat_id: int) -> Transaction[str]:
    """Return why somebody may not do this here, in English as it is logged; empty where they may.

    Being in the staff chat is no authority, and being on the roster none to have cases shown in
    some other group.
    """
    if who is None or not who.on_roster:
        return NOBODY
    place = yield from place_of(office, chat_id, who.id)
    if permits(who.role, place, action):
        return ""
    roles = roles_of(action)
    if who.role in roles:
        return ELSEWHERE if permits(who.role, IN_STAFF_CHAT, action) else ALONE
    if roles and roles <= PATIENT:
        return FOR_PATIENTS
    named = ", ".join(sorted(roles)) or "none"
    return NOT_YOURS.format(role=who.role, roles=named)


def place_of(office: Office, chat_id: int, person: int) -> Transaction[str]:
    """Return what kind of chat this is for somebody, as `permissions` names it."""
    if chat_id == person:
        return OWN_CHAT
    return IN_STAFF_CHAT if chat_id == (yield from office.staff_chat()) else OTHER_GROUP


class Refusal(NamedTuple):
    """An attempt that was not allowed: who by number and name, at what, why, about which case."""

    number: int | None
    name: str
    action: str
    why: str
    code: str | None = None

    def logged(self, office: Office, now: datetime) -> Transaction[None]:
        """Note it."""
        reason = self.why.split(".")[0]
        event = Did(self.number, self.name, self.action, detail=reason, allowed=False)
        yield from audit.did(office.vault.audit, self.code, event, now)

    def told(self, office: Office, chat_id: int, repeat: str, now: datetime) -> Transaction[None]:
        """Note it, and say so politely; in the last lane, since no alert may wait for it."""
        yield from self.logged(office, now)
        say = Say(chat_id, Message(restated(self.why)), Lane.REST, f"refused:{repeat}")
        yield from outgoing.say(office, say, chat_id, None, now)


def refusal(
    who: StaffMember | None, person: int | None, action: str, why: str, code: str | None = None
) -> Refusal:
    """Return a refusal of whoever the roster has, or of a person by number whom it has not."""
    number, name = (who.id, who.name) if who else (person, "not on the roster")
    return Refusal(number, name, action, why, code)


def how_to_be_reached() -> Transaction[str]:
    """Return how somebody opens a private chat with the bot."""
    name = yield from clinic.get(BOT_NAME)
    how = _("open a private chat with me and press Start")
    return f"{how}: {create_deep_linked_url(name)}" if name else how
