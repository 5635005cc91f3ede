"""The board over 100,000 cases: each page's time on the server, and what the bot's loop notices.

    python -m bench.board [--cases 100000] [--write docs/performance.md]

The cases are copies of real ones over three years, eleven check-ins each; sixty of the latest are
whole, with sealed rows that open, and forty of them have an open alert.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from bench import loop
from bench.board_cases import copied, whole
from bench.figures import Advance, Figure, Section
from bench.loop import Lateness, quantile
from bench.ours import clinic_settings
from bench.patients import example
from bot.app import Aftercheck
from bot.board import passes
from bot.cli_run import leave_alone
from bot.clock import SystemClock
from bot.office import Office
from flows.protocol_file import bundled, bundled_text
from storage import board_passes, clinic
from storage.migrations.upgrade import upgrade_sqlite
from storage.opening import open_database
from storage.sealing import Keyring, clinic_key, new_key_text
from storage.sqlite import connect, run_now
from storage.transaction import Transaction
from storage.vault import Vault

CASES, FEW = 100_000, 2_000
ROUNDS: Final = 40
PAGES: Final = {
    "Now": "/board", "Now, asked again": "/board?seen=", "Case": "/board/case/W00001",
    "Sessions": "/board/sessions", "Clinic, 30 days": "/board/clinic?days=30",
    "Clinic, 90 days": "/board/clinic?days=90", "Protocol": "/board/protocol",
}  # fmt: skip
LONGEST, LONGEST_STALL = 100.0, 2.0
"""Milliseconds: of server time at the 95th percentile, and of a stall of the loop at the 99th
(docs/sources.md, board-speed)."""

WORST: Final = 0.95


@asynccontextmanager
async def served(folder: Path, many: int) -> AsyncIterator[tuple[ClientSession, TestServer]]:
    """Give a browser that is let in, and the board over so many cases."""
    given = clinic_settings(folder, "http://127.0.0.1:9", new_key_text())
    given.board_url = "http://127.0.0.1:1"
    path, now = folder / "clinic.db", datetime.now(UTC)
    connect(path).close()
    upgrade_sqlite(path)
    connection, keyring = connect(path), Keyring.from_text(given.encryption_key.get_secret_value())
    key = run_now(connection, lambda: clinic_key(keyring))
    run_now(connection, lambda: copied(now, many))
    run_now(connection, lambda: whole(keyring, example(given).record, now))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    database = await open_database(given.database_url, backup=False)
    app = Aftercheck(given, database, SystemClock())
    app.office = Office(given, Vault(keyring, key), bundled(), bundled_text())
    token = passes.new_token()

    def entering() -> Transaction[None]:
        yield from clinic.keep_protocol(bundled().name, bundled_text(), now)
        for member in given.staff:
            yield from clinic.join(member, now)
        holder = given.staff[0].id
        digest = passes.digest(token)
        yield from board_passes.give(digest, "browser", holder, now, timedelta(hours=1))

    await database.run(entering)
    async with (
        (server := TestServer(app.web())),
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        leave_alone()
        browser.cookie_jar.update_cookies({"board": token}, server.make_url("/"))
        yield browser, server
    await database.close()
    await app.leader.leading.close()


class Taken(NamedTuple):
    """Milliseconds of one request: on the wall clock, and of the processor."""

    wall: float
    processor: float


async def timed(browser: ClientSession, server: TestServer, path: str) -> list[Taken]:
    """Return what each of many requests for a page took."""
    headers = {"HX-Request": "true"} if path.endswith("seen=") else {}
    found = []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        async with browser.get(server.make_url(path), headers=headers) as response:
            await response.read()
            assert response.status == 200, path
        ended = time.perf_counter(), time.process_time()
        found.append(Taken((ended[0] - began) * 1000, (ended[1] - worked) * 1000))
    return found


class Found(NamedTuple):
    """The times of each page by its name, and how late the loop came beside them."""

    times: Mapping[str, list[Taken]]
    lateness: Lateness


async def measured(many: int, advance: Callable[[str], None]) -> Found:
    """Return the times of each page, and how late the loop came while they were made."""
    with tempfile.TemporaryDirectory(prefix="aftercheck-board-") as folder:
        advance(f"board: {many:,} cases")
        async with served(Path(folder), many) as (browser, server):
            times = {}
            for name, path in PAGES.items():
                advance(f"board: {name}")
                times[name] = await timed(browser, server, path)
            advance("board: the bot's loop")
            lateness = await loop.beside(all_of(browser, server))
    return Found(times, lateness)


async def all_of(browser: ClientSession, server: TestServer) -> None:
    """Ask for every page again and again, one after the other."""
    for path in PAGES.values():
        await timed(browser, server, path)


def measure(advance: Advance, *, quick: bool) -> Section:
    """Return the section of the page."""
    return section(FEW if quick else CASES, advance)


def section(many: int, advance: Advance) -> Section:
    """Measure with so many cases."""
    found = asyncio.run(measured(many, advance))
    figures = [about(name, many, taken) for name, taken in found.times.items()]
    figures.append(Figure(
        "board: the bot's loop kept while pages are made, p99", LONGEST_STALL, found.lateness.held,
        "{:.2f} ms", found.lateness.told(), at_most=True, short="board: loop",
    ))  # fmt: skip
    load = f" The machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors."
    return Section("The board", HOW + load, figures)


def about(name: str, many: int, taken: list[Taken]) -> Figure:
    """Return the figure of one page."""
    wall, worked = [one.wall for one in taken], [one.processor for one in taken]
    peer = (
        f"median {statistics.median(worked):.1f} ms; on the wall clock "
        f"{statistics.median(wall):.0f} ms, p95 {quantile(wall, WORST):.0f} ms"
    )
    return Figure(
        f"board, {name}, {many:,} cases: p95", LONGEST, quantile(worked, WORST), "{:.1f} ms", peer,
        at_most=True, short=f"board: {name}",
    )  # fmt: skip


HOW: Final = (
    "Each page is asked for forty times, one after the other, through the server and from the same "
    "process, so what the browser's side takes is in it too, and the line of the audit trail that "
    "each look writes. Measured is the processor's time; beside it stands the wall clock's, in "
    "which whatever else the machine does is too. Nothing is kept between two requests. The cases "
    "are copies over three years; the open alerts and the case that is shown are whole. Of what "
    "the loop comes late, how long a thread stood in line for a processor is taken off."
)


def main(
    cases: Annotated[int, typer.Option(help="How many cases.")] = CASES,
    write: Annotated[
        Path | None, typer.Option(help="A page whose section is put in place.")
    ] = None,
) -> None:
    """Measure, print the section, and put it into a page in the place of its last one."""
    found = section(cases, lambda what: typer.echo(what, err=True))
    rows = ["| what | to reach | measured | peer | met? |", "| --- | ---: | ---: | --- | --- |"]
    rows += [figure.row() for figure in found.figures]
    text = f"{found.text()}\n\n" + "\n".join(rows) + "\n"
    typer.echo(text)
    if write is not None:
        before, _, rest = write.read_text(encoding="utf-8").partition(f"## {found.title}\n")
        after = rest.partition("\n## ")[2]
        tail = f"\n## {after}" if after else ""
        write.write_text(f"{before.rstrip()}\n\n{text}{tail}", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
