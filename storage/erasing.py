"""Erasing a patient: what was said can no longer be read, and what is counted stays.

The patient's data key is destroyed, and what it sealed is emptied as well, so that a key out of an
older backup opens nothing here. Updates from Telegram and the staff's lists are sealed with the
clinic's key: nobody reads those again once they are worked on or sent, so all of them that may
name the patient are emptied too. The rows themselves stay, with their times, levels and outcomes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from flows.engine.events import Did
from storage import audit
from storage.audit import AuditKey
from storage.case_keys import Key, place
from storage.instants import instant, stored
from storage.sealing import SealError
from storage.transaction import Query, Transaction

ERASED_BY = Did(None, "command line", "erase")
NAMELESS_ROWS = "no longer named in"
YEAR = timedelta(days=365.25)
ERASED = "erased"
"""The reason, or the outcome, of whatever is ended by erasing."""

PATIENT = "SELECT chat_id, wrapped_key, created_at FROM patient WHERE code = :code {for_update}"
LINKED = """
    SELECT DISTINCT chat_id FROM invitation
    WHERE code = :code AND chat_id IS NOT NULL AND chat_id NOT IN (
        SELECT chat_id FROM patient WHERE chat_id IS NOT NULL AND code <> :code)
"""
STAFF = "SELECT user_id FROM staff"
OPEN_ALERTS = "SELECT key FROM alert WHERE code = :code AND resolved_at IS NULL ORDER BY key"
LAST_SESSION = "SELECT MAX(ended_at) AS ended_at FROM session WHERE code = :code"
ASKED = "SELECT key FROM due WHERE code = :code AND kind = 'red_flag' AND state = 'waiting'"
UNREAD = "SELECT update_id FROM inbox WHERE chat_id = :chat AND state = 'new'"
SET_ASIDE = "SELECT update_id, body FROM inbox WHERE state = 'set_aside' AND length(body) > 0"
EMPTY_UPDATE = "UPDATE inbox SET body = :nothing WHERE update_id = :update_id"

OF_THE_CASE = {
    "key": """
        UPDATE patient SET wrapped_key = :nothing, body = :nothing, chat_id = NULL,
                           stage = 'stopped', changed_at = :now
        WHERE code = :code RETURNING code
    """,
    "links": "DELETE FROM invitation WHERE code = :code RETURNING code",
    "plans": """
        UPDATE due SET state = 'cancelled', reason = :why, ended_at = :now
        WHERE code = :code AND state = 'waiting' RETURNING key
    """,
    "messages": """
        UPDATE outbox SET state = 'dropped', reason = :why, ended_at = :now, token = token + 1,
                          lease_until = NULL
        WHERE code = :code AND state IN ('pending', 'sending') RETURNING id
    """,
    "check-ins": """
        UPDATE check_in SET state = 'cancelled', reason = :why
        WHERE code = :code AND state IN ('planned', 'sent') RETURNING key
    """,
    "alerts": """
        UPDATE alert SET state = 'closed', resolved_at = :now, outcome = :why
        WHERE code = :code AND resolved_at IS NULL RETURNING key
    """,
    "photos": """
        UPDATE photo SET body = NULL, fetched_at = COALESCE(fetched_at, :now),
                         file_unique_id = 'erased:' || CAST(id AS TEXT)
        WHERE code = :code RETURNING id
    """,
}
"""What ends with the case, by what it is called; each counts its rows."""

EMPTIED = (
    "UPDATE check_in SET body = NULL WHERE code = :code",
    "UPDATE answer SET body = :nothing WHERE code = :code",
    "UPDATE alert SET body = :nothing WHERE code = :code",
    "UPDATE message SET body = :nothing WHERE code = :code",
    "UPDATE outbox SET body = :nothing WHERE code = :code",
    """
        UPDATE action SET detail = '', detail_mark = substr(detail_mark, 17)
        WHERE (code = :code OR alert IN (SELECT key FROM alert WHERE code = :code))
          AND length(detail_mark) > 32 AND action <> 'erase'
    """,
    """
        UPDATE outbox SET body = :nothing
        WHERE code IS NULL AND state NOT IN ('pending', 'sending') AND length(body) > 0
    """,
    """
        UPDATE inbox SET body = :nothing
        WHERE state = 'done' AND length(body) > 0 AND (chat_id IS NULL OR chat_id NOT IN (
            SELECT chat_id FROM patient WHERE chat_id IS NOT NULL AND code <> :code))
    """,
)
"""What is emptied: all that was sealed for the case, and what the clinic's key sealed about it."""

OF_A_CHAT = (
    """
        UPDATE inbox SET state = 'done', reason = :why, ended_at = :now
        WHERE chat_id = :chat AND state = 'new'
    """,
    "UPDATE inbox SET body = :nothing, chat_id = NULL WHERE chat_id = :chat",
    """
        UPDATE outbox SET state = 'dropped', reason = :why, ended_at = :now, token = token + 1,
                          lease_until = NULL
        WHERE chat_id = :chat AND state IN ('pending', 'sending')
    """,
    """
        UPDATE outbox SET chat_id = 0, body = :nothing,
                          dedup_key = 'erased:' || CAST(id AS TEXT)
        WHERE chat_id = :chat
    """,
)
"""What knows the number of the patient's chat, besides the audit trail."""

NAMELESS = """
    UPDATE action SET actor = NULL, name = 'somebody', who_mark = substr(who_mark, 17)
    WHERE actor = :chat AND length(who_mark) > 32 RETURNING seq
"""


class NoCaseError(Exception):
    """There is no case of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no case «{code[:12]}». Look at its code again.")


class StillOpenError(Exception):
    """Somebody still has to look after the patient: erasing now would lose a person."""

    def __init__(self, code: str, alerts: Sequence[str], unread: int, *, asked: bool) -> None:
        found = []
        if alerts:
            found.append(f"{code} has open alerts: {', '.join(alerts)}; close them first.")
        if unread:
            found.append(
                f"{unread} message(s) of {code} are stored and not yet worked on; "
                "start the bot, and see what they say."
            )
        if asked:
            found.append(
                f"{code} is being asked about warning signs; an alert follows in a few minutes "
                "where no answer comes."
            )
        super().__init__(" ".join(found))


class StillKeptError(Exception):
    """The law has the clinic keep its record of the patient for some time yet."""

    def __init__(self, code: str, until: datetime) -> None:
        super().__init__(
            f"The law keeps the record of {code} until {until:%Y-%m-%d} (RECORD_YEARS), so nothing "
            "was erased. Where another law goes before: --although-the-law-keeps-it."
        )


class Erased(NamedTuple):
    """What was erased: `counts` by what it is called; `again` where the key was gone before."""

    code: str
    again: bool
    created_at: str
    counts: dict[str, int]


def erase(
    clinic: Key,
    code: str,
    now: datetime,
    *,
    even_with_open_alerts: bool = False,
    by: Did = ERASED_BY,
) -> Transaction[Erased]:
    """Destroy a patient's key and empty all that was said; what is counted stays.

    A second time it empties what has come in about the case since. `clinic` is the key of rows
    that belong to no patient.

    Raises:
        NoCaseError: there is no such case.
        StillOpenError: an alert is open or a message unread, and it was not said to do it anyway.
    """
    found = yield Query(PATIENT, {"code": code})
    if not found:
        raise NoCaseError(code)
    again, created_at = not found[0]["wrapped_key"], str(found[0]["created_at"])
    chats = yield from chats_of(code, found[0]["chat_id"])
    audit_key = AuditKey(clinic)
    yield from audit.begin(audit_key, now)
    if not even_with_open_alerts:
        yield from nobody_waits(code, chats)
    known = {"code": code, "now": stored(now), "why": ERASED, "nothing": b""}
    counts = {}
    for what, text in OF_THE_CASE.items():
        counts[what] = len((yield Query(text, known)))
    for text in EMPTIED:
        yield Query(text, known)
    rows: list[int] = []
    for chat in chats:
        for text in OF_A_CHAT:
            yield Query(text, known | {"chat": chat})
        rows += [row["seq"] for row in (yield Query(NAMELESS, {"chat": chat}))]
    yield from set_aside_emptied(clinic, code)
    yield from audit.did(audit_key, code, replace(by, detail=nameless(rows)), now)
    return Erased(code, again, created_at, counts)


def nameless(rows: Sequence[int]) -> str:
    """Return what the audit trail says of its own rows that no longer name the patient."""
    return f"{NAMELESS_ROWS} {' '.join(map(str, sorted(rows)))}" if rows else ""


def not_kept(code: str, years: float, now: datetime) -> Transaction[None]:
    """Make sure that the law keeps the record of a case no longer.

    Raises:
        StillKeptError: its last session ended less than so many years ago.
    """
    last = (yield Query(LAST_SESSION, {"code": code}))[0]["ended_at"]
    until = instant(last) + years * YEAR if last else now
    if until > now:
        raise StillKeptError(code, until)


def chats_of(code: str, chat_id: int | None) -> Transaction[list[int]]:
    """Return the chats that are or were the patient's and nobody else's.

    A member of staff's is left out: what waits for them there is about other people.
    """
    linked = yield Query(LINKED, {"code": code})
    staff = yield Query(STAFF)
    chats = {row["chat_id"] for row in linked} | ({chat_id} if chat_id is not None else set())
    return sorted(chats - {row["user_id"] for row in staff})


def nobody_waits(code: str, chats: Sequence[int]) -> Transaction[None]:
    """Make sure that nothing of the case waits for a person.

    Raises:
        StillOpenError: something does.
    """
    alerts = yield Query(OPEN_ALERTS, {"code": code})
    unread = 0
    for chat in chats:
        unread += len((yield Query(UNREAD, {"chat": chat})))
    asked = bool((yield Query(ASKED, {"code": code})))
    if alerts or unread or asked:
        raise StillOpenError(code, [row["key"] for row in alerts], unread, asked=asked)


def set_aside_emptied(clinic: Key, code: str) -> Transaction[None]:
    """Empty updates that could not be worked on, are kept for somebody to look, and name the case.

    One that cannot be opened holds nothing that anybody could read.
    """
    for row in (yield Query(SET_ASIDE)):
        try:
            plain = clinic.open(bytes(row["body"]), place("inbox", str(row["update_id"])))
        except SealError:
            continue
        if code.encode() in plain:
            yield Query(EMPTY_UPDATE, {"update_id": row["update_id"], "nothing": b""})


def noted_backups() -> Transaction[list[str]]:
    """Return where backups were written, as `note_backup` noted them."""
    rows = yield Query("SELECT DISTINCT detail FROM action WHERE action = 'backup'")
    return sorted(row["detail"] for row in rows)


def note_backup(key: AuditKey, by: Did, where: str, now: datetime) -> Transaction[None]:
    """Note where a backup was written, so that erasing can name it."""
    yield from audit.did(key, None, replace(by, action="backup", detail=where), now)
