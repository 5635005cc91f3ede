"""A backup takes the database's place whole, or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cared_for import clinic_at, rows, terminal

from storage.backups import back_up
from storage.exclusive import lock_file
from storage.location import sqlite_path
from storage.sealing import Keyring, new_key_text


@pytest.fixture
def path(sqlite_url, tmp_path, monkeypatch) -> Path:
    """A clinic's file, with a backup `copy.db` from before something changed."""
    clinic_at(sqlite_url, tmp_path, monkeypatch)
    found = sqlite_path(sqlite_url)
    back_up(found, found.parent / "copy.db")
    rows(sqlite_url, "UPDATE patient SET language = 'de' WHERE code = 'A7K2' RETURNING code")
    return found


def language(path) -> str:
    with closing(sqlite3.connect(path)) as one:
        return one.execute("SELECT language FROM patient WHERE code = 'A7K2'").fetchone()[0]


def test_the_backup_is_in_place_and_the_database_as_it_was_beside_it(path) -> None:
    result = terminal("restore", "copy.db")
    assert result.exit_code == 0
    assert language(path) == "en"
    [kept] = path.parent.glob(f"{path.name}.replaced-*")
    assert str(kept) in result.stdout.replace("\n", "")
    assert language(kept) == "de"
    assert "up to Fri 27 Nov, 10:30" in result.stdout
    assert language("copy.db") == "en"
    assert not list(path.parent.glob("*.restoring*"))


def test_what_is_only_in_the_journal_is_kept_too(path) -> None:
    with closing(sqlite3.connect(path)) as running:  # never closed in order
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("PRAGMA wal_autocheckpoint = 0")
        running.execute("UPDATE patient SET language = 'fr'")
        running.commit()
        assert terminal("restore", "copy.db").exit_code == 0
    kept = min(path.parent.glob("*.replaced-*"), key=lambda one: len(one.name))
    assert language(kept) == "fr"
    assert language(path) == "en"


def test_a_running_bot_must_be_stopped_first(path) -> None:
    release = lock_file(path)
    result = terminal("restore", "copy.db")
    release()
    assert (result.exit_code, "already running" in result.stderr) == (1, True)
    assert language(path) == "de"


def test_a_backup_that_another_key_sealed_is_refused(path, monkeypatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", new_key_text())
    result = terminal("restore", "copy.db")
    assert (result.exit_code, "ENCRYPTION_KEY holds" in result.stderr) == (1, True)
    assert language(path) == "de"
    assert not list(path.parent.glob("*.restoring*"))


def test_a_backup_of_which_one_patient_has_another_key_is_refused(path) -> None:
    with closing(sqlite3.connect("copy.db")) as copy:
        other = Keyring.from_text(new_key_text()).new_data_key()
        copy.execute("UPDATE patient SET wrapped_key = ? WHERE code = 'B2B2'", (other,))
        copy.commit()
    assert terminal("restore", "copy.db").exit_code == 1
    assert language(path) == "de"


def test_a_damaged_backup_is_refused(path) -> None:
    copy = path.parent / "copy.db"
    content = bytearray(copy.read_bytes())
    with closing(sqlite3.connect(copy)) as one:
        [root] = one.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'alert_code_index'"
        ).fetchone()
        [size] = one.execute("PRAGMA page_size").fetchone()
    content[(root - 1) * size + 3 : (root - 1) * size + 5] = b"\x00\x00"
    copy.write_bytes(content)
    result = terminal("restore", "copy.db")
    assert (result.exit_code, "damaged" in result.stderr) == (1, True)
    assert language(path) == "de"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "There is no file"), (b"", "is empty"), (b"no database at all" * 99, "database")],
)
def test_what_is_no_backup_is_refused(path, content, sentence) -> None:
    if content is not None:
        (path.parent / "other.db").write_bytes(content)
    result = terminal("restore", "other.db")
    assert (result.exit_code, sentence in result.stderr) == (1, True)
    assert language(path) == "de"


def test_a_backup_of_a_newer_aftercheck_is_refused(path) -> None:
    with closing(sqlite3.connect("copy.db")) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '0999'")
        copy.commit()
    result = terminal("restore", "copy.db")
    assert (result.exit_code, "Install the newer Aftercheck" in result.stderr) == (1, True)
    assert language(path) == "de"


@pytest.mark.hazard("H22")
def test_a_database_that_is_damaged_beyond_opening_can_be_replaced(path) -> None:
    path.write_bytes(b"lightning" * 1000)
    assert terminal("restore", "copy.db").exit_code == 0
    assert language(path) == "en"
    [kept] = path.parent.glob(f"{path.name}.replaced-*")
    assert kept.read_bytes().startswith(b"lightning")


def test_a_database_that_is_gone_can_be_replaced(path) -> None:
    path.unlink()
    assert terminal("restore", "copy.db").exit_code == 0
    assert language(path) == "en"


def test_a_server_is_told_how_with_its_own_program(postgres_url, tmp_path, monkeypatch) -> None:
    clinic_at(postgres_url, tmp_path, monkeypatch)
    result = terminal("restore", "some.dump")
    assert result.exit_code == 1
    assert 'pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL"' in (
        result.stderr
    )
    assert "aftercheck restore --in-place" in result.stderr


@pytest.mark.parametrize("words", [[], ["copy.db", "--in-place"]])
@pytest.mark.usefixtures("path")
def test_one_of_two_ways_is_chosen(words) -> None:
    result = terminal("restore", *words)
    assert (result.exit_code, "Name the backup's file, or" in result.stderr) == (2, True)
