"""Sentences that are stored in the staff's language, such as reasons, in another one.

`reasons` of `labels/en.toml` holds each sentence as it is stored, with names for what varies in it;
the files of the other languages say the same.

Hazards: H42.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from bot.export.wording import Wording, read
from flows.local_words import ENGLISH
from flows.schedule import Status
from flows.verdict import Level

BLANK: Final = re.compile(r"\\\{(\w+)\\\}")
WORD: Final = r"\S+"
LEVELS: Final = "|".join(str(level) for level in Level)
KINDS: Final[Mapping[str, str]] = {
    "key": WORD, "number": r"\d+", "level": LEVELS, "after": LEVELS, "status": "|".join(Status),
    "reach": "blocked|deactivated|not a member", "more": ".*",
}  # fmt: skip
"""What can stand in a blank; anything where it is not named here."""
CODES: Final = ("level", "after", "status", "stage", "reach", "before")
"""Blanks that hold a code, which has words of its own."""

MEDIA: Final = ("voice", "video note", "video", "audio", "document", "sticker", "animation",
                "location", "contact", "poll", "message", "photo")  # fmt: skip
"""What a patient can send besides words, as it is stored; the longer name first."""
SENT: Final = re.compile(rf"({'|'.join(MEDIA)})(?: with the words “(.*)”| (.*))?", re.DOTALL)


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """Return the stored sentences by their names."""
    return {
        name: re.compile(BLANK.sub(r"(?P<\1>%s)", re.escape(text)) % blanks(text), re.DOTALL)
        for name, text in read(ENGLISH)["reasons"].items()
    }


def blanks(text: str) -> tuple[str, ...]:
    """Return what can stand in each blank of a sentence, in its order."""
    return tuple(KINDS.get(one, ".+") for one in re.findall(r"\{(\w+)\}", text))


def is_known(text: str) -> bool:
    """Whether there are words in every language for a stored sentence."""
    return any(one.fullmatch(text) for one in patterns().values())


def told(text: str, word: Wording) -> str:
    """Return a stored sentence in a language; one that has no words there as it is stored."""
    return said_in(text, word) or text


def said_in(text: str, word: Wording) -> str:
    """Return a stored sentence in a language; empty where it has no words there."""
    for name, pattern in patterns().items():
        found = pattern.fullmatch(text)
        if found:
            filled = {
                blank: filled_in(blank, said, word) for blank, said in found.groupdict().items()
            }
            return word.reasons[name].format(**filled)
    return ""


def filled_in(blank: str, said: str, word: Wording) -> str:
    """Return what stands in a blank: a sentence or a code in words, all else as it is."""
    if blank == "why":
        return told(said, word)
    return word.value(said) if blank in CODES else word.in_order(said)


def sent(text: str, word: Wording) -> str:
    """Return what is stored of something that is no words: what it was, and the words under it."""
    found = SENT.fullmatch(text)
    if word.language == ENGLISH or not found:
        return told(text, word)
    what, *captions = found.groups()
    return ": ".join([word.value(what), *filter(None, captions)])


def detail(action: str, text: str, word: Wording) -> str:
    """Return what is noted of an act; what only staff have to do with is left out of a translation.

    That is what they asked a command for, or what an export held.
    """
    if word.language == ENGLISH or not text:
        return text
    if action == "language":
        return word.spoken(text)
    if action in ("zone", "quiet_hours", "consented"):
        return word.in_order(word.value(text) if text == "usual" else text)
    if action in ("unreachable", "outcome"):
        return word.value(text)
    return said_in(text, word)


def who(name: str, word: Wording) -> str:
    """Return who wrote or did something; the name of a person as it is."""
    if word.language == ENGLISH:
        return name
    return said_in(name, word) if name.startswith("command line (") else word.author(name)
