"""Makes the pictures that the pages show: plays the demo in a browser and photographs it.

    python -m bench.screenshots --write docs/screenshots

It starts `aftercheck demo` as anybody would. A Chromium or Chrome must be installed, and a
font that has emoji.
"""

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES: Final = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
MISSING = "No Chromium was found: install one, on Debian with `apt-get install chromium`."
DESKTOP, PHONE = (1280, 800), (360, 740)
BOARD: Final = {
    "now": "/board",
    "sessions": "/board/sessions",
    "clinic": "/board/clinic",
    "protocol": "/board/protocol",
}
START = 60.0  # seconds until the demo must answer
MOST_PRESSES = 12
SETTLE = 600  # milliseconds for movements on the page to end


def chromium() -> str:
    """Return the path of a Chromium or Chrome.

    Raises:
        FileNotFoundError: There is none.
    """
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(MISSING)


@contextlib.contextmanager
def demo(language: str = "en") -> Iterator[str]:
    """Run the demo with the patients' phones in a language, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--no-browser",
               "--language", language]  # fmt: skip
    address = f"http://127.0.0.1:{port}/"
    with subprocess.Popen(command) as process:  # noqa: S603 - our own program
        try:
            wait_for(address, process)
            yield address
        finally:
            process.terminate()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the demo answers.

    Raises:
        RuntimeError: It ended, or does not answer in time.
    """
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(address).close()  # noqa: S310 - our own address
            return
        time.sleep(0.2)
    raise RuntimeError("`aftercheck demo` did not start; run it by hand to see why")


class Visitor:
    """Somebody who plays the demo as its guide says, and takes a picture of each step."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.patient = page.locator(".side.patient")
        self.staff = page.locator(".side.staff")

    def sends(self, phone: Locator, text: str) -> None:
        """Write a text on a phone."""
        phone.get_by_label("Message", exact=True).fill(text)
        phone.get_by_label("Message", exact=True).press("Enter")

    def presses(self, phone: Locator, label: str) -> None:
        """Press the newest button with this label, or one that holds it."""
        phone.get_by_role("button", name=label).last.click()

    def follows_the_guide(self, steps: int) -> None:
        """Press what the guide names, on the phone it names, until so many steps are done."""
        for _ in range(MOST_PRESSES):
            if self.page.locator("#steps li.done").count() >= steps:
                return
            where = self.page.locator("body").get_attribute("data-where")
            phone = self.patient if where == "patient" else self.staff
            named = self.page.locator("#say b").last.inner_text()
            self.presses(phone, named.strip("“”"))
            self.page.wait_for_timeout(SETTLE)
        raise RuntimeError(f"the guide does not lead to step {steps}")

    def done(self, steps: int) -> None:
        """Wait until so many steps are ticked off."""
        self.page.locator("#steps li.done").nth(steps - 1).wait_for()

    def photographs(self, name: str) -> None:
        """Take a picture of what is in the window, once no notice covers any of it."""
        self.page.mouse.move(0, 0)
        expect(self.page.locator(".toast:not(:empty)")).to_have_count(0, timeout=15_000)
        self.page.wait_for_timeout(SETTLE)
        self.page.screenshot(path=self.folder / f"{name}.png")

    def enrols(self) -> None:
        """Show a code on the staff phone, scan and agree on the patient's."""
        self.sends(self.staff, "/enrol")
        for label in ("Face/skin injection", "Next", "face", "Just now", "Make"):
            self.presses(self.staff, label)
            self.page.wait_for_timeout(SETTLE)
        self.patient.get_by_role("button", name="Scan the code").wait_for()
        self.follows_the_guide(1)

    def has_a_good_day(self) -> None:
        """Answer a check-in with one tap."""
        self.next_check_in()
        self.presses(self.patient, "All good, none of these")
        self.done(2)

    def has_a_bad_day(self) -> None:
        """Answer one with a high fever."""
        self.next_check_in()
        self.presses(self.patient, "None of these, but I have symptoms")
        self.presses(self.patient, "Fever")
        self.patient.get_by_role("button", name="✅ Fever").wait_for()
        self.presses(self.patient, "Done")
        self.patient.locator(".message").last.get_by_role("button", name="thermometer").wait_for()
        self.sends(self.patient, "39.2")
        self.done(3)
        self.photographs("bad-day")

    def takes_care(self) -> None:
        """Take the alert and resolve it."""
        self.follows_the_guide(4)
        self.photographs("resolved")

    def next_check_in(self) -> None:
        """Move the clock until a check-in is open on the patient's phone."""
        open_one = self.patient.get_by_role("button", name="All good, none of these")
        while not open_one.is_visible():
            self.page.locator("#next:enabled").click()
            self.page.wait_for_timeout(SETTLE)


def in_arabic(browser: Browser, folder: Path) -> None:
    """Photograph a check-in that runs from right to left, and its answer."""
    with demo("ar") as address:
        page = browser.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
        page.set_default_timeout(15_000)
        page.goto(address)
        visitor = Visitor(page, folder)
        visitor.enrols()
        while not visitor.patient.get_by_role("button", name="لدي أعراض").is_visible():
            page.locator("#next:enabled").click()
            page.wait_for_timeout(SETTLE)
        for label in ("لدي أعراض", "حرارة أو رجفة"):
            visitor.presses(visitor.patient, label)
            page.wait_for_timeout(SETTLE)
        visitor.presses(visitor.patient, "تم")
        visitor.patient.get_by_role("button", name="ميزان حرارة").wait_for()
        visitor.sends(visitor.patient, "٣٩٫٢")
        visitor.patient.get_by_role("button", name="نعم").wait_for()
        visitor.photographs("fever-arabic")
        page.close()


def board_pages(browser: Browser, address: str, folder: Path) -> None:
    """Photograph each page of the staff's board, on a phone and a desk."""
    page = browser.new_page()
    page.goto(f"{address}demo/board")
    page.get_by_role("button", name="Open the board").click()
    case = page.locator(".card h3 a").first.get_attribute("href") or ""
    for name, path in (*BOARD.items(), ("case", case)):
        page.goto(urljoin(page.url, path))
        for width, size in {"phone": PHONE, "desk": DESKTOP}.items():
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.screenshot(path=folder / f"board-{name}-{width}.png", full_page=True)
    page.close()


def play(browser: Browser, address: str, folder: Path) -> None:
    """Play the whole story and leave its pictures in a folder."""
    page = browser.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page.set_default_timeout(15_000)
    page.goto(address)
    visitor = Visitor(page, folder)
    visitor.enrols()
    visitor.has_a_good_day()
    visitor.has_a_bad_day()
    board_pages(browser, address, folder)
    visitor.takes_care()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--address", help="a demo that runs already; one is started if left out")
    chosen = parser.parse_args()
    chosen.write.mkdir(parents=True, exist_ok=True)
    running = contextlib.nullcontext(chosen.address) if chosen.address else demo()
    with running as address, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=SWITCHES)
        play(browser, address, chosen.write)
        in_arabic(browser, chosen.write)
        browser.close()
    print(f"{len(list(chosen.write.glob('*.png')))} pictures in {chosen.write}")


if __name__ == "__main__":
    main()
