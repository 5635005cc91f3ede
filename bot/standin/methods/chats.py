"""getChat, getChatMember, getChatAdministrators, leaveChat, createForumTopic."""

from bot.standin.call import Call
from bot.standin.chats import Chat, PrivateChat
from bot.standin.errors import Json, bad_request
from bot.standin.groups import TOPIC_COLOUR, Group
from bot.standin.render import member_json, message_json

NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_change_info",
    "can_invite_users", "can_pin_messages",
)  # fmt: skip
LONGEST_TOPIC = 128


def get_chat(call: Call) -> Json:
    """Return the `ChatFullInfo` object."""
    chat = call.chat("read")
    info = chat.json() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": NO_GIFTS,
    }
    if chat.username:
        info["active_usernames"] = [chat.username]
    if isinstance(chat, Group):
        info["permissions"] = dict.fromkeys(PERMISSIONS, True)
    pins = [message for message in chat.pins if not message.deleted]
    if pins:
        info["pinned_message"] = message_json(pins[-1], call.bot.id, nested=True)
    return info


def get_chat_member(call: Call) -> Json:
    """Return somebody's place in a chat, `left` for a person who is not in it.

    Raises:
        Refusal: 400 for nobody's number.
    """
    chat = call.chat("read")
    account = call.world.accounts.get(call.arguments.number("user_id"))
    if account is None:
        raise bad_request(
            "PARTICIPANT_ID_INVALID" if chat.kind == "supergroup" else "user not found"
        )
    if isinstance(chat, Group):
        return member_json(chat.member(account), chat)
    if not chat.holds(account):
        raise bad_request("member not found")
    return {"status": "member", "user": account.json()}


def get_chat_administrators(call: Call) -> list[Json]:
    """Return who administers a group; of the bots only the caller, unless all are asked for."""
    chat = group_of(call.chat("read"), "there are no administrators in the private chat")
    everyone = call.arguments.flag("return_bots")
    return [
        member_json(member, chat)
        for member in chat.members.values()
        if member.status in ("creator", "administrator")
        and (everyone or not member.account.is_bot or member.account is call.bot)
    ]


def group_of(chat: Chat, otherwise: str) -> Group:
    """Return a chat as the group it is, or refuse with this sentence."""
    if not isinstance(chat, Group):
        raise bad_request(otherwise)
    return chat


def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = call.chat("edit")
    group_of(chat, "chat member status can't be changed in private chats").lets_go(call.bot)
    return True


def create_forum_topic(call: Call) -> Json:
    """Open a topic.

    Raises:
        Refusal: 400 where the chat is no forum, or the bot may not.
    """
    chat = call.chat("write")
    if isinstance(chat, PrivateChat) or not isinstance(chat, Group) or not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not call.may(chat, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = call.arguments.text("name").strip()
    if not 1 <= len(name) <= LONGEST_TOPIC:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    call.passes_gate(chat)
    opened = chat.topic(name, call.bot)
    return {"message_thread_id": opened.id, "name": name, "icon_color": TOPIC_COLOUR}
