"""The desk's list on the board, from page to page."""

import re
from datetime import timedelta

import pytest
from sitting import AtTheBoard

from bot.board import sessions
from bot.standin.people import Person
from storage.instants import stored


async def is_due(clinic: AtTheBoard, person: Person) -> str:
    """Let somebody be in care whose session was a month ago; return the case."""
    journey = clinic.journey
    code = await journey.enrolled(person)
    await journey.rewrites(
        "UPDATE session SET ended_at = :at, known_at = :at WHERE code = :code",
        at=stored(journey.clock.now() - timedelta(days=30)), code=code,
    )  # fmt: skip
    return code


@pytest.fixture
async def three(clinic, monkeypatch) -> list[str]:
    """Three whose next session is due, and two lines on each page."""
    monkeypatch.setattr(sessions, "SHOWN", 2)
    journey = clinic.journey
    people = [journey.anna, journey.omar, journey.world.user("Zoe", language="en")]
    return sorted([await is_due(clinic, person) for person in people])


async def listed(browser, page: str) -> tuple[list[str], str]:
    """Return the cases of a page, and its words."""
    status, text = await browser.get(page)
    assert status == 200
    return re.findall(r'<li[^>]*><a href="/board/case/(\w+)">', text), text


async def test_every_patient_is_on_one_of_the_pages(clinic, three) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    first, text = await listed(ben, "/board/sessions")
    assert "1 to 2 of 3, page 1 of 2" in text
    [following] = re.findall(r'<a href="([^"]+)" rel="next">', text)
    assert 'rel="prev"' not in text
    second, text = await listed(ben, following)
    assert "3 to 3 of 3, page 2 of 2" in text
    assert 'rel="next"' not in text
    assert re.findall(r'<a href="([^"]+)" rel="prev">', text) == ["/board/sessions?page=1"]
    assert sorted(first + second) == three
    assert (len(first), len(second)) == (2, 1)


@pytest.mark.parametrize(("given", "page"), [
    ("", 1), ("abc", 1), ("0", 1), ("-1", 1), ("٢", 1), ("2", 2), ("3", 2), ("9" * 400, 1),
])  # fmt: skip
@pytest.mark.usefixtures("three")
async def test_a_strange_page_is_one_that_there_is(clinic, given, page) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    _, text = await listed(ben, f"/board/sessions?page={given}")
    assert f"page {page} of 2" in text


async def test_a_short_list_has_no_pages(clinic) -> None:
    await is_due(clinic, clinic.journey.anna)
    ben = await clinic.enters(clinic.journey.ben)
    cases, text = await listed(ben, "/board/sessions")
    assert len(cases) == 1
    assert "Pages" not in text


@pytest.mark.usefixtures("three")
async def test_the_chats_list_leads_to_where_all_are(clinic, monkeypatch) -> None:
    journey = clinic.journey
    monkeypatch.setattr("bot.staff.next_sessions.SHOWN", 2)
    await journey.writes(journey.ben, "/due")
    shown = [seen.text for seen in journey.screen(journey.ben)]
    assert any("and 1 more: Sessions on the board (/board) has them all" in text for text in shown)
