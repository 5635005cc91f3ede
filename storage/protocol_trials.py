"""Protocol files that somebody tries on the board, what came of it, and which one is signed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from storage.bodies import packed, unpacked
from storage.case_keys import Key, place
from storage.clinic import get, protocol_text, put
from storage.cursor import cursor
from storage.instants import instant, stored
from storage.records import moment
from storage.transaction import Query, Transaction, drive

KEPT: Final = timedelta(days=30)
"""For so long a trial can be looked at again (own choice: as long as updates are kept)."""

SIGNED: Final = "protocol_signed"

NEW = """
    INSERT INTO protocol_trial (id, text, against, created_by, created_at)
    VALUES (:id, :text, :against, :created_by, :now)
"""
FORGET = "DELETE FROM protocol_trial WHERE created_at < :before"
END = "UPDATE protocol_trial SET ended_at = :now, report = :report WHERE id = :id"
TRIAL = "SELECT * FROM protocol_trial WHERE id = :trial"
TRIALS = """
    SELECT * FROM protocol_trial WHERE created_at > :since ORDER BY created_at DESC LIMIT :most
"""
IN_CARE = """
    SELECT protocol, COUNT(*) AS patients FROM patient
    WHERE stage = 'active' AND code <> '000000' GROUP BY protocol ORDER BY protocol
"""
LATEST_CASES = """
    SELECT code, ended_at FROM session
    WHERE ended_at > :since AND code <> '000000' ORDER BY ended_at DESC LIMIT :most
"""


class Trial(NamedTuple):
    """A file on trial; without a report it is being examined, or that was broken off."""

    id: str
    text: str
    against: str
    created_by: int
    created_at: datetime
    ended_at: datetime | None
    report: Mapping[str, Any] | None


class Signed(NamedTuple):
    """The version that a doctor signed here, and the one of the settings that it replaces."""

    name: str
    instead_of: str

    def goes_before(self, configured: str, *, is_named: bool) -> bool:
        """Whether it is used, and not the version of the settings; `is_named` where these name one.

        For as long as they name no file, or the version that it replaced: the bundled draft of a
        newer Aftercheck takes its place from nothing that is signed.
        """
        return not is_named or self.instead_of == configured


def begin(trial: str, text: str, against: str, by: int, now: datetime) -> Transaction[None]:
    """Keep a file that is to be examined against a version, and forget old ones."""
    yield Query(FORGET, {"before": stored(now - KEPT)})
    values = {"id": trial, "text": text, "against": against, "created_by": by}
    yield Query(NEW, values | {"now": stored(now)})


def ended(trial: str, key: Key, report: Mapping[str, Any], now: datetime) -> Transaction[None]:
    """Keep what came of it, sealed: it names cases."""
    sealed = key.seal(packed(report), place("protocol_trial", trial))
    yield Query(END, {"id": trial, "report": sealed, "now": stored(now)})


def trial(name: str, key: Key) -> Transaction[Trial | None]:
    """Return a trial; None for one that is not, or no longer, there.

    Raises:
        SealError: its report cannot be opened.
    """
    rows = yield Query(TRIAL, {"trial": name})
    return trial_of(rows[0], key) if rows else None


def trials(key: Key, most: int, now: datetime) -> Transaction[list[Trial]]:
    """Return the latest trials; errors as in `trial`."""
    rows = yield Query(TRIALS, {"most": most, "since": stored(now - KEPT)})
    return [trial_of(row, key) for row in rows]


def trial_of(row: Any, key: Key) -> Trial:  # noqa: ANN401 - a row
    """Return a trial from a row."""
    report = None
    if row["report"] is not None:
        report = unpacked(key.open(bytes(row["report"]), place("protocol_trial", row["id"])))
    return Trial(
        row["id"], row["text"], row["against"], row["created_by"], instant(row["created_at"]),
        moment(row["ended_at"]), report,
    )  # fmt: skip


def in_care() -> Transaction[list[tuple[str, int]]]:
    """Return how many patients are looked after by each version."""
    rows = yield Query(IN_CARE)
    return [(row["protocol"], row["patients"]) for row in rows]


def latest_cases(since: datetime, most: int) -> Transaction[list[str]]:
    """Return the cases with the latest sessions, each once."""
    rows = yield Query(LATEST_CASES, {"since": stored(since), "most": most})
    return list(dict.fromkeys(row["code"] for row in rows))


def signed() -> Transaction[Signed | None]:
    """Return which version a doctor has signed here; None as long as nobody has."""
    text = yield from get(SIGNED)
    return Signed(**json.loads(text)) if text else None


def signed_in(url: str, configured: str, *, is_named: bool) -> str | None:
    """Return the text of the signed version that is used, from outside; None where none is.

    It blocks.

    Raises:
        StorageError: the database cannot be read.
    """

    def used() -> Transaction[str | None]:
        one = yield from signed()
        if one is None or not one.goes_before(configured, is_named=is_named):
            return None
        return (yield from protocol_text(one.name))

    with cursor(url) as rows:
        return drive(lambda query: list(rows(query)), used())


def sign(one: Signed) -> Transaction[None]:
    """Keep that a doctor has signed a version: new enrolments are on it from now on."""
    yield from put(SIGNED, json.dumps(one._asdict()))
