"""The board in the language of the staff: no word of a page is left in English."""

import re

import pytest
from foreign_words import foreign
from pseudo_language import PSEUDO, write_pseudo_language
from sitting import Browser

from bot.board.board import templates
from flows import staff_language
from flows.staff_language import speak
from storage.transaction import StorageError


@pytest.fixture
def speaks(tmp_path, monkeypatch):
    """Let staff read the pseudo-language from when this is called."""
    catalogues = tmp_path / "catalogues"
    catalogues.mkdir()
    write_pseudo_language(catalogues)
    monkeypatch.setattr(staff_language, "CATALOGUES", catalogues)
    yield lambda: speak(PSEUDO)
    speak("en")


async def reads(browser: Browser, path: str, status: int = 200) -> str:
    """Open a page."""
    answer, text = await browser.get(path)
    assert answer == status
    return text


def test_a_word_that_was_not_translated_is_found() -> None:
    assert foreign("<p>⟦Now⟧ Open <b>A7K2-1</b></p>") == ["⟦Now⟧ Open"]
    assert foreign('<p aria-label="Board">FEV-07 Mo., 23. Nov., 10:00</p>') == ["Board"]
    assert foreign("<style>body</style><p>Anna says</p>", ["says"]) == []


def test_a_page_says_which_language_it_is_in_and_which_way_it_runs(speaks, tmp_path) -> None:
    (tmp_path / "catalogues" / "ar.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")

    def head() -> str:
        page = templates().from_string("{% extends 'base.html' %}").render(
            clinic="", files=dict.fromkeys(("board.css", "icon.svg", "htmx.min.js", "live.js"), ""),
            seat=None, draft=False, language=staff_language.tag(),
            is_rtl=staff_language.runs_from_right_to_left(),
        )  # fmt: skip
        return re.search("<html[^>]*>", page)[0]

    assert head() == '<html lang="en">'
    speaks()
    assert head() == '<html lang="de">'
    speak("ar")
    assert head() == '<html lang="ar" dir="rtl">'


async def test_whoever_comes_in_or_gets_lost_is_told_so_in_their_language(clinic, speaks) -> None:
    link = await clinic.link(clinic.journey.cleo)
    ben, nobody = await clinic.enters(clinic.journey.ben), clinic.browser()
    speaks()
    pages = [
        await reads(nobody, link), await reads(nobody, "/board/app"),
        await reads(nobody, "/board", 401), await reads(nobody, "/nowhere", 404),
        (await nobody.post("/board/enter/AAAAAAAAAAAAAAAAAAAAAA"))[1],
        await reads(ben, "/board/find?code=%3F", 404), await reads(ben, "/nowhere", 404),
        await reads(ben, "/board/case/ZZZZ/nothing", 404),
        await reads(ben, "/board/protocol/x", 404),
        (await ben.post("/board/leave"))[1],
        (await ben.post("/board/leave", **await ben.form("/board", "/board/leave")))[1],
    ]  # fmt: skip
    assert [foreign(page) for page in pages] == [[]] * len(pages)
    assert "⟦Now⟧" in pages[-2]


async def test_what_a_role_may_not_do_is_said_in_its_language(clinic, speaks) -> None:
    eve = await clinic.enters(clinic.journey.eve)
    speaks()
    assert foreign(await reads(eve, "/board/export", 403)) == []


@pytest.mark.parametrize("error", [StorageError("gone"), KeyError("gone")])
async def test_that_a_page_cannot_be_made_is_said_in_their_language(
    clinic, speaks, monkeypatch, error
) -> None:
    def fails(*_args: object) -> None:
        raise error

    ben = await clinic.enters(clinic.journey.ben)
    speaks()
    monkeypatch.setattr("bot.board.board.passes.holder", fails)
    status, page = await ben.get("/board")
    assert status >= 500
    assert foreign(page) == []
