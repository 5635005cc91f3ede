"""A browser for tests of pages: Debian's Chromium, driven from the tests' own event loop."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from bench.screenshots import SWITCHES, chromium

PATIENCE = 5_000
"""Milliseconds after which something that does not appear has failed."""

REFUSED = "status of 409"
"""What the browser notes where the server said no for a good reason."""


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Run a browser; without one the tests fail, with the sentence how to install it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield browser
        await browser.close()


@asynccontextmanager
async def page_at(
    browser: Browser, address: str, width: int = 1280, height: int = 800,
    *, expected: Collection[str] = (REFUSED,), **settings,
) -> AsyncIterator[Page]:  # fmt: skip
    """Open a page in a window of its own, and fail on whatever else it complains of."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **settings
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(one in said.text for one in expected):
            complaints.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    yield page
    await context.close()
    assert complaints == [], complaints
