"""What is inside the sealed bodies: rows of a record as JSON, and back.

JSON has no sets; among answers only ticks are several, so a list there is a set.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.conversation import Screen, State
from flows.engine.record import Patient, StoredAlert
from flows.engine.stored_check_in import StoredCheckIn
from flows.escalation import Told
from flows.verdict import Fired, Level

Body = dict[str, Any]


def packed(body: object) -> bytes:
    """Return JSON as it is sealed."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=as_list).encode()


def unpacked(plain: bytes) -> Body:
    """Return what was packed."""
    found: Body = json.loads(plain)
    return found


def as_list(value: object) -> object:
    """Return a set, sorted, and an instant, as JSON knows them."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not stored in a body")


def answers_of(body: Mapping[str, object]) -> dict[str, object]:
    """Return answers as the engine has them."""
    return {
        name: frozenset(value) if isinstance(value, list) else value for name, value in body.items()
    }


def at(text: str | None) -> datetime | None:
    """Return an instant of a body."""
    return datetime.fromisoformat(text) if text else None


def state_body(state: State) -> Body:
    """Return where a conversation stands."""
    return {
        "screen": state.screen, "answers": state.answers, "ticked": state.ticked,
        "path": state.path, "current": state.current, "tries": state.tries,
        "words": state.words, "alarming": state.alarming, "alarmed": state.alarmed,
        "stopped": state.stopped,
    }  # fmt: skip


def state_of(body: Body) -> State:
    """Return the conversation of a body."""
    return State(
        Screen(body["screen"]), answers_of(body["answers"]), frozenset(body["ticked"]),
        tuple(body["path"]), body["current"], body["tries"], tuple(body["words"]),
        tuple(body["alarming"]), body["alarmed"], body["stopped"],
    )  # fmt: skip


def patient_body(patient: Patient) -> Body:
    """Return what of a patient stands in no column."""
    return {
        "name": patient.name, "profile": patient.profile, "ticked": patient.ticked,
        "consent": patient.consent, "consented_at": patient.consented_at,
        "confirmed_by": patient.confirmed_by, "current": patient.current,
        "reports": patient.reports, "quiet": patient.quiet,
        "paused_until": patient.paused_until, "unreachable_since": patient.unreachable_since,
        "doubted_at": patient.doubted_at, "recognised_at": patient.recognised_at,
        "moving_to": patient.moving_to, "moving_name": patient.moving_name,
    }  # fmt: skip


def patient_fields(body: Body) -> Body:
    """Return a patient's fields from a body."""
    return body | {
        "ticked": frozenset(body["ticked"]),
        "quiet": tuple(body["quiet"]) if body["quiet"] else None,
        "consented_at": at(body["consented_at"]),
        "paused_until": at(body["paused_until"]),
        "unreachable_since": at(body["unreachable_since"]),
        "doubted_at": at(body.get("doubted_at")),
        "recognised_at": at(body.get("recognised_at")),
    }


def check_in_body(check_in: StoredCheckIn) -> Body | None:
    """Return what of a check-in stands in no column; None for a plain one that waits."""
    is_plain = check_in.sent_at is None and check_in.refused_at is None
    if is_plain and check_in.covers in ((), (check_in.hours,)):
        return None
    conversation = check_in.conversation
    return {
        "covers": check_in.covers, "reminded_at": check_in.reminded_at,
        "answered_at": check_in.answered_at, "answered_hours": check_in.answered_hours,
        "conversation": state_body(conversation) if conversation else None,
        "answers": check_in.answers, "typed": check_in.typed,
        "produced": check_in.produced, "revision": check_in.revision,
        "refused_at": check_in.refused_at,
    }  # fmt: skip


def check_in_fields(body: Body) -> Body:
    """Return a check-in's fields from a body."""
    conversation = body["conversation"]
    return body | {
        "covers": tuple(body["covers"]),
        "reminded_at": at(body["reminded_at"]),
        "refused_at": at(body.get("refused_at")),
        "answered_at": at(body["answered_at"]),
        "conversation": state_of(conversation) if conversation else None,
        "answers": answers_of(body["answers"]),
        "typed": tuple((number, question) for number, question in body["typed"]),
        "produced": frozenset(body["produced"]),
    }


def alert_body(alert: StoredAlert) -> Body:
    """Return what of an alert stands in no column."""
    return {
        "session": alert.session, "hours": alert.hours, "check_in": alert.check_in,
        "event": alert.event, "route": alert.route, "said": alert.said,
        "because": [fired_body(one) for one in alert.because],
        "enclosed": alert.enclosed, "serious_in": alert.serious_in,
        "choosing_outcome": alert.choosing_outcome, "version": alert.version,
        "notified": [[told.at, str(told.level), told.step] for told in alert.notified],
    }  # fmt: skip


def alert_fields(body: Body) -> Body:
    """Return an alert's fields from a body."""
    return body | {
        "said": tuple(body["said"]),
        "serious_in": tuple(body.get("serious_in", (body["session"],))),
        "because": tuple(fired_of(one) for one in body["because"]),
        "notified": tuple(
            Told(datetime.fromisoformat(when), Level.named(level), step)
            for when, level, step in body["notified"]
        ),
    }


def fired_body(one: Fired) -> list[object]:
    """Return a rule that fired."""
    return [one.rule, str(one.level), one.reason, one.source, one.text]


def fired_of(body: list[Any]) -> Fired:
    """Return a rule that fired, from a body."""
    rule, level, reason, source, text = body
    return Fired(rule, Level.named(level), reason, tuple(source), text)
