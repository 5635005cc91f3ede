"""The digest: what is open, what came to nothing since the last one, and when the next is due."""

from datetime import UTC, datetime, timedelta

import pytest
from staff_office import BEN, GROUP, NOW, Desk, open_desk

from flows.engine.inputs import StaffDid
from flows.verdict import Level
from storage import due, inbox, records
from storage.due import DueRow
from storage.inbox import Arrived
from storage.instants import instant
from storage.transaction import Transaction

MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
"""Wednesday 08:30 in Berlin."""


@pytest.fixture
async def desk(database) -> Desk:
    return await open_desk(database)


async def planned(desk: Desk) -> datetime:
    """Return when the next digest is due."""
    [row] = await desk.rows("SELECT * FROM due WHERE kind = 'digest' AND state = 'waiting'")
    assert (row.key, row.code) == ("digest:clinic", None)
    return instant(row.due_at)


async def test_a_quiet_clinic_is_told_that_all_is_well(desk) -> None:
    message = await desk.digest()
    assert message.chat == GROUP
    assert message.text == (
        "Digest, Tue 24 Nov, 14:00\nNothing is open.\n\n"
        "No check-in came to nothing since the last one, and nobody waits to be confirmed.\n\n"
        "0 unaccounted: everything has ended with a reason, or waits for its next step."
    )


async def test_the_next_one_is_planned_for_half_past_eight(desk) -> None:
    await desk.digest()
    assert await planned(desk) == MORNING


async def test_one_that_is_on_time_plans_the_day_after(desk) -> None:
    desk.now = MORNING
    await desk.digest()
    assert await planned(desk) == MORNING + timedelta(days=1)


async def test_it_goes_with_the_alerts_so_that_it_is_never_dropped(desk) -> None:
    assert (await desk.digest()).lane == 0


async def test_it_lists_what_needs_a_person_and_what_needs_a_look(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    await desk.raises(code, Level.WATCH)
    await desk.raises(code, Level.URGENT, claimed_by=BEN.id, claimed_at=desk.now)
    await desk.raises(
        code, Level.FOLLOW_UP, claimed_by=BEN.id, claimed_at=desk.now, contacted_by=BEN.id,
        contacted_at=desk.now,
    )  # fmt: skip
    message = await desk.digest()
    person, look = message.text.split("Watch: look at each, then press Seen:")
    assert "3 open: 1 urgent, 1 follow up, 1 watch." in person
    assert "A7K2-2" in person
    assert "A7K2-3" in person, "contacted is not closed"
    assert "A7K2-1" in look
    assert message.keys["Seen A7K2-1"].startswith("a:outcome.seen.")


async def test_seen_closes_a_watch(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    await desk.raises(code, Level.WATCH)
    data = (await desk.digest()).keys["Seen A7K2-1"]
    word, option = data.split(":")[1].split(".", 1)
    said = StaffDid(BEN, word, data.split(":")[2], option, GROUP, 1)
    await decides(desk, code, said)
    assert "Nothing is open." in (await desk.digest()).text


async def decides(desk: Desk, code: str, said: StaffDid) -> None:
    """Bring a press to its case, as the router does."""
    from bot.deciding import Cause, decide  # noqa: PLC0415 - this test alone

    def take() -> Transaction[object]:
        loaded = yield from records.of_case(desk.office.vault.keys, code)
        assert loaded is not None
        return (yield from decide(desk.office, loaded, said, Cause(desk.now)))

    desk.now += timedelta(minutes=1)
    await desk.runs(take)


async def test_one_that_nobody_took_is_counted(desk) -> None:
    code = (await desk.enrols()).code
    for _ in range(2):
        await desk.raises(code, Level.URGENT)
    assert "2 open: 2 urgent. Nobody has taken 2 of them." in (await desk.digest()).text


async def test_fifty_of_each_still_fit_one_message_and_all_can_be_reached(desk) -> None:
    code = (await desk.enrols(code="A7K2BC")).code
    for _ in range(50):
        await desk.raises(code, Level.URGENT)
        await desk.raises(code, Level.WATCH)
    for hours in range(6, 106):
        await desk.has_check_in(code, hours, "missed_by_system", NOW)
    message = await desk.digest()
    assert len(message.text) <= 3900
    assert message.text.count("and 42 more: /open") == 2
    assert message.keys["Show all that is open"] == "d:open:0"
    assert all(len(data.encode()) <= 64 for data in message.keys.values())


# What came to nothing


async def test_check_ins_that_came_to_nothing_are_told_once(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    for hours, state in ((6, "unanswered"), (24, "missed_by_system"), (168, "unreachable")):
        await desk.has_check_in(code, hours, state, NOW)
    await desk.has_check_in(code, 336, "complete", NOW)
    text = (await desk.digest()).text
    assert "• ⚠️ not sent in time: phone them: A7K2 (24 h)" in text
    assert "• ⚠️ cannot be written to: phone them: A7K2 (day 7)" in text
    assert "• not answered: A7K2 (6 h)" in text
    assert "day 14" not in text
    desk.now += timedelta(days=1)
    assert "came to nothing since the last digest:" not in (await desk.digest()).text


async def test_one_that_comes_to_nothing_weeks_after_it_was_due_is_told_of(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    await desk.has_check_in(code, 672, "sent", NOW)
    await desk.digest()
    desk.now += timedelta(days=34)
    await desk.digest()
    desk.now += timedelta(days=1)
    await desk.has_check_in(code, 672, "unanswered", NOW)
    assert "not answered: A7K2 (day 28)" in (await desk.digest()).text


async def test_looking_at_it_early_takes_nothing_from_the_daily_one(desk) -> None:
    code = (await desk.enrols(code="A7K2")).code
    await desk.has_check_in(code, 24, "missed_by_system", NOW)
    [early] = await desk.types(BEN, "/digest", chat=BEN.id)
    assert (early.chat, "A7K2 (24 h)" in early.text) == (BEN.id, True)
    assert "A7K2 (24 h)" in (await desk.digest()).text


# Who waits


async def test_a_pairing_that_waits_is_listed_until_it_is_decided(desk) -> None:
    code = (await desk.enrols()).code
    await desk.saves(code, lambda record: record.with_patient(stage="pairing", chat_id=7001))
    await desk.runs(lambda: due.plan(DueRow("pairing", code, code, NOW)))
    for _ in range(2):
        assert f"no check-in goes out before: {code}." in (await desk.digest()).text
        desk.now += timedelta(days=1)
    await desk.saves(code, lambda record: record.with_patient(stage="active"))
    await desk.runs(lambda: due.end("pairing", code, "cancelled", "Ben decided", desk.now))
    assert "no check-in goes out before" not in (await desk.digest()).text


async def test_a_link_that_ran_out_is_listed_once(desk) -> None:
    code = (await desk.enrols()).code
    await desk.digest()
    desk.now += timedelta(hours=73)
    await desk.runs(lambda: due.end("invitation", code, "done", "", desk.now))
    desk.now += timedelta(hours=1)
    assert f"Links that ran out: {code}." in (await desk.digest()).text
    desk.now += timedelta(days=1)
    await desk.runs(lambda: due.end("pairing", code, "cancelled", "Ben decided", desk.now))
    assert "no check-in goes out before" not in (await desk.digest()).text


async def test_a_link_that_ran_out_and_was_finished_all_the_same_is_not_listed(desk) -> None:
    code = (await desk.enrols()).code
    await desk.runs(lambda: due.end("invitation", code, "done", "", desk.now))
    await desk.saves(code, lambda record: record.with_patient(stage="active"))
    desk.now += timedelta(hours=1)
    assert "ran out" not in (await desk.digest()).text


async def test_an_update_that_was_set_aside_is_told_once(desk) -> None:
    key = desk.office.vault.clinic
    await desk.runs(lambda: inbox.keep(key, [Arrived(1, 7001, b"{}")], desk.now))
    for _ in range(3):
        await desk.runs(lambda: inbox.failed(1, "ValueError", desk.now))
    assert "1 message(s) to the bot could not be worked on" in (await desk.digest()).text
    desk.now += timedelta(days=1)
    assert "set aside" not in (await desk.digest()).text
