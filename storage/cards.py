"""Where an alert's cards are, and what stands behind a message that somebody answers."""

from typing import NamedTuple

from flows.engine.record import StoredAlert, Visit
from storage.records import Key, Keys, alert_of, visit_of
from storage.transaction import Query, Transaction

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
OPEN = "SELECT * FROM alert WHERE resolved_at IS NULL ORDER BY opened_at, key"
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


def open_alerts(keys: Keys) -> Transaction[list[StoredAlert]]:
    """Return every alert that nobody has closed, the oldest first."""
    rows = yield Query(OPEN)
    found = []
    for row in rows:
        owner = yield Query(PATIENT, {"code": row["code"]})
        found.append(alert_of(row, opener(keys, owner[0]["wrapped_key"])))
    return found


def opener(keys: Keys, wrapped: object) -> Key:
    """Return the key of a case."""
    assert isinstance(wrapped, (bytes, memoryview))
    return keys.unwrap(bytes(wrapped))


def check_in_arrived(code: str, slot: str, message_id: int) -> Transaction[None]:
    """Remember the number of a check-in's message, by its slot `CODE:key`, to change it in place."""
    values = {"code": code, "key": slot.partition(":")[2], "message_id": message_id}
    yield Query(ARRIVED, values)
