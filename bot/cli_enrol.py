"""`aftercheck enrol` and `aftercheck session`: what staff do in the chat, from a terminal.

Both work beside a running bot, which sends whatever follows.
"""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.enrolment import (
    Added,
    Enrolled,
    EnrolmentError,
    EnrolmentRequest,
    add_session,
    check_reached,
    enrol,
)
from bot.office import Office
from bot.own_name import NoNameError, learn_name
from bot.qr import blocks, png
from bot.settings import Settings, SettingsError, settings
from flows.engine.desk import day_and_time
from flows.local_time import wall_time
from flows.protocol_file import ProtocolError, bundled_text, parse_protocol, text_of
from storage.opening import open_database
from storage.sealing import Keyring, SealError, clinic_key
from storage.transaction import StorageError, Transaction
from storage.vault import Vault

T = TypeVar("T")

Treatment = Annotated[str, typer.Option(help="Treatment ids joined by +.")]
Area = Annotated[str | None, typer.Option(help="The treated area; else the usual one.")]
SessionAt = Annotated[
    str | None,
    typer.Option(help="When the session ended, like 2026-11-24T14:30, by the clinic's clock; "
                      "else just now."),
]  # fmt: skip
Lot = Annotated[str, typer.Option(help="The product's lot number.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def enrol_patient(  # noqa: PLR0913, PLR0917 - one parameter an option
    treatment: Treatment,
    area: Area = None,
    session_at: SessionAt = None,
    case: Annotated[str | None, typer.Option(help="The case code; else a new one.")] = None,
    lot: Lot = "",
    as_json: AsJson = False,  # noqa: FBT002 - a switch
    qr: Annotated[Path | None, typer.Option(help="Where the QR code goes, as PNG.")] = None,
) -> None:
    """Enrol a patient: prints the link, which works once, and writes its QR code."""
    known, now = known_settings(), datetime.now(UTC)

    def wanted(office: Office) -> Transaction[Enrolled]:
        at = moment(session_at, known, now)
        request = EnrolmentRequest(treatment, at, area, lot, case)
        yield from check_reached(office)
        return (yield from enrol(office, request, now, None))

    enrolled = done(known, wanted, needs_name=True)
    if as_json:
        typer.echo(json.dumps(as_object(enrolled)))
    else:
        until = day_and_time(enrolled.expires_at, ZoneInfo(known.clinic_timezone))
        typer.echo(enrolled.link)
        typer.echo(f"Case {enrolled.code}. The link works once, until {until}.")
        typer.echo(blocks(enrolled.link))
    if qr is not None or not as_json:
        write_picture(enrolled, qr)


def add_patient_session(  # noqa: PLR0913, PLR0917 - one parameter an option
    code: Annotated[str, typer.Argument(help="The case code.")],
    treatment: Treatment,
    area: Area = None,
    session_at: SessionAt = None,
    lot: Lot = "",
    as_json: AsJson = False,  # noqa: FBT002 - a switch
) -> None:
    """Add a known patient's next session; no link is needed."""
    known, now = known_settings(), datetime.now(UTC)

    def wanted(office: Office) -> Transaction[Added]:
        at = moment(session_at, known, now)
        request = EnrolmentRequest(treatment, at, area, lot)
        yield from check_reached(office)
        return (yield from add_session(office, code, request, now, None))

    added = done(known, wanted)
    coming = added.next_check_in
    if as_json:
        next_at = coming.isoformat() if coming else None
        typer.echo(json.dumps({"case": added.code, "session": added.number,
                               "stage": added.stage, "next_check_in": next_at}))  # fmt: skip
        return
    zone = ZoneInfo(known.clinic_timezone)
    asked = day_and_time(coming, zone) if coming else f"not planned (the case is {added.stage})"
    typer.echo(f"Session {added.number} of {added.code} is noted. Next check-in: {asked}.")


def as_object(enrolled: Enrolled) -> dict[str, str]:
    """Return a link in the shape of the public interface."""
    return {
        "case": enrolled.code, "token": enrolled.token, "link": enrolled.link,
        "expires_at": enrolled.expires_at.isoformat(timespec="seconds"),
    }  # fmt: skip


def known_settings() -> Settings:
    """Return the settings, or end with what is wrong with them."""
    try:
        known = settings()
    except SettingsError as error:
        end(error, BAD_INPUT)
    if not known.encryption_key.get_secret_value():
        end("ENCRYPTION_KEY is missing: set the one that the bot runs with.", BAD_INPUT)
    return known


def moment(text: str | None, known: Settings, now: datetime) -> datetime:
    """Return the instant that an option names, by the clinic's clock where it has no zone.

    Raises:
        EnrolmentError: it is none.
    """
    if text is None:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise EnrolmentError(
            f"«{text[:40]}» is no time; write for example 2026-11-24T14:30."
        ) from None
    if at.utcoffset() is not None:
        return at
    return wall_time(at.date(), at.time(), ZoneInfo(known.clinic_timezone))


def done(
    known: Settings, wanted: Callable[[Office], Transaction[T]], *, needs_name: bool = False
) -> T:
    """Run a transaction on the clinic's database, or end with what is wrong."""
    try:
        return asyncio.run(carried_out(known, wanted, needs_name=needs_name))
    except (EnrolmentError, ProtocolError) as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError, NoNameError, LookupError) as error:
        end(error, FAILED)


async def carried_out(
    known: Settings, wanted: Callable[[Office], Transaction[T]], *, needs_name: bool
) -> T:
    """Open the database beside a running bot, run a transaction, and close it."""
    protocol_text = text_of_protocol(known)
    name = known.protocol_file.name if known.protocol_file else "the bundled protocol"
    protocol = parse_protocol(protocol_text, name)
    keyring = Keyring.from_text(known.encryption_key.get_secret_value())
    database = await open_database(known.database_url)
    try:
        key = await database.run(lambda: clinic_key(keyring))
        office = Office(known, Vault(keyring, key), protocol, protocol_text)
        if needs_name:
            await learn_name(known, database)
        return await database.run(lambda: wanted(office))
    finally:
        await database.close()


def text_of_protocol(known: Settings) -> str:
    """Return the text of the protocol file that the clinic uses.

    Raises:
        ProtocolError: it cannot be read.
    """
    return bundled_text() if known.protocol_file is None else text_of(known.protocol_file)


def write_picture(enrolled: Enrolled, path: Path | None) -> None:
    """Write a link's QR code, for its owner's eyes only: to `path`, else beside us as `CODE.png`.

    The case is stored by now, so a picture that cannot be written is a failure only where it was
    asked for.
    """
    target = path or Path(f"{enrolled.code}.png")
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(png(enrolled.link))
    except OSError as error:
        typer.echo(f"{target} cannot be written: {error.strerror}. "
                   f"{enrolled.code} is enrolled, and its link holds.", err=True)  # fmt: skip
        if path is not None:
            raise typer.Exit(FAILED) from None
    else:
        typer.echo(f"The QR code is in {target}.", err=True)
