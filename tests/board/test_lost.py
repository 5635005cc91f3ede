"""Whoever comes to an address that is none."""

import pytest


@pytest.mark.parametrize("path", ["/", "/board/"])
async def test_the_address_alone_leads_to_the_board(clinic, path) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.get(path)
    assert (status, "<h1>Now</h1>" in text) == (200, True)


async def test_a_code_in_small_letters_leads_to_its_case_and_stands_in_the_trail_once(
    clinic,
) -> None:
    code = await clinic.journey.enrolled(clinic.journey.anna)
    ben = await clinic.enters(clinic.journey.ben)
    answer = await ben.answer(f"/board/case/{code.lower()}")
    assert (answer.status, answer.url.path) == (200, f"/board/case/{code}")
    answer = await ben.answer(f"/board/case/{code.lower()}/photo/1/page")
    assert answer.url.path == f"/board/case/{code}/photo/1/page"
    looks = await clinic.journey.rows("SELECT code FROM action WHERE action = 'board_case'")
    assert [row["code"] for row in looks] == [code]


LOST = (
    "/bord", "/board/cases", "/board/case/", "/board/case/A7K2X9Z", "/board/case/A7K2/fotos",
    "/board/leave", "/board/file/x.js", "/board/protocol/typo", "/favicon.ico",
)  # fmt: skip


@pytest.mark.parametrize("path", LOST)
async def test_a_typing_error_is_said_with_the_menu_and_the_way_on(clinic, path) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    answer = await ben.answer(path)
    text = await answer.text()
    assert (answer.status, "There is no page at this address." in text) == (404, True)
    assert '<a href="/board">To the open alerts</a>' in text
    assert '<nav aria-label="Board">' in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_stranger_who_is_lost_learns_nothing(clinic) -> None:
    code = await clinic.journey.enrolled(clinic.journey.anna)
    stranger = clinic.browser()
    found = [
        await stranger.get(f"/board/case/{one}") for one in (code, code.lower(), "zzzz", "board")
    ]
    assert {status for status, _ in found} == {401}
    assert len({text for _, text in found}) == 1
    status, text = await stranger.get("/board/case/A7K2/fotos")
    assert status == 404
    assert '<nav aria-label="Board">' not in text


async def test_a_form_that_leads_nowhere_is_said_on_the_board_alone(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.post("/board/nothing", csrf="x")
    assert (status, "To the open alerts" in text) == (404, True)
    assert await ben.post("/telegram/nothing", csrf="x") == (404, "404: Not Found")


async def test_a_code_in_small_letters_leads_to_no_other_server(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    url = clinic.server.make_url("/board/case/a7k2//evil.example")
    async with ben.session.get(url, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/board/case/A7K2//evil.example"
