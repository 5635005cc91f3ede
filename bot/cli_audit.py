"""`aftercheck audit`: who did, saw and exported what, and whether that was changed since."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli_ends import BAD_INPUT, FAILED, end
from bot.noting import noted
from bot.settings import Settings, SettingsError, settings
from bot.terminal_user import at_terminal
from flows.engine.desk import day_and_time
from storage import audit_check
from storage.audit import AuditKey, Head
from storage.audit_check import Check, Fault, KnownHeadError, known_head
from storage.cursor import cursor
from storage.instants import instant
from storage.sealing import CLINIC_KEY, Keyring, SealError
from storage.transaction import Query, Row, StorageError

SHOWN = 20
"""Faults that are said one by one; a trail with more was changed all over."""

STEP = 1000  # rows between two moves of the bar
WHAT_TO_DO = (
    "Somebody changed the database by hand, or it is damaged. Stop whoever can write to it, keep "
    "this file as it is, and compare it with your backups: the newest one that verifies, and "
    "reaches a head that a digest named, says what these rows were."
)

app = typer.Typer(
    help="Who did, saw and exported what, and whether it was changed since.",
    no_args_is_help=True, add_completion=False,
)  # fmt: skip


class Verified(NamedTuple):
    """How many rows there are, the first few faults, how many there are, and the last row."""

    rows: int
    faults: list[Fault]
    many: int
    head: Head


@app.callback()
def audit() -> None:
    """Look at who did, saw and exported what."""


@app.command()
def head() -> None:
    """Print the trail's last row as SEQ:MAC. Keep it outside: it shows later that none was cut."""
    url, key = opened()
    try:
        with cursor(url) as rows:
            found = next(iter(rows(Query(audit_check.HEAD))), None)
    except StorageError as error:
        end(error, FAILED)
    text = str(found["value"]) if found else ""
    known = key.head_of(text)
    if known is None and text:
        end("The head was changed by another hand. Run: aftercheck audit verify", FAILED)
    typer.echo(str(known) if known else "0:")


@app.command()
def verify(
    known: Annotated[
        str | None,
        typer.Option("--head", help="A head that was kept, SEQ:MAC, as a digest names it."),
    ] = None,
) -> None:
    """Go through the whole trail: any change, deletion, reordering or cut is found and named."""
    try:
        kept = known_head(known) if known else None
    except KnownHeadError as error:
        end(error, BAD_INPUT)
    url, key = opened()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("rows", total=None)

        def report(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        try:
            found = verified(url, Check(key, kept), report)
        except StorageError as error:
            end(error, FAILED)
    if found.many:
        for fault in found.faults:
            typer.echo(str(fault))
        if found.many > len(found.faults):
            typer.echo(f"and {found.many - len(found.faults):,} more")
        end(f"{found.many:,} fault(s) in {found.rows:,} rows. {WHAT_TO_DO}", FAILED)
    until = f", and reaches the head {known}" if known else ""
    typer.echo(f"{found.rows:,} rows, none changed{until}. The head is {found.head}.")


def verified(url: str, check: Check, report: Callable[[int, int], None]) -> Verified:
    """Walk over the whole trail on one unchanging view.

    Raises:
        StorageError: it cannot be read.
    """
    with cursor(url) as rows:
        found = next(iter(rows(Query(audit_check.HEAD))), None)
        text = str(found["value"]) if found else None
        [loose] = rows(Query(audit_check.LOOSE))
        total = check.key.head_of(text or "") or Head(0, b"")

        def counted() -> Iterator[Row]:
            for row in rows(Query(audit_check.ROWS)):
                if check.seen % STEP == 0:
                    report(check.seen, max(total.seq, check.seen))
                yield row

        faults, count = list[Fault](), 0
        for fault in all_of(check, counted(), text, int(loose["many"])):
            count += 1
            if len(faults) < SHOWN:
                faults.append(fault)
    return Verified(check.seen, faults, count, check.last)


def all_of(check: Check, rows: Iterator[Row], head: str | None, loose: int) -> Iterator[Fault]:
    """Yield every fault, those of the end last."""
    yield from check.walk(rows)
    yield from check.end(head, loose)


@app.command()
def show(
    case: Annotated[str | None, typer.Option(help="One case code; else all.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many rows, the newest.")] = 50,
) -> None:
    """List who did what, the newest last. That somebody looked is noted too."""
    code = case.strip().upper() if case else None
    url, _ = opened()
    known = settings()
    try:
        asyncio.run(noted(known, code, at_terminal("audit", f"the last {last}")))
        with cursor(url) as rows:
            found = list(rows(newest(code, last)))
    except (StorageError, SealError) as error:
        end(error, FAILED)
    zone = ZoneInfo(known.clinic_timezone)
    for row in reversed(found):
        typer.echo(line(row, zone))


def newest(code: str | None, most: int) -> Query:
    """Return the query for the newest rows, of a case if one is named."""
    if code is None:
        return Query(audit_check.NEWEST, {"most": most})
    return Query(audit_check.NEWEST_OF_CASE, {"most": most, "code": code, "alerts": f"{code}-%"})


def line(row: Row, zone: ZoneInfo) -> str:
    """Return one act in one line."""
    who = f"{row['name']} ({row['actor']})" if row["actor"] is not None else row["name"]
    about = " ".join(str(one) for one in (row["alert"] or row["code"], row["detail"]) if one)
    refused = "" if row["allowed"] else "REFUSED "
    at = day_and_time(instant(row["at"]), zone)
    return f"{row['seq'] or '-'}  {at}  {who}: {refused}{row['action']} {about}".rstrip()


def opened() -> tuple[str, AuditKey]:
    """Return the database's address and the trail's key, or end with what is wrong."""
    try:
        known = settings()
        return known.database_url, audit_key(known)
    except SettingsError as error:
        end(error, BAD_INPUT)
    except (StorageError, SealError) as error:
        end(error, FAILED)


def audit_key(known: Settings) -> AuditKey:
    """Return the trail's key, without writing to the database.

    Raises:
        SealError: ENCRYPTION_KEY does not open this database.
        StorageError: it cannot be read, or no bot has run on it.
    """
    keyring = Keyring.from_text(known.encryption_key.get_secret_value())
    with cursor(known.database_url) as rows:
        found = next(iter(rows(Query(CLINIC_KEY))), None)
    if found is None:
        raise StorageError("No bot has run on this database yet: there is no audit trail.")
    return AuditKey(keyring.unwrap(bytes.fromhex(str(found["value"]))))
