"""What a person's phone shows, as the page draws it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from urllib.parse import parse_qs, urlparse

from bot.demo.story import Stage
from bot.standin.chats import Chat, PrivateChat
from bot.standin.errors import Json
from bot.standin.messages import Message
from bot.standin.people import Person
from bot.standin.styled import Styled, units

MOST_MESSAGES = 150
STYLES = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
    "expandable_blockquote",
})  # fmt: skip
QUOTED = 90


def phone(stage: Stage, person: Person, chat: Chat) -> Json:
    """Return one person's phone with one chat open.

    A patient's has in `code` the link behind the code at the desk that nobody has scanned yet.
    """
    private = chat if isinstance(chat, PrivateChat) else None
    return {
        "person": person.id,
        "name": person.name,
        "chat": chat.id,
        "title": private.bot.name if private else chat.title,
        "about": "bot" if private else members(chat),
        "started": private is None or (private.started and not private.blocked),
        "code": waiting_code(stage) if person in stage.patients else None,
        "chats": [about_chat(one, person) for one in stage.chats(person)],
        "menu": person.menu(chat, stage.bot),
        "keys": keys(private),
        "messages": [about(stage, one, person) for one in chat.standing()[-MOST_MESSAGES:]],
    }


def members(chat: Chat) -> str:
    """Return who is in a group."""
    return ", ".join(account.name for account in chat.accounts())


def about_chat(chat: Chat, person: Person) -> Json:
    """Return a chat's name, and how many messages of others came in it."""
    title = chat.bot.name if isinstance(chat, PrivateChat) else chat.title
    arrived = sum(one.sender is not person and not one.is_service for one in chat.standing())
    return {"id": chat.id, "title": title, "arrived": arrived}


def keys(chat: PrivateChat | None) -> list[list[str]]:
    """Return the rows of the keyboard that stands in place of the letters."""
    rows = (chat.reply_keyboard or {}).get("keyboard", []) if chat else []
    return [[key if isinstance(key, str) else key["text"] for key in row] for row in rows]


def about(stage: Stage, message: Message, person: Person) -> Json:
    """Return a message as the page draws it; times are the clinic's."""
    body: Json = {
        "id": message.message_id,
        "day": day(message.date.astimezone(stage.zone)),
        "time": f"{message.date.astimezone(stage.zone):%H:%M}",
        "by": message.chat.title if message.anonymous else message.sender.name,
        "mine": message.sender is person,
        "bot": message.sender.is_bot,
        "event": event(message),
        "runs": runs(without_payload(message.words), stage),
        "edited": message.edited_at is not None,
        "buttons": buttons(message, stage),
    }
    if message.photo:
        size = message.photo[-1]
        body["photo"] = {"file": size.number, "width": size.width, "height": size.height}
    if message.document:
        upload = message.document.upload
        file = {"file": message.document.number, "name": upload.name, "size": len(upload.content)}
        body["document"] = file
    if message.reply_to and not message.reply_to.deleted:
        body["reply"] = {"id": message.reply_to.message_id, **quoted(message.reply_to)}
    return body


def day(local: datetime) -> str:
    """Return a date as it stands between messages."""
    return f"{local:%A}, {local.day} {local:%B}"


def quoted(message: Message) -> Json:
    """Return the line that stands above a reply."""
    text = message.words.text or message.media
    short = text if len(text) <= QUOTED else text[:QUOTED] + "…"
    return {"by": message.sender.name, "text": short.replace("\n", " ")}


def event(message: Message) -> str:
    """Say what a message tells of that nobody wrote; nothing for one that somebody wrote."""
    if message.pinned:
        return f"{message.sender.name} pinned a message"
    for one in message.service.get("new_chat_members", []):
        return f"{message.sender.name} added {one['first_name']}"
    if "left_chat_member" in message.service:
        return f"{message.service['left_chat_member']['first_name']} left"
    return ", ".join(name.replace("_", " ") for name in message.service)


def without_payload(words: Styled) -> Styled:
    """Return a text without what a start link gave the bot: chat apps do not show it."""
    return Styled("/start", words.entities) if words.text.startswith("/start ") else words


def runs(words: Styled, stage: Stage) -> list[Json]:
    """Return a text cut where its look changes: each piece with its styles and where it leads."""
    raw = words.text.encode("utf-16-le")
    edges = {0, units(words.text)}
    for entity in words.entities:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    pieces: list[Json] = []
    for begin, end in pairwise(sorted(edges)):
        piece: Json = {"text": raw[2 * begin : 2 * end].decode("utf-16-le", "replace")}
        for entity in words.entities:
            if entity["offset"] <= begin and end <= entity["offset"] + entity["length"]:
                piece |= look(entity, words.part(entity), stage, piece.get("styles", []))
        pieces.append(piece)
    return pieces


def look(entity: Json, text: str, stage: Stage, styles: list[str]) -> Json:
    """Return what an entity adds to a piece of text."""
    kind = entity["type"]
    if kind in STYLES:
        return {"styles": [*styles, kind]}
    if kind in ("url", "text_link"):
        return leads(entity.get("url", text), stage)
    if kind == "bot_command":
        return {"command": text}
    return {"styles": [*styles, "mention"]}


def leads(link: str, stage: Stage) -> Json:
    """Return where a link goes: into the bot's chat, or to a page."""
    return {"opens": link} if payload(link, stage) is not None else {"link": link}


def payload(link: str, stage: Stage) -> str | None:
    """Return what a link gives the bot; None for one that does not lead to it."""
    parts = urlparse(link)
    if parts.hostname != "t.me" or parts.path.strip("/").lower() != stage.bot.username.lower():
        return None
    return parse_qs(parts.query).get("start", [""])[0]


def buttons(message: Message, stage: Stage) -> list[list[Json]]:
    """Return the rows of buttons under a message; each is pressed, or leads somewhere."""
    return [
        [
            {"label": one["text"], "style": one.get("style", "")}
            | (leads(one["url"], stage) if "url" in one else {})
            for one in row
        ]
        for row in (message.markup or {}).get("inline_keyboard", [])
    ]


def waiting_code(stage: Stage) -> str | None:
    """Return the newest start link on a staff member's screen that no patient has opened."""
    opened = {
        one.words.text.removeprefix("/start ")
        for patient in stage.patients
        for one in patient.chat_with(stage.bot).messages.values()
        if one.sender is patient
    }
    chats = [stage.group, *(nurse.chat_with(stage.bot) for nurse in stage.staff)]
    shown = [one for chat in chats for one in chat.standing() if one.sender is stage.bot]
    for message in sorted(shown, key=lambda one: one.date)[::-1]:
        for link in links(message):
            given = payload(link, stage)
            if given and given not in opened:
                return link
    return None


def links(message: Message) -> Iterator[str]:
    """Yield every address in a message and its buttons."""
    for entity in message.words.entities:
        if entity["type"] in ("url", "text_link"):
            yield entity.get("url") or message.words.part(entity)
    for row in (message.markup or {}).get("inline_keyboard", []):
        yield from (button["url"] for button in row if "url" in button)
