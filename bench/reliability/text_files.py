"""Files and the log: each text in a cell, a page of a PDF, a line, and nothing run or broken."""

import csv
import io
import json
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from zipfile import ZipFile

import structlog
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from bench.reliability.ward import Ward
from bot import logs
from bot.export.cell_text import writable
from bot.export.cells import cell
from bot.export.columns import COLUMNS
from bot.export.everything import as_json, document
from bot.export.files import SHAPES, order, write
from bot.export.sheets import Column
from bot.export.workbook import Formats, Sheet, workbook
from bot.export.writing import Options, write_csv
from storage.sealing import Keyring

STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs that make a spreadsheet run a cell (OWASP ASVS 5.0, 1.2.10)."""
LOGGED: Final = 3  # lines that each text is tried in
SHORTEST: Final = 3  # signs; "[]" stands in lines of its own right
NOON: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)


def keyring(ward: Ward) -> Keyring:
    """Return the keys of a clinic."""
    return Keyring.from_text(ward.settings.encryption_key.get_secret_value())


def whole_file(ward: Ward, code: str) -> dict[str, list[dict[str, object]]]:
    """Return a case's file as its JSON says it."""
    whole, _ = document(ward.settings.database_url, keyring(ward), code, "Clinic", NOON)
    return json.loads(as_json(whole))  # type: ignore[no-any-return]


def through_cells(texts: Sequence[str]) -> Iterator[str]:
    """Yield each text that one cell of a CSV file does not hold, or that would be run there."""
    for text in texts:
        line = cell(text).encode(errors="replace").decode()
        found = list(csv.reader(io.StringIO(line, newline="")))
        cells = [one for row in found for one in row]
        if len(cells) != 1 or cells[0].startswith(STARTS):
            yield f"CSV: {text[:60]!a}"
        elif cells[0].replace("'", "") != text.encode(errors="replace").decode().replace("'", ""):
            yield f"CSV, changed: {text[:60]!a}"


def through_files(ward: Ward) -> Iterator[str]:
    """Yield what is wrong with the CSV files and the PDF of everything that was said."""
    address = ward.settings.database_url
    for kind, columns in COLUMNS.items():
        out = io.BytesIO()
        write_csv(address, keyring(ward), Options(kind), out, lambda _done, _all: None)
        rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
        if any(len(row) != len(columns) for row in rows):
            yield f"CSV of {kind}s: a row has more cells than columns"
        if any(one.startswith(STARTS) and not is_number(one) for row in rows for one in row):
            yield f"CSV of {kind}s: a cell would be run"
    yield from through_every_file(ward)


def through_every_file(ward: Ward) -> Iterator[str]:
    """Yield what is wrong with the files of each format, by who reads that format elsewhere."""
    code = ward.patients[0].code
    for name, shape in SHAPES.items():
        if shape.rows or (shape.alert and not whole_file(ward, code)["alerts"]):
            continue
        out = io.BytesIO()
        wanted = order(name, None, code if shape.one_case else None, None, None)
        write(ward.settings, wanted, out, lambda _done, _all: None, NOON)
        content = out.getvalue()
        if shape.suffix.endswith("pdf") and not content.startswith(b"%PDF"):
            yield f"{name}: no PDF was made"
        elif shape.suffix.endswith("json") and not isinstance(json.loads(content), dict):
            yield f"{name}: no object"
        elif name == "xlsx" and runs(content):
            yield "xlsx: something would be run"


def runs(content: bytes) -> bool:
    """Whether a workbook holds a formula or a link."""
    with ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(one) for one in parts.namelist() if "worksheets" in one]
    return any(b"<f>" in one or b"<hyperlink" in one for one in sheets)


def through_workbook(texts: Sequence[str]) -> Iterator[str]:
    """Yield each text that a cell of a workbook does not hold, or that would be run there."""
    out = io.BytesIO()
    with workbook(out) as book:
        page = Sheet(book, "Texts", [Column("Text", "text", 40, "")], Formats(book))
        for text in texts:
            page.add((text,))
    if runs(out.getvalue()):
        yield "xlsx: something would be run"
    read = load_workbook(io.BytesIO(out.getvalue()))["Texts"]
    for row, text in enumerate(texts, 2):
        cell_read = read.cell(row, 1)
        if seen(cell_read.value) != seen(writable(text)):
            yield f"xlsx, changed: {text[:60]!a}"
        elif text.startswith(STARTS) and not cell_read.quotePrefix:
            yield f"xlsx, would be run when edited: {text[:60]!a}"


def seen(value: object) -> str:
    """Return a text with its line ends as XML has them."""
    return str(unescape(str(value or ""))).replace("\r\n", "\n").replace("\r", "\n")


def is_number(text: str) -> bool:
    """Whether a cell is a number of the program's own."""
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def through_log(texts: Sequence[str]) -> Iterator[str]:
    """Yield each text that a log line shows, or that breaks one."""
    root, hooks = logging.getLogger(), structlog.get_config()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.configure(stream=stream)
        for text in texts:
            stream.seek(0)
            stream.truncate()
            error = ValueError(text)
            ours = logs.get_logger("bot.try")
            ours.error("it failed", code=text, reason=text, kind=text, exc_info=error)
            logging.getLogger("bot.try").error("it failed: %s", text, exc_info=error)
            logging.getLogger("other").warning(text)
            lines = stream.getvalue().split("\n")
            if len(lines) != LOGGED + 1 or not all(is_line(line, text) for line in lines[:-1]):
                yield f"log: {text[:60]!a}"
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.configure(**hooks)


def is_line(line: str, text: str) -> bool:
    """Whether a line is one JSON object, without a text that somebody wrote."""
    try:
        body = json.loads(line)
    except ValueError:
        return False
    is_key = logs.KEY.fullmatch(text) is not None or len(text) < SHORTEST
    return isinstance(body, dict) and (is_key or json.dumps(text)[1:-1] not in line)
