"""What opens the board, on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import board_passes
from storage.reading import Reader
from storage.transaction import Query, StorageError

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
BEN = 5001
LIFE = timedelta(minutes=10)


async def given(database, kind="link", digest="a") -> bool:
    return await database.run(lambda: board_passes.give(digest, kind, BEN, NOW, LIFE))


@pytest.mark.hazard("H35")
async def test_of_many_who_open_one_link_at_once_one_comes_in(database) -> None:
    await given(database)
    found = await asyncio.gather(
        *(database.run(lambda: board_passes.use_link("a", NOW)) for _ in range(8))
    )
    assert sorted(found, key=str) == [BEN] + [None] * 7


async def test_a_link_is_no_browser_and_a_browser_no_link(database) -> None:
    await given(database, "link", "a")
    await given(database, "browser", "b")
    assert await database.read(lambda: board_passes.holder("a", NOW)) is None
    assert await database.read(lambda: board_passes.holder("b", NOW)) == BEN
    assert await database.run(lambda: board_passes.use_link("b", NOW)) is None


async def test_the_same_data_of_a_mini_app_counts_once(database) -> None:
    assert await given(database, "mini_app")
    assert not await given(database, "mini_app")


async def test_a_pass_is_over_at_its_end_and_forgotten_a_day_later(database) -> None:
    await given(database, "browser")
    just, over = NOW + LIFE - timedelta(seconds=1), NOW + LIFE
    assert await database.read(lambda: board_passes.holder("a", just)) == BEN
    assert await database.read(lambda: board_passes.holder("a", over)) is None
    later = over + board_passes.KEPT + timedelta(seconds=1)
    await database.run(lambda: board_passes.give("c", "link", BEN, later, LIFE))
    rows = await database.read(lambda: (yield Query("SELECT hash FROM board_pass")))
    assert [row["hash"] for row in rows] == ["c"]


async def test_the_reader_reads_what_was_saved_and_writes_nothing(database, url) -> None:
    reader = Reader(url)
    try:
        assert await reader.read(lambda: board_passes.holder("a", NOW)) is None
        await given(database, "browser")
        assert await reader.read(lambda: board_passes.holder("a", NOW)) == BEN
        with pytest.raises(StorageError):
            await reader.read(lambda: board_passes.end("a", NOW))
        assert await reader.read(lambda: board_passes.holder("a", NOW)) == BEN
    finally:
        await reader.close()


async def test_what_a_reading_raises_comes_out_and_the_next_goes_on(url) -> None:
    reader = Reader(url)

    def breaking():
        yield Query("SELECT hash FROM board_pass")
        raise LookupError("no such page")

    try:
        with pytest.raises(LookupError, match="no such page"):
            await reader.read(breaking)
        assert await reader.read(lambda: board_passes.holder("a", NOW)) is None
    finally:
        await reader.close()
