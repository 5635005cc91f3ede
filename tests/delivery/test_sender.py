"""What is put into the outbox arrives, in order, once."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from storage.outbox import supersede
from storage.outbox_rows import Lane, NewRow
from storage.transaction import StorageError


async def test_anna_gets_what_was_put_in_for_her(office) -> None:
    key = await office.posts("How is it?", payload={"parse_mode": "HTML"})
    assert await office.sender.drain() is None
    assert office.shown() == ["How is it?"]
    row = await office.row(key)
    assert (row.state, row.token, row.attempts) == ("sent", 1, 0)
    assert row.message_id == max(office.anna.chat.messages)
    [(rows, outcome)] = office.recorded
    assert (rows[0].payload["text"], outcome.message_id) == ("How is it?", row.message_id)


async def test_the_same_intent_twice_is_one_message(office) -> None:
    await office.posts("How is it?", key="q1")
    await office.posts("How is it?", key="q1")
    await office.settles()
    await office.posts("How is it?", key="q1")
    await office.settles()
    assert office.shown() == ["How is it?"]


@pytest.mark.hazard("H09")
async def test_an_alert_overtakes_what_waits_before_it(office) -> None:
    people = [office.world.user(f"Patient {number}") for number in range(12)]
    for person in people:
        person.starts(office.bot)
        await office.posts("How is it?", person.id, Lane.CHECK_IN)
    await office.sender.drain()
    await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.sender.drain()
    assert office.shown(office.ben) == ["Anna is ill"]
    assert sum(bool(office.shown(person)) for person in people) < 4
    await office.settles()
    assert all(office.shown(person) == ["How is it?"] for person in people)


async def test_a_chat_reads_in_order_also_when_one_has_to_go_again(office) -> None:
    office.world.faults.too_many(7, chat=office.anna.id)
    for number in range(3):
        await office.posts(f"line {number}")
    await office.posts("for Ben", office.ben.id)
    assert await office.sender.drain() == office.clock.now() + timedelta(seconds=7)
    assert office.shown(office.ben) == ["for Ben"]
    assert office.shown() == []
    await office.settles()
    assert office.shown() == ["line 0", "line 1", "line 2"]


async def test_advice_overtakes_a_check_in_that_is_claimed_and_not_begun(office) -> None:
    await office.posts("other", office.ben.id, Lane.CHECK_IN)
    await office.posts("How is it?", lane=Lane.CHECK_IN)
    await office.sender.drain()
    assert office.shown() == []
    await office.posts("Call 112", lane=Lane.ALERT)
    await office.sender.drain()
    assert office.shown() == ["Call 112"]
    await office.settles()
    assert office.shown() == ["Call 112", "How is it?"]


def in_the_air(office) -> asyncio.Event:
    """Let no call arrive before the returned event is set."""
    lands, call = asyncio.Event(), office.sender.courier.call

    async def waits(*arguments):
        await lands.wait()
        return await call(*arguments)

    office.changes(call=waits)
    return lands


async def test_a_check_in_waits_for_advice_that_is_still_in_the_air(office) -> None:
    await office.posts("other", office.ben.id, Lane.CHECK_IN)
    await office.posts("How is it?", lane=Lane.CHECK_IN)
    await office.sender.drain()
    lands = in_the_air(office)
    await office.posts("Call 112", lane=Lane.ALERT)
    office.sender.wake()
    await office.sender.advance()
    office.clock.moves(seconds=5)
    await office.sender.advance()
    assert [parcel.first.payload["text"] for parcel in office.sender.ready] == ["How is it?"]
    lands.set()
    await office.settles()
    assert office.shown() == ["Call 112", "How is it?"]


async def test_what_is_in_the_air_longer_than_its_lease_is_still_ours(office) -> None:
    lands = in_the_air(office)
    key = await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.sender.advance()
    office.clock.moves(minutes=2)
    office.sender.wake()
    await office.sender.advance()
    lands.set()
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill"]
    assert (await office.row(key)).state == "sent"


async def test_what_is_not_due_yet_waits(office) -> None:
    later = office.clock.now() + timedelta(hours=2)
    await office.posts("later", not_before=later)
    assert await office.sender.drain() == later
    assert office.shown() == []
    office.clock.reaches(later)
    assert await office.sender.drain() is None
    assert office.shown() == ["later"]


async def test_what_is_replaced_meanwhile_does_not_go(office) -> None:
    key = await office.posts("old", slot="screen", not_before=office.clock.now() + timedelta(1))
    await office.posts("new", slot="screen", key="newest")
    newest = NewRow("newest", Lane.REPLY, office.anna.id, "sendMessage", {}, slot="screen")
    await office.database.run(supersede(newest, office.clock.now(), "a newer screen"))
    await office.settles(days=2)
    assert office.shown() == ["new"]
    row = await office.row(key)
    assert (row.state, row.reason) == ("replaced", "a newer screen")


async def test_a_sender_that_stops_gives_back_what_it_had_not_begun(office) -> None:
    keys = [await office.posts("x", person, Lane.CHECK_IN) for person in range(1, 30)]
    await office.sender.drain()
    states = [(await office.row(key)).state for key in keys]
    assert "sending" in states
    await office.sender.leave()
    states = [(await office.row(key)).state for key in keys]
    assert set(states) == {"dead", "pending"}


async def test_what_was_claimed_before_the_clock_was_moved_is_claimed_anew(office) -> None:
    await office.posts("one", office.ben.id, Lane.CHECK_IN)
    key = await office.posts("two", lane=Lane.CHECK_IN)
    await office.sender.drain()
    assert (await office.row(key)).state == "sending"
    office.clock.moves(hours=3)
    await office.settles()
    assert office.shown() == ["two"]
    assert (await office.row(key)).token == 2


async def test_a_sender_that_is_cancelled_lets_arrive_what_is_on_its_way(office) -> None:
    office.clock.auto = True
    begun, call = asyncio.Event(), office.sender.courier.call

    async def watched(*arguments):
        begun.set()
        return await call(*arguments)

    office.changes(call=watched)
    running = asyncio.create_task(office.sender.run())
    key = await office.posts("How is it?")
    office.sender.wake()
    async with asyncio.timeout(5):
        await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert office.shown() == ["How is it?"]
    assert (await office.row(key)).state == "sent"


async def test_a_sender_outlives_a_database_that_cannot_be_used(office, caplog) -> None:
    office.clock.auto = True
    run, refusals, begun = office.database.run, iter(range(2)), asyncio.Event()

    async def away(transaction):
        if next(refusals, None) is not None:
            raise StorageError("the disk is full")
        begun.set()
        return await run(transaction)

    await office.posts("How is it?")
    office.sender.database = SimpleNamespace(run=away)
    running = asyncio.create_task(office.sender.run())
    async with asyncio.timeout(5):
        await begun.wait()
        while not office.recorded:  # noqa: ASYNC110 - what sets it runs in another thread
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert office.shown() == ["How is it?"]
    assert caplog.text.count("cannot be read") == 2
