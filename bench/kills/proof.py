"""What must hold after the last start, as questions to the database and to what people saw."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

from bench.kills.setting import Setting
from storage.transaction import Database, Query, Row, Transaction

UNFINISHED: Final = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
    "    AND method <> 'card_refresh')"
    " + (SELECT count(*) FROM due WHERE state = 'waiting' AND due_at <= :now) AS left_over"
)
"""A group takes 20 changes a minute, so the newest state of some cards there is still to come."""

KEPT: Final = "SELECT update_id FROM answer UNION SELECT update_id FROM message"
SEVERE: Final = ("follow_up", "urgent", "emergency")
OPENING: Final = "Time for your check-in"


async def rows(database: Database, text: str, **values: object) -> Sequence[Row]:
    """Return rows, on the connection that only reads."""

    def asking() -> Transaction[Sequence[Row]]:
        return (yield Query(text, values))

    return await database.read(asking)


async def faults_found(setting: Setting, database: Database) -> list[str]:
    """Return a sentence for each thing that does not hold."""
    return [
        *[one async for one in not_stored(setting, database)],
        *[one async for one in not_answered(setting, database)],
        *[one async for one in not_alerted(setting, database)],
        *[one async for one in left_in_silence(setting, database)],
        *asked_twice(setting),
        *strange_words(setting),
    ]


async def not_stored(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every update that was confirmed and is not in the inbox, or was never worked on."""
    found = await rows(database, "SELECT update_id, state, reason FROM inbox")
    stored = {row["update_id"]: row for row in found}
    for number in sorted(setting.world.confirmed(setting.bot)):
        row = stored.get(number)
        if row is None:
            yield f"update {number} was confirmed and is nowhere"
        elif row["state"] != "done":
            yield f"update {number} was confirmed and is {row['state']}: {row['reason']}"


async def not_answered(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every answer that a patient saw acknowledged and that is not stored."""
    kept = {row["update_id"] for row in await rows(database, KEPT)}
    for patient in setting.patients:
        for number in sorted(patient.acknowledged - kept):
            yield f"{patient.code} saw update {number} acknowledged, and it is no answer"


async def not_alerted(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every case with a severe answer whose alert no card or list has shown to staff."""
    shown = "\n".join(
        one.text for one in setting.world.posted if one.chat_id == setting.staff.id and one.by_bot
    )
    severe = await rows(database, "SELECT DISTINCT code, level FROM answer")
    alerts: dict[str, list[str]] = {}
    for row in await rows(database, "SELECT code, key, level FROM alert"):
        if row["level"] in SEVERE:
            alerts.setdefault(row["code"], []).append(row["key"])
    for row in severe:
        if row["level"] in SEVERE and row["code"] not in alerts:
            yield f"{row['code']} gave an answer of {row['level']}, and there is no alert"
    for key in (one for keys in alerts.values() for one in keys):
        if f"{key}\n" not in shown and f"{key} " not in shown:
            yield f"the alert {key} was never shown in the staff chat"


async def left_in_silence(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every tap that was taken for an answer and after which the screen never changed.

    A change of a message is repeated until it is known to have gone. A new message is not: after
    words or /report a kill can leave a patient without a reply.
    """
    taken = {row["update_id"] for row in await rows(database, "SELECT update_id FROM answer")}
    for patient in setting.patients:
        for number in patient.left_in_silence(setting.world):
            if number in taken and number in patient.pressed:
                yield f"{patient.code} never saw anything after update {number}"


def asked_twice(setting: Setting) -> Iterator[str]:
    """Yield every check-in that came twice; its one reminder begins with other words."""
    seen: set[tuple[int, str]] = set()
    for one in setting.world.posted:
        if one.by_bot and one.text.startswith(OPENING):
            question = (one.chat_id, one.codes[0])
            if question in seen:
                yield f"the chat {one.chat_id} was shown {one.codes[0]} twice"
            seen.add(question)


def strange_words(setting: Setting) -> Iterator[str]:
    """Yield every message to a patient that holds another's words or case code."""
    marks = {
        mark: patient for patient in setting.patients for mark in (patient.canary, patient.code)
    }
    for one in setting.world.log:
        for mark, patient in marks.items():
            if mark in one.text and one.person not in (patient.person.id, setting.nurse.id):
                yield f"{one.name} was shown {mark}, which is {patient.code}'s"
