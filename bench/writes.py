"""Durable writes: waiting answers share a commit, beside aiosqlite with a commit each.

    python -m bench.performance --only writes

One answer is an INSERT and an UPSERT. Both write to a file of the same file system, in WAL mode
with `synchronous=FULL`.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.figures import Advance, Figure, Section, table
from bench.peers.commit_each import CommitEach
from storage.sqlite import SqliteDatabase
from storage.transaction import Query, Transaction

TABLES = (
    "CREATE TABLE given (id INTEGER PRIMARY KEY, body BLOB)",
    "CREATE TABLE place (code TEXT PRIMARY KEY, body BLOB)",
)
INSERT = "INSERT INTO given (body) VALUES (:body)"
UPSERT = (
    "INSERT INTO place (code, body) VALUES (:code, :body)"
    " ON CONFLICT (code) DO UPDATE SET body = excluded.body"
)
BODY = b"x" * 300  # bytes of a sealed answer
WAITING = 64

Write = Callable[[str], Awaitable[None]]


def created() -> Transaction[None]:
    """Make the tables."""
    for text in TABLES:
        yield Query(text)


def answer(code: str) -> Transaction[None]:
    """Store one answer."""
    yield Query(INSERT, {"body": BODY})
    yield Query(UPSERT, {"code": code, "body": BODY})


async def speed(write: Write, waiting: int, each: int) -> float:
    """Return the answers a second, so many writers each waiting for their own."""

    async def writer(code: str) -> None:
        for _ in range(each):
            await write(code)

    await asyncio.gather(*(writer(f"warm{n}") for n in range(waiting)))
    began = time.perf_counter()
    await asyncio.gather(*(writer(f"P{n}") for n in range(waiting)))
    return waiting * each / (time.perf_counter() - began)


async def one_round(each: int) -> dict[str, float]:
    """Measure ours and the peer once, in turn, in two new files."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "ours.db")
        await database.run(created)

        async def ours(code: str) -> None:
            await database.run(lambda: answer(code))

        async with CommitEach(Path(folder) / "theirs.db", TABLES, (INSERT, UPSERT)) as peer:

            async def theirs(code: str) -> None:
                await peer.write({"code": code, "body": BODY})

            found = {
                "theirs": await speed(theirs, 1, each * 8), "one": await speed(ours, 1, each * 8),
                "sixty_four": await speed(ours, WAITING, each * 4),
            }  # fmt: skip
        await database.close()
    return found


def measure(advance: Advance, *, quick: bool) -> Section:
    """Measure both in turn and return the section."""
    rounds, found = (3 if quick else 9), []
    for _ in range(rounds):
        advance("durable writes")
        found.append(asyncio.run(one_round(20 if quick else 60)))
    middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
    many = statistics.median(one["sixty_four"] / one["theirs"] for one in found)
    single = statistics.median(one["one"] / one["theirs"] for one in found)
    peer = f"aiosqlite, a commit each, {middle['theirs']:,.0f}/s"
    figures = [
        Figure("64 answers waiting at once, stored", 30.0, many, "{:.1f} ×", peer,
               short="64 waiting writes"),
        Figure("one answer waiting, stored", 1.5, single, "{:.2f} ×", peer,
               short="one waiting write"),
    ]  # fmt: skip
    rows = [
        ("aiosqlite, a commit each", f"{middle['theirs']:,.0f}", "1"),
        ("Aftercheck, one waiting", f"{middle['one']:,.0f}", f"{single:.2f}"),
        ("Aftercheck, 64 waiting", f"{middle['sixty_four']:,.0f}", f"{many:.1f}"),
    ]  # fmt: skip
    how = f"{__doc__.split('One answer')[1]}"
    return Section(
        "Durable writes", f"One answer{how}{rounds} rounds in turn. What bounds it: the disk's "
        "flush, then the hop to the thread that writes; both vary with the machine's other work.",
        figures, [table(["", "answers a second", "×"], rows)],
    )  # fmt: skip
