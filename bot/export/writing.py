"""Writing an export: any number of rows in constant memory, beside a running bot."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import current_thread, main_thread
from typing import BinaryIO
from zoneinfo import ZoneInfo

from bot.export.case_history import Within
from bot.export.cells import END
from bot.export.columns import COLUMNS, RowKind
from bot.export.lines import CaseLines
from bot.export.said import Saying
from flows.local_time import wall_time
from flows.staff_language import _
from storage.cursor import cursor
from storage.exporting import Case, Rows, cases, check_version, count, protocols, staff_names
from storage.instants import stored
from storage.sealing import Keyring

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for the machine's old code page."""

REPORTS = 200
"""How often progress is told."""

WORK, REST = 0.001, 0.00005
"""Seconds of work after which a running bot's event loop gets its turn: a thread that does not
sleep would keep it waiting for the interpreter's 5 ms (at most 2: docs/sources.md, exports)."""

Progress = Callable[[int, int], None]


class OptionsError(ValueError):
    """What was asked for cannot be exported, and why."""


@dataclass(frozen=True)
class Options:
    """What to export. `since` is the first instant, `until` the first that is left out.

    An answer counts by when it came, a check-in by when it was due, a session by its end, an
    alert by when it was opened. `rows` is of a table; a workbook holds every kind. `alert` is the
    one to summarise.
    """

    rows: RowKind = "answer"
    case: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    alert: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time that never was.

        Raises:
            OptionsError: it ends before it begins.
        """
        if self.since and self.until and self.until <= self.since:
            raise OptionsError("--until must be later than --since.")

    @property
    def within(self) -> Within:
        """Whether a stored instant lies in the time asked for; instants sort as text."""
        first, end = self.span
        return lambda at: first <= at < end

    @property
    def span(self) -> tuple[str, str]:
        """The first stored instant, and the first that is left out."""
        return stored(self.since) if self.since else "", stored(self.until) if self.until else "~"


def moment(text: str, zone: ZoneInfo, *, ends: bool = False) -> datetime:
    """Read a date or a time; without a zone it is the clinic's. A date that `ends` is included.

    Raises:
        OptionsError: it is neither.
    """
    try:
        if len(text) == len("2026-11-30"):
            day = date.fromisoformat(text) + timedelta(days=int(ends))
            return wall_time(day, datetime.min.time(), zone)
        given = datetime.fromisoformat(text)
    except ValueError:
        raise OptionsError(
            _("«{text}» is no time: write 2026-11-30, 2026-11-30T18:00 or "
              "2026-11-30T18:00+01:00.", text=text)
        ) from None  # fmt: skip
    return given if given.utcoffset() is not None else wall_time(given.date(), given.time(), zone)


@dataclass(frozen=True)
class Reading:
    """What an export reads from: one unchanging view of the database, and words for its ids."""

    rows: Rows
    keyring: Keyring
    case: str | None
    total: int
    saying: Saying
    names: Mapping[int, str]

    def cases(self, progress: Progress) -> Generator[Case, None, None]:
        """Yield every case asked for, with a rest between them.

        `progress` is told how many of all cases are done.

        Raises:
            StorageError: the database cannot be read.
            SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
        """
        step, rested = max(1, self.total // REPORTS), time.thread_time()
        # Each key is needed once: remembered, they would push out those that a running bot uses.
        unwrap = self.keyring.unwrap.__wrapped__
        with closing(cases(self.rows, unwrap, self.case)) as found:
            for done, case in enumerate(found, 1):
                yield case
                if done % step == 0 or done == self.total:
                    progress(done, self.total)
                rested = rest(rested)


@contextmanager
def reading(database_url: str, keyring: Keyring, case: str | None) -> Iterator[Reading]:
    """Give what an export of all cases or of one reads from.

    It reads on a connection of its own and blocks: use it in a thread, never in the event loop.

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
    """
    with cursor(database_url) as rows:
        check_version(rows)
        total = count(rows, case)
        if case and not total:
            raise OptionsError(f"There is no case {case}.")
        yield Reading(rows, keyring, case, total, Saying(protocols(rows)), staff_names(rows))


def write_csv(
    database_url: str, keyring: Keyring, options: Options, out: BinaryIO, progress: Progress
) -> int:
    """Write an export and return how many rows it has, the first line not counted.

    It blocks, as `reading` does. `progress` is told how many of all cases are done.

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
    """
    within, written = options.within, 0
    with reading(database_url, keyring, options.case) as found:
        out.write(BYTE_ORDER_MARK + (",".join(COLUMNS[options.rows]) + END).encode())
        for case in found.cases(progress):
            lines = list(CaseLines(case, found.saying, found.names).lines(options.rows, within))
            out.write("".join(lines).encode(errors="replace"))
            written += len(lines)
    return written


def rest(since: float) -> float:
    """Sleep for a moment where enough was done, and return since when there was no rest.

    Counted is what this thread worked, `time.thread_time()`, not how long it waited for its turn.
    The main thread has no loop beside it: at the command line nothing waits for a turn.
    """
    if time.thread_time() - since < WORK or current_thread() is main_thread():
        return since
    time.sleep(REST)
    return time.thread_time()
