"""The board's lists, files and protocol in the language of the staff: no word is in English."""

import asyncio
import re
from types import SimpleNamespace

import pytest
from foreign_words import PROTOCOL, foreign, in_staffs_words
from markupsafe import Markup
from sitting import two_fall_ill
from test_protocol_page import uploads
from test_sessions_page import is_due

from bot.board import sessions
from bot.board.board import Seat, templates
from bot.board.trial_words import HEADINGS
from flows.escalation import StaffMember
from flows.protocol_file import bundled
from flows.staff_language import speak


async def test_who_is_around_is_said_in_their_language(clinic, speaks) -> None:
    journey = clinic.journey
    cleo = await clinic.enters(journey.cleo)
    await journey.writes(journey.ben, "/oncall me 2")
    await journey.writes(journey.cleo, "/oncall plan Dora mon 12:00 mon 20:00")
    await journey.rewrites("UPDATE staff SET reachable = 0 WHERE name = 'Ben'")
    invited = await journey.invited()
    await journey.opens(journey.anna, invited.link)
    for label in ("I agree", "Done", "I can see this"):
        await journey.presses(journey.anna, label)
    speaks()
    pages = [await cleo.reads("/board")]
    speak("en")
    await journey.passes(hours=3)
    await journey.rewrites("DELETE FROM outbox WHERE slot = :slot", slot=f"pairing:{invited.code}")
    speaks()
    pages += [await cleo.reads("/board")]
    assert [one for page in pages for one in foreign(page)] == []


async def test_whose_next_session_is_due_is_said_in_their_language(
    clinic, speaks, monkeypatch
) -> None:
    journey = clinic.journey
    cleo = await clinic.enters(journey.cleo)
    pages = []
    for people in ([], [journey.anna, journey.omar]):
        for person in people:
            await is_due(clinic, person)
        monkeypatch.setattr(sessions, "SHOWN", 1)
        speaks()
        pages += [await cleo.reads(f"/board/sessions?page={number}") for number in (1, 2)]
        speak("en")
    treatments = list(bundled().treatments)
    assert [one for page in pages for one in foreign(page, [*PROTOCOL, *treatments])] == []


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
    pages += [await cleo.reads("/board/export?file=1", 404), await cleo.reads("/board/export")]
    for what, case in (("json", "A7K2"), ("json", "ZZZZ"), ("adverse-event", "A7K2")):
        pages += [(await cleo.post("/board/export", **fields, what=what, case=case))[1]]
        while 'hx-trigger="every 1s"' in (state := await cleo.reads("/board/export?state=1")):
            pages.append(state)
        pages.append(state)
    file = re.compile(r"aftercheck-[\w.-]+")
    known = ["PDF", "json", "2026-11-30T18:00", "01:00", "T18"]
    assert [one for page in pages for one in foreign(file.sub("", page), known)] == []


async def test_the_protocols_pages_are_read_in_their_language(clinic, speaks) -> None:
    await two_fall_ill(clinic)
    cleo = await clinic.enters(clinic.journey.cleo)
    speaks()
    trial = await uploads(cleo, "no protocol")
    pages = [await cleo.reads(trial)]
    for _ in range(300):
        pages[1:] = [await cleo.reads(trial)]
        if "hx-get" not in pages[1]:
            break
        await asyncio.sleep(0.2)  # another process works on it
    fields = await cleo.form("/board", "/board/leave")
    pages += [
        await cleo.reads("/board/protocol"), await cleo.reads("/board/protocol/thresholds"),
        await cleo.reads("/board/protocol/chart/nothing", 404),
        *[(await cleo.post(f"{trial}/sign", **fields, read=read))[1] for read in ("", "yes")],
        (await cleo.post("/board/protocol/try", **fields))[1],
        await cleo.reads(f"/board/protocol/trial/{'A' * 22}", 404),
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
