"""Storing a case: a new one, and what a decision changed of one.

See `storage.records` for how it is read.
"""

from collections.abc import Mapping
from datetime import datetime

from flows.engine.record import Patient, Record, StoredAlert, Visit
from flows.engine.stored_check_in import StoredCheckIn
from storage.bodies import alert_body, check_in_body, packed, patient_body
from storage.case_keys import Key, Keys, place
from storage.instants import stored
from storage.transaction import Query, Transaction


def text_of(when: datetime | None) -> str | None:
    """Return an instant as it is stored, or None."""
    return stored(when) if when else None


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


UNSENT = """
    UPDATE outbox SET state = 'replaced', reason = :why, ended_at = :now
    WHERE code = :code AND chat_id = :chat_id AND state = 'pending' AND lane IN (1, 2)
      AND method <> 'card_refresh'
"""
"""Answers and questions that wait for a chat; advice on an emergency goes all the same."""
LEFT = "the case has left its chat"


def save(key: Key, before: Record, after: Record, now: datetime) -> Transaction[None]:
    """Store every row in which two records of one case differ.

    What waits for a chat that the case has left goes nowhere: it may be another's by now.
    """
    code = after.patient.code
    if after.patient != before.patient:
        yield Query(CHANGED_PATIENT, patient_values(after.patient, key, now))
    if before.patient.chat_id not in (None, after.patient.chat_id):
        yield Query(UNSENT, {
            "code": code, "chat_id": before.patient.chat_id, "why": LEFT, "now": stored(now),
        })  # fmt: skip
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
