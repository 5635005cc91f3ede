"""The board in Chromium: at a phone's width and a desk's, with keys alone, and by axe-core."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from browser import page_at
from sitting import a_busy_clinic

from flows import staff_language

WIDTHS = {"phone": (360, 740), "desk": (1280, 800)}
PAGES = (
    "/board", "/board/case/A7K2", "/board/sessions", "/board/clinic", "/board/export",
    "/board/protocol",
)  # fmt: skip
DRAWING = 60_000
"""Milliseconds for the page of all thresholds, which is drawn at the first look."""

BROKEN = """() => {
  const found = new Set(), range = document.createRange();
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const word of text.data.matchAll(/(?<!\\S)[A-Za-z]{2,16}(?![^\\s.,:;)])/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) found.add(word[0]);
    }
  return [...found].slice(0, 9);
}"""
"""Words of the thresholds that are broken in two."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.asyncio(loop_scope="session")
async def test_every_page_can_be_read_by_everybody(browser, tmp_path, width, scheme) -> None:
    """axe-core finds nothing, and nothing is wider than the window."""
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.cleo))
        async with page_at(browser, str(link), *WIDTHS[width], color_scheme=scheme) as page:
            await readable(page)
            await page.get_by_role("button", name="Open the board").click()
            for path in PAGES:
                await page.goto(str(clinic.server.make_url(path)))
                await page.get_by_role("heading", level=1).wait_for()
                await readable(page)


@pytest.mark.asyncio(loop_scope="session")
async def test_every_page_can_be_read_from_right_to_left(browser, tmp_path, monkeypatch) -> None:
    (tmp_path / "ar.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    monkeypatch.setattr(staff_language, "CATALOGUES", tmp_path)
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.cleo))
        async with page_at(browser, str(link), *WIDTHS["phone"]) as page:
            await page.get_by_role("button", name="Open the board").click()
            staff_language.speak("ar")
            try:
                for path in PAGES:
                    await page.goto(str(clinic.server.make_url(path)))
                    await readable(page)
                title = page.locator("h1")
                assert await title.evaluate("one => getComputedStyle(one).direction") == "rtl"
            finally:
                staff_language.speak("en")


@pytest.mark.asyncio(loop_scope="session")
async def test_every_threshold_can_be_read_by_everybody(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.ben))
        async with page_at(browser, str(link), *WIDTHS["phone"]) as page:
            page.set_default_timeout(DRAWING)
            await page.get_by_role("button", name="Open the board").click()
            await page.goto(str(clinic.server.make_url("/board/protocol/thresholds")))
            await readable(page)
            assert await page.evaluate(BROKEN) == [], "a word goes on in the next line"
            pictures = page.locator("article img")
            assert await pictures.count() > 5
            width = await pictures.first.evaluate("picture => picture.naturalWidth")
            assert width > 0, "the pictures are drawn"


async def readable(page) -> None:
    """Fail on whatever axe-core has to say, and on what goes beyond the window."""
    found = await Axe().run(page)
    said = [
        f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']][:3]}"
        for one in found.response["violations"]
    ]
    assert said == [], page.url
    widest = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert widest <= 0, page.url


@pytest.mark.asyncio(loop_scope="session")
async def test_every_figure_of_the_clinic_is_on_a_phones_screen(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        journey = clinic.journey
        lea = journey.world.user("Lea", language="en")
        await journey.enrolled(lea, "mn_topical+inj_skin", hours_ago=200)
        await journey.reports(lea, "I have symptoms", "Redness", "Done", "Clearly red")
        await journey.passes(hours=3)
        link = clinic.server.make_url(await clinic.link(journey.ben))
        async with page_at(browser, str(link), *WIDTHS["phone"]) as page:
            await page.get_by_role("button", name="Open the board").click()
            await page.goto(str(clinic.server.make_url("/board/clinic")))
            regions = page.get_by_role("region").and_(page.locator(".scroll"))
            assert await regions.count()
            for one in await regions.all():
                cut = await one.evaluate("one => one.scrollWidth - one.clientWidth")
                assert cut == 0, await one.get_attribute("aria-label")


@pytest.mark.asyncio(loop_scope="session")
async def test_ben_takes_care_of_an_alert_with_one_touch_each(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.ben))
        async with page_at(browser, str(link), *WIDTHS["phone"]) as page:
            await page.get_by_role("button", name="Open the board").click()
            for label in ("Claim", "Contacted", "Resolve", "Advised"):
                await page.get_by_role("button", name=f"{label} A7K2-1").click()
                await page.wait_for_load_state("networkidle")
            await page.get_by_text("Closed.").wait_for()
            assert page.url.endswith("/board"), "the page was never left"
        [alert, *_] = await clinic.alerts()
        assert alert["outcome"] == "advised"


@pytest.mark.asyncio(loop_scope="session")
async def test_ben_claims_with_the_keyboard_alone_and_keeps_his_place(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.ben))
        async with page_at(browser, str(link)) as page:
            await page.keyboard.press("Tab")
            await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")
            await page.get_by_role("heading", name="Now").wait_for()
            for _ in range(20):
                await page.keyboard.press("Tab")
                if "Claim A7K2-1" in await focused(page):
                    break
            await page.keyboard.press("Enter")
            await page.get_by_text("Yours. Press Contacted").wait_for()


async def focused(page) -> str:
    """Return the words of what has the focus."""
    return await page.evaluate("document.activeElement.textContent")


@pytest.mark.asyncio(loop_scope="session")
async def test_what_cleo_does_in_the_chat_appears_on_bens_open_page(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.ben))
        async with page_at(browser, str(link)) as page:
            page.set_default_timeout(10_000)
            await page.get_by_role("button", name="Open the board").click()
            await page.get_by_text("by nobody yet").first.wait_for()
            await clinic.journey.staff_press(clinic.journey.cleo, "Claim", "A7K2-1")
            await page.get_by_text(re.compile("by Cleo")).wait_for()


@pytest.mark.asyncio(loop_scope="session")
async def test_cleo_takes_out_a_cases_pdf_from_its_page(browser, tmp_path) -> None:
    async with a_busy_clinic(tmp_path) as clinic:
        link = clinic.server.make_url(await clinic.link(clinic.journey.cleo))
        async with page_at(browser, str(link), *WIDTHS["phone"]) as page:
            await page.get_by_role("button", name="Open the board").click()
            await page.goto(str(clinic.server.make_url("/board/case/A7K2")))
            await page.get_by_role("link", name="Take out as a file").click()
            await page.get_by_role("button", name="Write the file").click()
            ready = page.get_by_role("link", name=re.compile(r"aftercheck-A7K2-.*[.]pdf"))
            await ready.wait_for(timeout=DRAWING)
            await readable(page)
            async with page.expect_download() as downloading:
                await ready.click()
            path = await (await downloading.value).path()
            assert path.read_bytes().startswith(b"%PDF")
