"""A part of the bot fails: what the patients say is heard all the same, or the page says so."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from acts import photo
from clinic import Journey, a_journey
from pydantic import SecretStr

from bot import inbox_worker
from bot.outgoing import change
from bot.standin.errors import Refusal
from flows.engine.events import Change, Lane, Message
from storage.transaction import ConflictError, Query, StorageError

MESSAGES = "SELECT state, reason FROM inbox ORDER BY update_id DESC LIMIT 1"


async def writes_what_cannot_be_worked_on(
    clinic: Journey, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Let Anna write while nothing that comes can be worked on."""

    def fails(*_):
        raise error
        yield

    with monkeypatch.context() as broken:
        broken.setattr(inbox_worker, "work", fails)
        await clinic.writes(clinic.anna, "My lip is numb")


async def test_anna_is_heard_after_her_failure_could_not_be_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk at the wrong moment must not leave her chat without anybody who works on it."""
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        worker, run = clinic.app.worker, clinic.app.database.run
        left = [StorageError("full", passing=True), ValueError("broken")]

        async def failing(transaction):
            def breaks():
                yield from transaction()
                raise left.pop()

            return await run(breaks if left else transaction)

        with monkeypatch.context() as broken:
            broken.setattr(worker, "database", type("Failing", (), {"run": staticmethod(failing)}))
            await clinic.writes(clinic.anna, "I cannot breathe")
        assert not left
        assert "a failure could not be counted" in caplog.text
        assert (await clinic.rows(MESSAGES))[0]["state"] == "done"
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())


async def test_what_the_database_refuses_is_set_aside_and_the_next_message_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A row that the database never takes is told of, and does not stop the chat for ever."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        error = ConflictError("a row like this is there already")
        await writes_what_cannot_be_worked_on(clinic, monkeypatch, error)
        assert (await clinic.rows(MESSAGES))[0]["state"] == "set_aside"
        assert any("could not be read" in seen.text for seen in clinic.staff_screen())
        await clinic.writes(clinic.anna, "I cannot breathe")
        assert any("I cannot breathe" in seen.text for seen in clinic.staff_screen())


@pytest.mark.hazard("H36")
async def test_somebody_is_called_for_what_could_not_be_worked_on_until_they_phone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may say anything, so it is an urgent alert that goes on, in private chats too."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        error = RuntimeError("a fault of the program")
        await writes_what_cannot_be_worked_on(clinic, monkeypatch, error)
        await clinic.settle()
        assert any(f"URGENT (orange) · {code}-1" in seen.text for seen in clinic.staff_screen())
        assert clinic.last(clinic.anna).text.startswith("Sorry, we could not take in")
        assert any(f"{code}-1" in seen.text for seen in clinic.screen(clinic.ben))
        before = len(clinic.staff_screen())
        await clinic.passes(minutes=30)
        again = [seen for seen in clinic.staff_screen()[before:] if "notice" in seen.text]
        assert len(again) > 1
        await clinic.staff_press(clinic.ben, "Contacted", on=code)
        assert (await clinic.rows("SELECT contacted_at FROM alert"))[0]["contacted_at"]


async def test_an_old_question_that_goes_again_is_not_put_over_newer_advice(
    tmp_path: Path,
) -> None:
    """Telegram refuses a screen for a while; by then the patient has been told to get help."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        await clinic.until("Mon 16:32")
        office, sender = clinic.app.office, clinic.app.sender
        number = clinic.last(clinic.anna).message_id

        async def shows(text: str, lane: Lane) -> None:
            event = Change(number, Message(text), "a check-in", text, lane)
            now, chat = clinic.clock.now(), clinic.anna.id
            await clinic.app.database.run(lambda: change(office, event, chat, code, now))

        clinic.world.faults.too_many(2, "editMessageText")
        await shows("An old question", Lane.REPLY)
        sender.wake()
        await sender.advance()
        await shows("Call 112 now", Lane.ALERT)
        await sender.landed()
        await clinic.settle()
        assert clinic.last(clinic.anna).text == "Call 112 now"


@pytest.mark.hazard("H46")
async def test_staff_hear_of_an_alert_whose_card_cannot_be_composed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A protocol that can no longer be read hides no patient, and no other patient's card."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
        anna, omar = await clinic.all_enrolled([clinic.anna, clinic.omar])
        await clinic.until("Mon 16:32")
        for person in (clinic.anna, clinic.omar):
            clinic.press_now(person, "One of these")
        await clinic.settle()
        broken = "UPDATE patient SET protocol = 'no such@1' WHERE code = :code"
        for person in (clinic.anna, clinic.omar):
            clinic.press_now(person, "Trouble breathing")
        await clinic.app.intake.poll(clinic.app.bot, 0)
        await clinic.app.worker.idle()

        def forget():
            yield Query(broken, {"code": anna})

        await clinic.app.database.run(forget)
        await clinic.settle()
        read = "\n".join(seen.text for seen in clinic.staff_screen())
        assert f"{anna}-1: an alert is open, and its card cannot be shown" in read
        assert f"EMERGENCY (red) · {omar}-1" in read


async def test_a_menu_that_telegram_does_not_take_is_no_reason_not_to_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        for _ in range(3):
            clinic.world.faults.server_error(502, "setMyCommands")
        await clinic.restart(minutes=1)
        assert caplog.text.count("a menu of commands was not set") == 3
        await clinic.writes(clinic.anna, "/status")
        assert "Where things stand" in clinic.last(clinic.anna).text


async def test_the_watchdog_hears_while_the_staff_chat_takes_nothing(tmp_path: Path) -> None:
    """Alerts that were refused are over in the outbox: without this all would look well."""
    async with a_journey(tmp_path) as clinic:

        async def is_lost() -> bool:
            return (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost

        await clinic.enrolled(clinic.anna)
        clinic.staff.removes(clinic.bot)
        await clinic.writes(clinic.anna, "I can't breathe")
        assert await is_lost()
        clinic.staff.adds(clinic.bot)
        await clinic.settle()
        assert not await is_lost()
        new = Refusal(400, "Bad Request: SOMETHING_NEW")
        clinic.world.faults.refuses(new, chat=clinic.staff.id, times=99)
        await clinic.writes(clinic.anna, "My tongue is swollen")
        assert await is_lost()
        clinic.world.faults.clear()
        await clinic.writes(clinic.anna, "I feel faint")
        assert not await is_lost(), "it takes messages again"


@pytest.mark.hazard("H08")
async def test_alerts_reach_everybody_alone_while_the_groups_general_topic_is_closed(
    tmp_path: Path,
) -> None:
    """Each time it is closed they are told what to do, and the watchdog hears."""
    async with a_journey(tmp_path) as clinic:

        def told(words: str) -> list[int]:
            people = (clinic.ben, clinic.cleo)
            return [sum(words in seen.text for seen in clinic.screen(one)) for one in people]

        async def is_lost() -> bool:
            return (await clinic.app.backlog(clinic.clock.now())).is_staff_chat_lost

        clinic.staff.is_forum = True
        await clinic.starts_private(clinic.ben, clinic.cleo)
        anna, omar = await clinic.all_enrolled([clinic.anna, clinic.omar])
        await clinic.until("Mon 16:01")
        clinic.staff.general.closed = True
        await clinic.presses(clinic.anna, "All good", "Please call me")
        assert told(f"{anna}-1") == [1, 1]
        assert told("please open its topic General again") == [1, 1]
        assert await is_lost()
        clinic.staff.general.closed = False
        await clinic.presses(clinic.omar, "All good", "Please call me")
        assert any(f"{omar}-1" in seen.text for seen in clinic.cards())
        assert not await is_lost()
        clinic.staff.general.closed = True
        await clinic.writes(clinic.anna, "I can't breathe")
        assert told("please open its topic General again") == [2, 2]
        await clinic.staff_press(clinic.ben, "Claim", on=omar)
        assert await is_lost(), "an old card that could be changed is no new one that came"


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE patient SET protocol = 'no such@1' WHERE code = '{code}'",
        (
            "CREATE TRIGGER damage BEFORE INSERT ON outbox WHEN NEW.code = '{code}'"
            " BEGIN SELECT RAISE(ABORT, 'damaged'); END"
        ),
    ],
    ids=["what_is_read", "what_is_written"],
)
async def test_one_case_that_cannot_be_read_keeps_nobody_else_from_a_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        anna, _ = await clinic.all_enrolled([clinic.anna, clinic.omar])
        await clinic.until("Mon 16:32")

        def forget():
            yield Query(broken.format(code=anna))

        await clinic.app.database.run(forget)
        await clinic.restart(minutes=20)
        assert any(
            f"{anna} cannot be read or asked again" in seen.text for seen in clinic.staff_screen()
        )
        assert clinic.offers(clinic.omar, "All good")


async def test_a_photo_that_cannot_be_had_keeps_no_other(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.anna.sends_photo(clinic.anna.chat, photo(1))
        clinic.anna.sends_photo(clinic.anna.chat, photo(2))
        await clinic.app.intake.poll(clinic.app.bot, 0)
        await clinic.app.worker.idle()
        clinic.world.faults.server_error(502, "getFile")
        assert [await clinic.app.photos.run() for _ in range(2)] == [1, 1]
        assert await clinic.rows("SELECT id FROM photo WHERE fetched_at IS NULL") == []


async def test_a_webhook_that_brings_nothing_is_no_sign_of_life(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody took it away, or Telegram cannot reach it: silence is not an hour without words."""
    async with a_journey(tmp_path) as clinic:
        app, queue = clinic.app, clinic.bot.updates
        app.settings.webhook_url = "https://bot.example"
        app.settings.webhook_secret = SecretStr("s" * 43)
        await app.way_in.choose()

        async def is_well() -> bool:
            clinic.clock.moves(minutes=3)
            await app.way_in.look_at_webhook()
            return app.pulse.last_poll is not None and (
                clinic.clock.now() - app.pulse.last_poll < timedelta(minutes=1)
            )

        assert await is_well()
        clinic.anna.starts(clinic.bot)
        queue.webhook.last_error = "Connection refused"
        queue.webhook.last_error_at = clinic.clock.now() + timedelta(minutes=2)
        assert queue.pending
        assert not await is_well()
        queue.webhook = None
        assert not await is_well()
        assert "taken away" in caplog.text


async def test_a_newly_set_staff_chat_goes_before_what_an_old_group_became(tmp_path: Path) -> None:
    """The number that a group moved to is remembered, but not against the settings."""
    async with a_journey(tmp_path, basic=True) as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.moves_staff()
        await clinic.settle()
        clinic.staff = clinic.world.supergroup("New staff", *clinic.roles)
        clinic.staff.adds(clinic.bot)
        await clinic.restart(minutes=1)
        await clinic.writes(clinic.anna, "I can't breathe")
        assert any("I can't breathe" in seen.text for seen in clinic.staff_screen())
        await clinic.restart(minutes=1)
        await clinic.writes(clinic.anna, "My lip is numb")
        assert any("My lip is numb" in seen.text for seen in clinic.staff_screen())


async def test_staff_phone_whom_telegram_refuses_a_check_in(tmp_path: Path) -> None:
    """Not blocked, not gone: refused for a reason that nobody foresaw."""
    async with a_journey(tmp_path) as clinic:
        code = await clinic.enrolled(clinic.anna)
        new = Refusal(400, "Bad Request: SOMETHING_NEW")
        clinic.world.faults.refuses(new, "sendMessage", chat=clinic.anna.id)
        await clinic.until("Mon 16:32")
        assert f"refused a message to {code}" in clinic.staff_screen()[-1].text


async def test_one_refused_change_in_the_staff_chat_does_not_lose_it(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben)
        code = await clinic.enrolled(clinic.anna)
        await clinic.writes(clinic.anna, "I cannot breathe")
        await clinic.passes(minutes=6)
        new = Refusal(400, "Bad Request: SOMETHING_NEW")
        clinic.world.faults.refuses(new, "editMessageText", chat=clinic.staff.id)
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        await clinic.passes(minutes=2)
        kept = await clinic.rows("SELECT value FROM meta WHERE key = 'staff_chat_lost'")
        assert not any(row["value"] for row in kept)


async def test_what_fails_for_days_is_said_once_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The digest that failed in spring must not be silent when it fails again in autumn."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:

        def broken(*_):
            raise ValueError("no digest")
            yield

        monkeypatch.setattr("bot.staff.digest", broken)
        for day in ("Tue 12:00", "Tue 13:00", "Wed 13:00"):
            await clinic.sleeps(day)
            await clinic.settle()
        told = [seen.at.date() for seen in clinic.staff_screen() if "(digest)" in seen.text]
        assert len(told) == len(set(told)) == 2


@pytest.mark.hazard("H36")
async def test_many_messages_that_cannot_be_read_do_not_stand_before_an_alert(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Staff are told of each chat once an hour, and by its case whom to phone."""
    caplog.set_level(logging.CRITICAL)
    async with a_journey(tmp_path) as clinic:
        codes = await clinic.all_enrolled([clinic.anna, clinic.omar])
        for _ in range(30):
            clinic.sends_nonsense(clinic.anna)
        clinic.sends_nonsense(clinic.omar)
        await clinic.settle()
        told = [seen.text for seen in clinic.staff_screen() if "could not be read" in seen.text]
        assert [[code in text for code in codes] for text in told] == [[True, False], [False, True]]
        before = clinic.clock.now()
        await clinic.writes(clinic.anna, "I cannot breathe")
        (heard,) = [s for s in clinic.staff_screen() if "I cannot breathe" in s.text]
        assert heard.at - before < timedelta(seconds=5)
        await clinic.passes(hours=1)
        clinic.sends_nonsense(clinic.anna)
        await clinic.settle()
        assert any(s.at > before and "could not be read" in s.text for s in clinic.staff_screen())
