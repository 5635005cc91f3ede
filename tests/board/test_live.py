"""An open *Now* in Chromium: what it says when nothing comes of a press, and what stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from browser import page_at
from playwright.async_api import Page
from sitting import AtTheBoard, a_busy_clinic

LOST = ("net::ERR", "status of", "Status Error Code", "htmx:")
"""What Chromium and htmx note where the bot does not answer, or says no."""
ASKS_AGAIN = 5_000
"""Milliseconds after which an open list asks for what is new."""


@asynccontextmanager
async def ben_at_now(browser, path, **settings) -> AsyncIterator[tuple[AtTheBoard, Page]]:
    """Let Ben open *Now*; the page's timers move with the test alone."""
    async with a_busy_clinic(path) as clinic:
        address = str(clinic.server.make_url(await clinic.link(clinic.journey.ben)))
        async with page_at(browser, address, **settings) as page:
            await page.clock.install()
            await page.get_by_role("button", name="Open the board").click()
            await page.get_by_role("button", name="Claim A7K2-1").wait_for()
            yield clinic, page


@pytest.mark.asyncio(loop_scope="session")
async def test_ben_reads_that_his_press_came_to_nothing_while_the_bot_is_down(
    browser, tmp_path
) -> None:
    async with ben_at_now(browser, tmp_path, width=360, expected=LOST) as (clinic, page):
        await clinic.stops()
        claim = page.get_by_role("button", name="Claim A7K2-1")
        await claim.click()
        said = page.get_by_role("alert")
        await said.get_by_text(
            "Not done: Claim A7K2-1. The bot did not answer. Press again, or phone the patient."
        ).wait_for()
        assert await claim.is_enabled()
        await claim.press("Enter")
        await page.clock.fast_forward(ASKS_AGAIN)
        await said.get_by_text("This list may be old: nothing has come since 10:00.").wait_for()
        assert (await clinic.alerts())[0]["claimed_by"] is None
        await clinic.starts_again()
        await page.clock.fast_forward(ASKS_AGAIN)
        await said.get_by_text("This list may be old").wait_for(state="detached")
        assert "Not done" in await said.inner_text(), "only a press that is done ends that"
        await claim.click()
        await page.get_by_text("Yours. Press Contacted").wait_for()
        assert (await said.inner_text()).strip() == ""


@pytest.mark.asyncio(loop_scope="session")
async def test_a_press_that_is_never_answered_is_said_to_be_not_done(browser, tmp_path) -> None:
    """A network that takes everything and brings nothing; the test waits less long than Ben."""
    async with ben_at_now(browser, tmp_path, expected=LOST) as (_, page):
        assert await page.evaluate("htmx.config.timeout") == 15_000
        await page.evaluate("htmx.config.timeout = 100")
        await page.route("**/board/alert/**", lambda _route: None)
        claim = page.get_by_role("button", name="Claim A7K2-1")
        await claim.press("Enter")
        await page.get_by_text("Not done: Claim A7K2-1. The bot did not answer.").wait_for()
        assert await focused(page) == "A7K2-1-claim-"


@pytest.mark.asyncio(loop_scope="session")
async def test_ben_reads_why_the_bot_refused_his_press(browser, tmp_path) -> None:
    """He is an auditor by now; his open page does not know it."""
    async with ben_at_now(browser, tmp_path, expected=LOST) as (clinic, page):
        journey = clinic.journey
        await journey.rewrites(
            "UPDATE staff SET role = 'auditor' WHERE user_id = :ben", ben=journey.ben.id
        )
        await page.get_by_role("button", name="Claim A7K2-1").click()
        words = "Not done: Claim A7K2-1. Your role may not do this."
        await page.get_by_role("alert").get_by_text(words).wait_for()
        await journey.passes(minutes=1)
        await page.clock.fast_forward(ASKS_AGAIN)
        await page.get_by_role("button", name="Claim A7K2-1").wait_for(state="detached")
        assert (await page.get_by_role("alert").inner_text()).strip() == ""


@pytest.mark.asyncio(loop_scope="session")
async def test_what_ben_reads_stays_open_and_his_place_stays_when_the_list_is_exchanged(
    browser, tmp_path
) -> None:
    async with ben_at_now(browser, tmp_path) as (clinic, page):
        words = page.locator("#said-A7K2-1")
        await words.locator("summary").click()
        await words.locator("li").first.wait_for()
        await clinic.journey.passes(minutes=1)
        await page.clock.fast_forward(ASKS_AGAIN)
        await page.get_by_text("As of 10:01").wait_for()
        assert await words.locator("li").first.is_visible()
        assert await focused(page) == "words-A7K2-1"


@pytest.mark.asyncio(loop_scope="session")
async def test_after_a_press_ben_is_on_the_same_card_and_on_no_button(browser, tmp_path) -> None:
    """A second Enter must not say that he has contacted the patient."""
    async with ben_at_now(browser, tmp_path) as (_, page):
        await page.get_by_role("button", name="Claim A7K2-1").press("Enter")
        await page.get_by_text("Yours. Press Contacted").wait_for()
        assert await focused(page) == "case-A7K2-1"


@pytest.mark.asyncio(loop_scope="session")
async def test_of_two_presses_at_once_both_answers_are_shown(browser, tmp_path) -> None:
    """The first answer exchanges the list from which the second was pressed."""
    async with ben_at_now(browser, tmp_path) as (_, page):
        first, second = asyncio.Event(), asyncio.Event()

        async def waits(route) -> None:
            answer = await route.fetch()
            await (second if "M4R8" in route.request.url else first).wait()
            await route.fulfill(response=answer)

        await page.route("**/board/alert/**", waits)
        await page.get_by_role("button", name="Claim A7K2-1").click()
        await page.get_by_role("button", name="Claim M4R8-1").click()
        first.set()
        await page.get_by_role("button", name="Contacted A7K2-1").wait_for()
        await page.get_by_text("Yours. Press Contacted").evaluate("said => said.remove()")
        second.set()
        await page.get_by_text("Yours. Press Contacted").wait_for()


async def focused(page) -> str:
    """Return the id of what has the focus."""
    return await page.evaluate("document.activeElement.id")
