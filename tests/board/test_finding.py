"""A case is opened by its code, from every page."""

import pytest


@pytest.fixture
async def code(clinic) -> str:
    return await clinic.journey.enrolled(clinic.journey.anna)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{} -1", "{}-1"])
async def test_ben_types_a_code_in_his_way(clinic, code, typed) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    for one in (code, code.lower(), " ".join(code)):
        async with ben.session.get(
            clinic.server.make_url("/board/find"), params={"code": typed.format(one)}
        ) as response:
            assert response.status == 200
            assert response.url.path == f"/board/case/{code}"
            assert f"<h1>Case {code}</h1>" in await response.text()


@pytest.mark.parametrize(("typed", "sentence"), [
    ("ZZZZ", "There is no case with this code, or it was erased."),
    ("A7", "This is no case code."), ("", "This is no case code."),
    ("../export", "This is no case code."), ("<b>", "This is no case code."),
    ("A7K2A7K2", "This is no case code."), ("Ａ７Ｋ２", "This is no case code."),
])  # fmt: skip
async def test_what_is_no_case_is_said_with_the_field_again(clinic, typed, sentence) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    async with ben.session.get(
        clinic.server.make_url("/board/find"), params={"code": typed}
    ) as response:
        text = await response.text()
    assert response.status == 404
    assert sentence in text
    assert '<form method="get" action="/board/find"' in text


@pytest.mark.parametrize(
    "page", ["/board", "/board/sessions", "/board/clinic", "/board/export", "/board/protocol"]
)
async def test_the_field_is_on_every_page(clinic, page) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    assert '<input id="find" name="code"' in (await cleo.get(page))[1]


async def test_an_auditor_finds_a_case_and_the_trail_says_so(clinic, code) -> None:
    eve = await clinic.enters(clinic.journey.eve)
    status, _ = await eve.get(f"/board/find?code={code}")
    assert status == 200
    [row] = await clinic.journey.rows("SELECT name FROM action WHERE action = 'board_case'")
    assert row["name"] == "Eve"


@pytest.mark.parametrize("asked", ["/case", "Details in private"])
async def test_the_case_in_the_chat_leads_to_its_page_which_still_needs_a_way_in(
    clinic, code, asked
) -> None:
    journey = clinic.journey
    if asked == "/case":
        await journey.writes(journey.ben, f"/case {code}")
    else:
        await journey.reports(journey.anna, "One of these", "Trouble breathing")
        await journey.staff_press(journey.ben, asked, f"{code}-1")
    shown = "\n".join(seen.text for seen in journey.screen(journey.ben))
    assert f"On the board: http://127.0.0.1:1/board/case/{code}" in shown
    status, text = await clinic.browser().get(f"/board/case/{code}")
    assert status == 401
    assert "Session 1" not in text


async def test_nobody_finds_a_case_without_coming_in(clinic, code) -> None:
    status, text = await clinic.browser().get(f"/board/find?code={code}")
    assert status == 401
    assert "find" not in text
