"""Alerts that were opened at a lower level: each clock and figure counts from the present one."""

import io
import re
from datetime import timedelta

import openpyxl
from clinic import Journey
from sitting import AtTheBoard, Browser

from storage.instants import stored


async def a_worse_fever(clinic: AtTheBoard, hours: int = 22) -> str:
    """Anna writes something for a look, and has a high fever the next morning."""
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await writes_for_a_look(journey)
    assert [row["level"] for row in await clinic.alerts()] == ["watch"]
    await journey.passes(hours=hours)
    await reports_fever(journey, "39.2")
    return code


async def writes_for_a_look(journey: Journey) -> None:
    await journey.writes(journey.anna, "it feels a bit odd")
    await journey.presses(journey.anna, "All good")


async def reports_fever(journey: Journey, degrees: str) -> None:
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, degrees)


async def words(browser: Browser, page: str) -> str:
    status, text = await browser.get(page)
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def test_ben_reads_since_when_it_is_urgent_and_when_it_was_opened(clinic) -> None:
    code = await a_worse_fever(clinic)
    [row] = await clinic.alerts()
    assert (row["key"], row["level"]) == (f"{code}-1", "urgent")
    await clinic.journey.passes(minutes=3)
    ben = await clinic.enters(clinic.journey.ben)
    for page in ("/board", f"/board/case/{code}"):
        text = await words(ben, page)
        assert "Raised 08:00 (3 min) Opened Mon 23 Nov, 10:00 (22 h) Taken by nobody yet" in text


async def test_a_fresh_alert_has_one_clock_of_these(clinic) -> None:
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    await reports_fever(journey, "39.2")
    ben = await clinic.enters(journey.ben)
    text = await words(ben, "/board")
    assert "Raised 10:00 (0 min)" in text
    assert "Opened" not in text


async def test_what_rose_a_moment_ago_stands_below_what_waits_longer_at_the_level(clinic) -> None:
    journey = clinic.journey
    other = await journey.enrolled(journey.omar)
    code = await journey.enrolled(journey.anna)
    await writes_for_a_look(journey)
    await journey.passes(minutes=10)
    await journey.reports(journey.omar, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.omar, "39.2")
    await journey.passes(minutes=10)
    await reports_fever(journey, "39.2")
    ben = await clinic.enters(journey.ben)
    text = await words(ben, "/board")
    assert text.index(f"{other}-1") < text.index(f"{code}-1")
    await journey.writes(journey.ben, "/open")
    [listed] = [seen.text for seen in journey.screen(journey.ben) if "2 open" in seen.text]
    assert listed.index(f"{other}-1") < listed.index(f"{code}-1")
    assert "waiting 0 min, open 20 min" in listed


async def test_two_minutes_are_two_minutes_on_the_board_and_in_the_workbook(clinic) -> None:
    code = await a_worse_fever(clinic)
    journey = clinic.journey
    await journey.passes(minutes=2)
    ben = await clinic.enters(journey.ben)
    await ben.presses("claim", f"{code}-1")
    text = await words(ben, "/board/clinic?days=7")
    assert "Until somebody has it 2 min median; 95 % within 2 min" in text
    assert "Hour Alerts Median 95 % 08:00 1 2 min 2 min" in text
    assert [round(minutes) for minutes in await minutes_to_taken(journey)] == [2]


async def test_a_claim_from_before_the_raise_was_no_answer_to_it(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await reports_fever(journey, "38.6")
    await journey.staff_press(journey.ben, "Claim", f"{code}-1")
    await journey.passes(minutes=20)
    await reports_fever(journey, "40.4")
    [row] = await clinic.alerts()
    assert row["claimed_at"] < row["raised_at"]
    ben = await clinic.enters(journey.ben)
    assert "Until somebody has it – median" in await words(ben, "/board/clinic?days=7")
    assert await minutes_to_taken(journey) == [None]


async def test_an_old_look_that_became_urgent_this_week_is_of_this_week(clinic) -> None:
    code = await a_worse_fever(clinic)
    journey = clinic.journey
    long_ago = stored(journey.clock.now() - timedelta(days=9))
    await journey.rewrites(
        "UPDATE alert SET opened_at = :at WHERE key = :key", at=long_ago, key=f"{code}-1"
    )
    ben = await clinic.enters(journey.ben)
    assert "of 1 that call a person" in await words(ben, "/board/clinic?days=7")


async def minutes_to_taken(journey: Journey) -> list[float | None]:
    """Return that column of the workbook that Cleo takes out."""
    await journey.staff_writes(journey.cleo, "/export xlsx")
    [document] = [seen.document.upload for seen in journey.screen(journey.cleo) if seen.document]
    heads, *rows = openpyxl.load_workbook(io.BytesIO(document.content))["Alerts"].values
    return [row[heads.index("Minutes to taken")] for row in rows]
