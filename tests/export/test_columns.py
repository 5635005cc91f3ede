"""docs/export.md names every column, in the order of the file."""

from pathlib import Path

import pytest

from bot.export.columns import COLUMNS, table
from bot.export.sheets import page_of_sheets
from storage.whole_case import page_of_sections

PAGE = Path(__file__).parents[2] / "docs" / "export.md"


@pytest.mark.parametrize("kind", COLUMNS)
def test_the_page_shows_the_columns_of_each_kind_of_row(kind) -> None:
    assert f"\n{table(kind)}\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_shows_the_sections_of_everything_about_one_case() -> None:
    sections = "\n".join(page_of_sections())
    assert f"\n{sections}\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_shows_the_sheets_of_a_workbook() -> None:
    sheets = "\n".join(page_of_sheets())
    assert f"\n{sheets}\n" in PAGE.read_text(encoding="utf-8")
