"""A workbook on both engines, read again by openpyxl: sheets, dates, what runs, what is erased."""

import asyncio
import io
from datetime import UTC, datetime
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from clinic_history import BEN, ENDED, KEYRING, anna_and_ben, case, history, was_opened_before
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from bot.export import workbook
from bot.export.cell_text import CUT, LONGEST, writable
from bot.export.columns import ERASED
from bot.export.sheets import SHEETS
from bot.export.workbook import Cover, write_xlsx
from bot.export.writing import Options, OptionsError
from flows.engine.events import Did, Noted
from flows.protocol_file import bundled
from storage import audit, journal
from storage.audit import AuditKey
from storage.opening import open_database
from storage.saving import new_case
from storage.sealing import clinic_key
from storage.transaction import Query

BERLIN = ZoneInfo("Europe/Berlin")
MADE = datetime(2026, 11, 26, 9, tzinfo=UTC)
COVER = Cover("Clinic Sunrise", BERLIN, MADE)


def wall(*when: int) -> datetime:
    """Return what the clinic's clock shows, as a spreadsheet holds it: without a zone."""
    return datetime(*when)  # noqa: DTZ001


def told(done: int, total: int) -> None:
    assert done <= total


async def written(url: str, **options) -> bytes:
    out = io.BytesIO()
    wanted = Options(**options)
    await asyncio.to_thread(write_xlsx, url, KEYRING, wanted, out, told, COVER)
    return out.getvalue()


async def opened(url: str, **options) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(await written(url, **options)))


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    heading, *found = book[sheet].iter_rows(values_only=True)
    assert list(heading) == [one.name for one in SHEETS[sheet]]
    return [dict(zip(heading, row, strict=True)) for row in found]


async def test_each_kind_of_row_has_its_sheet_below_headings_that_stay(url, database) -> None:
    await anna_and_ben(database)
    book = await opened(url)
    assert book.sheetnames == ["About", *SHEETS]
    for name in SHEETS:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref.startswith("A1:")
    assert [len(rows(book, name)) for name in SHEETS] == [1, 4, 10, 1, 0]


async def test_annas_answer_stands_with_its_words_its_level_and_the_alert(url, database) -> None:
    await anna_and_ben(database)
    row = rows(await opened(url), "Answers")[6]
    assert row | {"Rules": "", "About": ""} == {
        "Case": "A7K2", "Session": 1, "Treatment": "mn_topical", "Check-in": "1/check_in/24",
        "Asked": wall(2026, 11, 25, 10, 30), "Answered": wall(2026, 11, 25, 10, 45),
        "Hours": 24.25, "Question": "temp_c", "About": "", "Answer": 39.2,
        "In words": "39.2 °C", "Level": "urgent", "Rules": "", "Alert": "A7K2-1",
        "Protocol": bundled().name,
    }  # fmt: skip


async def test_an_alert_says_why_who_took_it_and_after_how_long(url, database) -> None:
    await anna_and_ben(database)
    (row,) = rows(await opened(url), "Alerts")
    assert (row["Level"], row["About"], row["Taken by"]) == ("urgent", "1/check_in/24", "Ben")
    assert row["Taken"] == wall(2026, 11, 25, 10, 48)
    assert (row["Minutes to taken"], row["Contacted"], row["Outcome"]) == (3, None, None)
    assert "FEV-07" in str(row["Rules"]).split(";")


async def test_dates_are_dates_of_the_clinics_clock(url, database) -> None:
    await anna_and_ben(database)
    (row,) = rows(await opened(url), "Sessions")
    assert row["Ended"] == wall(2026, 11, 24, 10, 30)  # 9:30 UTC in winter
    cell = (await opened(url))["Sessions"]["F2"]
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd hh:mm")


async def test_what_ben_did_is_a_row_and_of_the_case_asked_for_alone(url, database) -> None:
    await anna_and_ben(database)
    await database.run(history("B3M9"))

    def acted():
        key = AuditKey((yield from clinic_key(KEYRING)))
        for code in ("A7K2", "B3M9", None):
            act = Did(BEN.id, "Ben", "case", detail="=looked")
            yield from audit.did(key, code, act, ENDED)

    await database.run(acted())
    acts = rows(await opened(url), "Acts")
    assert [row["Case"] for row in acts if row["Act"] == "case"] == ["A7K2", "B3M9", None]
    acts = rows(await opened(url, case="B3M9"), "Acts")
    assert [(row["Case"], row["Who"], row["Allowed"]) for row in acts] == [("B3M9", "Ben", "yes")]


async def test_only_the_case_and_the_time_asked_for(url, database) -> None:
    await anna_and_ben(database)
    await database.run(history("B3M9"))
    book = await opened(url, case="B3M9")
    assert {row["Case"] for name in SHEETS for row in rows(book, name)} == {"B3M9"}
    second = datetime(2026, 11, 25, 9, 45, tzinfo=UTC)
    book = await opened(url, since=second)
    assert {row["Check-in"] for row in rows(book, "Answers")} == {"1/check_in/24"}
    about = {row[0]: row[1] for row in book["About"].iter_rows(max_row=13, values_only=True)}
    assert about["From"] == wall(2026, 11, 25, 10, 45)
    assert (about["Before"], about["Alerts"]) == ("now", "2 rows")
    with pytest.raises(OptionsError, match=r"There is no case ZZZZ\."):
        await written(url, case="ZZZZ")


async def test_an_alert_belongs_to_the_time_in_which_it_reached_its_level(url, database) -> None:
    await anna_and_ben(database)
    await database.run(was_opened_before("2026-11-24T16:00:00.000000+00:00"))
    book = await opened(url, since=datetime(2026, 11, 25, tzinfo=UTC))
    [row] = rows(book, "Alerts")
    assert (row["Opened"], row["Raised"]) == (wall(2026, 11, 24, 17), wall(2026, 11, 25, 10, 45))


async def test_names_of_patients_are_nowhere(url, database) -> None:
    await anna_and_ben(database)
    with ZipFile(io.BytesIO(await written(url))) as parts:
        assert not [one for one in parts.namelist() if b"Secret" in parts.read(one)]


async def test_an_erased_patient_leaves_rows_that_say_so(url, database) -> None:
    await anna_and_ben(database)

    def erase():
        yield Query("UPDATE patient SET wrapped_key = :none", {"none": b""})

    await database.run(erase())
    book = await opened(url)
    assert {row["In words"] for row in rows(book, "Answers")} == {ERASED}
    assert [row["Why"] for row in rows(book, "Alerts")] == [ERASED]


@pytest.mark.hazard("H32")
async def test_nothing_that_anna_writes_becomes_a_formula_or_a_link(url, database) -> None:
    texts = [
        '=HYPERLINK("http://evil","x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1",
        "http://evil.example", "1e9", "＝1+1", "_x0041_", "a\x00b\x1f", "half \ud800 letter",
        "x" * 4_000,
        "😀" * 2_000, "سلام", "你好",
    ]  # fmt: skip
    await anna_and_ben(database)

    def said():
        key = yield from new_case(KEYRING, case("B3M9"), ENDED)
        for place, text in enumerate(texts):
            noted = Noted("patient", "words", text.replace("\ud800", "\ufffd"), "1/check_in/24")
            at = datetime(2026, 11, 25, 12, place, tzinfo=UTC)
            yield from journal.noted("B3M9", key, noted, None, at)

    await database.run(said())
    content = await written(url, case="B3M9")
    with ZipFile(io.BytesIO(content)) as parts:
        everything = b"".join(parts.read(one) for one in parts.namelist())
    assert b"<f>" not in everything
    assert b"<hyperlink" not in everything
    page = openpyxl.load_workbook(io.BytesIO(content))["Answers"]
    cells = [page.cell(row, 11) for row in range(2, page.max_row + 1)]
    assert len(cells) == len(texts)
    assert {cell.data_type for cell in cells} == {"s"}
    read = [str(cell.value) for cell in cells]
    kept = [text.replace("\r", "\n").replace("\ud800", "\ufffd") for text in texts]
    assert [unescape(text).replace("\r", "\n") for text in read] == kept
    assert [cell.quotePrefix for cell in cells[:7]] == [True] * 7
    assert not cells[7].quotePrefix


@given(st.text(alphabet=st.characters(), max_size=50))
def test_any_text_can_be_stored(text) -> None:
    writable(text).encode()


def test_a_text_that_is_too_long_is_cut_with_a_mark() -> None:
    assert writable("x" * 40_000) == "x" * LONGEST + CUT
    assert writable("😀" * 20_000) == "😀" * (LONGEST // 2) + CUT
    assert writable("😀" * 15_000) == "😀" * 15_000


async def test_a_full_sheet_goes_on_in_a_second_one(sqlite_url, monkeypatch) -> None:
    database = await open_database(sqlite_url)
    await anna_and_ben(database)
    await database.close()
    monkeypatch.setattr(workbook, "ROWS", 7)
    book = await opened(sqlite_url)
    assert book.sheetnames == ["About", *SHEETS, "Answers 2"]
    assert [book["Answers"].max_row, book["Answers 2"].max_row] == [7, 5]
    assert book["Answers 2"].freeze_panes == "B2"


async def test_a_disk_that_fills_while_the_file_is_put_together_is_said(url, database) -> None:
    await anna_and_ben(database)

    class Full(io.BytesIO):
        def write(self, _content) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        await asyncio.to_thread(write_xlsx, url, KEYRING, Options(), Full(), told, COVER)
