"""The outbox on both engines: who may take what, in which order, and who may no longer say."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from storage.outbox import (
    claim,
    finalise,
    give_back,
    migrate_chat,
    place_of,
    put,
    supersede,
    void_leases,
)
from storage.outbox_choice import Terms
from storage.outbox_rows import Ending, Lane, NewRow
from storage.sealing import DataKey, SealError
from storage.transaction import Query

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANNA, OMAR, STAFF = 5_001_000_001, 5_001_000_002, -4_001_000_001
SECOND = timedelta(seconds=1)


class KeyOfEach:
    """A key for every case, and one for what is about nobody."""

    def __init__(self) -> None:
        self.lost: set[str | None] = set()

    def key(self, code):
        if code in self.lost:
            raise SealError("the key is not there")
        return DataKey((code or "clinic").encode().ljust(32))

    def seal(self, code, plain, place):
        yield from ()
        return self.key(code).seal(plain, place)

    def open(self, code, sealed, place):
        yield from ()
        return self.key(code).open(sealed, place)


class Box:
    """The outbox, at an instant that the test chooses."""

    def __init__(self, database) -> None:
        self.database = database
        self.sealing = KeyOfEach()
        self.numbers = count(1)
        self.now = MONDAY

    async def put(self, chat=ANNA, lane=Lane.REPLY, text="x", **more):
        key = more.pop("key", None) or f"m{next(self.numbers)}"
        method = more.pop("method", "sendMessage")
        payload = more.pop("payload", {"text": text})
        row = NewRow(key, lane, chat, method, payload, **more)
        return await self.database.run(lambda: put(row, self.now, self.sealing))

    async def claim(self, **terms):
        asked = Terms(self.now, **terms)
        return await self.database.run(lambda: claim(asked, self.sealing))

    async def texts(self, **terms):
        return [row.payload.get("text") for row in (await self.claim(**terms)).rows]

    async def ends(self, row, ending):
        return await self.database.run(lambda: finalise(row.id, row.token, ending, self.now))

    async def column(self, name):
        def find():
            return (yield Query(f"SELECT {name} FROM outbox ORDER BY id"))  # noqa: S608

        return [row[0] for row in await self.database.read(find)]


@pytest.fixture
def box(database) -> Box:
    return Box(database)


async def test_an_intent_is_put_in_once(box) -> None:
    assert await box.put(key="q1", text="How is it?")
    assert not await box.put(key="q1", text="How is it?")
    assert await box.texts() == ["How is it?"]


async def test_rows_come_by_lane_and_then_by_age(box) -> None:
    for number, lane in enumerate([3, 2, 1, 0, 3, 2, 1, 0]):
        await box.put(ANNA + number, Lane(lane), f"{lane}")
    assert await box.texts() == ["0", "0", "1", "1", "2", "2", "3", "3"]


async def test_one_of_a_chat_is_on_its_way_at_a_time(box) -> None:
    await box.put(text="first")
    await box.put(text="second")
    await box.put(OMAR, text="for Omar")
    found = await box.claim()
    assert [row.payload["text"] for row in found.rows] == ["first", "for Omar"]
    assert [held.chat_id for held in found.held] == [ANNA]
    assert await box.texts() == []
    assert await box.ends(found.rows[0], Ending("sent", message_id=7))
    assert await box.texts() == ["second"]


async def test_nothing_passes_an_older_one_of_its_chat_and_lane(box) -> None:
    await box.put(text="first", not_before=MONDAY + SECOND)
    await box.put(text="second")
    await box.put(lane=Lane.CHECK_IN, text="another lane")
    found = await box.claim()
    assert [row.payload["text"] for row in found.rows] == ["another lane"]
    assert found.later == MONDAY + SECOND
    await box.ends(found.rows[0], Ending("sent"))
    box.now += SECOND
    assert await box.texts() == ["first"]


async def test_advice_does_not_wait_for_a_check_in_that_is_only_claimed(box) -> None:
    await box.put(lane=Lane.CHECK_IN, text="How is it?")
    assert await box.texts() == ["How is it?"]
    await box.put(lane=Lane.ALERT, text="Call 112")
    await box.put(lane=Lane.REST, text="news")
    assert await box.texts(busy=frozenset({ANNA})) == []
    assert await box.texts() == ["Call 112"]


async def test_chats_that_are_shut_are_passed_over(box) -> None:
    await box.put(lane=Lane.ALERT, text="alert")
    await box.put(OMAR, Lane.CHECK_IN, "check-in")
    await box.put(STAFF, Lane.ALERT, "card", method="card")
    found = await box.claim(shut={ANNA: 1, OMAR: 2, STAFF: 0})
    assert [row.payload["text"] for row in found.rows] == ["alert"]
    assert [held.chat_id for held in found.held] == [STAFF, OMAR]


async def test_a_claim_is_bounded_and_says_that_there_is_more(box) -> None:
    for number in range(9):
        await box.put(ANNA + number, Lane.CHECK_IN if number < 5 else Lane.REPLY)
    found = await box.claim(bulk=2)
    assert [row.lane for row in found.rows] == [1, 1, 1, 1, 2, 2]
    assert found.more
    found = await box.claim(limit=2)
    assert (len(found.rows), found.more) == (2, True)
    found = await box.claim(bulk=0)
    assert (found.rows, found.more) == ((), False)
    found = await box.claim()
    assert (len(found.rows), found.more) == (1, False)


async def test_a_long_line_before_a_free_chat_is_looked_through(box) -> None:
    for _ in range(450):
        await box.put(text="Anna's")
    await box.put(OMAR, text="Omar's")
    assert await box.texts(busy=frozenset({ANNA})) == ["Omar's"]


async def test_up_to_twenty_cards_of_a_group_go_together(box) -> None:
    for number in range(23):
        await box.put(STAFF, Lane.ALERT, f"card {number}", method="card")
    await box.put(STAFF, Lane.ALERT, "a note")
    texts = await box.texts(gathering=frozenset({STAFF}))
    assert texts == [f"card {number}" for number in range(20)]


async def test_an_older_holder_can_no_longer_say_how_it_ended(box) -> None:
    await box.put()
    [old] = (await box.claim()).rows
    box.now += timedelta(seconds=60)
    [lapsed] = (await box.claim()).lapsed
    assert lapsed == old
    assert await box.ends(lapsed, Ending("pending", "may have arrived", not_before=box.now))
    [new] = (await box.claim()).rows
    assert (new.token, new.unheard) == (old.token + 1, True)
    assert not await box.ends(old, Ending("sent", message_id=1))
    assert await box.ends(new, Ending("sent", message_id=2))
    assert not await box.ends(new, Ending("sent", message_id=3))
    assert await box.column("message_id") == [2]


async def test_a_failed_try_is_counted_and_put_off(box) -> None:
    await box.put()
    [row] = (await box.claim()).rows
    later = MONDAY + timedelta(seconds=4)
    await box.ends(row, Ending("pending", "no connection", not_before=later, counted=True))
    found = await box.claim()
    assert (found.rows, found.later) == ((), later)
    box.now = later
    [row] = (await box.claim()).rows
    assert (row.attempts, row.unheard, row.created_at) == (1, False, MONDAY)


async def test_what_ended_keeps_when_and_why(box) -> None:
    await box.put()
    [row] = (await box.claim()).rows
    await box.ends(row, Ending("dead", "blocked: bot was blocked by the user"))
    assert await box.column("state") == ["dead"]
    assert await box.column("reason") == ["blocked: bot was blocked by the user"]
    assert await box.column("ended_at") == ["2026-11-23T09:00:00.000000+00:00"]
    assert await box.column("lease_until") == [None]


async def test_what_was_not_begun_is_given_back_as_it_was(box) -> None:
    await box.put()
    rows = (await box.claim()).rows
    await box.database.run(lambda: give_back(rows))
    [row] = (await box.claim()).rows
    assert (row.attempts, row.token) == (0, 2)


async def test_the_leases_of_a_process_that_is_gone_are_void(box) -> None:
    await box.put()
    await box.claim()
    assert (await box.claim()).lapsed == ()
    await box.database.run(lambda: void_leases(box.now))
    assert len((await box.claim()).lapsed) == 1


async def test_a_newer_screen_replaces_one_that_still_waits(box) -> None:
    await box.put(slot="s", text="on its way")
    await box.claim()
    await box.put(slot="s", text="waits")
    await box.put(slot="t", text="another")
    await box.put(slot="s", key="newest")
    newest = NewRow("newest", Lane.REPLY, ANNA, "sendMessage", {}, slot="s")
    assert await box.database.run(lambda: supersede(newest, MONDAY, "a newer one")) == 1
    assert await box.column("state") == ["sending", "replaced", "pending", "pending"]


async def test_a_group_that_moves_takes_along_what_has_not_ended(box) -> None:
    for number in range(3):
        await box.put(STAFF, text=f"{number}")
    [row] = (await box.claim()).rows
    await box.ends(row, Ending("sent", message_id=5))
    await box.claim()
    assert await box.database.run(lambda: migrate_chat(STAFF, STAFF * 100, MONDAY)) == 2
    assert await box.column("chat_id") == [STAFF, STAFF * 100, STAFF * 100]


@pytest.mark.parametrize("method", ["editMessageText", "card_refresh"])
async def test_no_message_of_a_group_that_moved_is_changed_in_the_new_one(box, method) -> None:
    await box.put(STAFF, method=method, payload={"message_id": 5, "text": "x"})
    assert await box.database.run(lambda: migrate_chat(STAFF, STAFF * 100, MONDAY)) == 0
    assert await box.column("state") == ["replaced"]
    assert await box.column("chat_id") == [STAFF]


async def test_a_refresh_that_waits_is_enough(box) -> None:
    refresh = {"chat": STAFF, "method": "card_refresh"}
    assert await box.put(payload={"message_id": 7}, **refresh)
    assert not await box.put(payload={"message_id": 7}, **refresh)
    assert await box.put(payload={"message_id": 8}, **refresh)
    await box.claim()
    assert await box.put(payload={"message_id": 7}, **refresh)


async def test_bodies_are_sealed_and_bound_to_their_row(box) -> None:
    await box.put(text="38.9, worse", code="K7M2", key="a")
    [body] = await box.column("body")
    assert b"38.9" not in bytes(body)
    plain = box.sealing.key("K7M2").open(bytes(body), place_of("a"))
    assert plain == b'{"text":"38.9, worse"}'
    with pytest.raises(SealError):
        box.sealing.key("K7M2").open(bytes(body), place_of("b"))


async def test_a_body_that_cannot_be_opened_waits_and_keeps_nobody(box) -> None:
    await box.put(text="Anna's", code="K7M2")
    await box.put(OMAR, text="Omar's")
    box.sealing.lost.add("K7M2")
    assert await box.texts() == ["Omar's"]
    assert await box.column("state") == ["pending", "sending"]
    box.sealing.lost.clear()
    box.now += timedelta(minutes=1)
    assert "Anna's" in await box.texts()


async def test_a_lapsed_row_that_cannot_be_opened_is_left_until_it_can(box) -> None:
    await box.put(code="K7M2")
    await box.claim()
    box.now += timedelta(minutes=2)
    box.sealing.lost.add("K7M2")
    assert (await box.claim()).lapsed == ()
    box.sealing.lost.clear()
    assert len((await box.claim()).lapsed) == 1


async def test_two_senders_never_take_the_same_row_nor_the_same_chat(box) -> None:
    for number in range(60):
        await box.put(ANNA + number % 20, text=f"{number}")
    claims = await asyncio.gather(*(box.claim(limit=5) for _ in range(8)))
    rows = [row for found in claims for row in found.rows]
    assert len({row.id for row in rows}) == len({row.chat_id for row in rows}) == len(rows) == 20


async def test_a_body_that_cannot_be_opened_keeps_nothing_of_its_own_chat_either(box) -> None:
    await box.put(text="never to be read", code="K7M2", lane=Lane.ALERT)
    await box.put(text="Anna cannot breathe", lane=Lane.ALERT)
    box.sealing.lost.add("K7M2")
    assert await box.texts() == []
    assert await box.texts() == ["Anna cannot breathe"]
