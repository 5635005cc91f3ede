"""What must hold after the last start, as questions to the database and to what people saw."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final, NamedTuple

from bench.kills.rows import rows
from bench.kills.setting import Setting
from bench.kills.staff_saw import not_alerted, not_told, repeated_too_often
from bench.kills.witness import Posted, Witness
from storage.instants import stored
from storage.transaction import Database

UNFINISHED: Final = (
    "SELECT 'update ' || update_id AS what FROM inbox WHERE state = 'new'"
    " UNION ALL SELECT method || ' ' || id FROM outbox WHERE state IN ('pending', 'sending')"
    " AND method <> 'card_refresh'"
    " UNION ALL SELECT 'due ' || key FROM due WHERE state = 'waiting' AND due_at <= :now"
)
"""A group takes 20 changes a minute, so the newest state of some cards there is still to come."""

KEPT: Final = "SELECT update_id FROM answer UNION SELECT update_id FROM message"
FIRST: Final = "1/check_in/6"
"""The only check-in that falls due."""
BECAME: Final = (
    "SELECT 'check-in ' || state || ' ' || reason || ', sent ' || COALESCE(sent_at, '-') AS what"
    " FROM check_in WHERE code = :code AND key = :key"
    " UNION ALL SELECT dedup_key || ' ' || state || ' ' || reason FROM outbox WHERE code = :code"
    " AND method = 'sendMessage'"
    " UNION ALL SELECT key || ' ' || state || ' ' || due_at FROM due WHERE code = :code"
)
OPENING: Final = "Time for your check-in"
REMINDER: Final = "We have not heard from you"


class Fault(NamedTuple):
    """One thing that does not hold: of which kind (an update, an answer and so on), and which."""

    kind: str
    text: str


async def faults_found(
    setting: Setting, database: Database, *, several: bool = False
) -> list[Fault]:  # fmt: skip
    """Return each thing that does not hold; `several`: of several workers any may have sent."""
    found = {
        "update": [one async for one in not_stored(setting, database)],
        "answer": [
            *[one async for one in not_answered(setting, database)],
            *[one async for one in not_kept(setting, database)],
            *left_in_silence(setting),
        ],
        "check-in": [one async for one in not_asked(setting, database)],
        "alert": [*[one async for one in not_alerted(setting, database)], *not_told(setting)],
        "twice": [*asked_twice(setting)],
        "other": [
            *[one async for one in not_finished(setting, database)],
            *copied(await unknown(setting, database), setting.world, several=several),
            *repeated_too_often(setting),
            *strange_words(setting),
        ],
    }
    return [Fault(kind, text) for kind, texts in found.items() for text in texts]


async def not_finished(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every update, message and due row that is still to be done."""
    for row in await rows(database, UNFINISHED, now=stored(setting.world.now())):
        yield f"{row['what']} was never done"


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
        did = patient.pressed | patient.typed
        for number in sorted(patient.acknowledged.keys() - kept):
            what = f"{did.get(number)}, acknowledged by {patient.acknowledged[number]}"
            yield f"{patient.code} saw update {number}, {what}, and it is no answer"


async def not_kept(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield the words of every patient that the bot took from Telegram and that no row holds."""
    kept = {row["update_id"] for row in await rows(database, KEPT)}
    confirmed = setting.world.confirmed(setting.bot)
    for patient in setting.patients:
        for number in sorted(patient.wrote.keys() & confirmed - kept):
            words = patient.wrote[number]
            yield f"{patient.code} wrote «{words}» in update {number}, and no row holds it"


async def not_asked(setting: Setting, database: Database) -> AsyncIterator[str]:
    """Yield every patient whose check-in fell due, and who saw neither it nor its reminder.

    Who pressed «one of these» under an older message sees its list of warning signs instead.
    """
    asked = {
        one.chat_id for one in setting.world.posted
        if one.by_bot and any(code.startswith(f"c:{FIRST}:") for code in one.codes)
    }  # fmt: skip
    for patient in setting.patients:
        if patient.person.id not in asked:
            found = await rows(database, BECAME, code=patient.code, key=FIRST)
            became = "; ".join(str(row["what"]) for row in found)
            yield f"{patient.code} was never asked: {became}"


def left_in_silence(setting: Setting) -> Iterator[str]:
    """Yield every tap after which the screen did not change.

    A change of a message is repeated until it is known to have gone. A new message is not: after
    words or /report a kill can leave a patient without a reply.
    """
    for patient in setting.patients:
        for number in patient.left_in_silence(setting.world):
            if number in patient.pressed:
                what = patient.pressed[number]
                yield f"{patient.code} never saw anything after update {number}: {what}"


async def unknown(setting: Setting, database: Database) -> list[Posted]:
    """Return every message that arrived while the bot does not know that it did."""
    known = {
        (row["chat_id"], row["message_id"])
        for row in await rows(database, "SELECT chat_id, message_id FROM outbox")
    }
    return [
        one for one in setting.world.posted
        if one.by_bot and (one.chat_id, one.message_id) not in known
    ]  # fmt: skip


def copied(unknown: Sequence[Posted], world: Witness, *, several: bool) -> Iterator[str]:
    """Yield what was sent, and forgotten without a kill: only such a message is sent again.

    A chat has one message in flight, so a kill can make the bot forget one in each chat. Of several
    workers a paused one and another that is killed meanwhile can each forget one.
    """
    counts = Counter((one.chat_id, one.life) for one in unknown)
    for (chat, life), count in counts.items():
        if not 0 < life < world.life or (life in world.stopped and not several):
            yield f"{count} messages in {chat} were forgotten without a kill"
        elif count > 1 + several:
            yield f"{count} messages in {chat} were forgotten in kill {life}"


def asked_twice(setting: Setting) -> Iterator[str]:
    """Yield every check-in, and every reminder of one, that came twice.

    Whoever types words at the first screen gets it again, with a line before it.
    """
    counts = Counter(
        (one.chat_id, one.text, one.codes[0]) for one in setting.world.posted
        if one.by_bot and one.codes and one.text.startswith((OPENING, REMINDER))
    )  # fmt: skip
    for (chat, _, code), count in counts.items():
        if count > 1:
            yield f"the chat {chat} was shown {code} {count} times"


def strange_words(setting: Setting) -> Iterator[str]:
    """Yield every message to a patient that holds another's words or case code."""
    marks = {
        mark: patient for patient in setting.patients for mark in (patient.canary, patient.code)
    }
    for one in setting.world.log:
        for mark, patient in marks.items():
            if mark in one.text and one.person not in (patient.person.id, setting.nurse.id):
                yield f"{one.name} was shown {mark}, which is {patient.code}'s"
