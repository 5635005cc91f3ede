"""The clock was an hour ahead, and is right again: what is about alerts goes on at once."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import due
from storage.due import DueRow
from storage.outbox import claim, put
from storage.outbox_choice import Terms
from storage.outbox_rows import Lane, NewRow
from storage.sealing import DataKey
from storage.set_back import set_back

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANNA, OMAR = 4001, 4002
KINDS = ("notify", "red_flag", "not_read", "digest", "check_in", "silence")


class OneKey:
    """Seals everything with one key."""

    def seal(self, _code, plain, place):
        yield from ()
        return DataKey(b"k" * 32).seal(plain, place)

    def open(self, _code, sealed, place):
        yield from ()
        return DataKey(b"k" * 32).open(sealed, place)


async def planned(database) -> dict[str, datetime]:
    """When each kind is due."""
    found = {}
    for kind in KINDS:
        row = await database.read(lambda kind=kind: due.coming(kind))
        found[kind] = row.due_at
    return found


@pytest.mark.hazard("H12")
async def test_alerts_are_looked_at_by_the_new_time_and_check_ins_wait_for_theirs(database) -> None:
    for kind in KINDS:
        row = DueRow(kind, "A7K2", "A7K2", NOON + 30 * HOUR)
        await database.run(lambda row=row: due.plan(row))
    for _ in range(2):
        await database.run(lambda: set_back(NOON + HOUR, NOON))
        assert await planned(database) == {
            "notify": NOON,
            "red_flag": NOON + 5 * MINUTE,
            "not_read": NOON,
            "digest": NOON + 24 * HOUR,
            "check_in": NOON + 30 * HOUR,
            "silence": NOON + 30 * HOUR,
        }


@pytest.mark.hazard("H12")
async def test_a_check_in_that_the_wrong_clock_may_have_put_off_is_looked_at_now(database) -> None:
    for number, at in enumerate((NOON + 20 * HOUR, NOON + 25 * HOUR, NOON + 26 * HOUR)):
        row = DueRow("check_in", f"A7K2:{number}", "A7K2", at)
        await database.run(lambda row=row: due.plan(row))
    await database.run(lambda: set_back(NOON + HOUR, NOON))
    rows = await database.read(lambda: due.due_now(NOON, 10))
    assert {row.about for row in rows} == {"A7K2:0", "A7K2:1"}


@pytest.mark.hazard("H12")
async def test_what_is_due_sooner_stays_where_it_is(database) -> None:
    for kind in KINDS:
        row = DueRow(kind, "A7K2", "A7K2", NOON - MINUTE)
        await database.run(lambda row=row: due.plan(row))
    await database.run(lambda: set_back(NOON + HOUR, NOON))
    assert set((await planned(database)).values()) == {NOON - MINUTE}


@pytest.mark.hazard("H12")
async def test_no_message_waits_for_an_hour_that_comes_again(database) -> None:
    """One for Anna was to be tried again a little later; one for Omar was held as a crash came."""
    later, sealing = NOON + HOUR, OneKey()
    rows = [
        NewRow("anna", Lane.ALERT, ANNA, "sendMessage", {"text": "x"}, not_before=later + MINUTE),
        NewRow("omar", Lane.CHECK_IN, OMAR, "sendMessage", {"text": "x"}, not_before=later),
    ]
    for row in rows:
        await database.run(lambda row=row: put(row, later, sealing))
    held = await database.run(lambda: claim(Terms(later), sealing))
    assert [row.chat_id for row in held.rows] == [OMAR]
    await database.run(lambda: set_back(NOON + HOUR, NOON))
    found = await database.run(lambda: claim(Terms(NOON + 2 * MINUTE), sealing))
    assert [row.chat_id for row in found.rows] == [ANNA]
    assert [row.chat_id for row in found.lapsed] == [OMAR]
