"""What was said, row by row: answers, words, photos. Who did what is in `storage/audit.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flows.engine.events import Answered, Noted
from storage.bodies import fired_body, packed, unpacked
from storage.case_keys import Key, Keys, place
from storage.instants import instant, stored
from storage.transaction import Query, Transaction

ANSWER = """
    INSERT INTO answer (code, check_in, revision, update_id, at, hours, level, protocol, body)
    VALUES (:code, :check_in, :revision, :update_id, :at, :hours, :level, :protocol, :body)
"""
MESSAGE = """
    INSERT INTO message (code, at, author, kind, check_in, alert, update_id, body)
    VALUES (:code, :at, :author, :kind, :check_in, :alert, :update_id, :body)
    RETURNING id
"""
PHOTO = """
    INSERT INTO photo (code, message, file_unique_id) VALUES (:code, :message, :unique_id)
    ON CONFLICT (code, file_unique_id) DO NOTHING
"""
UNFETCHED = """
    SELECT photo.code, photo.file_unique_id, message.at, message.body, patient.wrapped_key
    FROM photo JOIN message ON message.id = photo.message
               JOIN patient ON patient.code = photo.code
    WHERE photo.fetched_at IS NULL AND length(patient.wrapped_key) > 0
    ORDER BY photo.id LIMIT :most
"""
FETCHED = """
    UPDATE photo SET body = :body, fetched_at = :at
    WHERE code = :code AND file_unique_id = :unique_id
"""


class Unfetched(NamedTuple):
    """A photo that is still to be fetched: the case, Telegram's two names for it, when it came."""

    code: str
    unique_id: str
    file_id: str
    sent_at: datetime


def answered(
    code: str, key: Key, event: Answered, update_id: int | None, now: datetime
) -> Transaction[None]:
    """Store one step of a check-in: the answers so far, and how they were sorted."""
    verdict = event.verdict
    body = {
        "answers": event.answers,
        "because": [fired_body(one) for one in verdict.because],
        "unclear": verdict.unclear,
    }
    where = place("answer", code, event.check_in, str(event.revision))
    yield Query(ANSWER, {
        "code": code, "check_in": event.check_in, "revision": event.revision,
        "update_id": update_id, "at": stored(now), "hours": event.hours,
        "level": str(verdict.level), "protocol": verdict.protocol,
        "body": key.seal(packed(body), where),
    })  # fmt: skip


def noted(
    code: str, key: Key, event: Noted, update_id: int | None, now: datetime
) -> Transaction[None]:
    """Store words or a picture's identifier; the picture itself is fetched later."""
    text: Mapping[str, object] = {"text": event.text, "file_id": event.file_id}
    where = place("message", code, stored(now))
    rows = yield Query(MESSAGE, {
        "code": code, "at": stored(now), "author": event.author, "kind": event.kind,
        "check_in": event.check_in or None, "alert": event.alert or None,
        "update_id": update_id, "body": key.seal(packed(text), where),
    })  # fmt: skip
    if event.unique_id:
        values = {"code": code, "message": rows[0]["id"], "unique_id": event.unique_id}
        yield Query(PHOTO, values)


def unfetched(keys: Keys, most: int) -> Transaction[list[Unfetched]]:
    """Return photos that were sent and are neither kept nor known to be gone."""
    rows = yield Query(UNFETCHED, {"most": most})
    found = []
    for row in rows:
        key = keys.unwrap(bytes(row["wrapped_key"]))
        where = place("message", row["code"], row["at"])
        body = unpacked(key.open(bytes(row["body"]), where))
        at = instant(row["at"])
        found.append(Unfetched(row["code"], row["file_unique_id"], body["file_id"], at))
    return found


def fetched(
    code: str, key: Key, unique_id: str, picture: bytes | None, now: datetime
) -> Transaction[None]:
    """Store a picture that was fetched; None for one that is no longer to be had."""
    sealed = key.seal(picture, place("photo", code, unique_id)) if picture is not None else None
    values = {"code": code, "unique_id": unique_id, "body": sealed, "at": stored(now)}
    yield Query(FETCHED, values)
