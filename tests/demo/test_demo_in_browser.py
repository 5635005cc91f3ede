"""The page in a real browser: the whole story, by hand and by keyboard."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import pytest_asyncio
from browser import page_at
from playwright.async_api import expect
from pretend_bot import pretend, still_clock

from bot.demo import create_demo, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def demo() -> AsyncIterator[SimpleNamespace]:
    bot = pretend(still_clock())
    async with serving(create_demo(bot.world, bot.clock, bot, bot.stage)) as address:
        anna, ben = bot.stage.patients[0], bot.stage.staff[0]
        yield SimpleNamespace(address=address, bot=bot, anna=anna, ben=ben)


class Phones:
    """The two phones on a page."""

    def __init__(self, page) -> None:
        self.page = page
        self.anna = page.locator(".side.patient")
        self.ben = page.locator(".side.staff")

    async def presses(self, phone, label: str) -> None:
        await phone.get_by_role("button", name=label).last.click()

    async def types(self, phone, text: str) -> None:
        field = phone.get_by_label("Message", exact=True)
        await field.fill(text)
        await field.press("Enter")

    async def done(self, steps: int) -> None:
        await expect(self.page.locator("#steps li.done")).to_have_count(steps)

    async def enrols(self) -> None:
        await self.types(self.ben, "/enrol")
        await self.presses(self.ben, "Exosomes injected")
        await self.presses(self.anna, "Scan the code")
        await self.presses(self.anna, "I agree")
        await self.presses(self.anna, "I can see this")
        await self.presses(self.ben, "Yes, confirm")
        await self.done(1)

    async def next_check_in(self) -> None:
        await self.page.locator("#next").click()


async def test_a_newcomer_sees_the_whole_story(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        await phones.done(0)
        await phones.enrols()
        await expect(page.locator("#next")).to_have_text("Next: check-in Fri 27 Nov, 10:00")
        await phones.next_check_in()
        await phones.presses(phones.anna, "All good")
        await phones.done(2)
        await phones.next_check_in()
        await phones.presses(phones.anna, "I have symptoms")
        await phones.presses(phones.anna, "▫️ Fever")
        await expect(phones.anna.get_by_role("button", name="✅ Fever")).to_be_visible()
        await phones.presses(phones.anna, "Done")
        await expect(phones.anna.get_by_role("button", name="thermometer")).to_be_visible()
        await phones.types(phones.anna, "39.2")
        await phones.done(3)
        await phones.presses(phones.ben, "Claim")
        await expect(phones.ben.locator(".toast")).to_contain_text("Yours.")
        await phones.presses(phones.ben, "Contacted")
        await phones.presses(phones.ben, "Resolve")
        await phones.presses(phones.ben, "Advised")
        await phones.done(4)
        await expect(phones.ben.locator(".message").last).to_contain_text("CLOSED by Ben")


async def test_an_edit_keeps_the_place_of_who_uses_the_keyboard(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        await phones.enrols()
        await phones.next_check_in()
        await phones.anna.get_by_role("button", name="I have symptoms").focus()
        await page.keyboard.press("Enter")
        swelling = phones.anna.get_by_role("button", name="Swelling")
        await swelling.focus()
        await page.keyboard.press("Enter")
        ticked = phones.anna.get_by_role("button", name="✅ Swelling")
        await expect(ticked).to_be_focused()
        await expect(phones.anna.locator(".message.keyed")).to_have_count(1)


async def test_a_refusal_is_said_and_the_words_are_kept(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        await phones.enrols()
        field = phones.anna.get_by_label("Message", exact=True)
        await field.fill("How long does it last?")
        demo.anna.blocks(demo.bot.stage.bot)
        async with page.expect_response("**/demo/act*") as answer:
            await field.press("Enter")
        assert (await answer.value).status == 409
        await expect(phones.anna.locator(".toast")).to_contain_text("Not possible")
        await expect(field).to_have_value("How long does it last?")


async def test_a_reply_a_photo_and_a_command_from_the_menu(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        demo.anna.starts(demo.bot.stage.bot)
        await demo.bot.settle()
        first = phones.anna.locator(".message").first
        await first.hover()
        await first.get_by_label("Reply to this message").click()
        await phones.types(phones.anna, "What is this?")
        await expect(phones.anna.locator(".quote")).to_contain_text("/start")
        await phones.anna.get_by_label("Send a photo").click()
        picture = phones.anna.get_by_alt_text("Photo from you")
        await expect(picture).to_be_visible()
        assert (
            await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 160
        )
        await phones.ben.get_by_label("Commands").click()
        await phones.ben.get_by_role("button", name="/enrol").click()
        await expect(phones.ben.locator(".message").last).to_contain_text("What was the treatment?")


async def test_another_person_s_phone_and_a_dot_for_what_is_new(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        dora = phones.ben.locator("label", has_text="Dora")
        await expect(dora).not_to_have_class("news")
        await phones.types(phones.ben, "/enrol")
        await expect(dora).to_have_class("news")
        await dora.locator("input").check()
        await expect(phones.ben.locator(".message").first).to_contain_text("Ben")
        await expect(dora).not_to_have_class("news")
        await phones.anna.locator("label", has_text="Omar").locator("input").check()
        await expect(phones.anna.locator(".empty")).to_contain_text("Omar")


async def test_the_alert_of_a_press_must_be_closed_by_hand(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        phones = Phones(page)
        stage = demo.bot.stage
        number = await demo.bot.send(stage.group.id, "Press", [[("Why", "why")]])
        await phones.ben.get_by_role("button", name="Why").wait_for()
        press = demo.ben.presses(stage.group.message(number), "Why")
        values = {"callback_query_id": press.id, "text": "Only nurses may.", "show_alert": True}
        await demo.bot.call("answerCallbackQuery", **values)
        await expect(page.get_by_role("dialog")).to_contain_text("Only nurses may.")
        await page.get_by_role("button", name="OK").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()


OUTSIDE = """() => [...document.querySelectorAll(".side button, .bubble, .panel button, label")]
  .filter((one) => one.offsetParent && !one.classList.contains("reply"))
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
  .map((one) => one.outerHTML)"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


async def test_nothing_sticks_out_of_any_window(demo, browser) -> None:
    async with page_at(browser, demo.address) as page:
        demo.anna.starts(demo.bot.stage.bot)
        demo.anna.types(demo.anna.chat, "x" * 300)
        demo.ben.types(demo.bot.stage.group, "/enrol")
        await demo.bot.settle()
        await page.locator(".staff .key").first.wait_for()
        for width, height in ((360, 640), (390, 844), (768, 1024), (1024, 768), (1920, 1080)):
            await page.set_viewport_size({"width": width, "height": height})
            for side in ("patient", "staff"):
                tab = page.locator(f".tabs input[value={side}]")
                if await tab.is_visible():
                    await tab.check()
                assert await page.evaluate(TOO_WIDE) <= 0
                assert await page.evaluate(OUTSIDE) == []


async def test_on_a_narrow_screen_one_phone_at_a_time(demo, browser) -> None:
    async with page_at(browser, demo.address, 390, 844) as page:
        phones = Phones(page)
        await expect(phones.ben).to_be_visible()
        await expect(phones.anna).to_be_hidden()
        demo.anna.starts(demo.bot.stage.bot)
        await demo.bot.settle()
        tab = page.locator(".tabs label", has_text="Patient")
        await expect(tab).to_have_class("news")
        await tab.locator("input").check()
        await expect(phones.anna).to_be_visible()
        await expect(phones.ben).to_be_hidden()
        await expect(tab).not_to_have_class("news")


async def test_when_the_demo_stops_the_page_says_so(browser) -> None:
    bot = pretend(still_clock())
    app = create_demo(bot.world, bot.clock, bot, bot.stage)
    context = await browser.new_context()
    page = await context.new_page()
    async with serving(app) as address:
        await page.goto(address)
        await page.locator("#time", has_text="10:00").wait_for()
    await expect(page.locator("#lost")).to_be_visible()
    await context.close()


CONTRAST = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const solid = (colours) => {
    paint.clearRect(0, 0, 1, 1);
    for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (node.closest(".unseen, template, script, .reply")) continue;
    const behind = [];
    for (let one = node; one; one = one.parentElement) {
      behind.unshift(getComputedStyle(one).backgroundColor);
    }
    const back = solid(["white", ...behind]);
    const ink = solid([`rgb(${back})`, getComputedStyle(node).color]);
    const [low, high] = [light(back), light(ink)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${node.className} ${walker.currentNode.data}`);
  }
  return weak;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_what_is_behind_it(demo, browser, scheme) -> None:
    async with page_at(browser, demo.address, color_scheme=scheme) as page:
        phones = Phones(page)
        await phones.enrols()
        await phones.types(phones.anna, "See https://example.org and /help")
        await phones.types(phones.ben, "Thank you")
        await expect(phones.ben.locator(".mine").last).to_contain_text("Thank you")
        assert await page.evaluate(CONTRAST) == []
