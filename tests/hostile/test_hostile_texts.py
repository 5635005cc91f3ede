"""Texts and files made to break something; the same code makes the page's figures."""

import asyncio
import struct
from pathlib import Path

import pytest

from bench.reliability.bombs import SMALL_PICTURE, bombs, fetched
from bench.reliability.hostile_strings import through_chat
from bench.reliability.hostile_texts import hostile_texts
from bench.reliability.text_files import through_cells, through_log, through_workbook
from bot.demo.picture import picture
from bot.pictures import NO_PICTURE, TOO_LARGE, fault_of, size
from flows.engine.enrolling import legible

STATIC = Path(__file__).parents[2] / "bot" / "demo" / "static"
MEMORY = 64
"""Megabytes (docs/sources.md, hostile-texts)."""


def test_there_are_two_thousand_of_them() -> None:
    assert len(hostile_texts()) >= 2_000


@pytest.mark.hazard("H25", "H37")
def test_what_a_patient_writes_a_nurse_answers_and_a_clinic_is_called_arrives_whole() -> None:
    some = hostile_texts()[::70]
    assert asyncio.run(through_chat(some, lambda _what: None)) == []


@pytest.mark.hazard("H32")
def test_no_text_is_run_by_a_spreadsheet() -> None:
    assert list(through_cells(hostile_texts())) == []
    assert list(through_workbook(hostile_texts())) == []


@pytest.mark.hazard("H33")
def test_no_text_stands_in_the_log_or_breaks_a_line_of_it() -> None:
    assert list(through_log(hostile_texts()[::5])) == []


def test_the_demos_page_takes_text_for_text_alone() -> None:
    """Its policy allows no script but its own; and nothing in it reads text as markup."""
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(")
    for path in STATIC.glob("*.js"):
        assert not [way for way in ways if way in path.read_text(encoding="utf-8")], path.name


@pytest.mark.parametrize(
    "what",
    ["a picture of 400 million pixels", "an answer that unpacks to 256 MB"],
)
async def test_a_file_that_grows_is_refused_in_little_memory_and_staff_are_told(what) -> None:
    found = await fetched(what, bombs()[what])
    assert not found.kept
    assert found.told
    assert found.grew < MEMORY


def jpeg(width: int, height: int) -> bytes:
    """Return the beginning of a JPEG: a segment that is passed over, then its frame."""
    frame = struct.pack(">HBHH", 11, 8, height, width)
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2" + frame


@pytest.mark.parametrize(
    ("content", "said"),
    [(jpeg(2560, 1920), ""), (picture(1), ""), (SMALL_PICTURE, ""),
     (jpeg(8000, 5001), TOO_LARGE), (jpeg(8000, 5000), ""), (SMALL_PICTURE + bytes(999), TOO_LARGE),
     (b"", NO_PICTURE), (jpeg(0, 9), NO_PICTURE), (jpeg(9, 9)[:-6], NO_PICTURE),
     (b"\xff\xd8\xff\xe0\x00\x00" * 50, NO_PICTURE), (b"GIF89a", NO_PICTURE),
     (b"PK\x03\x04", NO_PICTURE), (b"\x89PNG\r\n\x1a\n", NO_PICTURE)],
)  # fmt: skip
def test_a_picture_is_kept_by_what_its_first_bytes_say(content, said) -> None:
    largest = 900 if content == SMALL_PICTURE + bytes(999) else 1 << 20
    assert fault_of(content, largest) == said


def test_the_size_of_a_jpeg_stands_in_its_frame() -> None:
    assert size(jpeg(640, 480)) == (640, 480)


def test_a_name_turns_nothing_around_it() -> None:
    assert legible("An\u202ena \u2066Q\u2069\x00") == "Anna Q"
    assert legible("می\u200cخواهم 字 Ana-Mária O'Neil") == "می\u200cخواهم 字 Ana-Mária O'Neil"
