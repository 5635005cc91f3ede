"""The real demo in a real browser, as a newcomer plays it after `make demo`."""

import csv
import io

import pytest
from playwright.sync_api import Page, sync_playwright

from bench.screenshots import SWITCHES, Visitor, chromium, demo


@pytest.fixture(scope="module")
def page():
    """The page of `aftercheck demo`, started as anybody would."""
    with demo() as address, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=SWITCHES)
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(20_000)
        opened.goto(address)
        yield opened
        browser.close()


@pytest.fixture(scope="module")
def visitor(page, tmp_path_factory) -> Visitor:
    return Visitor(page, tmp_path_factory.mktemp("pictures"))


def test_a_newcomer_enrols_has_a_good_day_a_bad_day_and_takes_care(visitor, page) -> None:
    visitor.enrols()
    visitor.has_a_good_day()
    visitor.has_a_bad_day()
    staff = page.locator(".side.staff")
    assert "39.2 °C" in staff.inner_text()
    assert "URGENT" in staff.inner_text()
    visitor.takes_care()
    assert "CLOSED" in staff.inner_text()
    patient = page.locator(".side.patient").inner_text()
    assert "Ben has seen this" in patient
    assert "Ben has looked after what you told us" in patient


def test_a_doctor_gets_the_history_as_a_file(visitor, page) -> None:
    """Runs after the story: its answers are what the file holds."""
    staff = page.locator(".side.staff")
    choose(page, "Dora")
    choose(page, "Bot")
    visitor.sends(staff, "/export")
    with page.expect_download() as downloading:
        staff.get_by_text(".csv").last.click()
    held = downloading.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(held)))
    fever = [row for row in rows if row["question"] == "temp_c"]
    assert [row["answer"] for row in fever] == ["39.2"]
    assert fever[0]["level"] == "urgent"
    assert fever[0]["outcome"] == "advised"


def choose(page: Page, label: str) -> None:
    """Choose a person, or one of their chats, above the staff phone."""
    page.locator(".side.staff").get_by_role("radio", name=label, exact=True).check()
