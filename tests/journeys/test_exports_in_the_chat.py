"""Cleo, the doctor, takes files out in her own chat; what she gets can be opened."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from clinic import Journey, a_journey
from fhir.resources.R4B.bundle import Bundle

from bot import composing
from bot.export import files as written_files
from bot.export import waiting
from bot.standin.errors import Refusal


async def files(clinic: Journey, command: str) -> list[tuple[str, bytes]]:
    """Let Cleo write a command in the staff chat; return the files in her own chat."""
    await clinic.staff_writes(clinic.cleo, command)
    found = [seen.document.upload for seen in clinic.screen(clinic.cleo) if seen.document]
    return [(one.name, one.content) for one in found]


async def treated(clinic: Journey) -> None:
    """Take Anna through enrolment and a first answer."""
    await clinic.starts_private(clinic.cleo)
    await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "All good")
    await clinic.writes(clinic.anna, "=1+1")


async def test_cleo_gets_a_workbook_with_what_anna_said(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        [(name, content)] = await files(clinic, "/export xlsx")
        assert name == "aftercheck-history-2026-11-23.xlsx"
        book = openpyxl.load_workbook(io.BytesIO(content))
        answers = list(book["Answers"].iter_rows(min_row=2, values_only=True))
        assert {row[0] for row in answers} == {"A7K2"}
        assert "=1+1" in {row[10] for row in answers}


async def test_cleo_gets_annas_case_for_another_system(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        [(name, content)] = await files(clinic, "/export fhir A7K2")
        assert name == "aftercheck-A7K2-2026-11-23.fhir.json"
        bundle = Bundle.model_validate(json.loads(content))
        assert "QuestionnaireResponse" in {one.resource.get_resource_type() for one in bundle.entry}


def told(clinic: Journey) -> list[str]:
    """Return what stands in Cleo's own chat about files."""
    return [
        seen.text for seen in clinic.screen(clinic.cleo) if "file of /export" in (seen.text or "")
    ]


async def test_cleo_is_told_that_a_file_was_cut_off_and_how_to_ask_again(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        clinic.world.faults.breaks("reset_after", "sendDocument")
        await clinic.staff_writes(clinic.cleo, "/export xlsx 2026-11-01")
        [text] = told(clinic)
        assert "I do not know whether it came" in text
        assert text.endswith("ask again: /export xlsx 2026-11-01")


async def test_cleo_is_told_of_a_file_that_the_last_run_did_not_finish(tmp_path: Path) -> None:
    """The process died before it noted how that ended; nobody knows whether the file came."""
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await files(clinic, "/export json A7K2")
        held = (
            "state = 'sending', lease_until = '2026-11-23T00:00:00.000000+00:00', ended_at = NULL"
        )
        await clinic.rewrites(f"UPDATE outbox SET {held} WHERE method = 'export'")  # noqa: S608
        await clinic.restart()
        [text] = told(clinic)
        assert text.endswith("ask again: /export json A7K2")


async def test_cleo_is_told_why_telegram_does_not_take_a_file(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        refusal = Refusal(413, "Request Entity Too Large")
        clinic.world.faults.refuses(refusal, "sendDocument", times=99)
        assert await files(clinic, "/export check_in") == []
        [text] = told(clinic)
        assert "/export check_in" in text
        assert "Request Entity Too Large" in text


DAMAGE = "UPDATE answer SET body = x'00'"
REPAIR = "UPDATE answer SET body = :body WHERE id = :id"


async def test_cleo_is_told_that_a_file_is_late_and_then_gets_it(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        whole = await clinic.rows("SELECT id, body FROM answer")
        await clinic.rewrites(DAMAGE)
        assert await files(clinic, "/export") == []
        [text] = told(clinic)
        assert text.startswith("The file of /export answer is late: ")
        for row in whole:
            await clinic.rewrites(REPAIR, id=row["id"], body=row["body"])
        await clinic.passes(minutes=5)
        assert [seen.document.upload.name for seen in clinic.screen(clinic.cleo) if seen.document]
        assert told(clinic) == [text]


async def test_cleo_is_told_once_more_when_a_file_is_given_up(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        await clinic.rewrites(DAMAGE)
        await clinic.staff_writes(clinic.cleo, "/export")
        for _ in range(26):
            await clinic.passes(hours=1)
        late, given_up = told(clinic)
        assert "is late" in late
        assert "could not be sent for a day" in given_up


async def test_a_file_that_came_is_not_spoken_of(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        assert await files(clinic, "/export")
        assert told(clinic) == []


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Hold every file in the middle of its writing until the event is set."""
    go_on = Event()

    def write(settings, wanted, out, report, now):
        report(3, 8)
        go_on.wait()
        return written_files.write(settings, wanted, out, report, now)

    monkeypatch.setattr(composing, "write", write)
    monkeypatch.setattr(waiting, "QUICK", 0.0)
    yield go_on
    go_on.set()


async def comes(clinic: Journey, go_on: Event) -> None:
    """Let a file be finished, and time pass until the bot has looked for it."""
    go_on.set()
    for _ in range(1_000):  # the thread that writes it goes by no clock
        await clinic.passes(seconds=6)
        if any(seen.document for seen in clinic.screen(clinic.cleo)):
            return


async def test_cleo_sees_how_far_a_file_is_in_one_message(tmp_path: Path, held: Event) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        assert await files(clinic, "/export") == []
        assert told(clinic) == ["The file of /export answer is being written: 3 of 8 cases."]
        await comes(clinic, held)
        assert told(clinic) == ["The file of /export answer is written and sent."]
        [_] = [seen for seen in clinic.screen(clinic.cleo) if seen.document]


async def test_cleo_sees_what_a_file_about_one_case_is_at(tmp_path: Path, held: Event) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        assert await files(clinic, "/export copy A7K2") == []
        assert told(clinic) == ["The file of /export copy A7K2 is being written: setting it."]
        await comes(clinic, held)
        [(name, content)] = [
            (seen.document.upload.name, seen.document.upload.content)
            for seen in clinic.screen(clinic.cleo) if seen.document
        ]  # fmt: skip
        assert (name, content[:4]) == ("aftercheck-A7K2-2026-11-23.copy.pdf", b"%PDF")


async def test_where_there_is_a_board_a_file_that_is_too_large_is_there(tmp_path: Path) -> None:
    async with a_journey(tmp_path, board_url="http://127.0.0.1:1") as clinic:
        await treated(clinic)
        refusal = Refusal(413, "Request Entity Too Large")
        clinic.world.faults.refuses(refusal, "sendDocument", times=99)
        assert await files(clinic, "/export check_in 2026-11-01 2026-11-30") == []
        [text] = told(clinic)
        assert "/export check_in 2026-11-01 2026-11-30" in text
        assert "which writes files of any size: write /board, then Export" in text


async def test_what_cleo_is_shown_does_not_wait_behind_a_file_that_is_written(
    tmp_path: Path, held: Event
) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        assert await files(clinic, "/export") == []
        await clinic.staff_writes(clinic.cleo, "/case A7K2")
        assert any("A7K2" in seen.text for seen in clinic.screen(clinic.cleo) if seen.text)
        assert not held.is_set()


async def test_after_a_restart_a_file_is_written_anew(tmp_path: Path, held: Event) -> None:
    async with a_journey(tmp_path) as clinic:
        await treated(clinic)
        assert await files(clinic, "/export") == []
        held.set()
        await clinic.restart()
        await comes(clinic, held)
        assert [seen for seen in clinic.screen(clinic.cleo) if seen.document]
