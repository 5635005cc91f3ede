"""docs/schedule.md says what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from test_course import after
from test_schedule import anna, find

from flows import course, schedule
from flows.course import plan
from flows.protocol_file import bundled
from flows.schedule import Status

PAGE = (Path(__file__).parent.parent / "docs" / "schedule.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of the page, without its head."""
    lines = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    return [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.mark.parametrize("cells", table("What happens to a check-in"))
def test_the_page_is_right_about_one_session(cells: list[str]) -> None:
    treatment, zone, ended, known, hours, at, status = cells
    session = anna(ended, treatment, zone=zone, known=known or None)
    row = find(plan(bundled(), session), f"1/check_in/{hours}")
    assert (f"{row.local:%Y-%m-%d %H:%M}", row.status) == (at, status)


@pytest.mark.parametrize("cells", table("What a next session does"))
def test_the_page_is_right_about_the_next_session(cells: list[str]) -> None:
    first, second, key, at, status = cells
    rows = after(anna(first), anna(second, number=2))
    assert (f"{find(rows, key).local:%Y-%m-%d %H:%M}", find(rows, key).status) == (at, status)


def test_the_page_names_every_status() -> None:
    assert [cells[0] for cells in table("What becomes of a row")] == list(Status)


@pytest.mark.parametrize("cells", table("The numbers that are not the protocol's"))
def test_the_page_gives_the_numbers_of_the_code(cells: list[str]) -> None:
    value = {**vars(schedule), **vars(course)}[cells[0]]
    number, unit = re.fullmatch(r"(\d+) ?(\w*).*", cells[1]).groups()  # type: ignore[union-attr]
    spans = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "days": timedelta(days=1)}
    assert value == (int(number) * spans[unit] if isinstance(value, timedelta) else int(number))
