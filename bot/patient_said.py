"""What a patient's message says: words, a command, a photo, or something else.

Hazards: H16.
"""

import re

from telegram import Message

from flows.engine.inputs import Commanded, Input, SentOther, SentPhoto, Wrote
from flows.named_signs import signs_in
from flows.protocol import Protocol

PATIENT_COMMANDS = (
    "start", "report", "faq", "status", "settings", "privacy", "mydata", "stop", "help",
)  # fmt: skip


LINK = re.compile(r"/start\s+([A-Za-z0-9_-]+)\s*")
"""What an opened link sends. Other words after /start are somebody's own."""
TOKEN = re.compile(r"/start\s+[A-Za-z0-9_-]{22,}\s*")
"""The same of a link that may work: 128 bits take 22 letters, which no word has (own choice)."""

MEDIA = ("voice", "video", "video_note", "audio", "document", "sticker", "animation", "location",
         "contact", "poll")  # fmt: skip


def is_of_staff(text: str) -> bool:
    """Whether a text is a command that no patient gives; `/report` is a patient's, whoever asks."""
    first = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return bool(first) and first[1:].split("@")[0].lower() not in PATIENT_COMMANDS


def said_by_patient(message: Message, protocol: Protocol, *, edited: bool) -> Input:
    """Return what the message of a patient of this protocol is.

    Words after a command are heard where they are a report, or may hold a warning sign. What a link
    sends is no words: whoever reads it may open a case by it that still waits for its patient.
    """
    text, number = message.text or "", message.message_id
    if TOKEN.fullmatch(text):
        return Commanded("start")
    first, *rest = text.split(maxsplit=1) if text.startswith("/") else [""]
    word = first[1:].split("@")[0].lower()
    if word in PATIENT_COMMANDS and not edited:
        if rest and speaks(protocol, word, rest[0]):
            return Wrote(rest[0], number)
        return Commanded(word, *rest)  # type: ignore[arg-type]
    if text:
        return Wrote(text, number, edited=edited)
    if message.photo:
        largest = message.photo[-1]
        return SentPhoto(
            largest.file_id, largest.file_unique_id, number, message.media_group_id or "",
            message.caption or "",
        )  # fmt: skip
    kinds = (name.replace("_", " ") for name in MEDIA if getattr(message, name, None))
    return SentOther(next(kinds, "message"), number, message.caption or "")


def speaks(protocol: Protocol, command: str, words: str) -> bool:
    """Whether words after a command are to be heard: `/help me please` is, `/stop please` stops.

    So is anything after /faq that may hold a warning sign: a page would be no answer to it. What
    else tells there how somebody is gets one, and is kept beside it: `engine.beside_command`.
    """
    signs = {sign.sign for sign in signs_in(protocol, words).signs}
    doubtful = command in ("help", "faq")
    return command == "report" or bool(signs if doubtful else signs - {"unclear"})
