"""What only a server can do: lock two transactions out, go away, lose a commit."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from storage.opening import open_database
from storage.postgres import PostgresDatabase
from storage.transaction import Query, StorageError, Transaction, UncertainError

SET = "UPDATE meta SET value = :value WHERE key = :key"
LOST_AT_COMMIT = """
CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER leaving AFTER INSERT ON meta DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.key = 'lost') EXECUTE FUNCTION leave();
"""


def save(*keys: str) -> Transaction[None]:
    for key in keys:
        yield Query("INSERT INTO meta VALUES (:key, '')", {"key": key})


def change(*keys: str) -> Transaction[None]:
    for key in keys:
        yield Query(SET, {"key": key, "value": "changed"})


def saved() -> Transaction[dict[str, str]]:
    rows = yield Query("SELECT key, value FROM meta")
    return {row["key"]: row["value"] for row in rows}


@pytest.fixture
async def database(postgres_url) -> AsyncIterator[Any]:
    opened = await open_database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
async def other(postgres_url) -> AsyncIterator[Any]:
    """A connection of another program."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


async def until_somebody_waits(connection: Any) -> None:
    async with asyncio.timeout(10):
        while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass


async def deadlock(database: PostgresDatabase, other: Any, transaction: Any) -> Any:
    """Run a change of anna, then omar, while the other holds omar and then wants anna.

    The other looks for a deadlock only after a minute, so the one to be rolled back is ours.
    """
    await database.run(save("anna", "omar"))
    await other.execute("SET deadlock_timeout = '60s'; BEGIN")
    await other.execute("UPDATE meta SET value = 'other' WHERE key = 'omar'")
    ours = asyncio.ensure_future(database.run(transaction))
    await until_somebody_waits(other)
    await other.execute("UPDATE meta SET value = 'other' WHERE key = 'anna'")
    await other.execute("COMMIT")
    return await ours


@pytest.mark.hazard("H21")
async def test_who_was_locked_out_is_tried_again(database, other) -> None:
    begun = []

    def again() -> Transaction[None]:
        begun.append("again")
        return change("anna", "omar")

    await deadlock(database, other, again)
    assert len(begun) == 2
    assert await database.read(saved()) == {"anna": "changed", "omar": "changed"}


async def test_what_cannot_begin_again_says_that_it_may_be_given_again(database, other) -> None:
    with pytest.raises(StorageError, match="waited for each other") as caught:
        await deadlock(database, other, change("anna", "omar"))
    assert caught.value.passing
    assert await database.read(saved()) == {"anna": "other", "omar": "other"}


async def test_who_reads_does_not_wait_for_who_writes(database, other) -> None:
    await database.run(save("anna"))
    await other.execute("BEGIN")
    await other.execute("UPDATE meta SET value = 'other'")
    writers = [asyncio.ensure_future(database.run(change("anna"))) for _ in range(20)]
    await until_somebody_waits(other)
    assert await database.read(saved()) == {"anna": ""}
    await other.execute("COMMIT")
    await asyncio.gather(*writers)


async def test_rows_that_another_holds_are_skipped(database, other) -> None:
    await database.run(save("anna", "omar"))
    await other.execute("BEGIN")
    await other.execute("SELECT * FROM meta WHERE key = 'anna' FOR UPDATE")

    def free() -> Transaction[list[str]]:
        return [row["key"] for row in (yield Query("SELECT key FROM meta {skip_locked}"))]

    assert await database.run(free()) == ["omar"]
    await other.execute("ROLLBACK")


async def test_a_commit_whose_answer_was_lost_is_neither_saved_nor_not_saved(
    database, other
) -> None:
    await other.execute(LOST_AT_COMMIT)
    with pytest.raises(UncertainError, match="nobody knows"):
        await database.run(lambda: save("lost"))
    await database.run(save("anna"))


async def test_a_connection_that_is_lost_before_is_not_saved_and_the_next_one_works(
    database,
) -> None:
    def lose() -> Transaction[None]:
        yield from save("anna")
        yield Query("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StorageError, match="cannot be reached") as caught:
        await database.run(lose())
    assert caught.value.passing
    assert not isinstance(caught.value, UncertainError)
    assert await database.read(saved()) == {}
    await database.run(save("omar"))


async def test_a_value_of_the_wrong_type_is_named_by_its_type_only(database) -> None:
    def wrong() -> Transaction[None]:
        yield Query("INSERT INTO meta VALUES ('anna', :value)", {"value": 38_500})

    with pytest.raises(StorageError, match="expected str, got int") as caught:
        await database.run(wrong())
    assert "38500" not in str(caught.value)


async def test_the_values_of_a_refused_row_are_not_told(database) -> None:
    await database.run(save("anna"))
    with pytest.raises(StorageError, match="meta_pkey") as caught:
        await database.run(save("anna"))
    assert "anna" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_after_closing_nothing_is_taken_in(postgres_url) -> None:
    database = await open_database(postgres_url)
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await database.run(save("anna"))
