"""Telegram takes nothing in the evening, and nobody is woken by what waited meanwhile."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from clinic import MONDAY, Journey, Tell, a_journey

from bench.server import NewDatabase, database_server

LATE_START = MONDAY + timedelta(hours=5)  # 15:00 in Berlin
AN_HOUR = 3600


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    with database_server() as new:
        yield new


async def is_not_asked(clinic: Journey) -> int:
    """Enrol Anna, let Telegram refuse each message to her until 22:30; return what she saw."""
    await clinic.starts_private(clinic.ben)
    await clinic.enrolled(clinic.anna)
    clinic.tape.begins()
    before = len(clinic.screen(clinic.anna))
    clinic.world.faults.too_many(AN_HOUR, "sendMessage", clinic.anna.chat.id, times=100)
    await clinic.until("Mon 22:30")
    clinic.world.faults.clear()
    return before


@pytest.mark.hazard("H02")
async def test_a_check_in_that_waited_into_the_night_comes_in_the_morning(tell: Tell) -> None:
    async with tell(start=LATE_START) as clinic:
        before = await is_not_asked(clinic)
        await clinic.until("Tue 07:50")
        assert clinic.screen(clinic.anna)[before:] == []
        await clinic.until("Tue 08:10")
        asked = [seen for seen in clinic.screen(clinic.anna)[before:] if seen.buttons]
        assert len(asked) == 1
        await clinic.until("Tue 09:05")
        assert "could not be sent in time: phone" in clinic.cards()[-1].text
        await clinic.presses(clinic.anna, "All good")
        assert clinic.offers(clinic.anna, "Change my answers")


@pytest.mark.hazard("H05")
async def test_a_check_in_that_waits_for_the_morning_stays_out_of_a_chat_that_its_case_has_left(
    tmp_path,
) -> None:
    """Anna has a new account, which Ben confirms in the evening: the old one may be another's."""
    async with a_journey(tmp_path, start=LATE_START) as clinic:
        before = await is_not_asked(clinic)
        await clinic.starts_private(clinic.cleo)
        [row] = await clinic.rows("SELECT code FROM patient WHERE code <> '000000'")
        await clinic.writes(clinic.ben, f"/link {row['code']}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        await clinic.staff_press(clinic.ben, "Yes", on="new account")
        await clinic.until("Tue 08:10")
        [closed] = clinic.screen(clinic.anna)[before:]
        assert "this one is closed" in closed.text
        await clinic.presses(clinic.omar, "All good")
        assert clinic.offers(clinic.omar, "Change my answers")


@pytest.mark.hazard("H05")
async def test_an_answer_that_waits_stays_out_of_a_chat_that_its_case_has_left(tmp_path) -> None:
    """It repeats what Anna said, and Telegram takes nothing for her old account for an hour."""
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        clinic.world.faults.too_many(AN_HOUR, "sendMessage", clinic.anna.chat.id, times=1)
        await clinic.writes(clinic.anna, "my cheek is a bit red")
        before = len(clinic.screen(clinic.anna))
        await clinic.writes(clinic.ben, f"/link {code}")
        [link] = re.findall(r"https://t.me/\S+", clinic.screen(clinic.ben)[-1].text)
        await clinic.opens(clinic.omar, link)
        await clinic.staff_press(clinic.ben, "Yes", on="new account")
        await clinic.passes(hours=2)
        [closed] = clinic.screen(clinic.anna)[before:]
        assert "this one is closed" in closed.text


@pytest.mark.hazard("H02")
async def test_what_is_composed_as_it_goes_arrives_from_postgresql_too(
    tmp_path, new_database
) -> None:
    """A check-in that has waited for an hour by day, and everything that is kept about Anna."""
    url = await asyncio.to_thread(new_database)
    async with a_journey(tmp_path, database_url=url) as clinic:
        await clinic.enrolled(clinic.anna)
        before = len(clinic.screen(clinic.anna))
        clinic.world.faults.too_many(AN_HOUR, "sendMessage", clinic.anna.chat.id, times=1)
        await clinic.until("Mon 17:30")
        [asked] = clinic.screen(clinic.anna)[before:]
        assert asked.text.startswith("Time for your check-in")
        await clinic.writes(clinic.anna, "/mydata")
        await clinic.presses(clinic.anna, "Yes, send them")
        assert clinic.last(clinic.anna).document
