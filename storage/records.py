"""A case's record, loaded whole; `storage.saving` stores what a decision changed of it."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flows.engine.record import Patient, Record, StoredAlert, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.schedule import Session
from flows.verdict import Level
from storage.bodies import alert_fields, check_in_fields, patient_fields, unpacked
from storage.case_keys import Key, Keys, place
from storage.instants import instant
from storage.transaction import Query, Row, Transaction


class Loaded(NamedTuple):
    """A record as it was read, with the key that opens its rows."""

    record: Record
    key: Key


KEPT_CHECK_INS = 4096
"""How many check-ins are remembered as read: those of 370 patients with eleven each (own choice).
Every press of a patient needs the same earlier ones again."""

CHECK_INS = """
    SELECT code, key, session, purpose, hours, due_at, state, reason, sent_at, completed_at, level,
           message_id, body
    FROM check_in WHERE code = :code ORDER BY due_at, key
"""
BY_CODE = "SELECT * FROM patient WHERE code = :value {for_update}"
FREE = "SELECT code FROM patient WHERE code = :code {skip_locked}"
CASE = "SELECT code FROM patient WHERE code = :code"
SEEN = "SELECT * FROM patient WHERE code = :value"
BY_CHAT = "SELECT * FROM patient WHERE chat_id = :value {for_update}"


def of_case(keys: Keys, code: str) -> Transaction[Loaded | None]:
    """Return the record of a case code, held until the transaction ends.

    None: there is no such case, or it was erased.
    """
    return (yield from loaded(keys, BY_CODE, code))


def seen(keys: Keys, code: str) -> Transaction[Loaded | None]:
    """Return the record of a case code to be looked at: nothing waits for it, or is held by it."""
    return (yield from loaded(keys, SEEN, code))


def is_busy(code: str) -> Transaction[bool]:
    """Hold a case until the transaction ends; True where another transaction holds it already."""
    if (yield Query(FREE, {"code": code})):
        return False
    return bool((yield Query(CASE, {"code": code})))


def of_chat(keys: Keys, chat_id: int) -> Transaction[Loaded | None]:
    """Return the record of whoever a chat is paired with; None for nobody."""
    return (yield from loaded(keys, BY_CHAT, chat_id))


def loaded(keys: Keys, text: str, value: str | int) -> Transaction[Loaded | None]:
    """Read everything stored about one case."""
    found = yield Query(text, {"value": value})
    if not found or not found[0]["wrapped_key"]:
        return None
    row = found[0]
    key = keys.unwrap(bytes(row["wrapped_key"]))
    code = {"code": row["code"]}
    visits = yield Query("SELECT * FROM session WHERE code = :code ORDER BY number", code)
    check_ins = yield Query(CHECK_INS, code)
    alerts = yield Query("SELECT * FROM alert WHERE code = :code ORDER BY opened_at, key", code)
    record = Record(
        patient_of(row, key),
        tuple(visit_of(one) for one in visits),
        {one["key"]: check_in_of(key, *one) for one in check_ins},
        {one["key"]: alert_of(one, key) for one in alerts},
        len(alerts),
    )
    return Loaded(record, key)


def patient_of(row: Row, key: Key) -> Patient:
    """Return a patient from a row."""
    body = unpacked(key.open(bytes(row["body"]), place("patient", row["code"])))
    return Patient(
        row["code"], row["protocol"], row["stage"], row["language"], row["zone"],
        chat_id=row["chat_id"], **patient_fields(body),
    )  # fmt: skip


def visit_of(row: Row) -> Visit:
    """Return a session from a row."""
    session = Session(
        row["number"], row["treatment"], instant(row["ended_at"]), instant(row["known_at"]),
        row["zone"], row["area"],
    )  # fmt: skip
    return Visit(session, row["lot"] or "")


@lru_cache(KEPT_CHECK_INS)
def check_in_of(  # noqa: PLR0913, PLR0917 - the columns of `CHECK_INS`
    key: Key, code: str, name: str, session: int, purpose: Any, hours: int, due_at: str,  # noqa: ANN401
    state: Any, reason: str, sent_at: str | None, completed_at: str | None,  # noqa: ANN401
    level: str | None, message_id: int | None, body: bytes | None,
) -> StoredCheckIn:  # fmt: skip
    """Return a check-in from its columns, remembered as long as none of them changes.

    A sealed body has a new nonce whenever it is written, so the same bytes are the same content.
    """
    fields: dict[str, Any] = {"covers": (hours,)}
    if body is not None:
        plain = key.open(body, place("check_in", code, name))
        fields = check_in_fields(unpacked(plain))
    return StoredCheckIn(
        name, session, purpose, hours, instant(due_at), state=state, reason=reason,
        sent_at=moment(sent_at), completed_at=moment(completed_at),
        level=Level.named(level) if level else None, message_id=message_id, **fields,
    )  # fmt: skip


def alert_of(row: Row, key: Key) -> StoredAlert:
    """Return an alert from a row."""
    body = unpacked(key.open(bytes(row["body"]), place("alert", row["code"], row["key"])))
    return StoredAlert(
        key=row["key"], code=row["code"], level=Level.named(row["level"]),
        raised_at=instant(row["raised_at"]), opened_at=instant(row["opened_at"]),
        claimed_by=row["claimed_by"], claimed_at=moment(row["claimed_at"]),
        contacted_by=row["contacted_by"], contacted_at=moment(row["contacted_at"]),
        resolved_by=row["resolved_by"], resolved_at=moment(row["resolved_at"]),
        outcome=row["outcome"] or "", **alert_fields(body),
    )  # fmt: skip


def moment(text: str | None) -> datetime | None:
    """Return a stored instant, or None."""
    return instant(text) if text else None
