"""What an update from Telegram is, and whom it concerns; each is worked on in one transaction.

Hazards: H16.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot import newcomers, outgoing, staff_chat
from bot.board.presses import FAMILY, is_ours
from bot.deciding import Cause, Worked, decide, toast_of
from bot.office import Office
from bot.patient_said import LINK, is_of_staff, said_by_patient
from bot.reading import read
from bot.staff import joining
from bot.staff.asked import place_of
from bot.staff.commands import action_of
from bot.staff.roster import PREFIX
from bot.strangers import not_for_you, tell_stranger
from flows.engine.events import Did, Lane, Say
from flows.engine.events import Message as Words
from flows.engine.faq_answers import REPORT_INSTEAD
from flows.engine.inputs import Blocked, LinkOpened, Pressed, Wrote
from flows.engine.permissions import OWN_CHAT, WEB, permits
from flows.engine.record import Patient
from flows.escalation import StaffMember
from flows.staff_language import _
from storage import audit, clinic, inbox, records
from storage.inbox import Taken
from storage.transaction import Transaction

PATIENT_PRESSES = {
    "c:": "answer",
    "e:": "enrolment_step",
    "s:": "choose",
    "f:": "choose",
    "r:": "choose",
    "b:": "choose",
}
"""By how a button's code begins, what pressing it is, as `permissions` names it."""

PATIENT_CODES = tuple(PATIENT_PRESSES)


def work(office: Office, taken: Taken, cause: Cause) -> Transaction[Worked]:
    """Work on a stored update: what it causes and that it was done are saved together."""
    update = read(taken.opened(office.vault.clinic))
    if FAMILY in update and is_ours(taken.update_id):
        worked = yield from pressed_on_board(office, update[FAMILY], taken.update_id, cause)
    elif "callback_query" in update:
        worked = yield from pressed(office, update["callback_query"], cause)
    else:
        worked = yield from route(office, Update.de_json(update, None), cause)
    yield from inbox.done(taken.update_id, worked.what, cause.now)
    return worked


def route(office: Office, update: Update, cause: Cause) -> Transaction[Worked]:
    """Bring an update that is no press to whom it concerns."""
    message = update.message or update.edited_message
    if update.my_chat_member is not None:
        return (yield from membership(office, update.my_chat_member, cause))
    if message is None:
        return Worked("nothing for this bot")
    if message.chat.type == ChatType.PRIVATE:
        return (yield from private(office, message, cause, update.edited_message is not None))
    staff = yield from office.staff_chat()
    if staff in (message.chat.id, message.migrate_from_chat_id):
        return (yield from staff_chat.message(office, message, cause))
    if message.chat.type != ChatType.CHANNEL:
        who = yield from sender(message)
        yield from staff_chat.attempted(office, message, who, cause)
    return Worked("in a chat that is not the clinic's")


def pressed(office: Office, query: Mapping[str, Any], cause: Cause) -> Transaction[Worked]:
    """Take a press: a patient's on their own messages, staff's on theirs.

    `query` is Telegram's `CallbackQuery` as it came: making the library's objects of it, of whose
    fields four are needed, took about a tenth of the work on a press (under a profiler).
    """
    code, person, number = query.get("data", ""), int(query["from"]["id"]), query["id"]
    message = query.get("message")
    message_id = int(message["message_id"]) if message else 0
    chat_id = int(message["chat"]["id"]) if message else person
    if not code.startswith(PATIENT_CODES):
        toasts = yield from staff_chat.pressed(office, person, code, (chat_id, message_id), cause)
        return Worked("staff pressed", number, toast_of(toasts))
    loaded = yield from records.of_chat(office.vault.keys, person)
    role, act = "stranger" if loaded is None else "patient", PATIENT_PRESSES[code[:2]]
    place = yield from place_of(office, chat_id, person)
    if loaded is None or not permits(role, place, act):
        yield from refuse(office, person, act, role, cause)
        if loaded is None and (act == "answer" or code == REPORT_INSTEAD):
            yield from newcomers.pressed_in_former_chat(office, person, code, cause)
        toast = yield from not_for_you(query["from"], loaded.record.patient if loaded else None)
        return Worked("pressed by nobody known", number, toast)
    toasts = yield from decide(office, loaded, Pressed(code, message_id), cause)
    return Worked("pressed", number, toast_of(toasts))


def pressed_on_board(
    office: Office, press: Mapping[str, Any], number: int, cause: Cause
) -> Transaction[Worked]:
    """Take a press on the staff's web page: judged, decided and logged as one in the chat."""
    toasts = yield from staff_chat.acted(office, press["from"], press["data"], WEB, cause)
    return Worked("staff pressed on the board", f"{FAMILY}:{number}", toast_of(toasts))


def sender(message: Message) -> Transaction[StaffMember | None]:
    """Return who sent a message, if they are or were on the roster."""
    if message.from_user is None:
        return None
    return (yield from clinic.member(message.from_user.id))


def refuse(office: Office, person: int, action: str, role: str, cause: Cause) -> Transaction[None]:
    """Log what somebody outside the clinic was not allowed to do."""
    event = Did(person, "somebody", action, detail=f"as {role}", allowed=False)
    yield from audit.did(office.vault.audit, None, event, cause.now)


def refuse_command(
    office: Office, person: int, text: str, role: str, cause: Cause
) -> Transaction[None]:
    """Log a command that is not for this person, in their own chat."""
    action = action_of(text)
    if action and not permits(role, OWN_CHAT, action):
        yield from refuse(office, person, action, role, cause)


def private(
    office: Office, message: Message, cause: Cause, edited: bool  # noqa: FBT001 - a message is or is not
) -> Transaction[Worked]:  # fmt: skip
    """Take a message in somebody's own chat with the bot."""
    text = message.text or ""
    if message.from_user is not None and message.from_user.is_bot:
        yield from refuse_command(office, message.from_user.id, text, "stranger", cause)
        return Worked("from another bot")
    if not edited and (token := LINK.fullmatch(text)):
        return (yield from link(office, message, token[1], cause))
    member = yield from clinic.member(message.chat.id)
    if member is not None and not member.reachable:
        yield from clinic.reach(member.id, reachable=True)
    loaded = yield from records.of_chat(office.vault.keys, message.chat.id)
    about_a_case = member is not None and (yield from staff_chat.answers_a_case(message))
    if member is not None and member.on_roster and (loaded is None or about_a_case):
        return (yield from staff_chat.message(office, message, cause))
    if loaded is None:
        return (yield from unknown(office, message, cause))
    protocol = yield from office.protocol_named(loaded.record.patient.protocol)
    said = said_by_patient(message, protocol, edited=edited)
    is_command = is_of_staff(text) and bool(action_of(text))
    if member is not None and isinstance(said, Wrote) and is_command:
        return (yield from staff_chat.message(office, message, cause))
    yield from refuse_command(office, message.chat.id, text, "patient", cause)
    toasts = yield from decide(office, loaded, said, cause)
    return Worked(type(said).__name__, toast=toast_of(toasts))


def unknown(office: Office, message: Message, cause: Cause) -> Transaction[Worked]:
    """Take a message in a chat that no case is paired with, though one may go to it."""
    moving = yield from newcomers.case_of(office, message.chat.id)
    if moving is not None:
        yield from newcomers.heard(office, moving, message, cause)
        return Worked("from a chat that a case may go to")
    yield from refuse_command(office, message.chat.id, message.text or "", "stranger", cause)
    yield from tell_stranger(office, message, cause)
    yield from newcomers.wrote_in_former_chat(office, message, cause)
    return Worked("from nobody known")


def link(office: Office, message: Message, token: str, cause: Cause) -> Transaction[Worked]:
    """Take a one-time link: whatever is wrong with it, the sentence is the same."""
    if token.startswith(PREFIX):
        return Worked((yield from joining.opened(office, message, token, cause.now)))
    chat_id = message.chat.id
    known = yield from records.of_chat(office.vault.keys, chat_id)
    moving = None if known else (yield from newcomers.case_of(office, chat_id))
    if moving is not None:
        yield from newcomers.heard(office, moving, message, cause)
        return Worked("a link opened by a chat that a case may go to")
    code = None
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    if known is None:
        code = yield from clinic.use_invitation(token_hash, chat_id, cause.now)
    loaded = (yield from records.of_case(office.vault.keys, code)) if code else None
    if known is not None:
        protocol = yield from office.protocol_named(known.record.patient.protocol)
        yield from decide(office, known, said_by_patient(message, protocol, edited=False), cause)
        yield from tell_of_known(office, known.record.patient, token_hash, cause)
        return Worked("a link opened by a known patient")
    if loaded is None:
        refused = Did(chat_id, "somebody", "link_refused", allowed=False)
        yield from audit.did(office.vault.audit, None, refused, cause.now)
        yield from tell_stranger(office, message, cause, "link_dead")
        yield from newcomers.wrote_in_former_chat(office, message, cause)
        return Worked("a link that does not work")
    person = message.from_user
    name = person.first_name if person else ""
    language = (person.language_code if person else "") or ""
    yield from decide(office, loaded, LinkOpened(chat_id, name, language), cause)
    return Worked("a link opened")


def tell_of_known(
    office: Office, patient: Patient, token_hash: str, cause: Cause
) -> Transaction[None]:
    """Tell staff of a patient who opened another case's link, which nobody is asked about."""
    other = yield from clinic.invited(token_hash, cause.now)
    if other is None or other == patient.code:
        return
    text = _(
        "⚠️ The link of {other} was opened in the chat of {code}, who has a case "
        "already. So nobody is asked about {other}. If it is the same person, enter "
        "the session with /session {code}; if not, let the patient of {other} open "
        "the link themselves.",
        other=other,
        code=patient.code,
    )
    staff = yield from office.staff_chat()
    say = Say(staff, Words(text), Lane.ALERT, f"known:{other}:{patient.code}")
    yield from outgoing.say(office, say, staff, None, cause.now)


def membership(office: Office, change: ChatMemberUpdated, cause: Cause) -> Transaction[Worked]:
    """Take that somebody blocked the bot or let it back, or what happened in the staff chat."""
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type != ChatType.PRIVATE:
        staff = yield from office.staff_chat()
        if change.chat.id == staff:
            yield from staff_chat.bot_moved(office, change, cause)
        return Worked("moved in a group")
    yield from clinic.reach(change.chat.id, reachable=not gone)
    loaded = yield from records.of_chat(office.vault.keys, change.chat.id)
    if loaded is not None:
        yield from decide(office, loaded, Blocked(gone), cause)
    return Worked("blocked" if gone else "let back in")
