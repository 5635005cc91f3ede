"""The board on PostgreSQL: every page is made, and a press counts."""

import asyncio
from collections.abc import Iterator

import pytest
from acts import photo
from clinic import a_journey
from sitting import at_the_board

from bench.server import NewDatabase, database_server


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    with database_server() as new:
        yield new


async def test_ben_sees_every_page_and_claims(tmp_path, new_database) -> None:
    url = await asyncio.to_thread(new_database)
    given = {"database_url": url, "board_url": "http://127.0.0.1:1"}
    async with a_journey(tmp_path, **given) as journey:
        await journey.starts_private(journey.ben)
        code = await journey.enrolled(journey.anna)
        journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(1))
        await journey.reports(journey.anna, "One of these", "Trouble breathing")
        async with at_the_board(journey) as clinic:
            ben = await clinic.enters(journey.ben)
            pages = ("/board", f"/board/case/{code}", "/board/sessions", "/board/clinic",
                     "/board/protocol")  # fmt: skip
            for page in pages:
                status, text = await ben.get(page)
                assert status == 200, page
                assert "<h1>" in text
            assert "Emergency" in (await ben.get("/board"))[1]
            [row] = await journey.rows("SELECT id FROM photo")
            answer = await ben.answer(f"/board/case/{code}/photo/{row['id']}")
            assert await answer.read() == photo(1)
            await ben.presses("claim", f"{code}-1")
            assert (await clinic.alerts())[0]["claimed_by"] == journey.ben.id
