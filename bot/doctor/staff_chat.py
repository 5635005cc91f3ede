"""The staff's group: the bot's place in it, and everybody who is on the roster.

Hazards: H43, H44.
"""

import re
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus

from bot.doctor.calling import Answer, Calling
from bot.doctor.findings import Finding, Mark, bad, doubt, well
from flows.escalation import StaffMember

INSIDE = ("creator", "administrator", "member", "restricted")
NO_MEMBER = re.compile("user|participant|member", re.IGNORECASE)
"""In a refusal of somebody who never was in a group: "user not found", "PARTICIPANT_ID_INVALID";
a group that is not found or whose number is old has none of these words."""
GROUPS = ("group", "supergroup")


async def of_staff_chat(
    call: Calling, chat_id: int, bot_id: int, roster: Sequence[StaffMember]
) -> AsyncIterator[Finding]:
    """Say whether alerts reach the staff's group, and everybody in it."""
    chat = await call("getChat", chat_id=chat_id)
    writing = await call("sendChatAction", chat_id=chat_id, action="typing")
    became = writing.parameters.get("migrate_to_chat_id")
    if not chat.ok or became is not None:
        yield unreachable(chat.description, became)
        return
    if chat.result["type"] not in GROUPS:
        mend = "Set it to the number of a group; /id there shows it."
        yield bad(f"STAFF_CHAT_ID is a {chat.result['type']} chat, not a group.", mend)
        return
    place = await call("getChatMember", chat_id=chat_id, user_id=bot_id)
    permissions = chat.result.get("permissions", {})
    found = of_place(place.result if place.ok else {"status": "left"}, permissions)
    if found.mark is Mark.WELL and not writing.ok:
        found = bad(f"The bot may not write in the staff's group ({writing.description}).")
    yield found
    for member in roster:
        if member.on_roster:
            yield await of_member(call, chat_id, member)


async def knows_somebody(call: Calling, chat_id: int, people: Sequence[int]) -> bool:
    """Whether any of these people is in a group; True also where Telegram does not tell.

    A group without anybody from the roster is somebody else's: its number was typed wrongly.
    """
    for person in people:
        place = await call("getChatMember", chat_id=chat_id, user_id=person)
        if not is_outside(place):
            return True
    return not people


def is_outside(place: Answer) -> bool:
    """Whether an answer says that somebody is not in a group, and not that it cannot be told."""
    if not place.ok:
        return place.code == HTTPStatus.BAD_REQUEST and bool(NO_MEMBER.search(place.description))
    return isinstance(place.result, dict) and place.result.get("status") not in INSIDE


def unreachable(description: str, became: int | None) -> Finding:
    """Say why the staff's group cannot be found."""
    if became is not None:
        return bad("The staff's group was upgraded and has another number.",
                   f"Set STAFF_CHAT_ID to {became}.")  # fmt: skip
    return bad(f"The staff's group cannot be found ({description}).",
               "Put the bot into the group, and check STAFF_CHAT_ID.")  # fmt: skip


def of_place(place: dict[str, object], permissions: dict[str, object]) -> Finding:
    """Say whether the bot may write in the group. `permissions` are those of plain members."""
    status = place["status"]
    if status not in INSIDE:
        return bad("The bot is not in the staff's group.", "Add it there.")
    if status == "administrator":
        return doubt("The bot is an administrator of the staff's group: it reads all they write.",
                     "Make it a plain member; it needs no more.")  # fmt: skip
    own = place if status == "restricted" else permissions
    if not own.get("can_send_messages", True):
        return bad("The bot may not write in the staff's group.",
                   "Allow members to send messages, or lift its restriction.")  # fmt: skip
    return well("The bot is in the staff's group and may write.")


async def of_member(call: Calling, chat_id: int, member: StaffMember) -> Finding:
    """Say whether somebody on the roster is in the group and can be written to alone.

    Asking for their chat would not tell: it is known of whoever is in the group. Only writing
    does, and "typing" is the one thing to write that leaves nothing behind.
    """
    place = await call("getChatMember", chat_id=chat_id, user_id=member.id)
    who = f"{member.name} ({member.role})"
    if not place.ok or place.result["status"] not in INSIDE:
        return bad(f"{who} is not in the staff's group.",
                   "Add them, or take them off the roster.")  # fmt: skip
    alone = await call("sendChatAction", chat_id=member.id, action="typing")
    if not alone.ok:
        return bad(f"{who} has not started the bot, so details cannot be sent to them.",
                   "They open the bot's chat and press Start.")  # fmt: skip
    return well(f"{who} is in the staff's group and has started the bot.")
