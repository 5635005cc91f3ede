"""What is on this machine: settings, key, database, disk, protocol."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.doctor.findings import Finding, bad, doubt, well
from bot.settings import Settings
from flows.escalation import StaffMember
from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, bundled, load, parse_protocol
from flows.roster import BOTH
from storage.condition import Look, check_writable, look
from storage.location import sqlite_path
from storage.migrations import REVISIONS
from storage.protocol_trials import signed_in
from storage.reconciliation import unaccounted_in
from storage.sealing import Keyring, SealError
from storage.transaction import StorageError

LEAST_FREE = 0.10
"""Share of the disk (docs/sources.md, watchdog)."""


def of_settings(known: Settings) -> Iterator[Finding]:
    """Say which settings are missing."""
    missing = known.missing()
    yield from (bad(sentence, "Set it in .env.") for sentence in missing)
    if not missing:
        yield well("No setting is missing.")


def of_watching(known: Settings, people: Sequence[StaffMember]) -> Iterator[Finding]:
    """Say who notices when the bot stands still, and whether that hangs on one person."""
    if not known.heartbeat_url:
        yield doubt("HEARTBEAT_URL is not set: nobody notices when this machine stands still.",
                    "Set it to a service that calls you when it hears nothing.")  # fmt: skip
    if not known.alert_email and not known.alert_webhook_url.get_secret_value():
        yield doubt("There is no second channel: when Telegram is down, nobody hears of an alert.",
                    "Set ALERT_EMAIL and SMTP_URL, or ALERT_WEBHOOK_URL.")  # fmt: skip
    if not known.silent_chat_id:
        yield doubt("The hourly trial from a check-in to an alert is off.",
                    "Set SILENT_CHAT_ID to a muted group with the bot, without staff.")  # fmt: skip
    takers = [one.name for one in people if one.takes_alerts]
    if len(takers) == 1 and known.single_handed:
        yield doubt(f"A practice of one person (SINGLE_HANDED): only {takers[0]} takes alerts.",
                    "When they cannot, nobody does: let a second one in, if you can.")  # fmt: skip
    elif len(takers) < BOTH:
        who = takers[0] if takers else "nobody"
        yield bad(f"Only {who} takes alerts: nobody new can be enrolled with fewer than two.",
                  "Let a second one in: /roster invite. Or set SINGLE_HANDED=true.")  # fmt: skip


def of_roster(known: Settings, people: Sequence[StaffMember]) -> Iterator[Finding]:
    """Say whether somebody may change the roster, and whether the settings say another one."""
    if people and not any(one.role == "admin" for one in people):
        yield doubt("Nobody on the roster is an admin: nobody can let people in or take them off.",
                    "aftercheck roster role NUMBER admin makes one of them an admin.")  # fmt: skip
    extra = [one.name for one in known.staff if one.id not in {person.id for person in people}]
    if extra:
        yield doubt(f"STAFF_ROSTER names {', '.join(extra)}, who is not on the roster: it counts "
                    "at the first start only.",
                    "Let them in with /roster invite, or take them out of it.")  # fmt: skip


def in_use(known: Settings) -> Protocol:
    """Return what new patients are enrolled on: what a doctor signed, or the settings' protocol.

    Raises:
        ProtocolError: it cannot be used.
    """
    path = known.protocol_file
    own = load(path) if path else bundled()
    try:
        file = sqlite_path(known.database_url)
        if file is not None and not file.exists():
            return own
        text = signed_in(known.database_url, own.name, is_named=path is not None)
    except StorageError:  # which is said by those who look at the database
        return own
    return parse_protocol(text, "the protocol that was signed") if text else own


def of_protocol(known: Settings) -> Finding:
    """Say whether the protocol can be read and who signed it."""
    try:
        protocol = in_use(known)
    except ProtocolError as error:
        return bad(f"The protocol cannot be used: {error.problems[0]}",
                   "`aftercheck protocol verify FILE` says everything about it.")  # fmt: skip
    if protocol.protocol.draft or not protocol.protocol.signed_by:
        return doubt(f"The protocol {protocol.name} is a draft: no named clinician has signed it.",
                     "Do not use it with patients before one has.")  # fmt: skip
    return well(f"The protocol {protocol.name} is signed by {protocol.protocol.signed_by}.")


def of_faq(known: Settings) -> Iterator[Finding]:
    """Say what is wrong with the clinic's own answers to common questions."""
    try:
        protocol = in_use(known)
        fits = known.faq.fits(protocol)
    except ProtocolError as error:
        if known.faq_file:
            yield bad(f"The answers for /faq cannot be used: {error.problems[0]}",
                      "Mend the file, or take FAQ_FILE away.")  # fmt: skip
        return
    if not fits:
        yield doubt(f"/faq has no answers for patients on {protocol.name}.",
                    f'Set FAQ_FILE to a file with about = "{protocol.protocol.id}".')  # fmt: skip


def of_storage(known: Settings, now: datetime) -> Iterator[Finding]:
    """Say how the database is, whether the key opens it, and whether anything came to no end."""
    try:
        path = sqlite_path(known.database_url)
    except StorageError as error:
        yield bad(str(error))
        return
    if path is not None:
        yield from of_disk(path.absolute().parent)
        if not path.exists():
            yield doubt("There is no database yet.", "The bot makes it when it starts.")
            yield from of_key(known, None)
            return
    try:
        found = look(known.database_url)
    except StorageError as error:
        yield bad(f"The database cannot be read: {error}")
        return
    yield from of_database(found, path)
    yield from of_key(known, found)
    if found.version == REVISIONS[-1]:
        yield from of_accounts(known, now)


def of_database(found: Look, path: Path | None) -> Iterator[Finding]:
    """Say whether a database is whole, of this version, and can be written."""
    newest = REVISIONS[-1]
    if found.version not in REVISIONS:
        yield bad(f"The database is at schema {found.version}; this Aftercheck knows {newest}.",
                  "Install the newer Aftercheck again, or restore an older backup.")  # fmt: skip
    elif found.version != newest:
        yield doubt(f"The database is at schema {found.version}, not {newest}.",
                    "The bot changes it when it starts, after a backup.")  # fmt: skip
    else:
        yield well(f"The database is at schema {newest}.")
    if path is None:
        return
    if found.faults:
        yield bad(f"The database file is damaged: {found.faults[0]}",
                  "Stop the bot, keep a copy of the file, and restore a backup.")  # fmt: skip
    else:
        yield well("The database file is whole.")
    try:
        check_writable(path)
    except StorageError as error:
        yield bad(f"The database cannot be written: {error}")
    else:
        yield well("The database can be written.")


def of_accounts(known: Settings, now: datetime) -> Iterator[Finding]:
    """Say what ended without a reason and waits for nothing, by kind and case."""
    try:
        found = unaccounted_in(known.database_url, now)
    except StorageError as error:
        yield bad(f"What is unaccounted for cannot be told: {error}")
        return
    if not found:
        yield well("0 unaccounted: everything has ended with a reason, or waits for its next step.")
    for kind in dict.fromkeys(one.kind for one in found):
        cases = dict.fromkeys(one.code or "no case" for one in found if one.kind == kind)
        yield bad(f"Unaccounted, {kind}: {', '.join(cases)}.",
                  "Look at these cases, and phone where in doubt.")  # fmt: skip


def of_disk(folder: Path) -> Iterator[Finding]:
    """Say whether the database's folder is there, can be written and has room."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield bad(f"The folder {folder} is not there or cannot be written.",
                  "Make it, and let it belong to who runs the bot.")  # fmt: skip
        return
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    said = f"{share:.0%} of the disk is free."
    yield well(said) if share > LEAST_FREE else bad(said, "Make room: a full disk saves nothing.")


def of_key(known: Settings, found: Look | None) -> Iterator[Finding]:
    """Say whether ENCRYPTION_KEY is a key, and the one that the database was sealed with."""
    text = known.encryption_key.get_secret_value()
    if not text:
        return  # it is among the missing settings
    try:
        keyring = Keyring.from_text(text)
        if found is None or found.clinic_key is None:
            yield well("ENCRYPTION_KEY is a key; nothing is sealed with it yet.")
            return
        keyring.unwrap(found.clinic_key)
    except SealError as error:
        yield bad(str(error))
    else:
        yield well("ENCRYPTION_KEY opens what is stored.")
