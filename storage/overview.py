"""What the digest says besides open alerts: what came to nothing, and who still waits.

Each query uses an index, so its time does not grow with the cases there ever were.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from storage.clinic import get, put
from storage.instants import stored
from storage.transaction import Query, Transaction

LOOKED_BACK = timedelta(days=100)
"""So far back a check-in may have been due that has just come to nothing: one stays unanswered
until its session's next takes its place, and the longest such gap of a course is 90 days."""

LAST_DIGEST = "last_digest"
LISTED = "listed_in_digest"

UNFINISHED = """
    SELECT code, key, hours, purpose, state FROM check_in
    WHERE state IN ('missed_by_system', 'unanswered', 'unreachable') AND due_at > :earliest
      AND code <> '000000'
    ORDER BY due_at, code, key
"""
PAIRINGS = """
    SELECT due.code AS code FROM due JOIN patient ON patient.code = due.code
    WHERE due.key >= 'pairing:' AND due.key < 'pairing;' AND due.state = 'waiting'
      AND patient.stage = 'pairing'
    ORDER BY due.due_at, due.code
"""
RAN_OUT = """
    SELECT due.code AS code FROM due JOIN patient ON patient.code = due.code
    WHERE due.key >= 'invitation:' AND due.key < 'invitation;' AND due.state = 'done'
      AND due.ended_at > :since
      AND patient.stage IN ('invited', 'asked_consent', 'asked_facts', 'test_message')
    ORDER BY due.ended_at, due.code
"""
SET_ASIDE = "SELECT COUNT(*) AS many FROM inbox WHERE state = 'set_aside' AND ended_at > :since"


class Unfinished(NamedTuple):
    """A check-in that came to nothing: whose, which, and how it ended."""

    code: str
    key: str
    hours: int
    purpose: str
    state: str

    @property
    def name(self) -> str:
        """What tells it from every other check-in, with how it ended."""
        return f"{self.code}:{self.key}:{self.state}"


class Overview(NamedTuple):
    """What has happened since the last digest, and who waits now.

    `pairings` and `ran_out` are case codes. `set_aside` counts updates that could not be read.
    """

    unfinished: Sequence[Unfinished]
    pairings: Sequence[str]
    ran_out: Sequence[str]
    set_aside: int


def overview(now: datetime) -> Transaction[Overview]:
    """Return what the next digest has to say; reading it marks nothing as said."""
    last = yield from get(LAST_DIGEST)
    since = {"since": last or stored(now - timedelta(days=1))}
    pairings = yield Query(PAIRINGS)
    ran_out = yield Query(RAN_OUT, since)
    set_aside = yield Query(SET_ASIDE, since)
    listed = yield from listed_before()
    found = yield from unfinished(now)
    return Overview(
        [one for one in found if one.name not in listed],
        [row["code"] for row in pairings],
        [row["code"] for row in ran_out],
        set_aside[0]["many"],
    )


def unfinished(now: datetime) -> Transaction[list[Unfinished]]:
    """Return the check-ins of the last `LOOKED_BACK` that came to nothing."""
    rows = yield Query(UNFINISHED, {"earliest": stored(now - LOOKED_BACK)})
    return [
        Unfinished(row["code"], row["key"], row["hours"], row["purpose"], row["state"])
        for row in rows
    ]


def listed_before() -> Transaction[Collection[str]]:
    """Return the names of the check-ins that a digest has told of."""
    text = yield from get(LISTED)
    return frozenset(json.loads(text)) if text else frozenset()


def digest_told(now: datetime) -> Transaction[None]:
    """Note that the digest of now goes out: what it tells of is not told again.

    A check-in has no instant at which it came to nothing, so the names of those told are kept,
    as long as they are looked back at.
    """
    found = yield from unfinished(now)
    yield from put(LISTED, json.dumps([one.name for one in found]))
    yield from put(LAST_DIGEST, stored(now))
