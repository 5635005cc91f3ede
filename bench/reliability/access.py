"""Who gets at what: the table of permissions, the audit trail, forged webhooks.

python -m bench.reliability access
"""

import asyncio
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from bench.figures import Advance, Figure, Section
from bench.reliability.forging import Refusals, forge
from bench.reliability.matrix import Matrix, gone_through
from bench.reliability.mini_apps import let_in
from bench.reliability.tampering import (
    COLUMNS,
    Attack,
    UndoneError,
    attacked,
    attacks,
    cut_with_its_head,
    every_head,
    filled,
)
from bench.server import database_server
from bench.silence import silence
from storage.audit import AuditKey, Head
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.transaction import Database, Query, Transaction

ROWS, FEW_ROWS = 10_000, 500
PLACES, FEW_PLACES = 3 * len(COLUMNS), 2  # at which each kind of attack is tried
FORGED, FEW_FORGED = 100_000, 2_000
SEED: Final = 4
LONGEST_ACT: Final = 1_000.0  # microseconds that the trail may add to an act (own choice)

PLAIN: Final = """
    INSERT INTO action (at, actor, name, action, code, alert, allowed, detail)
    VALUES ('2026-11-24T13:00:00.000000', 5001, 'Ben', 'claim', 'A7K2', 'A7K2-1', 1, 'x')
"""


@dataclass
class Tampered:
    """Attacks by engine, those that were not found, and microseconds that an act takes more."""

    tried: int = 0
    missed: list[str] = field(default_factory=list)
    cost: float = 0.0


async def tampered(url: str, rows: int, places: int, advance: Advance) -> Tampered:
    """Fill a trail, and attack it in every way at so many places."""
    database = await open_database(url, backup=False)
    try:
        keyring = Keyring.from_text(new_key_text())
        key = AuditKey(await database.run(lambda: clinic_key(keyring)))
        found, began = Tampered(), time.perf_counter()
        head = await database.run(lambda: filled(key, rows))
        spent = time.perf_counter() - began
        found.cost = (spent - await plain(database, rows)) / rows * 1e6
        await goes_on(database, key, head, found, places, advance)
    finally:
        await database.close()
    return found


async def plain(database: Database, rows: int) -> float:
    """Return the seconds that as many rows take without a chain; they are not kept."""
    spent: list[float] = []

    def writing() -> Transaction[None]:
        began = time.perf_counter()
        for _ in range(rows):
            yield Query(PLAIN)
        spent.append(time.perf_counter() - began)
        raise UndoneError([])

    with suppress(UndoneError):
        await database.run(writing())
    return spent[0]


async def goes_on(  # noqa: PLR0913, PLR0917 - what an attack needs
    database: Database, key: AuditKey, head: Head, found: Tampered, places: int, advance: Advance
) -> None:
    """Try every attack, and one more: an end that was cut off together with its head."""
    random = Random(SEED)
    heads = await database.read(every_head)
    tried: list[tuple[Attack, Head | None]] = [
        (one, None) for one in attacks(head.seq, places, random)
    ]
    tried += [
        (cut_with_its_head(key, heads, random.randint(1, head.seq - 1)), head)
        for _ in range(places)
    ]
    for attack, known in tried:
        advance(f"audit trail of {head.seq:,} rows: {attack.kind}")
        found.tried += 1
        if not await is_found(database, key, attack, known):
            found.missed.append(str(attack))
    if await is_found(database, key, Attack("nothing", ()), head):
        found.missed.append("a trail that nobody touched")


async def is_found(database: Database, key: AuditKey, attack: Attack, known: Head | None) -> bool:
    """Whether anything is found after an attack, which is undone."""
    try:
        await database.run(attacked(key, attack, known))
    except UndoneError as undone:
        return bool(undone.faults)
    raise AssertionError(attack)


def measure(advance: Advance, *, full: bool) -> Section:
    """Measure and return the section."""
    rows, places = (ROWS, PLACES) if full else (FEW_ROWS, FEW_PLACES)
    trails = {}
    with silence(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'trail.db'}"
        trails["SQLite"] = asyncio.run(tampered(url, rows, places, advance))
        with database_server() as new:
            trails["PostgreSQL"] = asyncio.run(tampered(new(), rows, places, advance))
        matrix = asyncio.run(gone_through(folder, advance))
        advance("forged webhooks")
        count = FORGED if full else FEW_FORGED
        forged = asyncio.run(forge(folder, count, Random(SEED)))
    found = figures(trails, rows, matrix, forged)
    advance("forged data of a Mini App")
    believed = let_in(count, datetime.now(UTC), Random(SEED))
    found.append(Figure(
        f"forged data of a Mini App that was believed, of {count:,}", 0.0, float(believed),
        "{:.0f}", "changed at random, or signed for another bot", at_most=True,
        short="forged Mini Apps let in",
    ))  # fmt: skip
    return Section("Who gets at what", HOW, found)


def figures(
    trails: dict[str, Tampered], rows: int, matrix: Matrix, forged: Refusals
) -> list[Figure]:
    """Return the figures."""
    found = [
        Figure(f"cells of who may do what that are as the table says, of {matrix.cells:,}",
               matrix.cells, matrix.cells - len({one.rpartition(": ")[0] for one in matrix.faults}),
               "{:,.0f}", f"{matrix.allowed} allowed", short="cells of permissions"),
        Figure(f"attempts of outsiders, such as claims, that changed or showed anything, of "
               f"{matrix.outsiders:,}", 0.0, float(matrix.breaches), "{:.0f}", "",
               at_most=True, short="outsiders who got in"),
        Figure(f"forged webhooks not refused before they were read, of {forged.sent:,}", 0.0,
               float(forged.let_in + forged.stored), "{:.0f}",
               f"the right one {forged.right}, over 1 MiB {forged.huge}", at_most=True,
               short="forged webhooks let in"),
    ]  # fmt: skip
    for engine, trail in trails.items():
        found += [
            Figure(f"changes of an audit trail of {rows:,} rows not found, of {trail.tried:,} "
                   f"({engine})", 0.0, float(len(trail.missed)), "{:.0f}", "", at_most=True,
                   short=f"changes missed, {engine}"),
            Figure(f"time that the trail adds to an act ({engine})", LONGEST_ACT, trail.cost,
                   "{:.0f} µs", "the same row without a chain", at_most=True,
                   short=f"trail's cost, {engine}"),
        ]  # fmt: skip
    return found


HOW = (
    "Twelve who may come (a stranger, the patient, another patient, somebody who left the roster, "
    "each role, an anonymous administrator, another bot, somebody who forwards, a channel) ask the "
    "real bot for everything, in their own chat, the staff chat, and another group. What is "
    "refused must change nothing, show nothing of a patient, and be in the audit trail; what is "
    "allowed must happen. The trail is changed in each column, shortened, reordered, added to and "
    "cut off at random places by statements on the database, and verified after each. Webhooks "
    "come with secrets that are wrong, missing, one letter off, cut, doubled, or no text at all, "
    "over plain connections; one in three has a body that cannot be parsed."
)
