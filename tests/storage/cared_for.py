"""Anna, who wants to be erased, and Berta, who does not; and a terminal to do it in."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
from clinic_history import ENDED, KEY, KEYRING, anna_and_ben, history
from pytest import MonkeyPatch  # noqa: PT013 - a type
from typer.testing import CliRunner, Result

from bot import cli_care, cli_keys, cli_restore
from flows.engine.events import Did, Noted
from storage import audit, case_keys, clinic, due, inbox, journal, outbox, records
from storage.due import DueRow
from storage.inbox import Arrived
from storage.opening import open_database
from storage.outbox_rows import Lane, NewRow
from storage.sealing import DataKey, SealError, clinic_key
from storage.transaction import Query, Rows, Transaction
from storage.vault import Vault

ANNA, BERTA, GROUP = 70_010_001, 70_010_002, -100_500
WORDS = "my cheek is hot, really"
NOW = ENDED + timedelta(days=3)
CLOSE = (
    "UPDATE alert SET state = 'closed', resolved_at = :now, outcome = 'called' WHERE code = :code"
)
KEYS = "SELECT wrapped_key FROM patient WHERE length(wrapped_key) > 0"
CLINIC_KEY = "SELECT value FROM meta WHERE key = 'clinic_key'"
PLACES = {
    "patient": ("code",),
    "check_in": ("code", "key"),
    "answer": ("code", "check_in", "revision"),
    "alert": ("code", "key"),
    "message": ("code", "at"),
    "photo": ("code", "file_unique_id"),
    "inbox": ("update_id",),
    "outbox": ("dedup_key",),
}
"""The columns that what is sealed in a table is bound to."""
TABLES = ("meta", "patient", "invitation", "session", "check_in", "answer", "alert", "message",
          "photo", "action", "due", "inbox", "outbox")  # fmt: skip

app = typer.Typer()
app.command("erase")(cli_care.erase)
app.command("backup")(cli_care.backup)
app.command("restore")(cli_restore.restore)
app.command("resume")(cli_restore.resume)
app.add_typer(cli_keys.app, name="keys")


def terminal(*words: str, given: str = "") -> Result:
    """Run a command line; an exception would be a fault of it."""
    result = CliRunner().invoke(app, words, input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def on(url: str, make: Callable[[], Transaction[Any]]) -> Any:
    """Run a transaction on a database, and return what it returns."""

    async def run() -> Any:
        database = await open_database(url)
        try:
            return await database.run(make)
        finally:
            await database.close()

    return asyncio.run(run())


def rows(url: str, text: str, **values: object) -> Rows:
    """Return the rows of a query."""

    def find() -> Transaction[Rows]:
        return (yield Query(text, values))

    return on(url, find)


def clinic_at(url: str, folder: Path, monkeypatch: MonkeyPatch) -> None:
    """Store both cases, and set what the clinic sets, in a folder of its own."""
    monkeypatch.chdir(folder)
    for name, value in {
        "DATABASE_URL": url, "ENCRYPTION_KEY": KEY, "STAFF_CHAT_ID": str(GROUP),
        "CLINIC_TIMEZONE": "Europe/Berlin", "EMERGENCY_NUMBER": "112", "CLINIC_PHONE": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    filled(url)
    on(url, lambda: clinic.put("last_alive", NOW.isoformat()))


def filled(url: str) -> None:
    """Store Anna's case with everything that can name her, and Berta's beside it."""

    async def fill() -> None:
        database = await open_database(url)
        await anna_and_ben(database)
        await database.run(history("B2B2", "mine is cold"))
        await database.run(around)
        await database.close()

    asyncio.run(fill())


def around() -> Transaction[None]:
    """Store chats, links, updates, messages, plans, a photo and lines of the log."""
    key = yield from clinic_key(KEYRING)
    vault = Vault(KEYRING, key)
    for number, (code, chat) in enumerate((("A7K2", ANNA), ("B2B2", BERTA))):
        yield Query("UPDATE patient SET chat_id = :chat WHERE code = :code",
                    {"chat": chat, "code": code})  # fmt: skip
        link = clinic.Invitation(f"hash {code}", code, None, ENDED, NOW)
        yield from clinic.invite(link)
        yield from clinic.use_invitation(link.token_hash, chat, ENDED)
        yield from due.plan(DueRow("check_in", f"{code}:1/check_in/120", code, NOW))
        said = {"text": f"I am {code}: {WORDS}", "from": {"first_name": "Anna Secret"}}
        updates = (
            (10 + number, chat, said),
            (20 + number, GROUP, {"card": f"{code}-1: {WORDS}"}),
            (30 + number, GROUP, {"odd": f"{code}: {WORDS}"}),
        )
        for update_id, where, raw in updates:
            arrived = Arrived(update_id, where, json.dumps(raw).encode())
            yield from inbox.keep(key, [arrived], ENDED)
            if update_id < 30:
                yield from inbox.done(update_id, "Wrote", ENDED)
        for name, lane, to, owner in (
            ("waits", Lane.CHECK_IN, chat, code), ("card", Lane.ALERT, GROUP, code),
            ("list", Lane.REPLY, GROUP, None), (f"stranger:{chat}", Lane.REST, chat, None),
        ):  # fmt: skip
            payload = {"text": f"{code}: {WORDS}"}
            row = NewRow(f"{name}:{code}", lane, to, "sendMessage", payload, owner)
            yield from outbox.put(row, ENDED, vault)
        loaded = yield from records.of_case(KEYRING, code)
        assert loaded is not None
        picture = Noted("patient", "photo", WORDS, "", unique_id=f"face of {code}", file_id="f")
        yield from journal.noted(code, loaded.key, picture, None, NOW)
        yield from journal.fetched(code, loaded.key, f"face of {code}", WORDS.encode(), NOW)
        raised = Did(None, "Aftercheck", "raised", f"{code}-1", f"urgent: {WORDS}")
        yield from audit.did(vault.audit, code, raised, ENDED)
        yield from audit.did(
            vault.audit, None, Did(chat, "Anna Secret", "help", allowed=False), ENDED
        )
    yield Query("UPDATE inbox SET state = 'set_aside' WHERE update_id >= 30")
    yield Query("UPDATE outbox SET state = 'sent' WHERE code IS NULL")


def close_alerts(url: str, code: str = "A7K2") -> None:
    """Let staff have taken care of everything."""
    rows(url, f"{CLOSE} RETURNING key", now=NOW.isoformat(), code=code)


def wrapped_key(url: str, code: str = "A7K2") -> bytes:
    """Return a patient's data key as it is stored."""
    return bytes(rows(url, "SELECT wrapped_key FROM patient WHERE code = :code", code=code)[0][0])


def readable(url: str, *also: bytes) -> str:
    """Return all that a database says to whoever has the clinic's keys, and these data keys too.

    Every column as it is, and every sealed value as any key opens it at any place it can have.
    """
    wrapped = [*also, *(bytes(row[0]) for row in rows(url, KEYS))]
    wrapped.append(bytes.fromhex(rows(url, CLINIC_KEY)[0][0]))
    keys = [KEYRING.unwrap(one) for one in wrapped]
    found = []
    for table in TABLES:
        for row in rows(url, f"SELECT * FROM {table}"):  # noqa: S608 - a name from TABLES
            values = dict(zip(row.keys(), row, strict=True))
            found.append(f"{table} {values}")
            sealed = values.get("body")
            found += [opened(key, bytes(sealed), table, values) for key in keys if sealed]
    return "\n".join(found)


def opened(key: DataKey, sealed: bytes, table: str, values: dict[str, Any]) -> str:
    """Return what a key opens, empty where it does not."""
    where = case_keys.place(table, *(str(values[part]) for part in PLACES[table]))
    try:
        return key.open(sealed, where).decode()
    except SealError:
        return ""


def about_anna(text: str) -> list[str]:
    """Return the parts of a text that give Anna away."""
    secret = rf"A7K2[^\n]*{re.escape(WORDS)}|{ANNA}|face of A7K2|hash A7K2"
    return re.findall(secret, text)
