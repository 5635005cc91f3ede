"""The board in the language of the staff: no word of a page is left in English."""

import asyncio
import re
import tomllib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from acts import photo
from foreign_words import foreign
from markupsafe import Markup
from pseudo_language import PSEUDO, write_pseudo_language
from sitting import AtTheBoard, Browser
from test_protocol_page import uploads

from bot.board.board import Seat, templates
from bot.board.trial_words import HEADINGS
from bot.enrolment import set_lot
from flows import staff_language
from flows.escalation import StaffMember
from flows.protocol_file import bundled, bundled_text
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
    assert foreign("<p>⟦Now⟧ Open <b>A7K2-1</b></p>") == ["⟦Now⟧ Open A7K2-1"]
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
    assert [one for page in pages for one in foreign(page)] == []
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


def under(names: set[str], table: object, name: str = "") -> Iterator[str]:
    """Yield every text of a protocol's file under one of these names."""
    if isinstance(table, str):
        yield from [table] if name in names else []
    elif isinstance(table, dict):
        for key, value in table.items():
            yield from under(names, value, key)
    elif isinstance(table, list):
        for value in table:
            yield from under(names, value, name)


PROTOCOL = [
    *under({"reason", "sources"}, tomllib.loads(bundled_text())),
    *(one.label for one in bundled().treatments.values()),
    *(one.term for one in bundled().questions),
    *(first for one in bundled().questions for first in re.findall(r"[^.?]+[.?]", one.text["en"])),
    *(option.label["en"] for one in bundled().questions for option in one.options),
    *(one.meaning for one in bundled().patient_facts),
    *(one["en"] for one in bundled().areas.values()),
    bundled().free_text.reason, bundled().incomplete.reason, bundled().case.reason,
    "review", bundled().name, "exosome", "microneedling",
]  # fmt: skip
"""The words of the protocol, which stand as they are."""


async def falls_ill(clinic: AtTheBoard) -> None:
    """Let Anna have a fever, and Omar not say which of the warning signs he has."""
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    await journey.enrolled(journey.omar, hours_ago=30)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "39.2")
    await journey.reports(journey.omar, "One of these")


async def test_who_needs_somebody_now_is_said_in_their_language(clinic, speaks) -> None:
    journey = clinic.journey
    ben = await clinic.enters(journey.ben)
    speaks()
    pages = [await reads(ben, "/board")]
    speak("en")
    await falls_ill(clinic)
    speaks()
    pages.append(await reads(ben, "/board"))
    for act in ("claim", "contacted", "resolve", "outcome.advised"):
        pages += [(await ben.presses(act, "A7K2-1"))[1]]
    await journey.passes(minutes=6)
    pages.append(await reads(ben, "/board"))
    assert [one for page in pages for one in foreign(page, PROTOCOL)] == []


async def test_annas_case_is_told_in_their_language(clinic, speaks) -> None:
    await falls_ill(clinic)
    await acts_on_the_case(clinic)
    ben = await clinic.enters(clinic.journey.ben)
    speaks()
    pages = [await reads(ben, f"/board/case/{code}") for code in ("A7K2", "M4R8")]
    photo_page = re.search(r'href="(/board/case/A7K2/photo/\d+/page)"', pages[0])[1]
    pages += [await reads(ben, photo_page), await reads(ben, "/board/case/A7K2/photo/99/page", 404),
              await reads(ben, "/board/case/ZZZZ", 404)]  # fmt: skip
    spoken = [*PROTOCOL, "Please drink a lot.", "it feels a bit odd"]
    assert [one for page in pages for one in foreign(page, spoken)] == []


async def test_the_clinics_figures_are_read_in_their_language(clinic, speaks) -> None:
    journey = clinic.journey
    await falls_ill(clinic)
    ben, now = StaffMember(journey.ben.id, "Ben", "nurse"), journey.clock.now()
    await journey.app.database.run(lambda: set_lot(journey.app.office, ("A7K2", 1), "12", now, ben))
    cleo = await clinic.enters(journey.cleo)
    await cleo.presses("claim", "A7K2-1")
    journey.omar.blocks(journey.bot)
    await journey.settle()
    speaks()
    page = await reads(cleo, "/board/clinic")
    assert foreign(page, PROTOCOL) == []
    assert "100\xa0%" in page, "a share as Germans write it"


async def test_a_file_is_taken_out_in_their_language(clinic, speaks) -> None:
    await clinic.journey.enrolled(clinic.journey.anna)
    cleo = await clinic.enters(clinic.journey.cleo)
    speaks()
    fields = await cleo.form("/board/export", "/board/export")
    asked = [
        {}, {"what": "pdf"}, {"what": "pdf", "case": "A7K2-1"}, {"what": "xlsx", "since": "x"},
        {"what": "xlsx", "since": "2026-11-23", "until": "2026-11-22"},
    ]  # fmt: skip
    pages = [(await cleo.post("/board/export", **fields, **one))[1] for one in asked]
    pages += [await reads(cleo, "/board/export?file=1", 404), await reads(cleo, "/board/export")]
    for what, case in (("json", "A7K2"), ("json", "ZZZZ"), ("adverse-event", "A7K2")):
        pages += [(await cleo.post("/board/export", **fields, what=what, case=case))[1]]
        while 'hx-trigger="every 1s"' in (state := await reads(cleo, "/board/export?state=1")):
            pages.append(state)
        pages.append(state)
    file = re.compile(r"aftercheck-[\w.-]+")
    known = ["PDF", "json", "2026-11-30T18:00", "01:00", "T18"]
    assert [one for page in pages for one in foreign(file.sub("", page), known)] == []


async def test_the_protocols_pages_are_read_in_their_language(clinic, speaks) -> None:
    await falls_ill(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    speaks()
    trial = await uploads(cleo, "no protocol")
    pages = [await reads(cleo, trial)]
    for _ in range(300):
        pages[1:] = [await reads(cleo, trial)]
        if "hx-get" not in pages[1]:
            break
        await asyncio.sleep(0.2)  # another process works on it
    fields = await cleo.form("/board", "/board/leave")
    pages += [
        await reads(cleo, "/board/protocol"), await reads(cleo, "/board/protocol/thresholds"),
        await reads(cleo, "/board/protocol/chart/nothing", 404),
        *[(await cleo.post(f"{trial}/sign", **fields, read=read))[1] for read in ("", "yes")],
        (await cleo.post("/board/protocol/try", **fields))[1],
        await reads(cleo, f"/board/protocol/trial/{'A' * 22}", 404),
    ]  # fmt: skip
    words = [*PROTOCOL, *map(str, bundled().protocol.model_dump().values())]
    assert [one for page in pages for one in foreign(in_staffs_words(page), words)] == []
    assert '<article class="thresholds" lang="en" dir="ltr">' in pages[3]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("may_sign", [True, False])
def test_what_comes_of_a_file_is_read_in_their_language(speaks, number, may_sign) -> None:
    speaks()
    change = {"case": "A7K2", "at": "2026-11-23", "old": "follow_up", "new": "urgent",
              "fired": [], "fires": ["FEV-07"]}  # fmt: skip
    report = {
        "name": "Ours", "problems": [], "completed": ["es"] * (number - 1), "read": 5, "before": 2,
        "differences": [[True, "A fever is urgent later"]] * (number - 1), "after": 1,
        "skipped": number, "changes": [change | {"kind": kind} for kind in HEADINGS] * number,
    }  # fmt: skip
    page = templates().get_template("trial_part.html").render(
        trial=SimpleNamespace(report=report, against="Ours", id="x"), waits=False, kinds=HEADINGS,
        shown=1, in_english=Markup(' lang="en" dir="ltr"'),
        seat=Seat(StaffMember(1, "Cleo", "doctor" if may_sign else "nurse"), ""),
    )  # fmt: skip
    assert foreign(in_staffs_words(page), ["Ours", "es"]) == []
    assert ("⟦Sign as Cleo⟧" in page) == may_sign


def in_staffs_words(page: str) -> str:
    """Return a page without what is English on purpose: what an examination says, as it says it."""
    return re.sub(r'<(\w+)[^>]* lang="en" dir="ltr">.*?</\1>', "", page, flags=re.DOTALL)


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
