"""The bot is gone for minutes, for a night, for longer than Telegram keeps anything."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import Journey, Tell, a_journey

from bot import deciding, lots
from flows.engine.record import Record


async def asked(clinic: Journey) -> str:
    """Let Anna be asked for the first time."""
    await clinic.starts_private(clinic.ben)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    clinic.tape.begins()
    return code


async def test_the_bot_is_gone_for_a_minute_while_anna_taps(tell: Tell) -> None:
    """Her tap waits at Telegram, and nobody notices anything."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.stops()
        clinic.press_now(clinic.anna, "All good")
        clinic.clock.moves(minutes=1)
        await clinic.starts()
        assert clinic.offers(clinic.anna, "Change my answers")
        assert len(await clinic.rows("SELECT * FROM answer")) == 1


async def test_the_bot_is_gone_for_three_minutes_and_annas_tap_is_lost(tell: Tell) -> None:
    """Telegram keeps a press for 150 seconds: she is asked once more."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.stops()
        clinic.press_now(clinic.anna, "All good")
        clinic.clock.moves(minutes=3)
        await clinic.starts()
        assert "answer once more" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.anna, "All good")
        assert len(await clinic.rows("SELECT * FROM answer")) == 1


@pytest.mark.hazard("H01")
async def test_the_bot_is_gone_for_twelve_hours_over_night(tell: Tell) -> None:
    """What Anna wrote in the night is heard first thing, and staff read from when to when."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.until("Mon 23:00")
        await clinic.stops()
        await clinic.sleeps("Tue 04:00")
        clinic.anna.types(clinic.anna.chat, "my throat feels tight and swollen")
        await clinic.sleeps("Tue 11:00")
        await clinic.starts()
        await clinic.passes(minutes=6)
        shown = [seen.text for seen in clinic.staff_screen()]
        down = next(place for place, text in enumerate(shown) if "The bot was down" in text)
        alarm = next(place for place, text in enumerate(shown) if "URGENT" in text)
        assert down < alarm


@pytest.mark.hazard("H01")
async def test_starts_that_come_to_nothing_are_part_of_one_long_stop(tell: Tell) -> None:
    """Each of three stops is too short to be told; nobody was heard for half an hour."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.until("Mon 20:00")
        await clinic.passes(minutes=2)
        for wall in ("Mon 20:12", "Mon 20:22", "Mon 20:32"):
            await clinic.stops()
            await clinic.sleeps(wall)
            await clinic.starts()
        down = [seen.text for seen in clinic.staff_screen() if "The bot was down" in seen.text]
        assert down[-1].startswith("⚠️ The bot was down from Mon 23 Nov, 20:02 to")
        await clinic.passes(minutes=2)
        count = len(down)
        await clinic.stops()
        await clinic.sleeps("Mon 20:40")
        await clinic.starts()
        down = [seen.text for seen in clinic.staff_screen() if "The bot was down" in seen.text]
        assert len(down) == count, "it ran before, and this stop is short"


@pytest.mark.hazard("H03")
async def test_the_bot_is_gone_for_thirty_hours(tell: Tell) -> None:
    """Telegram has dropped what came more than a day ago; everybody due is asked again, once."""
    async with tell() as clinic:
        code = await asked(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.enrolled(clinic.omar)
        await clinic.until("Tue 09:00")
        clinic.tape.begins()
        await clinic.stops()
        await clinic.sleeps("Tue 12:00")
        clinic.anna.types(clinic.anna.chat, "this is lost: it is too long ago")
        await clinic.sleeps("Wed 15:00")
        started = clinic.clock.now()
        await clinic.starts()
        down = next(s.text for s in clinic.staff_screen() if "The bot was down" in s.text)
        assert code in down
        for person in (clinic.anna, clinic.omar):
            fresh = [seen for seen in clinic.screen(person) if seen.at >= started]
            assert len([seen for seen in fresh if seen.buttons]) == 1


@pytest.mark.hazard("H02")
async def test_telegram_fails_for_a_quarter_of_an_hour_while_anna_is_in_danger(
    tell: Tell,
) -> None:
    """As soon as anything goes out her alert does, once in each chat, with the time it waited."""
    async with tell() as clinic:
        code = await asked(clinic)
        await clinic.presses(clinic.anna, "One of these")
        clinic.tape.did("— from here on Telegram answers every call of the bot with an error —")
        for method in ("sendMessage", "editMessageText", "answerCallbackQuery"):
            clinic.world.faults.server_error(502, method, times=100_000)
        await clinic.presses(clinic.anna, "Trouble breathing")
        await clinic.passes(minutes=10)
        assert clinic.cards() == []
        clinic.tape.did("— Telegram works again —")
        clinic.world.faults.clear()
        await clinic.passes(minutes=1)
        assert len(clinic.cards()) == 1
        assert f"{code}-1 · notice" in clinic.cards()[0].text


@pytest.mark.hazard("H19")
async def test_the_question_and_its_reminder_are_lost_on_the_way_to_anna(tell: Tell) -> None:
    """Nobody knows whether they came: she is asked a third time, and it reads otherwise."""
    async with tell() as clinic:
        await clinic.starts_private(clinic.ben)
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        before = len(clinic.screen(clinic.anna))
        clinic.world.faults.breaks("reset_before", "sendMessage", clinic.anna.chat.id, times=2)
        await clinic.until("Mon 17:10")
        [asked_again] = clinic.screen(clinic.anna)[before:]
        assert asked_again.text.startswith("We write again on Mon 23 Nov, 17:00")
        await clinic.presses(clinic.anna, "All good")
        assert clinic.offers(clinic.anna, "Change my answers")


async def test_every_answer_to_annas_report_is_lost_for_a_while(tell: Tell) -> None:
    """Telegram answers 502, and nobody knows whether she saw anything: she does, minutes later."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "All good")
        await clinic.passes(minutes=10)
        clinic.world.faults.server_error(502, "sendMessage", clinic.anna.chat.id, times=2)
        await clinic.writes(clinic.anna, "/report")
        assert clinic.screen(clinic.anna)[-1].text == "/report"
        await clinic.passes(minutes=6)
        assert clinic.last(clinic.anna).text.startswith("We write again on Mon 23 Nov, 16:15")
        await clinic.presses(clinic.anna, "One of these")
        assert clinic.last(clinic.anna).text.startswith("Which one?")


@pytest.mark.hazard("H02")
async def test_telegram_is_out_of_reach_for_five_minutes_and_annas_tap_is_lost(tell: Tell) -> None:
    """The bot runs all the while, and asks her once more as soon as it hears Telegram again."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.presses(clinic.anna, "None of these, but I have symptoms")
        clinic.clock.moves(minutes=5)
        await clinic.app.way_in.was_deaf(300)
        await clinic.settle()
        assert "answer once more" in clinic.last(clinic.anna).text
        await clinic.presses(clinic.anna, "Back")
        await clinic.presses(clinic.anna, "All good")
        assert clinic.offers(clinic.anna, "Change my answers")


@pytest.mark.hazard("H12")
async def test_the_clock_is_set_back_by_an_hour_while_anna_is_in_danger(tell: Tell) -> None:
    """Everyone is told again in time by the new clock, and not an hour later."""
    async with tell() as clinic:
        await asked(clinic)
        await clinic.passes(minutes=70)
        await clinic.presses(clinic.anna, "One of these", "Trouble breathing")
        await clinic.passes(minutes=12)
        hour = timedelta(hours=1)
        clinic.world.now = lambda: clinic.clock.now() + hour  # Telegram's clock is its own
        clinic.clock.start -= hour  # and nobody sets the monotonic one
        clinic.clock.instant -= hour
        await clinic.settle()
        for _ in range(15):
            before = len(clinic.cards())
            for _ in range(6):
                clinic.clock.moves(minutes=1)
                await clinic.settle()
            assert len(clinic.cards()) > before


@pytest.mark.hazard("H12")
async def test_the_clock_is_a_day_ahead_for_a_night_and_anna_is_asked_in_time(
    tmp_path: Path,
) -> None:
    """A start by the wrong clock put her check-in off to the morning of the day after."""
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        assert await clinic.is_asked(clinic.anna)
        await clinic.until("Mon 23:00")
        day = timedelta(days=1)
        await clinic.stop()
        clinic.clock.instant += day
        clinic.clock.start += day
        await clinic.start()
        await clinic.settle()
        [put_off] = await clinic.rows(
            "SELECT due_at FROM due WHERE key LIKE '%check_in/24' AND state = 'waiting'"
        )
        assert datetime.fromisoformat(put_off["due_at"]) > clinic.clock.now(), "or nothing is tried"
        clinic.clock.instant -= day
        clinic.clock.start -= day
        clinic.app.clock_watch.compared(clinic.clock.now())  # as Telegram says within a minute
        await clinic.settle()
        asked_at = clinic.last(clinic.anna).at
        await clinic.passes(hours=14)
        [asked] = await clinic.rows("SELECT sent_at, due_at FROM check_in WHERE key LIKE '%24'")
        late = datetime.fromisoformat(asked["sent_at"]) - datetime.fromisoformat(asked["due_at"])
        assert timedelta() <= late < timedelta(minutes=5)
        assert clinic.last(clinic.anna).at > asked_at


@pytest.mark.hazard("H03")
@pytest.mark.parametrize("early", [True, False])
async def test_one_case_that_the_bot_fails_at_keeps_nobody_else_from_a_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *,
    early: bool,
) -> None:  # fmt: skip
    """Nothing half done is kept of it, staff are told to phone, and the others are asked again."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        anna, _ = await clinic.all_enrolled([clinic.anna, clinic.omar])
        await clinic.until("Mon 16:32")
        part, name = (deciding, "advance") if early else (lots, "watch")
        works = getattr(part, name)

        def broken(given: Any, record: Record, *more: Any) -> Any:
            if record.patient.code == anna:
                raise TypeError("a fault of the program")
            return works(given, record, *more)

        monkeypatch.setattr(part, name, broken)
        await clinic.restart(minutes=20)
        told = [seen.text for seen in clinic.staff_screen() if "asked again" in seen.text]
        assert len(told) == 1
        assert anna in told[0]
        assert "Please phone" in told[0]
        away = "We were away for a while"
        assert clinic.last(clinic.omar).text.startswith(away)
        assert not any(seen.text.startswith(away) for seen in clinic.screen(clinic.anna))
