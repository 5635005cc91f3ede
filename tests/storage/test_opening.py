"""Opening a database: what is new is made, what is old is backed up and changed, or nothing is."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from storage import migrations, opening
from storage.location import sqlite_path
from storage.migrations import REVISIONS, upgrade
from storage.opening import NewerDatabaseError, open_database
from storage.transaction import Query, StorageError, Transaction

TABLES = {
    "meta", "protocol", "staff", "shift", "patient", "invitation", "session", "check_in", "answer",
    "alert", "message", "photo", "action", "due", "inbox", "outbox",
}  # fmt: skip

SECOND = '''"""The second schema."""
import sqlalchemy as sa
from alembic import op
revision = "0900"
down_revision = "@before"
def upgrade():
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("phone", sa.Text(), nullable=False, server_default="none"))
'''
BROKEN = SECOND + '    op.drop_table("nowhere")\n'

OPEN_AND_LIST = """
import asyncio, sys
from storage.opening import open_database
async def main():
    await (await open_database(sys.argv[1])).close()
asyncio.run(main())
print(sorted({name.partition(".")[0] for name in sys.modules} & {"sqlalchemy", "alembic"}))
"""


def hire(name: str) -> Transaction[None]:
    yield Query(
        "INSERT INTO staff (user_id, name, role, on_roster, reachable, since)"
        " VALUES (1, :name, 'nurse', 1, 1, 'now')",
        {"name": name},
    )


def staff() -> Transaction[list[dict[str, object]]]:
    rows = yield Query("SELECT * FROM staff")
    return [dict(zip(row.keys(), row, strict=True)) for row in rows]


def set_version(version: str) -> Transaction[None]:
    yield Query("UPDATE alembic_version SET version_num = :version", {"version": version})


def empty(table: str) -> Transaction[bool]:
    return not (yield Query(f"SELECT * FROM {table} LIMIT 1"))  # noqa: S608 - a name from TABLES


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Return what makes a newer version of the program, with one more change of the schema."""

    def with_change(source: str) -> None:
        scripts = tmp_path / "scripts"
        shutil.copytree(upgrade.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        source = source.replace("@before", REVISIONS[-1])
        (scripts / "versions" / "r0900_next.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(upgrade, "SCRIPTS", scripts)
        monkeypatch.setattr(opening, "REVISIONS", (*REVISIONS, "0900"))

    return with_change


async def test_a_new_database_has_every_table(empty_url) -> None:
    database = await open_database(empty_url)
    for table in TABLES:
        assert await database.read(empty(table))
    await database.close()


async def test_a_database_that_is_opened_again_keeps_what_it_has(empty_url) -> None:
    for _ in range(2):
        database = await open_database(empty_url)
        if not await database.read(staff()):
            await database.run(hire("Ben"))
        assert [person["name"] for person in await database.read(staff())] == ["Ben"]
        await database.close()


def test_sqlalchemy_is_imported_only_where_a_change_is_due(url, empty_url) -> None:
    def imported(address: str) -> str:
        command = [sys.executable, "-c", OPEN_AND_LIST, address]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert imported(url) == "[]"
    assert imported(empty_url) == "['alembic', 'sqlalchemy']"


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database, url) -> None:
    await database.run(set_version("0999"))
    with pytest.raises(NewerDatabaseError, match=r"0999.*Install the newer Aftercheck"):
        await open_database(url)
    await database.run(set_version(REVISIONS[-1]))
    await (await open_database(url)).close()


async def test_an_older_database_is_changed_and_keeps_what_it_has(url, database, release) -> None:
    await database.run(hire("Ben"))
    await database.close()
    release(SECOND)
    newer = await open_database(url)
    (ben,) = await newer.read(staff())
    assert (ben["name"], ben["phone"]) == ("Ben", "none")
    await newer.close()


async def test_a_change_that_fails_changes_nothing(url, database, release) -> None:
    await database.run(hire("Ben"))
    release(BROKEN)
    with pytest.raises(StorageError, match="nothing of the database was"):
        await open_database(url)
    (ben,) = await database.read(staff())
    assert (ben["name"], "phone" in ben) == ("Ben", False)


@pytest.mark.hazard("H38")
@pytest.mark.parametrize("wanted", [True, False])
async def test_a_file_is_copied_before_it_is_changed(sqlite_url, release, wanted) -> None:
    database = await open_database(sqlite_url)
    await database.run(hire("Ben"))
    await database.close()
    release(SECOND)
    await (await open_database(sqlite_url, backup=wanted)).close()
    path = sqlite_path(sqlite_url)
    copies = [found for found in path.parent.iterdir() if "before" in found.name]
    assert len(copies) == wanted
    for copy in copies:
        assert copy.name.startswith("aftercheck.db.before-0900-20")
        assert copy.stat().st_mode & 0o777 == 0o600
        with closing(sqlite3.connect(copy)) as kept:
            assert kept.execute("SELECT name FROM staff").fetchall() == [("Ben",)]
            assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (
                REVISIONS[-1],
            )


async def test_a_new_file_needs_no_copy(empty_sqlite_url) -> None:
    await (await open_database(empty_sqlite_url)).close()
    names = {path.name for path in sqlite_path(empty_sqlite_url).parent.iterdir()}
    assert names == {"new.db", "new.db.lock"}


async def test_the_database_of_another_program_is_left_alone(tmp_path) -> None:
    path = tmp_path / "music.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (name)")
    with pytest.raises(StorageError, match="another program"):
        await open_database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url",
    [
        "aftercheck.db",
        "mysql://ben:hunter2@host/db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
    ],
)
async def test_an_address_that_is_none_is_refused_without_its_password(url) -> None:
    with pytest.raises(StorageError, match="must look like") as caught:
        await open_database(url)
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        await open_database("postgresql://ben:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in str(caught.value)


async def test_an_address_of_postgres_that_is_wrong_is_said() -> None:
    with pytest.raises(StorageError, match="DATABASE_URL is no address") as caught:
        await open_database("postgresql://ben:hunter2@host:hunter2/db")
    assert "hunter2" not in str(caught.value)


async def test_without_its_driver_postgres_says_what_to_install(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "storage.postgres", raising=False)
    monkeypatch.delitem(sys.modules, "storage.postgres_errors", raising=False)
    monkeypatch.delattr("storage.postgres", raising=False)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StorageError, match="pip install"):
        await open_database("postgresql://localhost/db")


def test_the_list_of_revisions_is_that_of_the_files() -> None:
    names = sorted(path.name for path in (upgrade.SCRIPTS / "versions").glob("r*.py"))
    assert [name[1:5] for name in names] == list(migrations.REVISIONS)
