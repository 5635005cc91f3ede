"""The languages that a protocol claims, by the name that their speakers give them."""

from flows.engine.events import Key, Keys
from flows.engine.turn import Turn

NAMES = {
    "en": "English", "es": "Español", "pt": "Português", "ru": "Русский", "ar": "العربية",
    "zh": "中文",
}  # fmt: skip


SIDE_BY_SIDE = 3
"""Languages in a row of buttons; their names are short."""


def in_rows(keys: list[Key]) -> Keys:
    """Return the buttons of languages, some side by side."""
    return tuple(tuple(keys[at : at + SIDE_BY_SIDE]) for at in range(0, len(keys), SIDE_BY_SIDE))


def is_offered(turn: Turn, wished: str) -> bool:
    """Whether the chat app's language, where it says one, is claimed."""
    return not wished or wished[:2].lower() in claimed(turn)


def claimed(turn: Turn) -> tuple[str, ...]:
    """Return the languages of the case's protocol, the first one its fallback."""
    return tuple(turn.desk.protocol.protocol.languages)


def nearest(turn: Turn, wished: str) -> str:
    """Return the language of a tag such as `pt-BR` where it is claimed, else the first."""
    language = wished[:2].lower()
    return language if language in claimed(turn) else claimed(turn)[0]
