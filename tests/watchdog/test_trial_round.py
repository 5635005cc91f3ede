"""The hourly trial goes the whole way, in its own chat, and is nowhere else to be seen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bench.reliability.kennel import Kennel, a_kennel
from bot.watchdog.trial_round import where_it_is_noon
from storage import cards, freezing, outages, overview, reconciliation, synthetic
from storage.cursor import cursor
from storage.exporting import COUNT, span
from storage.transaction import Query

CASE = "SELECT stage FROM patient WHERE code = '000000'"


def trial_screen(kennel: Kennel) -> list[str]:
    return [seen.text for seen in kennel.owner.sees(kennel.silent) if not seen.service]


async def begins(kennel: Kennel) -> None:
    """Let time pass until the next round has begun."""
    for _ in range(150):
        await kennel.turn()
        if await kennel.rows(CASE):
            return
    raise AssertionError("no round began")


async def test_a_check_in_goes_out_is_answered_and_raises_an_alert_once_an_hour() -> None:
    async with a_kennel() as kennel:
        shown = trial_screen(kennel)
        assert len(shown) == 2
        assert shown[0].startswith("Call 112 now."), "its check-in, changed by the answers"
        assert "EMERGENCY" in shown[1]
        await kennel.turns(timedelta(hours=2))
        assert len(trial_screen(kennel)) == 2 * 3
        assert kennel.told == []


async def test_after_a_round_nothing_of_it_is_left() -> None:
    async with a_kennel() as kennel:
        assert trial_screen(kennel)
        for table in ("patient", "session", "check_in", "answer", "alert", "message", "due",
                      "outbox", "action"):  # fmt: skip
            found = await kennel.rows(f"SELECT COUNT(*) AS many FROM {table} WHERE code = '000000'")  # noqa: S608
            assert found[0]["many"] == 0, table
        assert not await kennel.rows("SELECT 1 FROM inbox WHERE update_id < 0")
        said = await kennel.rows("SELECT 1 FROM action WHERE alert = '000000-1'")
        assert not said, "nobody did anything"


async def test_while_it_is_under_way_no_list_count_or_export_shows_it() -> None:
    async with a_kennel() as kennel:
        await begins(kennel)
        kennel.alive = kennel.alive - {"sender"}
        kennel.app.watchdog.conditions.pop("trial")
        await kennel.turn()
        await kennel.turns(timedelta(minutes=11))
        app, now = kennel.app, kennel.clock.now()
        assert await app.database.read(lambda: cards.open_alerts(app.office.vault.keys)) == []
        since = now - timedelta(days=3)
        for found in (
            outages.being_asked(since), outages.due_between(since, now),
            outages.recent_sessions(since, now),
        ):  # fmt: skip
            assert await app.database.read(found) == []
        seen = await app.database.read(lambda: overview.overview(now))
        assert not seen.unfinished
        assert await app.database.read(lambda: reconciliation.unaccounted(now)) == []
        with cursor(kennel.settings.database_url) as rows:
            [count] = rows(Query(COUNT, span(None)))
            assert count["cases"] == 0


async def test_staff_and_their_screens_never_see_it() -> None:
    async with a_kennel() as kennel:
        await kennel.turns(timedelta(minutes=70))
        for person in (kennel.ben, kennel.cleo):
            for chat in (kennel.staff, person.chat_with(kennel.bot)):
                assert not any("000000" in seen.text for seen in person.sees(chat))
                assert not any("EMERGENCY" in seen.text for seen in person.sees(chat))


@pytest.mark.parametrize("part", ["worker", "tick", "sender"])
async def test_a_part_that_stands_still_keeps_it_from_coming_round(part) -> None:
    async with a_kennel() as kennel:
        await begins(kennel)
        if part == "worker":
            kennel.app.watchdog.conditions["trial"].submit = lambda _updates: None  # type: ignore[attr-defined]
        kennel.alive = kennel.alive - {part}
        await kennel.turns(timedelta(minutes=11))
        assert "trial" in kennel.app.pulse.watched
        assert "trial" in kennel.causes_told()


async def test_it_recovers_by_itself_and_says_so() -> None:
    async with a_kennel() as kennel:
        await begins(kennel)
        kennel.silent.removes(kennel.bot)
        await kennel.turns(timedelta(minutes=30))
        assert kennel.app.pulse.watched == ("trial",)
        assert not any("phone" in seen.text for seen in kennel.ben.sees(kennel.staff)[-5:]), (
            "nobody phones a patient who is none"
        )
        kennel.silent.adds(kennel.bot)
        await kennel.turns(timedelta(minutes=25))
        assert kennel.app.pulse.watched == ()
        assert kennel.told[-1]["troubles"][0]["state"] == "over"


async def test_it_rests_while_a_restored_copy_waits_for_staff() -> None:
    async with a_kennel() as kennel:
        await kennel.app.database.run(lambda: freezing.freeze(kennel.clock.now()))
        await kennel.turns(timedelta(minutes=80))
        assert "trial" not in kennel.app.pulse.watched
        assert len(trial_screen(kennel)) == 2


async def test_without_its_chat_there_is_no_trial() -> None:
    async with a_kennel(silent_chat_id=0) as kennel:
        await kennel.turns(timedelta(hours=1))
        assert trial_screen(kennel) == []
        assert await kennel.app.database.read(synthetic.progress) is None


@pytest.mark.parametrize("hour", range(24))
def test_it_is_never_night_for_it(hour) -> None:
    now = datetime(2026, 11, 24, hour, tzinfo=ZoneInfo("UTC"))
    assert 9 <= now.astimezone(ZoneInfo(where_it_is_noon(now))).hour <= 15
