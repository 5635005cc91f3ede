"""Stories: Telegram is down, nobody takes an alert, the staff chat is somebody else's."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bench.reliability.kennel import Kennel, a_kennel
from bench.reliability.watchdog import OneHourAhead, reports
from bot.cli_run import check_staff_chat
from bot.office import STAFF_CHAT
from bot.settings import SettingsError
from bot.standin.errors import Refusal, too_many
from bot.watchdog import conditions
from bot.watchdog.untaken import waits_since
from flows.clinic_hours import ClinicHours
from flows.engine.record import StoredAlert
from flows.escalation import StaffMember, Told
from flows.verdict import Level
from storage import clinic
from storage.transaction import Query

BEN = StaffMember(5001, "Ben", "nurse")
CLEO = StaffMember(5002, "Cleo", "doctor")
HOURS = ClinicHours.weekly("UTC", {"mon": ["09:00-18:00"]})
EVE = StaffMember(5004, "Eve", "auditor")


def sentences(kennel: Kennel, kind: str) -> list[str]:
    return [
        trouble["sentence"]
        for one in kennel.told for trouble in one["troubles"]
        if trouble["cause"].startswith(kind)
    ]  # fmt: skip


@pytest.mark.hazard("H02")
async def test_an_urgent_alert_while_telegram_is_down_goes_to_the_second_channel() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        await reports(kennel)
        [patient] = kennel.patients

        def never_arrived():
            yield Query("UPDATE outbox SET state = 'pending', ended_at = NULL WHERE lane = 0")

        await kennel.app.database.run(never_arrived)
        kennel.world.faults.server_error(502, times=10_000)
        kennel.alive = frozenset({"worker", "tick", "sender"})
        await kennel.turns(timedelta(minutes=2))
        [said] = sentences(kennel, "undelivered")
        assert f"{patient.code}-1 (emergency)" in said
        assert f"call the patient {patient.code}" in said
        everything = str(kennel.told)
        assert patient.canary not in everything, "no name"
        assert "reathing" not in everything, "nothing of what was said"


async def test_a_fault_in_looking_for_what_is_untaken_hides_nothing_that_is_undelivered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        refusal = Refusal(400, "Bad Request: message text is empty")
        for chat in (kennel.staff, kennel.ben.chat, kennel.cleo.chat):
            kennel.world.faults.refuses(refusal, "sendMessage", chat.id, times=50)
        await reports(kennel)
        monkeypatch.setattr(conditions, "is_untaken", lambda *_: 1 / 0)
        await kennel.turns(timedelta(minutes=3))
        assert sentences(kennel, "undelivered")
        assert "untaken could not be looked at" in sentences(kennel, "untaken")[0]


@pytest.mark.hazard("H02", "H08")
async def test_a_card_that_was_refused_everywhere_is_told_as_well() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        refusal = Refusal(400, "Bad Request: message text is empty")
        for chat in (kennel.staff, kennel.ben.chat, kennel.cleo.chat):
            kennel.world.faults.refuses(refusal, "sendMessage", chat.id, times=50)
        await reports(kennel)
        await kennel.turns(timedelta(minutes=3))
        assert "alert" not in kennel.app.pulse.watched, "nothing waits any more"
        assert sentences(kennel, "undelivered")


@pytest.mark.hazard("H28")
async def test_nobody_takes_an_emergency_and_the_second_channel_hears_at_15_minutes() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        await reports(kennel)
        raised = kennel.clock.instant
        while not kennel.told and kennel.clock.instant - raised < timedelta(minutes=20):
            await kennel.turn()
        late = kennel.clock.instant - raised - timedelta(minutes=15)
        assert abs(late) <= timedelta(seconds=30)
        assert "nobody has taken it for 15 minutes" in sentences(kennel, "untaken")[0]
        assert not any("nobody has taken" in s.text for s in kennel.ben.sees(kennel.staff)), (
            "the staff chat has the card"
        )
        await kennel.turns(timedelta(minutes=46))
        assert len(sentences(kennel, "untaken")) == 4, "at 15, 30, 45 and 60 minutes"


@pytest.mark.hazard("H28")
async def test_an_alert_that_somebody_took_is_told_to_nobody_else() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        await reports(kennel)
        card = next(s for s in kennel.ben.sees(kennel.staff) if "EMERGENCY" in s.text)
        kennel.ben.presses(card, "Claim")
        await kennel.turns(timedelta(minutes=29))
        assert kennel.told == []
        await kennel.turns(timedelta(minutes=3))
        assert sentences(kennel, "untaken"), "and then forgot"


@pytest.mark.hazard("H43")
async def test_a_group_without_the_staff_stops_the_heartbeat_and_a_start() -> None:
    async with a_kennel() as kennel:
        await check_staff_chat(kennel.app)
        kennel.staff.removes(kennel.cleo)
        await kennel.turn()
        assert kennel.app.pulse.watched == (), "one is enough"
        strangers = kennel.world.supergroup("Book club", kennel.owner)
        strangers.adds(kennel.bot)
        await kennel.app.database.run(lambda: clinic.put(STAFF_CHAT, str(strangers.id)))
        await kennel.turn()
        assert "staff_chat" in kennel.app.pulse.watched
        assert "Nobody from the roster" in sentences(kennel, "staff_chat")[0]
        with pytest.raises(SettingsError, match="would go to strangers"):
            await check_staff_chat(SimpleNamespace(  # type: ignore[arg-type]
                settings=kennel.app.settings, database=kennel.app.database,
                office=kennel.app.office, stop=nothing,
            ))  # fmt: skip


@pytest.mark.hazard("H43")
async def test_whoever_is_in_care_is_heard_though_nobody_of_the_staff_is_in_the_group() -> None:
    async with a_kennel() as kennel:
        await kennel.enrols(1)
        strangers = kennel.world.supergroup("Book club", kennel.owner)
        strangers.adds(kennel.bot)
        await kennel.app.database.run(lambda: clinic.put(STAFF_CHAT, str(strangers.id)))
        await check_staff_chat(kennel.app)
        await kennel.turn()
        assert "Nobody from the roster" in sentences(kennel, "staff_chat")[0]


async def nothing() -> None:
    """Leave the bot as it is."""


async def test_a_channel_that_fails_keeps_no_other_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It rests, as one that takes nothing, and whom the others told is kept."""
    async with a_kennel() as kennel:

        async def fails(_items: object) -> None:
            raise ZeroDivisionError

        watchdog = kennel.app.watchdog
        monkeypatch.setattr(watchdog.channels[0], "tell", fails)
        watchdog.at.free = lambda _folder: 0.01
        await kennel.turns(timedelta(minutes=2))
        assert len(sentences(kennel, "disk")) == 1
        assert "disk" in watchdog.kept
        assert watchdog.ledger is not None
        assert watchdog.channels[0].name in watchdog.ledger.pauses


async def test_a_condition_that_fails_or_hangs_is_wrong_and_the_others_are_looked_at() -> None:
    async with a_kennel() as kennel:

        async def fails(_at, _now):
            raise ZeroDivisionError

        kennel.app.watchdog.conditions["odd"] = fails
        kennel.app.watchdog.at.free = lambda _folder: 0.01
        found = {one.cause: one.sentence for one in await kennel.turn()}
        assert found["odd"] == "odd could not be looked at (ZeroDivisionError), so it may be wrong."
        assert "disk" in found


async def test_a_database_that_hangs_is_told_although_nothing_of_it_ends(monkeypatch) -> None:
    async with a_kennel() as kennel:
        monkeypatch.setattr("bot.watchdog.watching.PATIENCE", 1.0)
        for name in ("telling.BRIEFLY", "setting_up.BRIEFLY"):
            monkeypatch.setattr(f"bot.watchdog.{name}", 0.05)

        async def hangs(_transaction: object) -> None:
            await asyncio.Event().wait()

        database = kennel.app.watchdog.at.database
        monkeypatch.setattr(database, "read", hangs)
        monkeypatch.setattr(database, "run", hangs)
        kennel.app.watchdog.ledger = None
        await kennel.app.watchdog.look()
        assert "database" in kennel.app.pulse.watched
        assert sentences(kennel, "database")
        assert "The database cannot be" in kennel.ben.sees(kennel.staff)[-1].text


@pytest.mark.hazard("H28")
async def test_an_alert_that_rises_is_no_younger_for_who_must_hear_of_it() -> None:
    raised = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    minute = timedelta(minutes=1)
    alert = StoredAlert(
        "A7K2-1", "A7K2", Level.EMERGENCY, raised + 12 * minute, raised, 1, 24.0,
        notified=(Told(raised, Level.URGENT, "first"),
                  Told(raised + 12 * minute, Level.EMERGENCY, "first")),
    )  # fmt: skip
    assert waits_since(alert) == raised
    claimed = replace(alert, claimed_at=raised + minute)
    assert waits_since(claimed) == raised + 12 * minute, "somebody had looked at what it was before"
    lower = replace(alert, notified=(Told(raised, Level.FOLLOW_UP, "first"), alert.notified[1]))
    assert waits_since(lower) == raised + 12 * minute, "a follow-up may wait"


@pytest.mark.hazard("H08")
async def test_a_telegram_that_answers_nothing_says_nothing_of_the_staff_chat() -> None:
    async with a_kennel() as kennel:
        for refusal in (Refusal(502, "Bad Gateway"), too_many(30)):
            kennel.world.faults.refuses(refusal, "getChat", kennel.staff.id)
            await kennel.turn()
            assert kennel.app.pulse.watched == ()


@pytest.mark.hazard("H12")
async def test_a_clock_that_was_moved_is_told_while_telegram_cannot_say_the_time() -> None:
    async with a_kennel() as kennel:
        kennel.world.faults.refuses(Refusal(502, "Bad Gateway"), "getChat", kennel.staff.id)
        kennel.app.clock_watch.clock = OneHourAhead(kennel.clock)
        await kennel.turn()
        assert "clock" in kennel.app.pulse.watched
