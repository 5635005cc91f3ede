"""The languages that a protocol claims, by the name that their speakers give them."""

from flows.engine.turn import Turn

NAMES = {
    "en": "English", "es": "Español", "pt": "Português", "ru": "Русский", "ar": "العربية",
    "zh": "中文",
}  # fmt: skip


def claimed(turn: Turn) -> tuple[str, ...]:
    """Return the languages of the case's protocol, the first one its fallback."""
    return tuple(turn.desk.protocol.protocol.languages)


def nearest(turn: Turn, wished: str) -> str:
    """Return the language of a tag such as `pt-BR` where it is claimed, else the first."""
    language = wished[:2].lower()
    return language if language in claimed(turn) else claimed(turn)[0]
