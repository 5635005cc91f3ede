"""Opens exports in LibreOffice, and compares what it holds with what was written.

    python -m bench.office

A history with 2,000 hostile texts among its words is exported as a workbook and as CSV. LibreOffice
opens both without a window and writes them anew, the workbook as CSV and the CSV as a workbook;
every cell of that is compared with what the export wrote. `make office` installs LibreOffice first.
"""

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.utils.escape import unescape

from bench.export import START, make
from bench.reliability.hostile_texts import hostile_texts
from bot.export.case_rows import FIRST_DAY
from bot.export.cell_text import writable
from bot.export.sheets import SHEETS, Value
from bot.export.workbook import Cover, every_row, write_xlsx
from bot.export.writing import Options, reading, write_csv
from flows.engine.events import Noted
from flows.engine.record import Patient, Record, Visit
from flows.protocol_file import bundled
from flows.schedule import Session
from storage import journal
from storage.saving import new_case
from storage.sealing import Keyring, new_key_text
from storage.sqlite import connect, run_now
from storage.transaction import Transaction

ZONE: Final = ZoneInfo("Europe/Berlin")
COVER: Final = Cover("Clinic Sunrise", ZONE, datetime(2026, 11, 26, tzinfo=UTC))
LONGEST: Final = 4_096
"""Telegram lets nobody write more."""
EVERY_SHEET: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Comma, double quotes, UTF-8, as shown, each sheet a file (LibreOffice, CSV filter options)."""
READ_CSV: Final = "CSV:44,34,76,1,,0,false,true"
LINE_END: Final = re.compile(r"[\r\n]+")
UNSEEN: Final = frozenset([*range(32), 0xFFFE, 0xFFFF, 0xFEFF])
"""Signs without a shape, that LibreOffice drops or writes in its own way."""
NOT_TEXT: Final = ("n", "b")
"""Numbers and truths: what a spreadsheet takes `1e9` and `true` of a CSV file for."""
CASE: Final = "HHHH"


def words(keyring: Keyring, texts: Sequence[str]) -> Transaction[None]:
    """Store a case whose patient wrote these texts, one a second."""
    patient = Patient(CASE, bundled().name, "active", "en", "Europe/Berlin")
    visit = Visit(Session(1, "mn_topical", START, START, "Europe/Berlin", "face"), "=L-2026-01")
    key = yield from new_case(keyring, Record(patient, (visit,), {}), START)
    for place, text in enumerate(texts, 1):
        at = START + timedelta(seconds=place)
        yield from journal.noted(CASE, key, Noted("patient", "words", text), None, at)


def stored(folder: Path) -> tuple[str, Keyring]:
    """Make a clinic's history with the texts in it."""
    keyring = Keyring.from_text(new_key_text())
    path = folder / "clinic.db"
    url = f"sqlite:///{path}"
    make(url, path, keyring, 2_000)
    texts = [one for one in hostile_texts() if len(one) <= LONGEST and one.encode(errors="ignore")]
    connection = connect(path)
    run_now(connection, words(keyring, [writable(one) for one in texts]))
    connection.close()
    return url, keyring


def by_office(source: Path, target: str, folder: Path, *more: str) -> None:
    """Let LibreOffice write a file anew, with settings of its own that nobody else uses."""
    subprocess.run(  # noqa: S603
        [shutil.which("soffice") or "soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo",
         *more, "--convert-to", target, "--outdir", str(folder / "anew"), str(source)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600,
    )  # fmt: skip


def seen(value: object) -> str:
    """Return a text as both programs have it: without unseen signs, lines ended in one way."""
    text = LINE_END.sub("\n", unescape(str(value or "")))
    return "".join(sign for sign in text if sign == "\n" or ord(sign) not in UNSEEN).strip("\n ")


def shown(value: Value, kind: str) -> str:
    """Return a cell as LibreOffice shows it."""
    if value is None:
        return ""
    if kind == "date":
        return f"{FIRST_DAY + timedelta(days=float(value)):%Y-%m-%d %H:%M:%S}"
    return seen(writable(value)) if isinstance(value, str) else f"{value:g}"


def workbook_faults(url: str, keyring: Keyring, folder: Path) -> Iterator[str]:
    """Yield each cell of the workbook that LibreOffice holds otherwise; say how many it holds."""
    path = folder / "history.xlsx"
    with path.open("wb") as out:
        write_xlsx(url, keyring, Options(), out, lambda _done, _all: None, COVER)
    by_office(path, EVERY_SHEET, folder)
    wanted: dict[str, list[list[str]]] = {name: [] for name in SHEETS}
    with reading(url, keyring, None) as found:
        for name, cells in every_row(found, Options(), lambda _done, _all: None, ZONE):
            kinds = [column.kind for column in SHEETS[name]]
            wanted[name].append([shown(*one) for one in zip(cells, kinds, strict=True)])
    for name, rows in wanted.items():
        with (folder / "anew" / f"history-{name}.csv").open(encoding="utf-8", newline="") as file:
            held = list(csv.reader(file))[1:]
        print(f"{name}: {len(held):,} rows, {sum(map(len, held)):,} cells")
        for place, (one, two) in enumerate(zip_longest(rows, held, fillvalue=list[str]()), 2):
            for column, (ours, theirs) in enumerate(zip_longest(one, map(seen, two), fillvalue="")):
                if ours != theirs:
                    yield f"{name}, row {place}, {column}: {ours[:70]!a} became {theirs[:70]!a}"


def csv_faults(url: str, keyring: Keyring, folder: Path) -> Iterator[str]:
    """Yield each cell of the CSV file that LibreOffice runs, or holds otherwise."""
    path = folder / "answers.csv"
    with path.open("wb") as out:
        write_csv(url, keyring, Options(), out, lambda _done, _all: None)
    by_office(path, "xlsx", folder, f"--infilter={READ_CSV}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        wanted = list(csv.reader(file))
    page = openpyxl.load_workbook(folder / "anew" / "answers.xlsx").worksheets[0]
    place = wanted[0].index("answer_in_words") + 1
    print(f"CSV: {len(wanted) - 1:,} rows")
    for number, row in enumerate(wanted, 1):
        cell = page.cell(number, place)
        if any(one.data_type == "f" for one in page[number]):
            yield f"CSV, row {number}: something would be run"
        if seen(cell.value) != seen(row[place - 1]) and cell.data_type not in NOT_TEXT:
            yield f"CSV, row {number}: {row[place - 1][:70]!a} became {str(cell.value)[:70]!a}"


def main() -> None:
    """Compare, and end with 1 where something differs."""
    if shutil.which("soffice") is None:
        sys.exit("No LibreOffice was found: `make office` installs it.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url, keyring = stored(folder)
        faults = [*workbook_faults(url, keyring, folder), *csv_faults(url, keyring, folder)]
    for fault in faults[:40]:
        print(fault)
    print(f"{len(faults):,} differences")
    sys.exit(min(len(faults), 1))


if __name__ == "__main__":
    main()
