"""The staff chat: who may press and write there, and what that reaches."""

from datetime import datetime

from telegram import ChatMemberUpdated, Message
from telegram.constants import ChatMemberStatus

from bot import outgoing, staff
from bot.deciding import Cause, Worked, decide
from bot.office import STAFF_CHAT, Office
from bot.staff.asked import ELSEWHERE, place_of
from bot.staff.commands import action_of
from flows.engine.events import Did, Lane, Say, Toast
from flows.engine.events import Message as Words
from flows.engine.inputs import StaffDid, StaffWrote
from flows.engine.permissions import may, permits, role_of
from flows.escalation import StaffMember
from flows.staff_language import N_, _
from storage import audit, cards, clinic, outbox, records
from storage.transaction import Transaction

ONLY_WORDS = N_("Only words reach the patient from here. Please write it, or phone.")
NOT_ALLOWED = N_("Only nurses, doctors and admins on the clinic's roster may do this.")
NOT_PASSED_ON = N_("I do not know whom this is for. Answer a card.")
SEVERAL = N_("Several cases stand there. Press Show, then answer that card.")
PAIRING = {"confirm": "pair_confirm", "refuse": "pair_refuse"}


def pressed(
    office: Office, user_id: int, code: str, where: tuple[int, int], cause: Cause
) -> Transaction[list[Toast]]:
    """Take a press under a card, a pairing or a list."""
    if code.partition(":")[0] not in ("a", "p"):
        who = yield from clinic.member(user_id)
        now, update_id = cause
        return (yield from staff.pressed(office, who, code, *where, now, user_id, update_id))
    place = yield from place_of(office, where[0], user_id)
    return (yield from acted(office, user_id, code, place, cause, where))


def acted(  # noqa: PLR0913, PLR0917 - who pressed what, where
    office: Office, user_id: int, code: str, place: str, cause: Cause,
    where: tuple[int, int] = (0, 0),
) -> Transaction[list[Toast]]:  # fmt: skip
    """Take a press that is about a case, in a chat or on the board; `place` says which."""
    who = yield from clinic.member(user_id)
    family, rest = code.partition(":")[::2]
    word, argument = rest.partition(":")[::2]
    word, option = word.partition(".")[::2]
    action = PAIRING.get(word, "") if family == "p" else word
    case = argument if family == "p" else argument.rsplit("-", 1)[0]
    if not permits(role_of(who), place, action):
        yield from refused(office, user_id, who, action, argument, case, cause)
        return [Toast(_(ELSEWHERE) if may(who, action) else _(NOT_ALLOWED), alert=True)]
    assert who is not None
    loaded = yield from records.of_case(office.vault.keys, case)
    if loaded is None:
        return [Toast(_("This case is not there any more."))]
    said = StaffDid(who, action, argument, option, *where)
    return (yield from decide(office, loaded, said, cause))


def refused(  # noqa: PLR0913, PLR0917 - everything the log has to say
    office: Office, user_id: int, who: StaffMember | None, action: str, about: str,
    case: str | None, cause: Cause,
) -> Transaction[None]:  # fmt: skip
    """Log what somebody was not allowed to do."""
    name = who.name if who else "not on the roster"
    event = Did(user_id, name, action or "unknown", about, allowed=False)
    yield from audit.did(office.vault.audit, case or None, event, cause.now)


def message(office: Office, said: Message, cause: Cause) -> Transaction[Worked]:
    """Take a message of the staff chat, or of a member of staff's own chat."""
    if said.migrate_to_chat_id is not None:
        yield from migrated(said.chat.id, said.migrate_to_chat_id, cause.now)
        return Worked("the staff chat became a supergroup")
    if said.sender_chat is not None:
        text = _("Please switch off “remain anonymous”: I can only act for a person I know.")
        yield from attempted(office, said, None, cause)
        yield from answer(office, said, text, cause)
        return Worked("written anonymously")
    person = said.from_user
    if person is None or person.is_bot or not said.text:
        if not said.text and (yield from answers_a_case(said)):
            yield from answer(office, said, _(ONLY_WORDS), cause)
        yield from attempted(office, said, None, cause)
        return Worked("nothing that can be passed on")
    who = yield from clinic.member(person.id)
    if said.text.startswith("/"):
        command = staff.StaffCommand(
            said.text, said.chat.id, said.message_id, person.id, person.first_name
        )
        yield from staff.command(office, who, command, cause.now)
        return Worked("staff command")
    if said.reply_to_message is not None:
        return (yield from replied(office, said, who, cause))
    return Worked("staff among themselves")


def attempted(
    office: Office, said: Message, who: StaffMember | None, cause: Cause
) -> Transaction[bool]:
    """Log what a message asks for, from whom nothing is taken; False where it asks for nothing."""
    person = said.from_user
    action = action_of(said.text or "")
    if not action and said.reply_to_message is not None and said.text:
        slots = yield from cards.behind(said.chat.id, said.reply_to_message.message_id)
        action = "write" if any(case_of(slot) for slot in slots) else ""
        action = action or ("lot" if any(slot.startswith("enrolment:") for slot in slots) else "")
    if action and person is not None:
        yield from refused(office, person.id, who, action, "", None, cause)
    return bool(action)


def replied(
    office: Office, said: Message, who: StaffMember | None, cause: Cause
) -> Transaction[Worked]:
    """Take an answer to one of the bot's messages: to the patient behind it, or about it."""
    assert said.reply_to_message is not None
    assert said.from_user is not None
    slots = yield from cards.behind(said.chat.id, said.reply_to_message.message_id)
    cases = {case_of(slot) for slot in slots} - {None}
    text = said.text or ""
    if not cases:
        sender, chat = said.from_user.id, said.chat.id
        now, update_id = cause
        if (yield from staff.replied(office, who, text, slots, chat, now, sender, update_id)):
            return Worked("an answer about an enrolment")
        yield from answer(office, said, _(NOT_PASSED_ON), cause, Lane.ALERT)
        return Worked("an answer to nothing")
    if not may(who, "write"):
        yield from refused(office, said.from_user.id, who, "write", "", None, cause)
        yield from answer(office, said, _(NOT_ALLOWED), cause)
        return Worked("not allowed to write")
    if len(cases) > 1:
        yield from answer(office, said, _(SEVERAL), cause, Lane.ALERT)
        return Worked("an answer to several")
    loaded = yield from records.of_case(office.vault.keys, str(cases.pop()))
    if loaded is None or who is None:
        yield from answer(office, said, _(NOT_PASSED_ON), cause, Lane.ALERT)
        return Worked("an answer to somebody who was erased")
    alert = next((slot.partition(":")[2] for slot in slots if slot.startswith("alert:")), "")
    yield from decide(office, loaded, StaffWrote(who, text, alert), cause)
    return Worked("an answer to a patient")


def case_of(slot: str) -> str | None:
    """Return the case that a message in the staff chat is about."""
    kind, _, about = slot.partition(":")
    if kind == "alert":
        return about.rsplit("-", 1)[0]
    return about if kind == "case" else None


def answer(
    office: Office, said: Message, text: str, cause: Cause, lane: Lane = Lane.REPLY
) -> Transaction[None]:
    """Answer in the chat that something was written in.

    That words meant for a patient went nowhere is said until it was heard: as an alert.
    """
    repeat = f"answer:{said.chat.id}:{said.message_id}"
    say = Say(said.chat.id, Words(text), lane, repeat)
    yield from outgoing.say(office, say, said.chat.id, None, cause.now)


def answers_a_case(said: Message) -> Transaction[bool]:
    """Whether a message answers one of the bot's that is about a case."""
    if said.reply_to_message is None:
        return False
    slots = yield from cards.behind(said.chat.id, said.reply_to_message.message_id)
    return any(case_of(slot) for slot in slots)


def migrated(old: int, new: int, now: datetime) -> Transaction[None]:
    """Follow the staff chat to its new number, with everything that waits to go there."""
    yield from clinic.put(STAFF_CHAT, str(new))
    yield from outbox.migrate_chat(old, new, now)


def bot_moved(office: Office, change: ChatMemberUpdated, cause: Cause) -> Transaction[None]:
    """Tell everybody in private that the staff chat was lost, or is there again."""
    status = change.new_chat_member.status
    can_write = status in (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
    mute = status == ChatMemberStatus.RESTRICTED and not getattr(
        change.new_chat_member, "can_send_messages", False
    )
    lost = mute or not (can_write or status == ChatMemberStatus.RESTRICTED)
    text = (
        _(
            "⚠️ I was removed from the staff chat or may not write there. Alerts come to "
            "you here until I am back. Please add me again."
        )
        if lost
        else _("I can write in the staff chat again.")
    )
    people = yield from office.people(cause.now)
    yield from clinic.put("staff_chat_lost", cause.now.isoformat() if lost else "")
    for one in people.roster:
        if one.on_roster and one.reachable:
            say = Say(one.id, Words(text), Lane.ALERT, f"moved:{one.id}:{cause.now.isoformat()}")
            yield from outgoing.say(office, say, one.id, None, cause.now)
    log = Did(None, "Aftercheck", "staff_chat_lost" if lost else "staff_chat_back")
    yield from audit.did(office.vault.audit, None, log, cause.now)
