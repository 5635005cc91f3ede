"""A history as a workbook: a sheet for each kind of row, dates as dates, and nothing that runs.

XlsxWriter writes it row by row, in constant memory: rows wait in a folder of its own that only this
process's user may read, and that is gone when the file is complete. Text stays text: it is never
written as a formula, a link or a number, and what would run once somebody edits the cell is marked.

Hazards: H32.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from inspect import unwrap
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, NamedTuple
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.export.case_rows import CaseRows, Cells, act_cells, day_number
from bot.export.cell_text import safe, writable
from bot.export.sheets import SHEETS, Column
from bot.export.writing import Options, Progress, Reading, reading, rest
from storage.exporting import acts
from storage.instants import stored
from storage.sealing import Keyring

ROWS: Final = 1_048_576
"""Rows of a sheet (Excel specifications and limits); what is more goes on in another sheet."""
DATE: Final = "yyyy-mm-dd hh:mm"
COLOURS: Final = {
    "watch": "#FFF3C4", "follow_up": "#FFDDB0", "urgent": "#FFC2B8", "emergency": "#F2A0A8",
}  # fmt: skip
"""By level; what is expected has none (own choice)."""
ABOUT: Final = "About"
SAFE: Final = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False, "use_zip64": True,
}  # fmt: skip
WRITE_STRING: Final = unwrap(Worksheet.write_string)
WRITE_NUMBER: Final = unwrap(Worksheet.write_number)
"""As they are below their look at whether a place is written `A1`, which costs each cell time."""


class Cover(NamedTuple):
    """What the first sheet says: whose history, by which clock, made when."""

    clinic: str
    zone: ZoneInfo
    made: datetime


class Formats:
    """How cells look; each is made once for a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.heading: Format = book.add_format(
            {"bold": True, "bg_color": "#2F5D8A", "font_color": "#FFFFFF", "bottom": 1}
        )
        self.date: Format = book.add_format({"num_format": DATE, "align": "left"})
        self.number: Format = book.add_format({"align": "left"})
        self.marked: Format = book.add_format({"quote_prefix": True})
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.label: Format = book.add_format({"bold": True})
        self.levels = {name: book.add_format({"bg_color": one}) for name, one in COLOURS.items()}


class Sheet:
    """One kind of rows; it goes on in a second sheet where one is full."""

    def __init__(
        self, book: Workbook, name: str, columns: Sequence[Column], formats: Formats
    ) -> None:
        self.book, self.name, self.columns, self.formats = book, name, columns, formats
        self.looks = [formats.date if one.kind == "date" else formats.number for one in columns]
        self.written = 0
        self.parts = 0
        self.begin()

    def begin(self) -> None:
        """Begin a sheet with its headings, which stay in sight."""
        self.parts += 1
        name = self.name if self.parts == 1 else f"{self.name} {self.parts}"
        self.page: Worksheet = self.book.add_worksheet(name)
        self.page.freeze_panes(1, 1)
        for place, one in enumerate(self.columns):
            self.page.set_column(place, place, one.width)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(0)
        self.page.set_footer("&L&A&RPage &P of &N")
        for place, one in enumerate(self.columns):
            self.page.write_string(0, place, one.name, self.formats.heading)
        self.row = 0

    def add(self, cells: Cells) -> None:
        """Write a row below the last."""
        if self.row == ROWS - 1:
            self.finish()
            self.begin()
        self.row += 1
        self.written += 1
        page, row, looks, marked = self.page, self.row, self.looks, self.formats.marked
        for place, value in enumerate(cells):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                text, runs = safe(value)
                WRITE_STRING(page, row, place, text, marked if runs else None)
            else:
                WRITE_NUMBER(page, row, place, value, looks[place])

    def finish(self) -> None:
        """Add what needs to know where the rows end: filters, and the colours of levels."""
        self.page.autofilter(0, 0, self.row, len(self.columns) - 1)
        for place, one in enumerate(self.columns):
            if one.kind != "level" or not self.row:
                continue
            for level, look in self.formats.levels.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{level}"', "format": look}
                self.page.conditional_format(1, place, self.row, place, rule)


def write_xlsx(  # noqa: PLR0913, PLR0917 - one parameter a fact
    database_url: str, keyring: Keyring, options: Options, out: BinaryIO, progress: Progress,
    cover: Cover,
) -> int:  # fmt: skip
    """Write a workbook with every kind of row, and return how many rows it has in all.

    Times are those of the clinic's zone. It blocks: call it in a thread, never in the event
    loop. `progress` is told how many of all cases are done; then the file is put together.

    Raises:
        OptionsError: there is no such case.
        StorageError: the database cannot be read.
        SealError: ENCRYPTION_KEY does not open it, or a row was changed or moved.
        OSError: the file cannot be written.
    """
    with reading(database_url, keyring, options.case) as found, workbook(out) as book:
        book.set_properties(
            {"title": "Check-in history", "company": cover.clinic, "created": cover.made}
        )
        formats = Formats(book)
        front = book.add_worksheet(ABOUT)
        sheets = {name: Sheet(book, name, columns, formats) for name, columns in SHEETS.items()}
        rested = time.thread_time()
        for name, cells in every_row(found, options, progress, cover.zone):
            sheets[name].add(cells)
            rested = rest(rested)
        for sheet in sheets.values():
            sheet.finish()
        counts = {name: sheet.written for name, sheet in sheets.items()}
        about(front, formats, options, counts, cover)
    return sum(counts.values())


class UntilItFails:
    """A file that takes nothing more once a write failed.

    The archive that is left over writes its end when it is forgotten, long after the error was
    told; the file is thrown away then anyway.
    """

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.failed = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a file has
        return getattr(self.out, name)

    def write(self, content: bytes) -> int:
        """Write, unless that failed before."""
        if self.failed:
            return len(content)
        try:
            return self.out.write(content)
        except OSError:
            self.failed = True
            raise


def every_row(
    found: Reading, options: Options, progress: Progress, zone: ZoneInfo
) -> Iterator[tuple[str, Cells]]:
    """Yield every row with the name of its sheet: case by case, then what was done."""
    for case in found.cases(progress):
        yield from CaseRows(case, found.saying, found.names, zone).rows(options.within)
    for act in acts(found.rows, options.case, *options.span):
        yield "Acts", act_cells(act, zone)


@contextmanager
def workbook(out: BinaryIO) -> Iterator[Workbook]:
    """Give a workbook, and put the file together at the end; after an error there is none."""
    with TemporaryDirectory(prefix="aftercheck-") as folder:
        book = Workbook(UntilItFails(out), {**SAFE, "tmpdir": folder})
        yield book
        failed: OSError | None = None
        try:
            book.close()
        except FileCreateError as error:
            failed = error.args[0].with_traceback(None)
        if failed is not None:  # told without what it came from, which would hold the archive open
            raise failed


def about(
    page: Worksheet, formats: Formats, options: Options, counts: Mapping[str, int], cover: Cover
) -> None:  # fmt: skip
    """Say on the first sheet what the file holds, and what each column means."""
    clinic, zone, made = cover
    first, end = options.span
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 22)
    page.set_column(2, 2, 90)
    facts: list[tuple[str, Any]] = [
        ("Clinic", clinic),
        ("Made", day_number(stored(made), zone)),
        ("Times", f"by the clinic's clock, {zone.key}"),
        ("Case", options.case or "all"),
        ("From", day_number(first, zone) or "the first"),
        ("Before", day_number(end, zone) if options.until else "now"),
        *((name, f"{count:,} rows") for name, count in counts.items()),
    ]
    page.write_string(0, 0, "Check-in history", formats.title)
    for row, (label, value) in enumerate(facts, 2):
        page.write_string(row, 0, label, formats.label)
        if isinstance(value, str):
            page.write_string(row, 1, writable(value))
        else:
            page.write_number(row, 1, value, formats.date)
    row = len(facts) + 3
    for name, columns in SHEETS.items():
        for one in columns:
            page.write_string(row, 0, name, formats.label)
            page.write_string(row, 1, one.name)
            page.write_string(row, 2, one.means.replace("`", ""))
            row += 1
