"""The board in the language of the staff: no word of a page is left in English."""

import re

import pytest
from acts import photo
from foreign_words import PROTOCOL, foreign
from sitting import AtTheBoard, two_fall_ill

from bot.board.board import templates
from bot.enrolment import set_lot
from flows import staff_language
from flows.escalation import StaffMember
from flows.staff_language import speak
from storage.transaction import StorageError


def test_a_word_that_was_not_translated_is_found() -> None:
    assert foreign("<p>⟦Now⟧ Open <b>A7K2-1</b></p>") == ["⟦Now⟧ Open A7K2-1"]
    assert foreign('<p aria-label="Board">FEV-07 Mo., 23. Nov., 10:00</p>') == ["Board"]
    assert foreign("<style>body</style><p>Anna says</p>", ["says"]) == []


def test_a_page_says_which_language_it_is_in_and_which_way_it_runs(speaks) -> None:
    (staff_language.CATALOGUES / "ar.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")

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
        await nobody.reads(link), await nobody.reads("/board/app"),
        await nobody.reads("/board", 401), await nobody.reads("/nowhere", 404),
        (await nobody.post("/board/enter/AAAAAAAAAAAAAAAAAAAAAA"))[1],
        await ben.reads("/board/find?code=%3F", 404), await ben.reads("/nowhere", 404),
        await ben.reads("/board/case/ZZZZ/nothing", 404),
        await ben.reads("/board/protocol/x", 404),
        (await ben.post("/board/leave"))[1],
        (await ben.post("/board/leave", **await ben.form("/board", "/board/leave")))[1],
    ]  # fmt: skip
    assert [one for page in pages for one in foreign(page)] == []
    assert "⟦Now⟧" in pages[-2]


async def test_what_a_role_may_not_do_is_said_in_its_language(clinic, speaks) -> None:
    eve = await clinic.enters(clinic.journey.eve)
    speaks()
    assert foreign(await eve.reads("/board/export", 403)) == []


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


async def test_who_needs_somebody_now_is_said_in_their_language(clinic, speaks) -> None:
    journey = clinic.journey
    ben = await clinic.enters(journey.ben)
    speaks()
    pages = [await ben.reads("/board")]
    speak("en")
    await two_fall_ill(clinic)
    speaks()
    pages.append(await ben.reads("/board"))
    for act in ("claim", "contacted", "resolve", "outcome.advised"):
        pages += [(await ben.presses(act, "A7K2-1"))[1]]
    await journey.passes(minutes=6)
    pages.append(await ben.reads("/board"))
    assert [one for page in pages for one in foreign(page, PROTOCOL)] == []


async def test_annas_case_is_told_in_their_language(clinic, speaks) -> None:
    await two_fall_ill(clinic)
    await acts_on_the_case(clinic)
    ben = await clinic.enters(clinic.journey.ben)
    speaks()
    pages = [await ben.reads(f"/board/case/{code}") for code in ("A7K2", "M4R8")]
    photo_page = re.search(r'href="(/board/case/A7K2/photo/\d+/page)"', pages[0])[1]
    pages += [await ben.reads(photo_page), await ben.reads("/board/case/A7K2/photo/99/page", 404),
              await ben.reads("/board/case/ZZZZ", 404)]  # fmt: skip
    spoken = [*PROTOCOL, "Please drink a lot.", "it feels a bit odd"]
    assert [one for page in pages for one in foreign(page, spoken)] == []


async def test_the_clinics_figures_are_read_in_their_language(clinic, speaks) -> None:
    journey = clinic.journey
    await two_fall_ill(clinic)
    ben, now = StaffMember(journey.ben.id, "Ben", "nurse"), journey.clock.now()
    await journey.app.database.run(lambda: set_lot(journey.app.office, ("A7K2", 1), "12", now, ben))
    cleo = await clinic.enters(journey.cleo)
    await cleo.presses("claim", "A7K2-1")
    journey.omar.blocks(journey.bot)
    await journey.settle()
    speaks()
    page = await cleo.reads("/board/clinic")
    assert foreign(page, PROTOCOL) == []
    assert "100\xa0%" in page, "a share as Germans write it"


async def acts_on_the_case(clinic: AtTheBoard) -> None:
    """Let everything be done about Anna's case that the board has words for."""
    journey = clinic.journey
    journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(1))
    await journey.settle()
    await journey.writes(journey.anna, "it feels a bit odd")
    await journey.staff_press(journey.dora, "Claim")
    await journey.staff_writes(journey.ben, "Please drink a lot.", under="A7K2-1")
    for label in ("Contacted", "Resolve", "Advised"):
        await journey.staff_press(journey.dora, label)
    await journey.writes(journey.anna, "/settings")
    await journey.presses(journey.anna, "Pause")
    await journey.passes(hours=30)
    await journey.writes(journey.anna, "/stop")
    await journey.presses(journey.anna, "Yes, stop")
