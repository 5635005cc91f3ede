"""Files taken out at the board: who may, how far one is, what it holds, and that it is noted."""

import asyncio
import io
import json
import re
import threading
from datetime import timedelta

import openpyxl
import pytest
from sitting import AtTheBoard, Browser

from bot.board import exports


async def with_annas_case(clinic: AtTheBoard) -> str:
    code = await clinic.journey.enrolled(clinic.journey.anna)
    await clinic.journey.is_asked(clinic.journey.anna)
    await clinic.journey.presses(clinic.journey.anna, "All good")
    return code


async def asks(browser: Browser, **fields: str) -> tuple[int, str]:
    """Fill in the form and send it."""
    hidden = await browser.form("/board/export", "/board/export")
    return await browser.post("/board/export", **hidden, **fields)


async def fetched(browser: Browser) -> tuple[str, bytes]:
    """Wait until the file is ready, and fetch it."""
    for _ in range(600):
        _, state = await browser.get("/board/export?state=1")
        if "is ready" in state:
            break
        assert 'hx-trigger="every 1s"' in state, state
        await asyncio.sleep(0.05)  # it is written in a thread of its own
    answer = await browser.answer("/board/export?file=1")
    return answer.headers["Content-Disposition"], await answer.read()


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("xlsx", "history-2026-11-23.xlsx"), ("csv:session", "sessions-2026-11-23.csv"),
        ("pdf", "A7K2-2026-11-23.pdf"), ("copy", "A7K2-2026-11-23.copy.pdf"),
        ("copy-json", "A7K2-2026-11-23.copy.json"), ("fhir", "history-2026-11-23.fhir.json"),
    ],
)  # fmt: skip
async def test_cleo_takes_out_a_file_and_that_is_noted(clinic, what, name) -> None:
    code = await with_annas_case(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    case = {"case": code.lower()} if "A7K2" in name else {}
    status, _ = await asks(cleo, what=what, **case)
    assert status == 200
    disposition, content = await fetched(cleo)
    assert disposition == f'attachment; filename="aftercheck-{name}"'
    begins = {"xlsx": b"PK", "csv:session": b"\xef\xbb\xbfcase", "pdf": b"%PDF", "fhir": b"{",
              "copy": b"%PDF", "copy-json": b"{"}  # fmt: skip
    assert content.startswith(begins[what])
    rows = await clinic.journey.rows("SELECT name, code FROM action WHERE action = 'board_export'")
    assert [(row["name"], row["code"]) for row in rows] == [("Cleo", code if case else None)]


async def test_the_workbook_holds_the_days_asked_for(clinic) -> None:
    await with_annas_case(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    await asks(cleo, what="xlsx", since="2026-11-23", until="2026-11-23")
    _, content = await fetched(cleo)
    assert openpyxl.load_workbook(io.BytesIO(content))["Answers"].max_row > 1
    await asks(cleo, what="xlsx", since="2026-12-01")
    _, content = await fetched(cleo)
    assert openpyxl.load_workbook(io.BytesIO(content))["Answers"].max_row == 1


@pytest.mark.hazard("H30")
async def test_ben_a_nurse_may_not_and_gets_nothing_of_cleos(clinic) -> None:
    code = await with_annas_case(clinic)
    cleo, ben = await clinic.enters(clinic.journey.cleo), await clinic.enters(clinic.journey.ben)
    await asks(cleo, what="json", case=code)
    _, content = await fetched(cleo)
    assert json.loads(content)["case"] == code
    for path in ("/board/export", "/board/export?state=1", "/board/export?file=1"):
        status, text = await ben.get(path)
        assert status == 403
        assert code not in text
    _, text = await ben.get(f"/board/case/{code}")
    assert "/board/export" not in text
    status, _ = await ben.post("/board/export", what="xlsx")
    assert status == 403


async def with_two_alerts(clinic: AtTheBoard) -> str:
    """Anna has a fever, which Ben closes, and a warning sign after it."""
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "38.6")
    for label in ("Claim", "Contacted", "Resolve", "Advised"):
        await journey.staff_press(journey.ben, label)
    await journey.reports(journey.anna, "One of these", "Trouble breathing")
    return code


async def test_cleo_takes_out_the_summary_of_the_alert_whose_link_she_follows(clinic) -> None:
    """Without a certain one it would be that of the most severe."""
    code = await with_two_alerts(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    _, page = await cleo.get(f"/board/case/{code}")
    links = re.findall(r'<a href="(/board/export[?]what=[^"]+)">(A7K2-[0-9])', page)
    assert [key for _, key in links] == [f"{code}-1", f"{code}-2"]
    _, text = await cleo.get(links[0][0].replace("&amp;", "&"))
    assert '<option value="adverse-event" selected>' in text
    assert f'value="{code}-1"' in text
    await asks(cleo, what="adverse-event-json", case=f" {code.lower()} -1")
    _, content = await fetched(cleo)
    assert json.loads(content)["alert"] == f"{code}-1"
    rows = await clinic.journey.rows("SELECT code, detail FROM action WHERE name = 'Cleo'")
    assert (code, f"adverse event, as json {code}-1") in [
        (row["code"], row["detail"]) for row in rows
    ]
    ben = await clinic.enters(clinic.journey.ben)
    assert "/board/export" not in (await ben.get(f"/board/case/{code}"))[1]


async def test_a_form_of_another_page_is_refused(clinic) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    status, _ = await cleo.post("/board/export", what="xlsx")
    assert status == 403
    noted = "SELECT 1 FROM action WHERE action = 'board_export'"
    assert not await clinic.journey.rows(noted)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"what": "photos"}, "Choose what the file is to hold."),
        ({"what": "pdf"}, "This file is about one case: write its code."),
        ({"what": "pdf", "case": "A7K2-1"}, "«A7K2-1» is an alert: choose a summary"),
        ({"what": "xlsx", "case": "A7K2-1"}, "«A7K2-1» is an alert: choose a summary"),
        ({"what": "adverse-event", "case": "-1"}, "This file is about one case"),
        ({"what": "csv:answer", "since": "soon"}, "«soon» is no time"),
        ({"what": "xlsx", "since": "2026-12-02", "until": "2026-12-01"}, "The last day must not"),
    ],
)
async def test_what_makes_no_sense_is_said_above_the_form(clinic, fields, fault) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    status, text = await asks(cleo, **fields)
    assert status == 400
    assert fault in text
    chosen = fields["what"] if fields["what"] in exports.CHOICES else "xlsx"
    assert f'<option value="{chosen}" selected>' in text, "what was asked for still stands there"


async def test_a_case_that_is_not_there_is_said_in_the_place_of_the_file(clinic) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    await asks(cleo, what="pdf", case="ZZZZ")
    for _ in range(600):
        _, state = await cleo.get("/board/export?state=1")
        if "There is no case ZZZZ." in state:
            break
    assert "There is no case ZZZZ." in state
    status, text = await cleo.get("/board/export?file=1")
    assert (status, "not there any more" in text) == (404, True)
    assert '<a href="/board/export">Back to Export</a>' in text


async def test_a_file_is_there_for_a_quarter_of_an_hour(clinic) -> None:
    await with_annas_case(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    await asks(cleo, what="xlsx")
    await fetched(cleo)
    clinic.journey.clock.moves(seconds=(exports.KEPT + timedelta(seconds=1)).total_seconds())
    status, _ = await cleo.get("/board/export?file=1")
    assert status == 404


async def test_the_page_says_how_many_cases_are_done(clinic, monkeypatch) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    reached, go_on = threading.Event(), threading.Event()

    def slow(_settings, _wanted, _out, progress, _now) -> int:
        progress(120, 500)
        reached.set()
        go_on.wait(30)
        return 0

    monkeypatch.setattr(exports, "write", slow)
    await asks(cleo, what="xlsx")
    await asyncio.to_thread(reached.wait, 30)
    _, state = await cleo.get("/board/export?state=1")
    assert "120 of 500 cases" in state
    assert '<progress max="500" value="120"' in state
    status, text = await asks(cleo, what="xlsx")
    assert (status, "still being written" in text) == (400, True)
    go_on.set()
    await fetched(cleo)


async def test_the_page_says_what_a_file_about_one_case_is_at(clinic, monkeypatch) -> None:
    code = await with_annas_case(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    reached, go_on = threading.Event(), threading.Event()

    def slow(_settings, _wanted, _out, progress, _now) -> int:
        progress(1, 3)
        reached.set()
        go_on.wait(30)
        return 1

    monkeypatch.setattr(exports, "write", slow)
    await asks(cleo, what="copy", case=code)
    await asyncio.to_thread(reached.wait, 30)
    _, state = await cleo.get("/board/export?state=1")
    assert "copy.pdf: drawing it up" in state
    go_on.set()
    await fetched(cleo)


async def test_cleo_who_presses_twice_gets_the_whole_file_twice(tmp_path) -> None:
    """Both are read at once, piece by piece, and neither moves the place of the other."""
    whole = b"".join(number.to_bytes(4) for number in range(50 * exports.PIECE // 4))
    (tmp_path / "file").write_bytes(whole)

    async def gets(file) -> bytes:
        pieces = []
        while piece := await asyncio.to_thread(exports.read, file, len(b"".join(pieces))):
            pieces.append(piece)
        return b"".join(pieces)

    with (tmp_path / "file").open("rb") as file:
        for got in await asyncio.gather(*(gets(file) for _ in range(3))):
            assert got == whole
