"""Text with its entities: offsets and lengths count UTF-16 units, as Telegram's do."""

import re
from dataclasses import dataclass

from bot.standin.errors import Json

DETECTED = re.compile(
    r"(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w@/]))"
    r"|(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z0-9_]{4,32}(?!\w))"
)
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "url"})


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Styled:
    """A text or caption as shown: plain characters, and what is bold, a link, a command."""

    text: str
    entities: tuple[Json, ...] = ()

    def part(self, entity: Json) -> str:
        """Return the characters that an entity covers."""
        raw = self.text.encode("utf-16-le")
        start = 2 * entity["offset"]
        return raw[start : start + 2 * entity["length"]].decode("utf-16-le")


EMPTY = Styled("")


def trimmed(styled: Styled) -> Styled:
    """Return the text without white space at its ends, its entities moved and cut to fit."""
    body = styled.text.strip()
    lead = units(styled.text) - units(styled.text.lstrip())
    size = units(body)
    kept: list[Json] = []
    for entity in styled.entities:
        begin = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return Styled(body, tuple(kept))


def detected(styled: Styled) -> Styled:
    """Return the text with the commands, links and mentions that Telegram finds by itself."""
    found: list[Json] = []
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in styled.entities
        if entity["type"] in OPAQUE
    ]
    for match in DETECTED.finditer(styled.text):
        begin = units(styled.text[: match.start()])
        end = begin + units(match.group())
        if all(end <= start or begin >= stop for start, stop in taken):
            found.append({"type": match.lastgroup, "offset": begin, "length": end - begin})
    known = {(entity["type"], entity["offset"]) for entity in styled.entities}
    new = [entity for entity in found if (entity["type"], entity["offset"]) not in known]
    return Styled(styled.text, in_order([*styled.entities, *new]))


def in_order(entities: list[Json]) -> tuple[Json, ...]:
    """Return entities by where they begin, the longer first."""
    return tuple(sorted(entities, key=lambda one: (one["offset"], -one["length"])))
