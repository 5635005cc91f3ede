"""A full disk, a locked file, a damaged one: nothing is lost that was reported as saved."""

import asyncio
import json
import sqlite3
import subprocess
import sys

import pytest

from storage.location import sqlite_path
from storage.sqlite import SqliteDatabase, commit_group, connect, connect_read_only, run_now
from storage.transaction import Query, StorageError, Transaction

SMALL_DISK = """
import json, resource, signal, sys
from pathlib import Path
from storage.sqlite import commit_group, connect
from storage.transaction import Query

def save(key):
    yield Query("INSERT INTO meta VALUES (:key, :value)", {"key": key, "value": "x" * 3000})
    return key

connection = connect(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
told, errors = [], []
for group in range(30):
    for outcome in commit_group(connection, [save(f"{group}-{n}") for n in range(20)]):
        (errors if outcome.error else told).append(str(outcome.error or outcome.value))
print(json.dumps([told, sorted(set(errors))]))
"""


def save(key: str, size: int = 0) -> Transaction[str]:
    yield Query("INSERT INTO meta VALUES (:key, :value)", {"key": key, "value": "x" * size})
    return key


def saved() -> Transaction[set[str]]:
    rows = yield Query("SELECT key FROM meta")
    return {row["key"] for row in rows}


@pytest.fixture
def path(sqlite_url):
    return sqlite_path(sqlite_url)


@pytest.fixture
def connection(path):
    opened = connect(path)
    yield opened
    opened.close()


def test_on_a_full_database_what_was_told_saved_is_saved_and_nothing_else(connection) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    outcomes = []
    for group in range(20):
        names = [f"{group}-{n}" for n in range(10)]
        outcomes += commit_group(connection, [save(name, 1500) for name in names])
    told = {outcome.value for outcome in outcomes if outcome.error is None}
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    assert told
    assert {str(error) for error in errors} == {
        "The disk is full: nothing was saved. Free some space."
    }
    assert all(isinstance(error, StorageError) and error.passing for error in errors)
    assert run_now(connection, saved()) == told

    connection.execute("PRAGMA max_page_count = 100000")
    assert run_now(connection, save("anna", 1500)) == "anna"


def test_on_a_disk_that_is_full_at_the_commit_nothing_is_told_saved_that_is_not(path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, path], capture_output=True, text=True, check=True
    )
    told, errors = json.loads(run.stdout)
    assert told
    assert errors == ["The disk failed or is full: nothing was saved. Look at it now."]
    connection = connect(path)
    assert run_now(connection, saved()) == set(told)
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()


async def test_a_lock_that_stays_is_reported_and_the_next_try_succeeds(path) -> None:
    database = SqliteDatabase(path, busy_seconds=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="Another program holds the database locked") as caught:
        await database.run(save("anna"))
    assert caught.value.passing
    other.execute("ROLLBACK")
    assert await database.run(save("anna")) == "anna"
    other.close()
    await database.close()


async def test_a_lock_that_goes_away_is_waited_for_while_others_read(path) -> None:
    database = SqliteDatabase(path, busy_seconds=30)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    anna = asyncio.ensure_future(database.run(save("anna")))
    assert await database.read(saved()) == set()
    assert not anna.done()
    other.execute("ROLLBACK")
    assert await anna == "anna"
    other.close()
    await database.close()


def test_a_file_that_is_no_database_is_said(tmp_path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Anna, " * 500, encoding="utf-8")
    with pytest.raises(StorageError, match="no SQLite database"):
        connect(path)


def test_a_damaged_file_is_said(path, connection) -> None:
    for n in range(200):
        run_now(connection, save(f"patient {n}", 1000))
    connection.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        run_now(connect(path), saved())


def test_a_folder_that_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(StorageError, match="cannot be made"):
        connect(tmp_path / "nowhere" / "aftercheck.db")
    with pytest.raises(StorageError, match="cannot be opened"):
        connect_read_only(tmp_path / "nowhere.db")


def test_a_folder_in_place_of_the_file_is_said(tmp_path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        connect(tmp_path)


def test_only_its_owner_can_read_the_file(tmp_path) -> None:
    connection = connect(tmp_path / "new.db")
    connection.execute("CREATE TABLE t (a)")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    connection.close()
