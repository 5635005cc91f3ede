"""Where no script runs, the page after a press says what came of it."""

import pytest
from sitting import AtTheBoard, Browser


@pytest.fixture
async def key(clinic) -> str:
    code = await clinic.journey.enrolled(clinic.journey.anna)
    await clinic.journey.reports(clinic.journey.anna, "One of these", "Trouble breathing")
    return f"{code}-1"


async def claims(clinic: AtTheBoard, browser: Browser, key: str, page: str) -> str:
    """Press Claim on a page as a browser without scripts does; return the page that follows."""
    path = f"/board/alert/{key}/claim"
    fields = await browser.form(page, path)
    return await sends(clinic, browser, path, fields, page)


async def sends(
    clinic: AtTheBoard, browser: Browser, path: str, fields: dict[str, str], page: str
) -> str:
    """Send a form of a page; return the page that follows."""
    came_from = {"Referer": f"http://127.0.0.1:1{page}"}
    url = clinic.server.make_url(path)
    async with browser.session.post(url, data=fields, headers=came_from) as response:
        assert response.url.path == page
        return await response.text()


@pytest.mark.parametrize("page", ["/board", "/board/case/A7K2"])
async def test_cleo_who_claims_second_reads_that_ben_was_first(clinic, key, page) -> None:
    ben, cleo = await clinic.enters(clinic.journey.ben), await clinic.enters(clinic.journey.cleo)
    path = f"/board/alert/{key}/claim"
    hers = await cleo.form(page, path)
    assert "<strong>Yours. Press Contacted" in await claims(clinic, ben, key, page)
    text = await sends(clinic, cleo, path, hers, page)
    assert "<strong>Ben took this at 10:00.</strong>" in text
    assert 'role="status"' in text.partition("<strong>Ben took this")[0][-100:]
    assert "Ben took this" not in (await cleo.get(page))[1], "it is said once"


async def test_an_open_list_that_asks_again_does_not_take_it_from_the_page(clinic, key) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    fields = await ben.form("/board", f"/board/alert/{key}/claim")
    url = clinic.server.make_url(f"/board/alert/{key}/claim")
    async with ben.session.post(url, data=fields, allow_redirects=False) as response:
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    await ben.get("/board", **{"HX-Request": "true"})
    assert "Yours. Press Contacted" in (await ben.get("/board"))[1]


@pytest.mark.parametrize("planted", ["All is well", ".All is well", "x.All is well", "é.é", "."])
async def test_what_was_planted_in_bens_browser_is_not_said(clinic, planted) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    ben.session.cookie_jar.update_cookies({"board-said": planted}, clinic.server.make_url("/"))
    status, text = await ben.get("/board")
    assert (status, "All is well" in text) == (200, False)


async def test_what_was_said_to_ben_is_not_said_to_cleo_on_his_browser(clinic, key) -> None:
    """He leaves, and she comes in, within a minute."""
    ben, cleo = await clinic.enters(clinic.journey.ben), await clinic.enters(clinic.journey.cleo)
    fields = await ben.form("/board", f"/board/alert/{key}/claim")
    url = clinic.server.make_url(f"/board/alert/{key}/claim")
    async with ben.session.post(url, data=fields, allow_redirects=False) as response:
        said = response.cookies["board-said"].value
    cleo.session.cookie_jar.update_cookies({"board-said": said}, clinic.server.make_url("/"))
    assert "Yours. Press Contacted" not in (await cleo.get("/board"))[1]
    ben.session.cookie_jar.update_cookies({"board-said": said}, clinic.server.make_url("/"))
    assert "Yours. Press Contacted" in (await ben.get("/board"))[1]
