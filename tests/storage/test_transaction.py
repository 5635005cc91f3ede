"""What a transaction may count on, on both engines."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage.opening import open_database
from storage.transaction import ConflictError, Query, StorageError, Transaction, apart

SAVE = "INSERT INTO meta (key, value) VALUES (:key, :value)"
ALL = "SELECT key, value FROM meta ORDER BY key"


def save(key: str, value: str) -> Transaction[str]:
    yield Query(SAVE, {"key": key, "value": value})
    return value


def saved() -> Transaction[dict[str, str]]:
    rows = yield Query(ALL)
    return {row["key"]: row["value"] for row in rows}


def save_and_fail(key: str) -> Transaction[None]:
    yield from save(key, "never")
    raise LookupError("Ben changed his mind")


async def test_what_was_returned_is_what_the_function_returned_and_it_is_saved(database) -> None:
    assert await database.run(save("anna", "well")) == "well"
    assert await database.read(saved()) == {"anna": "well"}


async def test_a_transaction_is_made_of_transactions(database) -> None:
    def both() -> Transaction[dict[str, str]]:
        yield from save("anna", "well")
        yield from save("omar", "sore")
        return (yield from saved())

    assert await database.run(both()) == {"anna": "well", "omar": "sore"}


async def test_what_raises_is_undone_and_raises_its_own_error(database) -> None:
    with pytest.raises(LookupError, match="Ben changed his mind"):
        await database.run(save_and_fail("anna"))
    assert await database.read(saved()) == {}


async def test_a_part_that_fails_is_undone_alone(database) -> None:
    def all_but_omar() -> Transaction[str]:
        yield from save("anna", "well")
        with pytest.raises(LookupError):
            yield from apart(save_and_fail("omar"))
        return (yield from apart(save("ben", "at work")))

    assert await database.run(all_but_omar()) == "at work"
    assert await database.read(saved()) == {"anna": "well", "ben": "at work"}


async def test_a_part_whose_statement_fails_is_undone_alone(database) -> None:
    def twice() -> Transaction[None]:
        yield from save("omar", "sore")
        yield from save("anna", "ill")

    def all_but_omar() -> Transaction[str]:
        yield from save("anna", "well")
        with pytest.raises(ConflictError):
            yield from apart(twice())
        return (yield from save("ben", "at work"))

    assert await database.run(all_but_omar()) == "at work"
    assert await database.read(saved()) == {"anna": "well", "ben": "at work"}


async def test_an_error_of_the_operating_system_is_not_taken_for_one_of_the_database(
    database,
) -> None:
    def save_and_look_for_a_file() -> Transaction[None]:
        yield from save("anna", "well")
        raise FileNotFoundError("no photo")

    with pytest.raises(FileNotFoundError, match="no photo"):
        await database.run(save_and_look_for_a_file())


async def test_a_second_row_with_the_same_key_is_a_conflict_and_changes_nothing(database) -> None:
    await database.run(save("anna", "well"))

    def twice() -> Transaction[None]:
        yield from save("omar", "sore")
        yield from save("anna", "ill")

    with pytest.raises(ConflictError) as caught:
        await database.run(twice())
    assert "ill" not in str(caught.value)
    assert not caught.value.passing
    assert await database.read(saved()) == {"anna": "well"}


async def test_one_that_fails_among_many_is_alone_with_its_failure(database) -> None:
    work = [save(f"patient {number}", "well") for number in range(20)]
    results = await asyncio.gather(
        *(database.run(one) for one in [*work[:10], save_and_fail("cleo"), *work[10:]]),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(LookupError) == 1
    assert len(await database.read(saved())) == 20


async def test_rows_go_by_name_and_by_place(database) -> None:
    def look() -> Transaction[tuple[object, ...]]:
        rows = yield Query("INSERT INTO meta VALUES ('a', 'b') RETURNING key, value")
        (row,) = rows
        return row["value"], row[1], list(row), list(row.keys()), len(row)

    assert await database.run(look()) == ("b", "b", ["a", "b"], ["key", "value"], 2)


async def test_every_kind_of_value_comes_back_as_it_went_in(database) -> None:
    def keep() -> Transaction[list[object]]:
        values = {"code": "K7M2", "hours": 26.5, "body": b"\x00\xff", "update_id": 2**52}
        rows = yield Query(
            "INSERT INTO answer (code, check_in, revision, update_id, at, hours, level, protocol,"
            " body) VALUES (:code, 'day-1', 0, :update_id, 'then', :hours, 'watch', 'p@1', :body)"
            " RETURNING code, hours, body, update_id",
            values,
        )
        return [list(values.values()), list(rows[0])]

    given, kept = await database.run(keep())
    assert given == kept


async def test_true_and_false_are_stored_as_one_and_zero(database) -> None:
    def hire() -> Transaction[list[int]]:
        rows = yield Query(
            "INSERT INTO staff (user_id, name, role, on_roster, reachable, since)"
            " VALUES (1, 'Ben', 'nurse', :yes, :no, 'now')"
            " RETURNING on_roster, reachable",
            {"yes": True, "no": False},
        )
        return list(rows[0])

    assert await database.run(hire()) == [1, 0]


async def test_text_sorts_the_same_everywhere(database) -> None:
    for key in ("b", "A", "a", "B", "é", "_"):
        await database.run(save(key, ""))
    assert list(await database.read(saved())) == ["A", "B", "_", "a", "b", "é"]


async def test_the_markers_for_locks_are_understood(database) -> None:
    await database.run(save("anna", "well"))

    def lock() -> Transaction[int]:
        held = yield Query("SELECT key FROM meta WHERE key = :key {for_update}", {"key": "anna"})
        free = yield Query("SELECT key FROM meta {skip_locked}")
        return len(held) + len(free)

    assert await database.run(lock()) == 2


async def test_reading_asks_for_no_lock(database) -> None:
    """What loads a case to decide on it composes its messages too, where nothing may be written."""
    await database.run(save("anna", "well"))

    def looks() -> Transaction[int]:
        held = yield Query("SELECT key FROM meta WHERE key = :key {for_update}", {"key": "anna"})
        free = yield Query("SELECT key FROM meta {skip_locked}")
        return len(held) + len(free)

    assert await database.read(looks) == 2


async def test_reading_refuses_to_write(database) -> None:
    with pytest.raises(StorageError, match="read-only"):
        await database.read(save("anna", "well"))
    assert await database.read(saved()) == {}


async def test_a_value_that_is_missing_is_said(database) -> None:
    def forget() -> Transaction[None]:
        yield Query(SAVE, {"key": "anna"})

    with pytest.raises(StorageError, match="value"):
        await database.run(forget())


async def test_a_time_that_was_not_made_text_is_refused(database) -> None:
    with pytest.raises((StorageError, TypeError)):
        await database.run(save("anna", datetime.now(UTC)))
    assert await database.read(saved()) == {}


async def test_a_statement_that_is_wrong_is_refused_in_words(database) -> None:
    def mistyped() -> Transaction[None]:
        yield Query("SELEKT 1")

    with pytest.raises(StorageError, match="refused"):
        await database.run(mistyped())


async def test_the_function_is_ended_when_its_statement_fails(database) -> None:
    ended = []

    def careful() -> Transaction[None]:
        try:
            yield Query("SELEKT 1")
        finally:
            ended.append("Anna")

    with pytest.raises(StorageError):
        await database.run(careful())
    assert ended == ["Anna"]


async def test_what_makes_a_transaction_will_do_too(database) -> None:
    assert await database.run(lambda: save("anna", "well")) == "well"


async def test_closing_finishes_what_was_handed_in(database, url) -> None:
    waiting = [asyncio.ensure_future(database.run(save(f"p{n}", "well"))) for n in range(150)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == ["well"] * 150
    again = await open_database(url)
    assert len(await again.read(saved())) == 150
    await again.close()
