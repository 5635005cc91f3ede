"""What the board shows of one case besides its record; every query goes by an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flows.verdict import Fired
from storage.bodies import Body, fired_of, unpacked
from storage.case_keys import Key, place
from storage.instants import instant
from storage.transaction import Query, Transaction

MESSAGES = """
    SELECT at, author, kind, check_in, alert, body FROM message WHERE code = :code ORDER BY at, id
"""
PHOTOS = """
    SELECT photo.id AS id, message.at AS at, photo.fetched_at AS fetched_at,
           photo.body IS NOT NULL AS is_kept
    FROM photo JOIN message ON message.id = photo.message
    WHERE photo.code = :code ORDER BY message.at, photo.id
"""
PHOTO = "SELECT file_unique_id, body FROM photo WHERE id = :id AND code = :code"
LAST_ANSWERS = """
    SELECT check_in, revision, protocol, body FROM answer
    WHERE code = :code AND revision = (
        SELECT MAX(later.revision) FROM answer AS later
        WHERE later.code = answer.code AND later.check_in = answer.check_in)
"""
ACTS = """
    SELECT at, name, action, alert, detail FROM action
    WHERE code = :code AND allowed = 1 ORDER BY id DESC LIMIT :most
"""
MOST_ACTS = 500


class Written(NamedTuple):
    """Words or a picture: by `patient`, or by a member of staff's name."""

    at: datetime
    author: str
    kind: str
    text: str
    alert: str


class Picture(NamedTuple):
    """A photo; `is_kept` says whether it is here to be looked at."""

    number: int
    at: datetime
    is_kept: bool
    is_waited_for: bool


class Act(NamedTuple):
    """What somebody did about the case."""

    at: datetime
    name: str
    action: str
    alert: str
    detail: str


class Seen(NamedTuple):
    """Everything besides the record. `because` holds by check-in the rules that fired."""

    written: Sequence[Written]
    pictures: Sequence[Picture]
    because: dict[str, tuple[Fired, ...]]
    acts: Sequence[Act]


def seen(code: str, key: Key) -> Transaction[Seen]:
    """Return what was said, shown and done about a case, the oldest first.

    Raises:
        SealError: something that is stored cannot be opened.
    """
    about = {"code": code}
    written = [
        Written(instant(row["at"]), row["author"], row["kind"],
                str(opened(key, bytes(row["body"]), "message", code, row["at"])["text"]),
                row["alert"] or "")
        for row in (yield Query(MESSAGES, about))
    ]  # fmt: skip
    pictures = [
        Picture(row["id"], instant(row["at"]), bool(row["is_kept"]), row["fetched_at"] is None)
        for row in (yield Query(PHOTOS, about))
    ]
    because = {}
    for row in (yield Query(LAST_ANSWERS, about)):
        bound = (code, row["check_in"], str(row["revision"]))
        body = opened(key, bytes(row["body"]), "answer", *bound)
        because[row["check_in"]] = tuple(fired_of(one) for one in body["because"])
    acts = [
        Act(instant(row["at"]), row["name"], row["action"], row["alert"] or "", row["detail"])
        for row in (yield Query(ACTS, about | {"most": MOST_ACTS}))
    ]
    return Seen(written, pictures, because, acts[::-1])


def picture(code: str, key: Key, number: int) -> Transaction[bytes | None]:
    """Return a photo of a case; None where it is not kept, or is another's.

    Raises:
        SealError: as in `seen`.
    """
    rows = yield Query(PHOTO, {"id": number, "code": code})
    if not rows or rows[0]["body"] is None:
        return None
    return key.open(bytes(rows[0]["body"]), place("photo", code, rows[0]["file_unique_id"]))


def opened(key: Key, body: bytes, table: str, *row: str) -> Body:
    """Return a sealed body."""
    return unpacked(key.open(body, place(table, *row)))
