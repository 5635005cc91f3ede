"""Where an alert's cards are, and what stands behind a message that somebody answers."""

import logging
from typing import NamedTuple

from flows.engine.record import StoredAlert, Visit
from flows.verdict import Fired, Level
from storage.case_keys import Key, Keys
from storage.instants import instant
from storage.records import alert_of, moment, visit_of
from storage.transaction import Query, Row, Transaction

LOGGER = logging.getLogger(__name__)

COPIES = """
    SELECT chat_id, message_id FROM outbox
    WHERE slot = :slot AND state = 'sent' AND message_id IS NOT NULL
    ORDER BY id DESC LIMIT :most
"""
NEWEST = """
    SELECT message_id FROM outbox
    WHERE slot = :slot AND chat_id = :chat_id AND state = 'sent' AND message_id IS NOT NULL
    ORDER BY id DESC LIMIT 1
"""
BEHIND = """
    SELECT DISTINCT slot FROM outbox
    WHERE chat_id = :chat_id AND message_id = :message_id AND slot IS NOT NULL
"""
ALERT = "SELECT * FROM alert WHERE key = :key"
HELD = """
    SELECT code FROM patient WHERE code = (SELECT code FROM alert WHERE key = :key) {for_update}
"""
OPEN = """
    SELECT * FROM alert WHERE resolved_at IS NULL AND code <> '000000' ORDER BY opened_at, key
"""
VISIT = "SELECT * FROM session WHERE code = :code AND number = :number"
PATIENT = "SELECT wrapped_key, protocol FROM patient WHERE code = :code"


ARRIVED = """
    UPDATE check_in SET message_id = :message_id WHERE code = :code AND key = :key
"""


class Facts(NamedTuple):
    """What a card is composed from."""

    alert: StoredAlert
    visit: Visit
    protocol: str


def copies(slot: str, most: int) -> Transaction[list[tuple[int, int]]]:
    """Return chat and number of the newest messages of a slot that have arrived."""
    rows = yield Query(COPIES, {"slot": slot, "most": most})
    return [(row["chat_id"], row["message_id"]) for row in rows]


def newest(slot: str, chat_id: int) -> Transaction[int | None]:
    """Return the number of a slot's newest message in a chat."""
    rows = yield Query(NEWEST, {"slot": slot, "chat_id": chat_id})
    return rows[0]["message_id"] if rows else None


def behind(chat_id: int, message_id: int) -> Transaction[list[str]]:
    """Return the slots that a message shows; a list of alerts shows several."""
    rows = yield Query(BEHIND, {"chat_id": chat_id, "message_id": message_id})
    return sorted(row["slot"] for row in rows)


def facts(keys: Keys, key: str) -> Transaction[Facts | None]:
    """Return what the card of an alert is composed from; None for none, or an erased case's."""
    rows = yield Query(ALERT, {"key": key})
    if not rows:
        return None
    row = rows[0]
    owner = yield Query(PATIENT, {"code": row["code"]})
    if not owner[0]["wrapped_key"]:
        return None
    alert = alert_of(row, opener(keys, owner[0]["wrapped_key"]))
    visits = yield Query(VISIT, {"code": alert.code, "number": alert.session})
    return Facts(alert, visit_of(visits[0]), owner[0]["protocol"])


def facts_now(keys: Keys, key: str) -> Transaction[Facts | None]:
    """As `facts`, after waiting for whoever is changing the alert, who waits for this in turn."""
    yield Query(HELD, {"key": key})
    return (yield from facts(keys, key))


def open_alerts(keys: Keys) -> Transaction[list[StoredAlert]]:
    """Return every alert that nobody has closed, the oldest first."""
    rows = yield Query(OPEN)
    found = []
    for row in rows:
        owner = yield Query(PATIENT, {"code": row["code"]})
        found.append(as_far_as_readable(row, keys, owner[0]["wrapped_key"]))
    return found


def as_far_as_readable(row: Row, keys: Keys, wrapped: object) -> StoredAlert:
    """Return an alert of a list; one whose body cannot be opened or read must not hide others."""
    try:
        return alert_of(row, opener(keys, wrapped))
    except Exception as error:  # noqa: BLE001 - damaged, or written by another version
        LOGGER.warning("an alert cannot be read: %s", type(error))
        level = Level.named(row["level"])
        return StoredAlert(
            key=row["key"], code=row["code"], level=level, raised_at=instant(row["raised_at"]),
            opened_at=instant(row["opened_at"]), session=1, hours=0.0,
            because=(Fired("UNREADABLE", level, UNREADABLE, (), ""),),
            claimed_by=row["claimed_by"], claimed_at=moment(row["claimed_at"]),
            contacted_by=row["contacted_by"], contacted_at=moment(row["contacted_at"]),
        )  # fmt: skip


UNREADABLE = "what is stored cannot be read; phone the patient, and look at the log"


def opener(keys: Keys, wrapped: object) -> Key:
    """Return the key of a case."""
    assert isinstance(wrapped, (bytes, memoryview))
    return keys.unwrap(bytes(wrapped))


def check_in_arrived(code: str, slot: str, message_id: int) -> Transaction[None]:
    """Remember the number of a check-in's message, by its slot, to change it in place."""
    values = {"code": code, "key": slot.partition(":")[2], "message_id": message_id}
    yield Query(ARRIVED, values)
