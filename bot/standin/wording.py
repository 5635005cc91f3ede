"""The words of a call: parse mode or entities applied, and measured."""

from collections.abc import Mapping

from bot.standin.call import Call
from bot.standin.errors import Json, bad_request
from bot.standin.html import Reader
from bot.standin.people import Person
from bot.standin.styled import Styled, detected, in_order, trimmed, units

LONGEST_TEXT = 4096  # Bot API reference, sendMessage: characters after entities parsing
LONGEST_CAPTION = 1024
PREVIEW_FIELDS = (
    "is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text",
)  # fmt: skip
ENTITY_FIELDS = ("type", "offset", "length", "url", "user", "language", "custom_emoji_id")
ENTITY_TYPES = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote",
    "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time",
})  # fmt: skip


def message_text(call: Call) -> Styled:
    """Return the text of a message.

    Raises:
        Refusal: 400 for none, too much, or broken HTML.
    """
    if not call.arguments.text("text"):
        raise bad_request("message text is empty")
    styled = formatted(call, call.arguments.values, "text", "entities")
    if not styled.text:
        raise bad_request("text must be non-empty")
    if units(styled.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return styled


def link_preview(call: Call) -> Json | None:
    """Return how links are to be previewed, in the fields the server knows."""
    given = call.arguments.fields("link_preview_options") or {}
    return {name: given[name] for name in PREVIEW_FIELDS if given.get(name)} or None


def caption(call: Call, fields: Mapping[str, object] | None = None) -> Styled:
    """Return a caption, of the call itself or of one entry of an album; it may be empty."""
    given = call.arguments.values if fields is None else fields
    styled = formatted(call, given, "caption", "caption_entities")
    if units(styled.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return styled


def formatted(call: Call, fields: Mapping[str, object], text: str, entities: str) -> Styled:
    """Return words with what is bold, linked and so on."""
    source = fields.get(text, "")
    mode = str(fields.get("parse_mode") or "")
    if not isinstance(source, str):
        raise bad_request(f'field "{text}" must be of type String')
    if mode.lower() == "html":
        styled = Reader(source).styled()
    elif mode.lower() in ("markdown", "markdownv2"):
        raise bad_request(f"parse_mode {mode} is not supported by the stand-in; use HTML")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = fields.get(entities) or []
        styled = Styled(source, explicit(given if isinstance(given, list) else []))
    known = [one for entity in styled.entities if (one := with_person(call, entity))]
    return detected(trimmed(Styled(styled.text, tuple(known))))


def with_person(call: Call, entity: Json) -> Json | None:
    """Return an entity with the whole user of a mention; None where the bot never met them."""
    if entity["type"] != "text_mention":
        return entity
    person = call.world.accounts.get(entity["user"]["id"])
    if not isinstance(person, Person) or person.id not in call.bot.met:
        return None
    return entity | {"user": person.json()}


def explicit(given: list[object]) -> tuple[Json, ...]:
    """Return entities as a call lists them."""
    broken = "can't parse MessageEntity"
    entities: list[Json] = []
    for entity in given:
        if not isinstance(entity, Mapping):
            raise bad_request(f"{broken}: expected an Object")
        for name in ("offset", "length"):
            if not isinstance(entity.get(name), int):
                raise bad_request(f'{broken}: Field "{name}" must be of type Number')
        if entity.get("type") not in ENTITY_TYPES:
            raise bad_request(f"{broken}: Unsupported type specified")
        entities.append({name: entity[name] for name in ENTITY_FIELDS if entity.get(name)})
        entities[-1] |= {"offset": entity["offset"]}
    return in_order(entities)
