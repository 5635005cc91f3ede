"""Every change of the schema, up and down, with rows in it, killed at each statement.

    python -m bench.reliability migrations [--full]

Whatever revisions there are, on each engine: a process changes the schema and is killed after its
first statement, another after its second, and so on, the commit too. After each kill the database
must be as it was; the one that is not killed must complete. Down again, it must be as before the
change, and up again as after it. Compared are digests of schema and all rows.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Advance, Figure, Section, table
from bench.reliability.ground import dump, filled, on
from bench.server import empty_database
from storage.migrations import REVISIONS

KILLED = "-9"
FEW, MANY = 5_000, 100_000
"""Rows over all tables; the second is docs/sources.md, migrations."""


@dataclass
class Walked:
    """What came of the changes on one engine. `faults` are sentences, none where all is well."""

    engine: str
    rows: int = 0
    changes: int = 0
    kills: int = 0
    faults: list[str] = field(default_factory=list)


@contextmanager
def mortal(url: str) -> Iterator["subprocess.Popen[str]"]:
    """Give what changes the schema in processes that are killed."""
    command = [sys.executable, "-m", "bench.reliability.killed_change", url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603
        yield process
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Walk:
    """Goes through the revisions of one database, killed at every so-manieth statement."""

    url: str
    walked: Walked
    process: "subprocess.Popen[str]"
    advance: Advance
    every: int = 1

    def up_and_down(self, rows: int) -> None:
        """Go up revision by revision, each time down again and up; then down to nothing and up."""
        before = "base"
        for revision in REVISIONS:
            empty = self.dumped() if before != "base" else ""
            higher = self.to(revision)
            lower = self.to(before)
            if empty and lower != empty:
                self.says(f"{revision} down to {before} is not what it was")
            if self.to(revision) != higher:
                self.says(f"{revision} comes out otherwise the second time")
            self.walked.rows += on(self.url, lambda connection: filled(connection, rows))
            before = revision
        self.to("base")
        self.to(REVISIONS[-1])

    def to(self, revision: str) -> str:
        """Go to a revision, killed at each statement on the way; return the dump after it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        before, statement = self.dumped(), 1 - self.every
        while True:
            statement += self.every
            self.advance(f"{self.walked.engine}: to {revision}, killed at statement {statement}")
            self.process.stdin.write(f"{revision} {statement}\n")
            self.process.stdin.flush()
            end, now = self.process.stdout.readline().strip(), self.dumped()
            if end != KILLED:
                break
            self.walked.kills += 1
            if now != before:
                self.says(f"killed at statement {statement} on the way to {revision}: half changed")
        if end != "0":
            self.says(f"the change to {revision} ended with {end}")
        self.walked.changes += 1
        return now

    def dumped(self) -> str:
        """Return the dump of now."""
        return on(self.url, dump)

    def says(self, fault: str) -> None:
        """Note what is wrong."""
        self.walked.faults.append(f"{self.walked.engine}: {fault}")


def walked(url: str, engine: str, rows: int, advance: Advance, every: int = 1) -> Walked:
    """Walk through all revisions of an empty database, killed at every so-manieth statement."""
    found = Walked(engine)
    with mortal(url) as process:
        Walk(url, found, process, advance, every).up_and_down(rows)
    return found


def measure(advance: Advance, *, full: bool) -> Section:
    """Walk through the revisions on both engines."""
    rows = MANY if full else FEW
    found = []
    for engine, name in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
        with tempfile.TemporaryDirectory() as folder, \
             empty_database(Path(folder), engine) as url:  # fmt: skip
            found.append(walked(url, name, rows, advance))
    figures = [
        Figure(
            f"migrations up and down that were not whole or not what was, in {one.kills} kills at "
            f"each statement of {one.changes} changes with {one.rows:,} rows ({one.engine})",
            0, len(one.faults), "{:.0f}", "", at_most=True, short=f"migrations, {one.engine}",
        )
        for one in found
    ]  # fmt: skip
    shown = [(one.engine, len(REVISIONS), one.changes, one.kills, f"{one.rows:,}") for one in found]
    tables = [table(("engine", "revisions", "changes", "kills", "rows"), shown)]
    faults = [fault for one in found for fault in one.faults]
    how = str(__doc__).partition("[--full]\n\n")[2].strip()
    return Section("Migrations", how, figures, tables, tried="; ".join(faults))
