"""A message is changed to what was decided last, however often and under however many copies."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.outgoing import change
from flows.engine.events import Change, Message
from storage.sealing import DataKey
from storage.transaction import Query

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANNA = 4001


class OneKey:
    """Seals everything with one key."""

    def seal(self, _code, plain, place):
        yield from ()
        return DataKey(b"k" * 32).seal(plain, place)


@pytest.fixture
def shows(database):
    """Decide that a message is to show a step."""
    office = SimpleNamespace(vault=OneKey())

    async def decide(message_id: int, step: int) -> None:
        event = Change(message_id, Message(f"step {step}"), "A7K2:1", f"{step}:{message_id}")
        await database.run(lambda: change(office, event, ANNA, "A7K2", NOON))

    return decide


async def waiting(database) -> list[str]:
    """The keys of what still waits, the oldest first."""

    def find():
        return (
            yield Query("SELECT dedup_key FROM outbox WHERE state = 'pending' ORDER BY id")
        )  # fmt: skip

    return [row["dedup_key"] for row in await database.read(find)]


@pytest.mark.hazard("H19")
async def test_a_change_that_waits_is_still_made_where_it_is_decided_again(database, shows) -> None:
    await shows(1, 4)
    await shows(1, 4)
    assert await waiting(database) == ["change:4:1"]


async def test_a_newer_step_takes_the_place_of_one_that_waits(database, shows) -> None:
    await shows(1, 4)
    await shows(1, 5)
    assert await waiting(database) == ["change:5:1"]


async def test_each_copy_is_changed_to_what_it_is_to_show(database, shows) -> None:
    await shows(1, 4)
    await shows(2, 5)
    assert await waiting(database) == ["change:4:1", "change:5:2"]
