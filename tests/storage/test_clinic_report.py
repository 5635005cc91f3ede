"""A case's PDF for the clinic: a line of time, each symptom drawn, a place to sign."""

import asyncio
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from clinic_history import ENDED, KEYRING, anna_and_ben, was_opened_before

from bot.export.clinic_report import clinic_report
from bot.export.everything import document
from bot.export.pdf import can_set, pdf
from flows.engine.events import Noted
from storage import journal
from storage.transaction import Query

BERLIN = ZoneInfo("Europe/Berlin")
MADE = datetime(2026, 11, 30, 9, tzinfo=UTC)
SPOKEN = ("Щека очень горячая", "خدي ساخن جدا", "脸很红", "my cheek 😀 #panic() =1+1")


async def report(url: str) -> dict:
    whole, saying = await asyncio.to_thread(document, url, KEYRING, "A7K2", "Clinic Sunrise", MADE)
    return clinic_report(whole, saying, BERLIN)


def words_of(path: Path) -> str:
    """Return the text of a PDF as a program that is not ours reads it."""
    ran = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return ran.stdout


async def test_what_happened_is_a_line_of_time_by_the_clinics_clock(url, database) -> None:
    await anna_and_ben(database)
    found = [(one["at"], one["what"], one["level"]) for one in (await report(url))["timeline"]]
    assert found == [
        ("Tue 24 Nov, 10:30 (2026)", "Session 1: Microneedling + topical exosomes, face, lot L-1",
         ""),
        ("Tue 24 Nov, 16:45 (2026)", "Check-in 6 h after (1/check_in/6): answered", "expected"),
        ("Wed 25 Nov, 10:45 (2026)", "Check-in 24 h after (1/check_in/24): answered", "urgent"),
        ("Wed 25 Nov, 10:45 (2026)", "Alert A7K2-1", "urgent"),
        ("Wed 25 Nov, 10:46 (2026)", "The patient wrote", ""),
        ("Wed 25 Nov, 10:48 (2026)", "Ben took A7K2-1", ""),
        ("Fri 27 Nov, 10:30 (2026)",
         "Check-in day 3 (1/check_in/72): missed by system: the bot was down", ""),
    ]  # fmt: skip


async def test_an_alert_that_rose_stands_at_its_raise_and_says_when_it_was_opened(
    url, database
) -> None:
    await anna_and_ben(database)
    await database.run(was_opened_before("2026-11-24T16:00:00.000000+00:00"))
    found = await report(url)
    line = [(one["at"], one["what"], one["level"]) for one in found["timeline"]]
    assert ("Wed 25 Nov, 10:45 (2026)", "Alert A7K2-1", "urgent") in line
    assert ("Tue 24 Nov, 17:00 (2026)", "Alert A7K2-1, opened at a lower level", "") in line
    [told] = next(one for one in found["sections"] if one["title"] == "What the team was told")[
        "entries"
    ]
    assert told["title"] == "A7K2-1: urgent, Wed 25 Nov, 10:45 (2026)"
    assert told["rows"][0] == ("Opened", "Tue 24 Nov, 17:00 (2026), at a lower level")


async def test_each_symptom_is_drawn_on_what_is_expected_of_it(url, database) -> None:
    await anna_and_ben(database)
    drawings = (await report(url))["drawings"]
    titles = [one["title"] for one in drawings]
    assert titles == ["Erythema, after session 1", "Body temperature, after session 1"]
    assert drawings[1]["words"] == "24 h: 39.2 °C (urgent)"
    for one in drawings:
        drawn = ET.fromstring(one["svg"])  # noqa: S314 - our own
        classes = [part.get("class") for part in drawn.iter()]
        assert "answer full" in classes
        assert {"bar expected", "bar same-day"} & set(classes)
        style = next(part.text for part in drawn.iter() if part.tag.endswith("style"))
        assert re.search(r"\.full \{ fill", style or "")


async def test_it_holds_all_that_a_patients_copy_does_and_a_place_to_sign(url, database) -> None:
    await anna_and_ben(database)
    found = await report(url)
    assert found["sign"] == ["Read by", "Date", "Signature"]
    assert [one["title"] for one in found["sections"]] == [
        "Visits", "Check-ins and answers", "What the team was told", "Words and pictures",
        "Who did what", "Still planned", "Kept besides",
    ]  # fmt: skip


@pytest.mark.skipif(not can_set(), reason="the extra pdf is not installed")
async def test_an_erased_patients_file_can_still_be_set(url, database) -> None:
    await anna_and_ben(database)

    def erase():
        yield Query("UPDATE patient SET wrapped_key = :none", {"none": b""})

    await database.run(erase())
    found = await report(url)
    assert found["drawings"] == []
    assert "Secret" not in str(found)
    assert pdf(found).startswith(b"%PDF")


@pytest.mark.skipif(
    not can_set() or shutil.which("pdftotext") is None, reason="needs typst and pdftotext"
)
async def test_every_script_is_on_the_page(url, database, tmp_path) -> None:
    await anna_and_ben(database)

    def said():
        rows = yield Query("SELECT wrapped_key FROM patient")
        key = KEYRING.unwrap(bytes(rows[0][0]))
        for place, words in enumerate(SPOKEN):
            at = ENDED + timedelta(hours=26, minutes=place)
            yield from journal.noted("A7K2", key, Noted("patient", "words", words), None, at)

    await database.run(said())
    path = tmp_path / "a7k2.pdf"
    path.write_bytes(pdf(await report(url)))
    text = await asyncio.to_thread(words_of, path)
    for words in (SPOKEN[0], SPOKEN[2], "my cheek [grinning face] #panic() =1+1", "Signature"):
        assert words in text
    assert len(re.findall("[\u0600-\u06ff]", text)) >= len(SPOKEN[1].replace(" ", ""))


@pytest.mark.skipif(
    not can_set() or shutil.which("pdftotext") is None, reason="needs typst and pdftotext"
)
def test_what_is_signed_stands_on_the_same_page(tmp_path) -> None:
    for number in range(20, 30):
        entries = [{"title": f"Box {at}", "rows": [("asked", "known")]} for at in range(number)]
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(pdf({
            "title": "Summary", "lead": "", "foot": "", "facts": [], "sign": ["Signature"],
            "sections": [{"title": "A", "entries": entries, "none": ""}],
        }))  # fmt: skip
        signed = next(page for page in words_of(path).split("\f") if "Signature" in page)
        assert f"Box {number - 1}\n" in signed, number
