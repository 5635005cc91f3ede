"""Walking through any number of rows, beside a running bot."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from storage.cursor import cursor
from storage.transaction import Query, StorageError, Transaction

MANY = 1203
"""More than two batches of a server's cursor, and not a multiple of one."""

KEYS = Query("SELECT key, value FROM meta ORDER BY key")


def save(count: int, sort: str) -> Transaction[None]:
    for number in range(count):
        values = {"key": f"{sort} {number:05}", "value": str(number)}
        yield Query("INSERT INTO meta VALUES (:key, :value)", values)


async def walk(url: str, use: Callable[..., Any]) -> Any:
    def in_thread() -> Any:
        with cursor(url) as rows:
            return use(rows)

    return await asyncio.to_thread(in_thread)


async def test_every_row_comes_once_and_in_order(database, url) -> None:
    await database.run(save(MANY, "patient"))
    found = await walk(url, lambda rows: [(row["key"], row[1]) for row in rows(KEYS)])
    assert found == [(f"patient {number:05}", str(number)) for number in range(MANY)]


async def test_values_are_bound(database, url) -> None:
    await database.run(save(5, "patient"))
    query = Query("SELECT value FROM meta WHERE key > :key", {"key": "patient 00002"})
    assert await walk(url, lambda rows: sorted(row["value"] for row in rows(query))) == ["3", "4"]


async def test_what_is_saved_meanwhile_is_not_seen(database, url) -> None:
    await database.run(save(3, "patient"))
    loop = asyncio.get_running_loop()

    def look_twice(rows: Callable[[Query], Any]) -> list[int]:
        first = len(list(rows(KEYS)))
        asyncio.run_coroutine_threadsafe(database.run(save(4, "later")), loop).result(10)
        return [first, len(list(rows(KEYS)))]

    assert await walk(url, look_twice) == [3, 3]
    assert await walk(url, lambda rows: len(list(rows(KEYS)))) == 7


async def test_two_walks_at_once_do_not_disturb_each_other(database, url) -> None:
    await database.run(save(MANY, "patient"))
    pairs = await walk(
        url, lambda rows: [(a[0], b[0]) for a, b in zip(rows(KEYS), rows(KEYS), strict=True)]
    )
    assert len(pairs) == MANY
    assert all(one == other for one, other in pairs)


@pytest.mark.parametrize("text", ["SELEKT 1", "INSERT INTO meta VALUES ('a', 'b') RETURNING key"])
async def test_what_is_no_reading_is_refused(url, text) -> None:
    with pytest.raises(StorageError):
        await walk(url, lambda rows: list(rows(Query(text))))
