"""Everything that is stored about one case, table by table, opened: for whoever has a right to it.

What is sealed comes under `content`, as it was packed; a photo's picture in base64. The names of
sections and columns are what `aftercheck export --format json` promises to keep.
"""

import json
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from storage.case_keys import Key, place
from storage.exporting import Rows, staff_names
from storage.sealing import Keyring
from storage.transaction import Query, Row

Document = dict[str, Any]
Section = list[Document]


class Table(NamedTuple):
    """One section: its query, what of a row its body is bound to, and what it is.

    Without `bound` nothing of it is sealed. `by_clinic` is sealed with the clinic's key.
    """

    name: str
    query: str
    bound: tuple[str, ...] = ()
    means: str = ""
    by_clinic: bool = False


PATIENT = """
    SELECT code, protocol, stage, chat_id, language, zone, created_at, changed_at, wrapped_key, body
    FROM patient WHERE code = :code
"""
CLINIC_KEY = "SELECT value FROM meta WHERE key = 'clinic_key'"

TABLES: Final = (
    Table("patient", PATIENT, ("code",), "Who it is: the chat, the name that the chat app shows, "
          "what was agreed to, settings, and what was ticked at enrolment (`profile`)."),
    Table("links", "SELECT created_at, expires_at, used_at, chat_id FROM invitation "
          "WHERE code = :code ORDER BY created_at", (), "One-time links; never the link itself."),
    Table("sessions", "SELECT number, treatment, area, lot, ended_at, known_at, zone FROM session "
          "WHERE code = :code ORDER BY number", (), "What was treated, where, when."),
    Table("check_ins", "SELECT key, session, purpose, hours, due_at, state, reason, sent_at, "
          "completed_at, level, message_id, body FROM check_in WHERE code = :code "
          "ORDER BY due_at, key", ("case", "key"), "What was asked or is planned, how it went."),
    Table("answers", "SELECT check_in, revision, at, hours, level, protocol, update_id, body "
          "FROM answer WHERE code = :code ORDER BY at, check_in, revision",
          ("case", "check_in", "revision"), "Every step of every answer, and how it was sorted: "
          "`because` lists each rule with its level, reason and sources."),
    Table("alerts", "SELECT key, state, level, opened_at, raised_at, claimed_by, claimed_at, "
          "contacted_at, contacted_by, resolved_at, resolved_by, outcome, body FROM alert "
          "WHERE code = :code ORDER BY opened_at, key", ("case", "key"), "What staff were told."),
    Table("messages", "SELECT at, author, kind, check_in, alert, update_id, body FROM message "
          "WHERE code = :code ORDER BY id", ("case", "at"), "What the patient and staff wrote and "
          "sent."),
    Table("photos", "SELECT photo.file_unique_id, photo.fetched_at, message.at, photo.body "
          "FROM photo LEFT JOIN message ON message.id = photo.message WHERE photo.code = :code "
          "ORDER BY photo.id", ("case", "file_unique_id"), "The pictures; `content` is base64."),
    Table("acts", "SELECT at, name, action, alert, allowed, detail FROM action "
          "WHERE code = :code OR alert IN (SELECT key FROM alert WHERE code = :code) ORDER BY id",
          (), "Who did, saw or decided what about the case."),
    Table("plans", "SELECT key, kind, due_at, state, reason, ended_at FROM due "
          "WHERE code = :code ORDER BY due_at, key", (), "What was or is to happen, and when."),
    Table("sent", "SELECT dedup_key, chat_id, method, state, reason, created_at, ended_at, "
          "message_id, body FROM outbox WHERE code = :code ORDER BY id", ("dedup_key",),
          "What was written to the patient, and to staff about them, as long as it is kept."),
    Table("received", "SELECT update_id, received_at, ended_at, state, reason, body FROM inbox "
          "WHERE chat_id IN (SELECT chat_id FROM patient WHERE code = :code) ORDER BY update_id",
          ("update_id",), "What came from the patient's chat, as Telegram brought it, as long as "
          "it is kept.", by_clinic=True),
)  # fmt: skip
"""The sections, in their order."""

BY_NAME: Final = ("claimed_by", "contacted_by", "resolved_by", "confirmed_by")
"""What holds a member of staff's number: the name stands there instead."""

SEALED_IN: Final = {
    "check_ins": "check_in", "answers": "answer", "alerts": "alert", "messages": "message",
    "photos": "photo", "sent": "outbox", "received": "inbox",
}  # fmt: skip
"""By section, the table that its bodies are bound to, where it has another name."""


def whole_case(
    rows: Rows, keyring: Keyring, code: str, sections: Collection[str] | None = None
) -> dict[str, Section] | None:
    """Return every section of a case, or only some; None where there is no such case.

    Of a patient who was erased only what is in the clear is left.

    Raises:
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
        StorageError: the database cannot be read.
    """
    unwrap = keyring.unwrap.__wrapped__  # remembered, it would push out what a running bot uses
    found = list(rows(Query(PATIENT, {"code": code})))
    if not found:
        return None
    wrapped = bytes(found[0]["wrapped_key"])
    own = unwrap(wrapped) if wrapped else None
    kept = [bytes.fromhex(row[0]) for row in rows(Query(CLINIC_KEY))]
    clinic = unwrap(kept[0]) if kept else None
    names = staff_names(rows)
    return {
        table.name: [
            named(opened(table, row, clinic if table.by_clinic else own, code), names)
            for row in rows(Query(table.query, {"code": code}))
        ]
        for table in TABLES
        if sections is None or table.name in sections
    }


def named(values: Document, names: Mapping[int, str]) -> Document:
    """Return a row with the names of staff in the place of their numbers."""
    inside = values.get("content")
    content = named(inside, names) if isinstance(inside, dict) else inside
    return {
        name: content
        if name == "content"
        else names.get(value, value)
        if name in BY_NAME
        else value
        for name, value in values.items()
    }


def opened(table: Table, row: Row, key: Key | None, code: str) -> Document:
    """Return a row without its sealed bytes, and with what they held."""
    values = dict(zip(row.keys(), row, strict=True))
    values.pop("wrapped_key", None)
    sealed = values.pop("body", None)
    if not table.bound:
        return values
    plain = None
    if sealed and key is not None:
        where = [code if part == "case" else str(values[part]) for part in table.bound]
        plain = key.open(bytes(sealed), place(SEALED_IN.get(table.name, table.name), *where))
    return values | {"content": content(table.name, plain)}


def content(section: str, plain: bytes | None) -> object:
    """Return what was sealed: JSON, or a picture; None where there is nothing or it was erased."""
    if plain is None:
        return None
    return b64encode(plain).decode() if section == "photos" else json.loads(plain)


def page_of_sections() -> Iterator[str]:
    """Yield the table of the sections for docs/export.md."""
    yield "| section | holds |"
    yield "|---|---|"
    yield from (f"| {table.name} | {table.means} |" for table in TABLES)
