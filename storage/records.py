"""A case's record: loaded whole, and saved by what a decision changed."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from flows.engine.record import Patient, Record, StoredAlert, StoredCheckIn, Visit
from flows.schedule import Session
from flows.verdict import Level
from storage.bodies import (
    alert_body,
    alert_fields,
    check_in_body,
    check_in_fields,
    packed,
    patient_body,
    patient_fields,
    unpacked,
)
from storage.instants import instant, stored
from storage.transaction import Query, Row, Transaction


class Key(Hashable, Protocol):
    """A patient's own key; `place` binds what it seals to table, column and row."""

    def seal(self, plain: bytes, place: str) -> bytes: ...  # noqa: D102
    def open(self, sealed: bytes, place: str) -> bytes: ...  # noqa: D102
    def derived(self, purpose: str) -> bytes: ...  # noqa: D102


class Keys(Protocol):
    """Where patients' keys come from."""

    def new_data_key(self) -> bytes: ...  # noqa: D102
    def unwrap(self, wrapped: bytes) -> Key: ...  # noqa: D102


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


def text_of(when: datetime | None) -> str | None:
    """Return an instant as it is stored, or None."""
    return stored(when) if when else None


def place(table: str, *row: str) -> str:
    """Return what a sealed body is bound to."""
    return f"{table}|body|{':'.join(row)}"


def new_case(keys: Keys, record: Record, now: datetime) -> Transaction[Key]:
    """Store a new case with a key of its own."""
    wrapped = keys.new_data_key()
    key = keys.unwrap(wrapped)
    values = patient_values(record.patient, key, now)
    yield Query(NEW_PATIENT, values | {"wrapped_key": wrapped})
    empty = Record(record.patient)
    yield from save(key, empty, record, now)
    return key


NEW_PATIENT = """
    INSERT INTO patient (code, protocol, stage, chat_id, language, zone, wrapped_key, body,
                         created_at, changed_at)
    VALUES (:code, :protocol, :stage, :chat_id, :language, :zone, :wrapped_key, :body,
            :changed_at, :changed_at)
"""
CHANGED_PATIENT = """
    UPDATE patient SET stage = :stage, chat_id = :chat_id, language = :language, zone = :zone,
                       protocol = :protocol, body = :body, changed_at = :changed_at
    WHERE code = :code
"""
SESSION = """
    INSERT INTO session (code, number, treatment, area, lot, ended_at, known_at, zone)
    VALUES (:code, :number, :treatment, :area, :lot, :ended_at, :known_at, :zone)
    ON CONFLICT (code, number) DO UPDATE SET treatment = excluded.treatment,
        area = excluded.area, lot = excluded.lot, ended_at = excluded.ended_at,
        known_at = excluded.known_at, zone = excluded.zone
"""
CHECK_IN = """
    INSERT INTO check_in (code, key, session, purpose, hours, due_at, state, reason, sent_at,
                          completed_at, level, message_id, body)
    VALUES (:code, :key, :session, :purpose, :hours, :due_at, :state, :reason, :sent_at,
            :completed_at, :level, :message_id, :body)
    ON CONFLICT (code, key) DO UPDATE SET due_at = excluded.due_at, state = excluded.state,
        reason = excluded.reason, sent_at = excluded.sent_at, level = excluded.level,
        completed_at = excluded.completed_at, message_id = excluded.message_id,
        body = excluded.body
"""
ALERT = """
    INSERT INTO alert (key, code, state, level, opened_at, raised_at, claimed_by, claimed_at,
                       contacted_at, contacted_by, resolved_at, resolved_by, outcome, body)
    VALUES (:key, :code, :state, :level, :opened_at, :raised_at, :claimed_by, :claimed_at,
            :contacted_at, :contacted_by, :resolved_at, :resolved_by, :outcome, :body)
    ON CONFLICT (key) DO UPDATE SET state = excluded.state, level = excluded.level,
        raised_at = excluded.raised_at, claimed_by = excluded.claimed_by,
        claimed_at = excluded.claimed_at, contacted_at = excluded.contacted_at,
        contacted_by = excluded.contacted_by, resolved_at = excluded.resolved_at,
        resolved_by = excluded.resolved_by, outcome = excluded.outcome, body = excluded.body
"""


def save(key: Key, before: Record, after: Record, now: datetime) -> Transaction[None]:
    """Store every row in which two records of one case differ."""
    code = after.patient.code
    if after.patient != before.patient:
        yield Query(CHANGED_PATIENT, patient_values(after.patient, key, now))
    for visit in after.visits:
        if visit not in before.visits:
            yield Query(SESSION, visit_values(code, visit))
    for name, check_in in after.check_ins.items():
        if before.check_ins.get(name) != check_in:
            yield Query(CHECK_IN, check_in_values(code, check_in, key))
    for name, alert in after.alerts.items():
        if before.alerts.get(name) != alert:
            yield Query(ALERT, alert_values(alert, key))


def patient_values(patient: Patient, key: Key, now: datetime) -> dict[str, object]:
    """Return the columns of a patient."""
    body = key.seal(packed(patient_body(patient)), place("patient", patient.code))
    return {
        "code": patient.code, "protocol": patient.protocol, "stage": patient.stage,
        "chat_id": patient.chat_id, "language": patient.language, "zone": patient.zone,
        "body": body, "changed_at": stored(now),
    }  # fmt: skip


def visit_values(code: str, visit: Visit) -> Mapping[str, object]:
    """Return the columns of a session."""
    session = visit.session
    return {
        "code": code, "number": session.number, "treatment": session.treatment,
        "area": session.area, "lot": visit.lot or None, "ended_at": stored(session.ended_at),
        "known_at": stored(session.known_at), "zone": session.zone,
    }  # fmt: skip


def check_in_values(code: str, check_in: StoredCheckIn, key: Key) -> Mapping[str, object]:
    """Return the columns of a check-in."""
    body = check_in_body(check_in)
    sealed = None
    if body is not None:
        sealed = key.seal(packed(body), place("check_in", code, check_in.key))
    return {
        "code": code, "key": check_in.key, "session": check_in.session,
        "purpose": check_in.purpose, "hours": check_in.hours, "due_at": stored(check_in.due_at),
        "state": check_in.state, "reason": check_in.reason, "sent_at": text_of(check_in.sent_at),
        "completed_at": text_of(check_in.completed_at),
        "level": None if check_in.level is None else str(check_in.level),
        "message_id": check_in.message_id, "body": sealed,
    }  # fmt: skip


def alert_values(alert: StoredAlert, key: Key) -> Mapping[str, object]:
    """Return the columns of an alert."""
    state = "open" if alert.is_open else "closed"
    return {
        "key": alert.key, "code": alert.code, "state": state, "level": str(alert.level),
        "opened_at": stored(alert.opened_at), "raised_at": stored(alert.raised_at),
        "claimed_by": alert.claimed_by, "claimed_at": text_of(alert.claimed_at),
        "contacted_at": text_of(alert.contacted_at), "contacted_by": alert.contacted_by,
        "resolved_at": text_of(alert.resolved_at), "resolved_by": alert.resolved_by,
        "outcome": alert.outcome or None,
        "body": key.seal(packed(alert_body(alert)), place("alert", alert.code, alert.key)),
    }  # fmt: skip
