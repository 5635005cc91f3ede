"""A backup is whole, private and taken beside a running bot, or there is none."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from cared_for import NOW, filled, rows, terminal
from clinic_history import KEY

from bot import cli_care
from storage import backups
from storage.exclusive import lock_file
from storage.location import sqlite_path
from storage.migrations import REVISIONS
from storage.sealing import Keyring
from storage.sqlite import connect
from storage.transaction import StorageError


@pytest.fixture
def path(sqlite_url, tmp_path, monkeypatch):
    """The file of a clinic with Anna and Berta."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ENCRYPTION_KEY", KEY)
    filled(sqlite_url)
    return sqlite_path(sqlite_url)


def test_everything_is_in_it_in_one_file_that_only_its_owner_reads(path, tmp_path) -> None:
    result = terminal("backup", "-o", "copy.db")
    assert result.exit_code == 0
    assert "copy.db: " in result.stdout
    assert f", schema {REVISIONS[-1]}, checked." in result.stdout
    copy = tmp_path / "copy.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.db?*"))
    for table in ("patient", "answer", "alert", "message", "outbox", "due"):
        text = f"SELECT * FROM {table}"  # noqa: S608 - a name from above
        with closing(sqlite3.connect(copy)) as one, closing(sqlite3.connect(path)) as other:
            assert one.execute(text).fetchall() == other.execute(text).fetchall() != []


def test_without_a_name_it_lies_beside_the_database(path) -> None:
    assert terminal("backup").exit_code == 0
    [copy] = backups.beside(path)
    assert copy.name.startswith(f"{path.name}.backup-20")


def test_the_bot_goes_on_writing_meanwhile_and_the_copy_is_of_one_instant(path, tmp_path) -> None:
    release = lock_file(path)
    stop = threading.Event()

    def bot() -> None:
        with closing(connect(path)) as writing:
            number = 0
            while not stop.is_set():
                number += 1
                writing.execute("BEGIN IMMEDIATE")
                for key in ("left", "right"):
                    writing.execute("REPLACE INTO meta VALUES (?, ?)", (key, str(number)))
                writing.execute("COMMIT")

    running = threading.Thread(target=bot)
    running.start()
    try:
        for number in range(5):
            backups.back_up(path, tmp_path / f"{number}.db")
    finally:
        stop.set()
        running.join()
        release()
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            meta = dict(copy.execute("SELECT key, value FROM meta").fetchall())
            assert meta.get("left") == meta.get("right")


@pytest.mark.hazard("H22")
def test_a_damaged_database_gives_no_copy_and_leaves_the_last_one(path, tmp_path) -> None:
    assert terminal("backup", "-o", "copy.db").exit_code == 0
    before = (tmp_path / "copy.db").read_bytes()
    with closing(sqlite3.connect(path)) as writing:
        writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [root] = writing.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'alert_code_index'"
        ).fetchone()
        [size] = writing.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size + 3)
        file.write(b"\x00\x00")
    result = terminal("backup", "-o", "copy.db")
    assert (result.exit_code, "damaged" in result.stderr) == (1, True)
    assert (tmp_path / "copy.db").read_bytes() == before
    assert not list(tmp_path.glob("*.unfinished"))


def test_it_never_takes_the_place_of_the_database_itself(path) -> None:
    result = terminal("backup", "-o", str(path))
    assert (result.exit_code, "the database itself" in result.stderr) == (1, True)
    assert rows(f"sqlite:///{path}", "SELECT code FROM patient")


def test_a_place_that_cannot_be_written_is_named(path) -> None:
    result = terminal("backup", "-o", "nowhere/copy.db")
    assert (result.exit_code, "nowhere/copy.db cannot be written" in result.stderr) == (1, True)
    assert path.exists()


def test_without_a_database_none_is_made(path) -> None:
    path.unlink()
    result = terminal("backup")
    assert (result.exit_code, "nothing to copy" in result.stderr) == (2, True)
    assert not path.exists()


@pytest.mark.usefixtures("path")
def test_a_backup_that_cannot_be_noted_is_still_one(tmp_path, monkeypatch) -> None:
    def full(*_any: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr("storage.backups.note", full)
    result = terminal("backup", "-o", "copy.db")
    assert (result.exit_code, "could not be noted" in result.stderr) == (0, True)
    assert (tmp_path / "copy.db").exists()


def test_postgresql_is_copied_by_its_own_program(postgres_url, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    result = terminal("backup")
    assert result.exit_code == 2
    assert "pg_dump --format=custom --file=aftercheck-20" in result.stderr
    assert '"$DATABASE_URL"' in result.stderr
    assert postgres_url not in result.stderr


@pytest.mark.hazard("H22")
def test_a_backup_that_is_killed_is_named_where_a_case_is_erased(
    path, tmp_path, monkeypatch
) -> None:
    """Wherever the kill strikes, and under whatever name the copy was to be made."""

    def killed(_source: object, target: Path) -> None:
        target.write_bytes(b"half of everybody")
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "copied", killed)
    monkeypatch.setattr(Path, "unlink", lambda *_given, **_more: None)
    with pytest.raises(KeyboardInterrupt):
        backups.back_up(
            path, tmp_path / "x.db", lambda: cli_care.note(path, tmp_path / "x.db", NOW)
        )
    result = terminal("erase", "A7K2", "--yes", "--even-with-open-alerts")
    assert str(tmp_path / "x.db.unfinished") in result.stdout


def test_what_a_kill_left_of_a_nightly_copy_goes_with_the_next(path, tmp_path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    left = folder / f"{path.name}.backup-2026-11-20T023000Z.unfinished"
    left.write_bytes(b"half of everybody")
    backups.keep(path, folder, Keyring.from_text(KEY), 7, NOW)
    [copy] = folder.iterdir()
    assert copy.name.endswith("Z")
    detail = rows(f"sqlite:///{path}", "SELECT detail FROM action WHERE action = 'backup'")
    assert [row["detail"] for row in detail] == [str(copy)]
