"""Whatever goes wrong, in whatever order: no alert is lost, no check-in arrives twice."""

from collections import Counter
from datetime import datetime
from random import Random

import pytest

from storage.outbox_rows import Lane
from storage.transaction import Query

KINDS = ("too_many", "server_error", "refused", "reset_before", "reset_after", "malformed")


def brews(office, chance: Random, calls: int) -> None:
    """Order a fault for about every third call."""
    faults = office.world.faults
    for _ in range(calls // 3):
        skip = chance.randrange(3)
        match chance.choice(KINDS):
            case "too_many":
                faults.too_many(chance.randrange(1, 20), skip=skip)
            case "server_error":
                faults.server_error(skip=skip, executed=chance.random() < 0.5)
            case "refused":
                faults.server_error(500, times=2, skip=skip)
            case kind:
                faults.breaks(kind, skip=skip)


def noted(office) -> list[tuple[datetime, int, int]]:
    """Note every call that leaves: when, into which chat, and the wait it was answered with."""
    calls, call = [], office.sender.courier.call

    async def watched(method, payload, upload):
        place = len(calls)
        calls.append((office.clock.now(), payload["chat_id"], 0))
        try:
            return await call(method, payload, upload)
        except Exception as error:
            wait = int(getattr(error, "retry_after", 0))
            calls[place] = (office.clock.now(), payload["chat_id"], wait)
            raise

    office.changes(call=watched)
    return calls


async def states(office) -> Counter[str]:
    def count():
        return (yield Query("SELECT state, COUNT(*) AS rows FROM outbox GROUP BY state"))

    return Counter({row["state"]: row["rows"] for row in await office.database.read(count)})


@pytest.mark.parametrize("seed", range(4))
async def test_a_storm(office, staff, seed) -> None:
    chance, calls = Random(seed), noted(office)  # noqa: S311 - a storm that can be repeated
    people = [office.anna, office.ben, *(office.world.user(f"Omar {n}") for n in range(6))]
    for person in people[2:]:
        person.starts(office.bot)
    brews(office, chance, 120)
    texts: dict[Lane, list[str]] = {lane: [] for lane in Lane}
    for number in range(80):
        lane = chance.choice(list(Lane))
        texts[lane].append(f"{lane.name} {number}.")
        await office.posts(texts[lane][-1], chance.choice(people).id, lane)
        if number % 8 == 0:
            texts[Lane.ALERT].append(f"card {number}.")
            await office.posts(f"card {number}.", staff.id, Lane.ALERT, method="card")
            await office.settles(seconds=chance.random() * 3)
    await office.settles(hours=2)

    shown = Counter(
        text
        for line in office.world.log
        if line.what == "sent" and line.by == "Aftercheck"
        for text in line.text.splitlines()
        if text and not text.startswith("repeat ")
    )
    assert all(shown[text] for text in texts[Lane.ALERT])
    assert all(shown[text] <= 1 for lane in (1, 2, 3) for text in texts[Lane(lane)])
    assert not await states(office) - Counter(sent=999, unknown=999, dropped=999)
    for place, (at, chat, wait) in enumerate(calls):
        later = [after for after, other, _ in calls[place + 1 :] if other == chat]
        assert not wait or all((after - at).total_seconds() >= wait for after in later)


async def test_what_one_chat_reads_is_in_order_in_any_storm(office) -> None:
    brews(office, Random(5), 60)  # noqa: S311 - as above
    for number in range(30):
        await office.posts(f"{number}", office.ben.id, Lane.ALERT)
    await office.settles(hours=1)
    read = [int(text.partition("\n")[0]) for text in office.shown(office.ben)]
    assert read == sorted(read)
    assert set(read) == set(range(30))
