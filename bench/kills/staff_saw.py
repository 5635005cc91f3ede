"""What the staff chat was shown of alerts and of words, and what it should have been."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Final

from bench.kills.rows import rows
from bench.kills.setting import Setting
from bench.kills.witness import Posted
from storage.instants import instant
from storage.transaction import Database

SEVERE: Final = ("follow_up", "urgent", "emergency")
BECAME_CARDS: Final = (
    "SELECT dedup_key || ' ' || state || ' ' || reason || ', put ' || created_at || ', ended '"
    " || COALESCE(ended_at, '-') || ' as ' || COALESCE(CAST(message_id AS TEXT), '-') AS what"
    " FROM outbox WHERE slot = :slot AND chat_id = :chat ORDER BY id LIMIT 5"
)
AT_ONCE: Final = timedelta(minutes=4)
"""An alert is shown before it is repeated because nobody took it, five minutes after it reached its
level: that must not make up for a card that was lost."""
WROTE: Final = " wrote ⚠️"
REPEAT: Final = re.compile(r"\n\nrepeat \d+$")


async def not_alerted(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every case with a severe answer whose alert no card or list has shown to staff.

    Nor may the first to show it since it reached its level be what is repeated where nobody takes
    an alert. Its level, for words that an open list of warning signs makes urgent after a while.
    """
    severe = await rows(database, "SELECT DISTINCT code, level FROM answer")
    alerts = [
        row for row in await rows(database, "SELECT code, key, level, raised_at FROM alert")
        if row["level"] in SEVERE
    ]  # fmt: skip
    alerted = {row["code"] for row in alerts}
    for row in severe:
        if row["level"] in SEVERE and row["code"] not in alerted:
            yield f"{row['code']} gave an answer of {row['level']}, and there is no alert"
    for row in alerts:
        key = row["key"]
        raised = instant(row["raised_at"])
        shown = [
            one.at for one in in_staff_chat(setting)
            if one.at >= raised and (f"{key}\n" in one.text or f"{key} " in one.text)
        ]  # fmt: skip
        if not shown:
            yield f"the alert {key} was never shown in the staff chat"
        elif (late := shown[0] - raised) > AT_ONCE:
            cards = await rows(database, BECAME_CARDS, slot=f"alert:{key}", chat=setting.staff.id)
            became = "; ".join(str(card["what"]) for card in cards)
            said = f"the alert {key} was shown in the staff chat {late} after it was raised"
            yield f"{said}: {became}"


def not_told(setting: Setting) -> Iterator[str]:
    """Yield every patient who ticked a warning sign, saw it taken, and of whom staff saw nothing.

    Words that say one, once the bot took them, must have come to staff by themselves: an alert that
    shows them too may be raised later. It asks nobody but the patient and the staff.
    """
    confirmed = setting.world.confirmed(setting.bot)
    texts = [one.text for one in in_staff_chat(setting)]
    shown = "\n".join(texts)
    for patient in setting.patients:
        if patient.severe & patient.acknowledged.keys() and f"{patient.code}-" not in shown:
            yield f"{patient.code} ticked a warning sign, and staff never saw it"
        for number in sorted(patient.alarmed & confirmed):
            if not any(WROTE in one and patient.wrote[number] in one for one in texts):
                yield f"the words of {patient.code} in update {number} never came to the staff chat"


def repeated(setting: Setting) -> list[Posted]:
    """Return the messages to staff that say they may have come before."""
    return [one for one in in_staff_chat(setting) if REPEAT.search(one.text)]


def repeated_too_often(setting: Setting) -> Iterator[str]:
    """Yield where staff had been shown more repeats than there had been kills."""
    for count, one in enumerate(repeated(setting), 1):
        if count >= one.life:
            yield f"{count} alerts were repeated after {one.life - 1} kills"


def in_staff_chat(setting: Setting) -> list[Posted]:
    """Return what the bot posted in the staff chat."""
    return [
        one for one in setting.world.posted if one.by_bot and one.chat_id == setting.staff.id
    ]  # fmt: skip
