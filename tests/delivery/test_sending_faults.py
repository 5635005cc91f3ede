"""What goes wrong on the way, and what becomes of the message; by lane where nobody knows."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from bot.delivery.outcome import Kind, Refused, Unknown
from bot.standin.errors import Refusal, bad_request
from bot.transport import NotSentError
from storage.outbox import claim, void_leases
from storage.outbox_choice import Terms
from storage.outbox_rows import Lane
from storage.transaction import ConflictError, Query, StorageError


async def test_a_connection_that_breaks_before_delivery_does_not_lose_an_alert(office) -> None:
    office.world.faults.breaks("reset_before", times=3)
    key = await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill\n\nrepeat 4"]
    assert (await office.row(key)).state == "sent"


@pytest.mark.hazard("H19")
async def test_an_alert_goes_again_at_once_and_says_that_it_is_a_repeat(office) -> None:
    office.world.faults.breaks("reset_after")
    await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.sender.drain()
    assert office.shown(office.ben) == ["Anna is ill", "Anna is ill\n\nrepeat 2"]


@pytest.mark.hazard("H19")
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "malformed"])
async def test_a_check_in_that_may_have_arrived_is_never_sent_twice(office, kind) -> None:
    office.world.faults.breaks(kind)
    key = await office.posts("How is it?", lane=Lane.CHECK_IN)
    await office.settles(hours=1)
    assert office.shown() == ["How is it?"] * (kind != "reset_before")
    row = await office.row(key)
    assert row.state == "unknown"
    assert row.reason.startswith("may have arrived")
    assert isinstance(office.recorded[0][1], Unknown)


@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.REST])
async def test_what_is_not_worth_a_repeat_is_dropped_with_its_reason(office, lane) -> None:
    office.world.faults.server_error(502, executed=True)
    key = await office.posts("Thank you", lane=lane)
    await office.settles(hours=1)
    assert office.shown() == ["Thank you"]
    row = await office.row(key)
    assert (row.state, row.attempts) == ("dropped", 1)
    assert "502" in row.reason


async def test_an_edit_is_repeated_and_not_modified_is_a_success(office) -> None:
    first = await office.posts("How is it?")
    await office.settles()
    number = (await office.row(first)).message_id
    office.world.faults.breaks("reset_after")
    edit = {"method": "editMessageText", "payload": {"message_id": number}, "lane": Lane.REST}
    key = await office.posts("✓ recorded", **edit)
    await office.settles()
    assert office.shown() == ["How is it?", "✓ recorded"]
    row = await office.row(key)
    assert (row.state, row.reason) == ("sent", "the message shows this already")


async def test_no_answer_in_time_is_unknown(office) -> None:
    answered = asyncio.Event()

    async def patience(_event, _seconds) -> None:
        await answered.wait()

    office.world.patience = patience
    office.sender.patience = 0.05
    office.world.faults.slow(60)
    key = await office.posts("How is it?", lane=Lane.CHECK_IN)
    await office.sender.drain()
    answered.set()
    assert (await office.row(key)).reason == "may have arrived: no answer within 0.05 seconds"


@pytest.mark.hazard("H02")
async def test_a_server_that_is_away_is_tried_ever_more_slowly_and_then_reached(office) -> None:
    address = office.sender.courier.call
    asked = []

    async def unplugged(method, payload, upload):
        asked.append((office.clock.now() - start).total_seconds())
        if len(asked) < 8:
            raise NotSentError("no connection: ClientConnectorError")
        return await address(method, payload, upload)

    office.changes(call=unplugged)
    start = office.clock.now()
    await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.settles(minutes=5)
    assert [round(b - a) for a, b in pairwise(asked)] == [1, 2, 4, 8, 15, 15, 15]
    assert office.shown(office.ben) == ["Anna is ill"]


async def test_a_fault_of_one_message_leaves_the_others_alone(office) -> None:
    others = [office.world.user(f"Patient {number}") for number in range(5)]
    office.world.faults.refuses(bad_request("BUTTON_DATA_INVALID"), chat=office.anna.id)
    await office.posts("broken")
    for person in others:
        person.starts(office.bot)
        await office.posts("fine", person.id)
    await office.settles()
    assert all(office.shown(person) == ["fine"] for person in others)


@pytest.mark.parametrize(
    ("act", "kind"), [("blocks", Kind.BLOCKED), ("deletes_account", Kind.DEACTIVATED)]
)
async def test_somebody_who_cannot_be_written_to_ends_it_and_is_recorded(office, act, kind) -> None:
    getattr(office.anna, act)(*([office.bot] if act == "blocks" else []))
    key = await office.posts("How is it?", lane=Lane.CHECK_IN)
    await office.settles()
    [(_, outcome)] = office.recorded
    assert isinstance(outcome, Refused)
    assert outcome.kind == kind
    row = await office.row(key)
    assert row.state == "dead"
    assert row.reason.startswith(kind)


@pytest.mark.hazard("H07")
async def test_fifty_alerts_follow_the_group_to_its_new_number(office, staff) -> None:
    new = staff.migrate()
    keys = [
        await office.posts(f"alert {n}", staff.id, Lane.ALERT, method="card") for n in range(50)
    ]
    await office.settles(minutes=10)
    text = "\n".join(line.text for line in office.world.shown_to(office.ben) if line.chat == new.id)
    assert all(f"alert {n}" in text.splitlines() for n in range(50))
    assert {(await office.row(key)).chat_id for key in keys} == {new.id}
    assert office.recorded[0][1].new_chat_id == new.id


async def test_a_bot_that_was_removed_says_so_at_once(office, staff) -> None:
    staff.removes(office.bot)
    await office.posts("Anna is ill", staff.id, Lane.ALERT)
    await office.settles()
    assert office.recorded[0][1].kind == Kind.NOT_MEMBER


@pytest.mark.hazard("H37")
@pytest.mark.parametrize(
    ("text", "shown"),
    [("<b>38.2 & rising", "38.2 & rising"), ("x" * 4097, "x" * 4092 + " […]")],
)
async def test_an_alert_whose_text_is_refused_goes_without_its_format(office, text, shown) -> None:
    await office.posts(text, office.ben.id, Lane.ALERT, payload={"parse_mode": "HTML"})
    await office.settles()
    assert office.shown(office.ben) == [shown]


async def test_an_alert_for_a_topic_that_is_gone_goes_into_the_group(office) -> None:
    forum = office.world.supergroup("Cases", office.ben, office.bot, forum=True)
    await office.posts("Anna is ill", forum.id, Lane.ALERT, payload={"message_thread_id": 99})
    await office.settles()
    assert [line.text for line in office.world.shown_to(office.ben)][-1] == "Anna is ill"


async def test_a_refused_token_is_no_fault_of_the_message(office) -> None:
    office.world.faults.refuses(Refusal(401, "Unauthorized"), times=2)
    key = await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill"]
    assert (await office.row(key)).state == "sent"


async def left_behind(office) -> dict[Lane, str]:
    """Leave one message of each lane as a killed process does: claimed, and nobody knows."""
    keys = {
        Lane.ALERT: await office.posts("alert", office.ben.id, Lane.ALERT),
        Lane.CHECK_IN: await office.posts("check-in", lane=Lane.CHECK_IN),
    }
    await office.database.run(claim(Terms(office.clock.now()), office.sealing))
    return keys


async def test_what_a_killed_process_left_is_settled_when_its_lease_ends(office) -> None:
    keys = await left_behind(office)
    assert await office.sender.drain() == office.clock.now() + timedelta(seconds=60)
    assert office.shown(office.ben) == []
    await office.settles(seconds=61)
    assert office.shown(office.ben) == ["alert\n\nrepeat 2"]
    assert office.shown() == []
    assert (await office.row(keys[Lane.CHECK_IN])).state == "unknown"


async def test_the_only_sender_does_not_wait_for_the_leases_of_the_one_before(office) -> None:
    await left_behind(office)
    await office.sender.start()
    await office.sender.drain()
    assert office.shown(office.ben) == ["alert\n\nrepeat 2"]


@pytest.mark.parametrize("error", [LookupError("no such check-in"), ConflictError("it is there")])
async def test_an_outcome_that_cannot_be_recorded_is_saved_alone(office, caplog, error) -> None:
    def broken(*_):
        raise error
        yield

    office.changes(recorded=broken)
    key = await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill"]
    assert (await office.row(key)).state == "sent"
    assert "could not be recorded" in caplog.text


@pytest.mark.hazard("H20")
async def test_an_outcome_waits_for_a_database_that_is_full(office, caplog) -> None:
    office.clock.auto = True
    run, refusals = office.database.run, iter(range(3))

    class Full:
        async def run(self, transaction):
            if next(refusals, None) is not None:
                raise StorageError("the disk is full")
            return await run(transaction)

        read = office.database.read

    office.changes(database=Full())
    key = await office.posts("Anna is ill", office.ben.id, Lane.ALERT)
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill"]
    assert (await office.row(key)).state == "sent"
    assert caplog.text.count("could not be saved") == 3


async def test_a_database_that_stays_full_leaves_the_message_to_its_next_holder(
    office, caplog
) -> None:
    office.clock.auto = True

    async def full(_transaction):
        raise StorageError("the disk is full")

    office.changes(database=SimpleNamespace(run=full, read=office.database.read))
    key = await office.posts("How is it?", lane=Lane.CHECK_IN)
    with pytest.raises(StorageError):
        await office.sender.drain()
    assert "is taken up again when its hold ends" in caplog.text
    office.changes(database=office.database)
    await office.settles()
    assert office.shown() == ["How is it?"]
    assert (await office.row(key)).state == "unknown"


async def test_nothing_is_recorded_of_a_message_that_another_sender_took_over(office) -> None:
    call = office.sender.courier.call

    async def taken_over(*arguments):
        def take():
            yield Query("UPDATE outbox SET token = token + 1")

        await office.database.run(take)
        return await call(*arguments)

    office.changes(call=taken_over)
    key = await office.posts("How is it?")
    await office.sender.drain()
    assert (await office.row(key)).state == "sending"
    assert office.recorded == []


async def test_seventy_alerts_at_once_all_go(office) -> None:
    people = [office.world.user(f"Nurse {number}") for number in range(70)]
    for person in people:
        person.starts(office.bot)
        await office.posts("Anna is ill", person.id, Lane.ALERT)
    await office.settles(seconds=5)
    assert all(office.shown(person) == ["Anna is ill"] for person in people)


async def test_a_card_that_cannot_be_composed_is_tried_again(office, caplog) -> None:
    def broken(_rows):
        raise LookupError("no such alert")
        yield

    composed = office.sender.courier.prepare
    office.changes(prepare={"card": broken})
    await office.posts("Anna is ill", office.ben.id, Lane.ALERT, method="card")
    await office.sender.drain()
    assert "could not be composed" in caplog.text
    office.changes(prepare=composed)
    await office.settles()
    assert office.shown(office.ben) == ["Anna is ill"]


@pytest.mark.hazard("H46")
@pytest.mark.parametrize("storm", [0, 12], ids=["one by one", "gathered"])
async def test_a_card_that_can_never_be_composed_holds_no_other(office, staff, storm) -> None:
    def broken(rows):
        if any(row.payload["text"] == "broken" for row in rows):
            raise LookupError("its protocol is not there")
        return (yield from compose(rows))

    compose = office.sender.courier.prepare["card"]
    office.changes(prepare={"card": broken})
    for number in range(storm):
        await office.posts(f"card {number}", staff.id, Lane.ALERT, method="card")
    await office.posts("broken", staff.id, Lane.ALERT, method="card")
    await office.posts("Anna is ill", staff.id, Lane.ALERT, method="card")
    await office.posts("Omar is ill", staff.id, Lane.ALERT, method="card")
    await office.settles(minutes=5)
    read = "\n".join(office.shown(office.ben))
    assert "Anna is ill" in read
    assert "Omar is ill" in read


async def test_what_lies_in_the_last_lane_for_a_day_is_given_up(office) -> None:
    async def unplugged(*_):
        raise NotSentError("no connection")

    office.changes(call=unplugged)
    key = await office.posts("News", lane=Lane.REST)
    await office.sender.drain()
    office.clock.moves(hours=24)
    await office.sender.drain()
    row = await office.row(key)
    assert (row.state, row.reason) == ("dropped", "given up after 24 hours: no connection")


async def test_void_leases_touches_only_what_is_on_its_way(office) -> None:
    key = await office.posts("x")
    await office.database.run(void_leases(office.clock.now()))
    assert (await office.row(key)).state == "pending"
