"""Who waits at the same time shares a commit, and nobody is told before it is on disk."""

import asyncio
import sqlite3
from itertools import count
from threading import Event

import pytest

from storage.location import sqlite_path
from storage.sqlite import SqliteDatabase, commit_group, connect, run_now
from storage.transaction import Query, StorageError, Transaction


def save(key: str) -> Transaction[str]:
    yield Query("INSERT INTO meta VALUES (:key, '')", {"key": key})
    return key


def saved() -> Transaction[set[str]]:
    rows = yield Query("SELECT key FROM meta")
    return {row["key"] for row in rows}


def fail(key: str) -> Transaction[None]:
    yield from save(key)
    raise LookupError("Ben changed his mind")


@pytest.fixture
def path(sqlite_url):
    return sqlite_path(sqlite_url)


@pytest.fixture
def connection(path):
    opened = connect(path)
    yield opened
    opened.close()


@pytest.fixture
def commits(connection):
    said: list[str] = []
    connection.set_trace_callback(lambda text: text == "COMMIT" and said.append(text))
    return said


@pytest.fixture
async def database(path):
    opened = SqliteDatabase(path)
    yield opened
    await opened.close()


@pytest.fixture
def no_time(monkeypatch) -> None:
    """The machine is so fast that no time passes."""
    monkeypatch.setattr("storage.sqlite.thread_time", lambda: 0.0)


@pytest.mark.usefixtures("no_time")
async def test_sixty_four_who_wait_share_one_commit(path) -> None:
    database = SqliteDatabase(path)
    said: list[str] = []
    database._writer._connection.set_trace_callback(said.append)
    await asyncio.gather(*(database.run(save(f"patient {n}")) for n in range(64)))
    assert said.count("COMMIT") == 1
    assert len(await database.read(saved())) == 64
    await database.close()


@pytest.mark.usefixtures("no_time")
def test_one_that_raises_is_undone_alone(connection, commits) -> None:
    outcomes = commit_group(connection, [save("anna"), fail("omar"), save("zoe")])
    assert [outcome.value for outcome in outcomes] == ["anna", None, "zoe"]
    assert isinstance(outcomes[1].error, LookupError)
    assert run_now(connection, saved()) == {"anna", "zoe"}
    assert len(commits) == 2


@pytest.mark.usefixtures("no_time")
def test_one_whose_statement_fails_is_undone_alone(connection) -> None:
    def twice() -> Transaction[None]:
        yield from save("omar")
        yield from save("anna")

    outcomes = commit_group(connection, [save("anna"), twice(), save("zoe")])
    assert [type(outcome.error).__name__ for outcome in outcomes] == [
        "NoneType",
        "ConflictError",
        "NoneType",
    ]
    assert run_now(connection, saved()) == {"anna", "zoe"}


def test_a_group_that_takes_long_is_committed_before_the_rest(connection, monkeypatch) -> None:
    clock = count()
    monkeypatch.setattr("storage.sqlite.thread_time", lambda: next(clock) / 1000)
    outcomes = commit_group(connection, [save(f"patient {n}") for n in range(64)])
    assert 1 <= len(outcomes) <= 6


async def test_the_rest_of_a_group_that_takes_long_comes_next(path, monkeypatch) -> None:
    monkeypatch.setattr("storage.sqlite.thread_time", count().__next__)
    database = SqliteDatabase(path)
    await asyncio.gather(*(database.run(save(f"patient {n}")) for n in range(10)))
    assert len(await database.read(saved())) == 10
    await database.close()


@pytest.mark.usefixtures("no_time")
def test_if_the_commit_fails_each_is_told_and_nothing_is_saved(connection) -> None:
    connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    connection.execute(
        "CREATE TABLE child (id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    def orphan() -> Transaction[None]:
        yield Query("INSERT INTO child VALUES (1)")

    outcomes = commit_group(connection, [save("anna"), orphan(), fail("omar"), save("zoe")])
    errors = [outcome.error for outcome in outcomes]
    assert [type(error) for error in errors] == [
        StorageError,
        StorageError,
        LookupError,
        StorageError,
    ]
    assert errors[0] is not errors[3]
    assert run_now(connection, saved()) == set()
    assert run_now(connection, save("anna")) == "anna"


@pytest.mark.usefixtures("no_time")
def test_a_function_that_ends_the_transaction_itself_saves_nothing_that_is_reported(
    connection,
) -> None:
    def meddle() -> Transaction[None]:
        yield Query("ROLLBACK")

    outcomes = commit_group(connection, [save("anna"), meddle()])
    assert all(isinstance(outcome.error, StorageError) for outcome in outcomes)
    assert run_now(connection, saved()) == set()


async def test_who_reads_never_sees_what_is_not_committed_nor_waits_for_it(database) -> None:
    inserted, go_on = Event(), Event()

    def slow() -> Transaction[None]:
        yield from save("anna")
        inserted.set()
        assert go_on.wait(10)

    writing = asyncio.ensure_future(database.run(slow()))
    await asyncio.to_thread(inserted.wait, 10)
    assert await database.read(saved()) == set()
    go_on.set()
    await writing
    assert await database.read(saved()) == {"anna"}


async def test_who_was_cancelled_does_not_disturb_the_others(database) -> None:
    anna = asyncio.ensure_future(database.run(save("anna")))
    omar = asyncio.ensure_future(database.run(save("omar")))
    await asyncio.sleep(0)
    anna.cancel()
    assert await omar == "omar"
    assert "omar" in await database.read(saved())


async def test_after_closing_nothing_is_taken_in(path) -> None:
    database = SqliteDatabase(path)
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await database.run(save("anna"))


async def test_whatever_is_raised_nobody_waits_for_ever(database) -> None:
    def stop() -> Transaction[None]:
        raise StopIteration

    def leave() -> Transaction[None]:
        yield from save("anna")
        raise SystemExit(3)

    with pytest.raises(RuntimeError):
        await database.run(stop)
    with pytest.raises(SystemExit):
        await database.run(leave())
    assert await database.run(save("omar")) == "omar"


def test_the_file_is_flushed_at_each_commit(connection) -> None:
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_tool_gets_what_the_function_raised(connection) -> None:
    with pytest.raises(LookupError):
        run_now(connection, fail("anna"))
    assert run_now(connection, saved()) == set()
    assert isinstance(connection, sqlite3.Connection)
