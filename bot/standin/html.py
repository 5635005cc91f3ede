"""Telegram's HTML made text and entities, and refused where it is broken.

Tags, attributes and the sentences of the refusals follow TDLib's `parse_html`.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from bot.standin.errors import Json, Refusal, bad_request
from bot.standin.styled import Styled, in_order, units

PLAIN_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
OTHER_TAGS = frozenset({"a", "span", "tg-emoji"})
ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
NAME = re.compile(r"[A-Za-z0-9-]*")
WEB_LINK = re.compile(
    r"(?:https?|tg|ton|mailto|tel)://?[^\s]+|[\w.-]+\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)
MENTION_LINK = re.compile(r"tg://user\?id=(\d+)")


@dataclass
class Tag:
    """A tag that is open: where its text begins, in UTF-16 units."""

    name: str
    begin: int
    attributes: dict[str, str]


@dataclass
class Reader:
    """Reads one HTML text from its start to its end."""

    source: str
    position: int = 0
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    tags: list[Tag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def styled(self) -> Styled:
        """Return the text and its entities.

        Raises:
            Refusal: 400, "can't parse entities: …", with the byte at which it went wrong.
        """
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "<":
                self.closes() if self.source[self.position + 1 :][:1] == "/" else self.opens()
            elif character == "&" and (match := CHARACTER.match(self.source, self.position)):
                self.says(unescape(match.group()))
                self.position = match.end()
            else:
                self.says(character)
                self.position += 1
        if self.tags:
            open_tag = self.tags[-1].name
            raise self.broken(f'Can\'t find end tag corresponding to start tag "{open_tag}"')
        return Styled("".join(self.pieces), in_order(self.entities))

    def says(self, characters: str) -> None:
        """Add characters to the text."""
        self.pieces.append(characters)
        self.length += units(characters)

    def broken(self, reason: str) -> Refusal:
        """Return the refusal of a text that cannot be read."""
        return bad_request(f"can't parse entities: {reason}")

    def byte(self, position: int) -> int:
        """Return how many bytes of UTF-8 stand before a position."""
        return len(self.source[:position].encode())

    def opens(self) -> None:
        """Read a start tag."""
        start = self.position
        matched = NAME.match(self.source, start + 1)
        name = matched.group().lower() if matched else ""
        if name not in PLAIN_TAGS and name not in OTHER_TAGS:
            raise self.broken(f'Unsupported start tag "{name}" at byte offset {self.byte(start)}')
        position = start + 1 + len(name)
        attributes: dict[str, str] = {}
        while True:
            while self.source[position : position + 1].isspace():
                position += 1
            if self.source[position : position + 1] == ">":
                break
            match = ATTRIBUTE.match(self.source, position)
            if match is None:
                raise self.broken(f"Unclosed start tag at byte offset {self.byte(start)}")
            value = match.group(2) or ""
            attributes[match.group(1).lower()] = unescape(value.strip("\"'"))
            position = match.end()
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self.broken(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(start)}'
            )
        self.tags.append(Tag(name, self.length, attributes))
        self.position = position + 1

    def closes(self) -> None:
        """Read an end tag, and keep the entity that it ends."""
        start = self.position
        stop = self.source.find(">", start)
        if stop < 0:
            raise self.broken(f"Unclosed end tag at byte offset {self.byte(start)}")
        if not self.tags:
            raise self.broken(f"Unexpected end tag at byte offset {self.byte(start)}")
        name = self.source[start + 2 : stop].strip().lower()
        tag = self.tags.pop()
        if name not in ("", tag.name):
            raise self.broken(
                f"Unmatched end tag at byte offset {self.byte(start)}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self.position = stop + 1
        if self.length > tag.begin:
            self.keep(tag)

    def keep(self, tag: Tag) -> None:
        """Add the entity of a tag; a link that leads nowhere stays plain text."""
        entity: Json = {"offset": tag.begin, "length": self.length - tag.begin}
        kind = PLAIN_TAGS.get(tag.name)
        if tag.name == "a":
            link = tag.attributes.get("href", "")
            if mention := MENTION_LINK.fullmatch(link):
                entity |= {"type": "text_mention", "user": {"id": int(mention.group(1))}}
            elif WEB_LINK.fullmatch(link):
                entity |= {"type": "text_link", "url": link}
            else:
                return
        elif tag.name == "tg-emoji":
            entity |= {
                "type": "custom_emoji",
                "custom_emoji_id": tag.attributes.get("emoji-id", ""),
            }
        elif tag.name == "code" and self.tags and self.tags[-1].name == "pre":
            self.tags[-1].attributes["class"] = tag.attributes.get("class", "")
            return
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        else:
            entity["type"] = kind or "spoiler"
        language = tag.attributes.get("class", "") if tag.name == "pre" else ""
        if language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        self.entities.append(entity)
