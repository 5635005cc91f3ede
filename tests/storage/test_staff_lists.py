"""What Ben looks up: open alerts, a case, the roster, who is on call, the history as a file."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from staff_office import ALMA, BEN, CLEO, DORA, EVE, GROUP, Desk, open_desk

from bot.export.pdf import FONTS
from bot.staff import exporting
from bot.staff.asked_files import asked_with
from bot.staff.exporting import order_of
from flows.verdict import Level


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


# /open


async def test_nothing_open_is_said_too(desk) -> None:
    [message] = await desk.types(BEN, "/open")
    assert message.text == "Nothing is open."


async def test_the_most_urgent_comes_first_then_the_longest_waiting(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    for level in (Level.WATCH, Level.FOLLOW_UP, Level.EMERGENCY, Level.FOLLOW_UP):
        await desk.raises(code, level)
        desk.now += timedelta(minutes=10)
    [message] = await desk.types(BEN, "/open")
    lines = message.text.splitlines()
    assert lines[0] == "4 open, the most urgent first:"
    assert [line.split(" · ")[1] for line in lines[2:]] == ["A7K2-3", "A7K2-2", "A7K2-4", "A7K2-1"]
    assert message.keys["Claim A7K2-3"] == "a:claim:A7K2-3"
    assert message.keys["Seen A7K2-1"].startswith("a:outcome.seen.")


async def test_one_that_was_contacted_and_not_closed_is_still_open(desk) -> None:
    code = (await desk.enrols()).code
    await desk.raises(
        code, Level.URGENT, claimed_by=BEN.id, claimed_at=desk.now, contacted_by=BEN.id,
        contacted_at=desk.now,
    )  # fmt: skip
    [message] = await desk.types(BEN, "/open")
    assert "contacted by Ben, not closed" in message.text
    assert list(message.keys.values()) == [f"a:details:{code}-1"]


async def test_a_closed_one_is_not_listed(desk) -> None:
    code = (await desk.enrols()).code
    await desk.raises(
        code, Level.URGENT, resolved_by=BEN.id, resolved_at=desk.now, outcome="advised"
    )
    [message] = await desk.types(BEN, "/open")
    assert message.text == "Nothing is open."


async def test_forty_alerts_are_all_reached_page_by_page(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    keys = {await desk.raises(code, Level.URGENT) for _ in range(40)}
    [message] = await desk.types(BEN, "/open")
    shown = set()
    for _ in range(3):
        assert len(message.text) <= 3500
        shown |= {line.split(" · ")[1] for line in message.text.splitlines() if " · " in line}
        further = [data for label, data in message.keys.items() if label.startswith("Show the")]
        if further:
            _, [message] = await desk.presses(BEN, further[0])
    assert shown == keys
    assert not further


async def test_a_long_reason_is_cut(desk) -> None:
    code = (await desk.enrols()).code
    key = await desk.raises(code, Level.URGENT)
    record = await desk.case(code)
    [fired] = record.alerts[key].because
    wordy = replace(record.alerts[key], because=(replace(fired, reason="very " * 100),))
    await desk.saves(code, lambda record: record.with_alert(wordy))
    [message] = await desk.types(BEN, "/open")
    assert max(len(line) for line in message.text.splitlines()) <= 200


# /case


async def test_a_case_goes_to_bens_private_chat(desk) -> None:
    code = (await desk.enrols()).code
    page, note = await desk.types(BEN, f"/case {code.lower()}")
    assert (page.chat, page.code) == (BEN.id, code)
    assert page.text.startswith(f"Case {code} · invited")
    assert (note.chat, note.text) == (GROUP, "Ben, it comes to your private chat.")
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'case'")
    assert (row.code, row.name) == (code, "Ben")


async def test_dora_reads_first_how_to_open_a_private_chat(desk) -> None:
    code = (await desk.enrols()).code
    for text in (f"/case {code}", f"/case {code} "):
        [message] = await desk.types(DORA, text)
        assert message.chat == GROUP
        assert "press Start: https://t.me/aftercheck_bot" in message.text
        assert "Session" not in message.text


# /roster


async def test_the_roster_says_who_can_be_reached(desk) -> None:
    [message] = await desk.types(EVE, "/roster")
    assert "• Ben, nurse: reachable" in message.text
    assert "• Dora, nurse: ⚠️ not reachable in private" in message.text
    assert "Gus" not in message.text
    assert "presses Start" in message.text


# /oncall


async def test_nobody_on_call_is_said_with_what_follows(desk) -> None:
    [message] = await desk.types(BEN, "/oncall")
    assert message.text.startswith("Nobody is on call now, so alerts go to everyone at once.")


async def test_ben_takes_a_shift_and_ends_it(desk) -> None:
    [message] = await desk.types(BEN, "/oncall me 12")
    assert message.text == "Ben is on call until Wed 25 Nov, 02:00."
    desk.now += timedelta(hours=1)
    [message] = await desk.types(CLEO, "/oncall")
    assert message.text == "On call now:\n• Ben until Wed 25 Nov, 02:00"
    [message] = await desk.types(BEN, "/oncall off")
    assert message.text.startswith("Your shift has ended. Nobody is on call now")
    people = await desk.runs(lambda: desk.office.people(desk.now))
    assert people.people("on_call", desk.now)[0] == "everyone"


async def test_a_new_shift_takes_the_place_of_the_old(desk) -> None:
    await desk.types(BEN, "/oncall me 72")
    desk.now += timedelta(hours=1)
    await desk.types(BEN, "/oncall me 2")
    [message] = await desk.types(BEN, "/oncall")
    assert message.text == "On call now:\n• Ben until Tue 24 Nov, 17:00"


async def test_a_shift_ends_by_itself(desk) -> None:
    await desk.types(BEN, "/oncall me")
    desk.now += timedelta(hours=12)
    [message] = await desk.types(BEN, "/oncall")
    assert message.text.startswith("Nobody is on call now")


async def test_bens_shift_does_not_end_cleos(desk) -> None:
    await desk.types(CLEO, "/oncall me 5")
    [message] = await desk.types(BEN, "/oncall off")
    assert message.text.startswith("You were not on call. On call now:\n• Cleo")


async def test_who_cannot_be_reached_is_warned_when_taking_a_shift(desk) -> None:
    [message] = await desk.types(DORA, "/oncall me 3")
    assert "⚠️ I cannot reach you in private yet" in message.text


@pytest.mark.parametrize(
    "words", ["me 0", "me 73", "me -1", "me twelve", "me ²", "me 99999999999", "you", "me 1 2"]
)
async def test_a_shift_that_is_none_is_not_taken(desk, words) -> None:
    [message] = await desk.types(BEN, f"/oncall {words}")
    assert "/oncall me 12" in message.text
    assert not await desk.rows("SELECT * FROM shift")


# /export


@pytest.mark.parametrize(
    ("words", "file_format", "rows"),
    [
        ("", "csv", "answer"), ("check_in", "csv", "check_in"), ("Session", "csv", "session"),
        ("XLSX", "xlsx", None),
    ],
)  # fmt: skip
async def test_a_history_is_ordered_for_almas_private_chat(desk, words, file_format, rows) -> None:
    order, note = await desk.types(ALMA, f"/export {words}")
    assert (order.method, order.chat) == ("export", ALMA.id)
    assert order.payload == {
        "format": file_format,
        "rows": rows,
        "case": None,
        "since": None,
        "until": None,
        "alert": None,
    }
    assert note.chat == GROUP
    [row] = await desk.rows("SELECT * FROM action WHERE action = 'export'")
    assert (row.name, row.code, row.detail) == ("Alma", None, rows or "workbook")


async def test_one_case_or_the_time_since_a_day_is_ordered(desk) -> None:
    await desk.enrols(code="A7K2")
    order, _ = await desk.types(ALMA, "/export json a7k2")
    assert (order.payload["format"], order.payload["case"]) == ("json", "A7K2")
    order, _ = await desk.types(ALMA, "/export adverse-event-json a7k2-1")
    assert (order.payload["case"], order.payload["alert"]) == ("A7K2", "A7K2-1")
    order, _ = await desk.types(ALMA, "/export copy a7k2")
    assert (order.payload["format"], order.payload["case"]) == ("copy", "A7K2")
    order, _ = await desk.types(ALMA, "/export xlsx 2026-11-01")
    assert order.payload["since"] == "2026-10-31T23:00:00.000000+00:00"
    rows = await desk.rows("SELECT code, detail FROM action WHERE action = 'export' ORDER BY id")
    assert [(row.code, row.detail) for row in rows] == [
        ("A7K2", "everything, as json"), ("A7K2", "adverse event, as json A7K2-1"),
        ("A7K2", "the patient's copy, as pdf"), (None, "workbook since 2026-10-31 23:00+0000"),
    ]  # fmt: skip


async def test_from_a_first_day_to_a_last_one_is_ordered_and_that_day_is_in_it(desk) -> None:
    order, _ = await desk.types(ALMA, "/export check_in 2026-11-01 2026-11-30")
    wanted = order_of(order.payload)
    berlin = ZoneInfo("Europe/Berlin")
    assert wanted.options.since == datetime(2026, 11, 1, tzinfo=berlin)
    assert wanted.options.until == datetime(2026, 12, 1, tzinfo=berlin)
    assert wanted.options.rows == "check_in"
    assert asked_with(order.payload, berlin) == "/export check_in 2026-11-01 2026-11-30"
    [row] = await desk.rows("SELECT detail FROM action WHERE action = 'export'")
    assert row.detail == "check_in since 2026-10-31 23:00+0000 until 2026-11-30 23:00+0000"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("everything", "Write /export, or /export with one of: answer, check_in, session, xlsx,"),
        ("json", "Write the case code too, like /export json A7K2."),
        ("adverse-event ZZZZ-1", "There is no case «ZZZZ»."),
        ("json 2026-11-01", "There is no case «2026-11-01»."),
        ("xlsx ZZZZ", "There is no case «ZZZZ»."),
        ("xlsx A7K2 now", "Write /export, or"),
        ("xlsx 2026-11-01 2026-11-02 2026-11-03", "Write /export, or"),
        ("xlsx 2026-11-02 2026-11-01", "The last day must not be before the first."),
        ("copy", "Write the case code too, like /export copy A7K2."),
    ],
)
async def test_what_cannot_be_exported_is_said_and_nothing_is_ordered(
    desk, words, sentence
) -> None:
    [message] = await desk.types(ALMA, f"/export {words}")
    assert message.text.startswith(sentence)
    assert not await desk.rows("SELECT 1 FROM action WHERE action = 'export'")


@pytest.mark.parametrize("words", ["pdf", "copy", "adverse-event"])
async def test_a_pdf_that_nothing_could_set_is_not_ordered(desk, monkeypatch, words) -> None:
    await desk.enrols(code="A7K2")
    monkeypatch.setattr("bot.export.pdf.FONTS", (*FONTS, "no_such_font"))
    [message] = await desk.types(ALMA, f"/export {words} A7K2")
    assert "pip install 'aftercheck[pdf]'" in message.text


async def test_more_than_a_sending_can_wait_for_is_left_to_the_board_or_the_command_line(
    desk, monkeypatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_SESSIONS", 1)
    monkeypatch.setattr(exporting, "MOST_OF_A_BUNDLE", 0)
    await desk.enrols()
    [message] = await desk.types(ALMA, "/export fhir")
    assert "More than 0 sessions" in message.text
    assert len(await desk.types(ALMA, "/export xlsx")) == 2
    await desk.enrols()
    [message] = await desk.types(ALMA, "/export xlsx")
    assert "have `aftercheck export` run where the bot runs" in message.text
    assert len(await desk.types(ALMA, "/export xlsx 2026-11-25")) == 2
    assert len(await desk.types(ALMA, "/export xlsx 2026-11-01 2026-11-02")) == 2
    desk.office.settings.board_url = "https://board.example.org"
    [message] = await desk.types(ALMA, "/export xlsx")
    assert (
        "Name fewer days, like /export xlsx 2026-11-01 2026-11-30, or take it out" in message.text
    )
    assert "which writes files of any size: write /board, then Export" in message.text
    assert "aftercheck export" not in message.text
