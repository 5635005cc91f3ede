"""Cleo, the doctor, takes files out in her own chat; what she gets can be opened."""

import io
import json
from pathlib import Path

import openpyxl
from clinic import Journey, a_journey
from fhir.resources.R4B.bundle import Bundle


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
