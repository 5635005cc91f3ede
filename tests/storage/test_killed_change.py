"""A change of the schema that is killed at any statement leaves the database as it was."""

from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.reliability import killed_change
from bench.reliability.ground import dump, filled, on
from bench.reliability.migrations import walked
from storage.migrations import REVISIONS, upgrade
from storage.opening import open_database

ROWS = 50
SPREAD = {"sqlite": 7, "postgres": 31}
"""Every so-manieth statement is one that is killed; all of them are in `make reliability`."""


@pytest.fixture
def new_url(engine, request) -> str:
    """The address of an empty database, on each engine in turn."""
    return request.getfixturevalue(f"empty_{engine}_url")


@pytest.mark.hazard("H38")
def test_killed_anywhere_a_change_up_or_down_is_whole_or_was_not_begun(engine, new_url) -> None:
    found = walked(new_url, engine, ROWS, lambda _what: None, SPREAD[engine])
    assert found.faults == []
    assert found.changes == 3 * len(REVISIONS) + 2
    assert found.kills > 5
    assert found.rows >= ROWS / 2


def test_a_revision_that_cannot_be_undone_is_not_accepted() -> None:
    files = sorted((Path(upgrade.SCRIPTS) / "versions").glob("r*.py"))
    assert len(files) == len(REVISIONS)
    for file in files:
        assert callable(import_module(f"storage.migrations.versions.{file.stem}").downgrade), file


async def test_the_dump_sees_one_changed_value_and_one_lost_index(empty_sqlite_url) -> None:
    await (await open_database(empty_sqlite_url)).close()
    on(empty_sqlite_url, lambda connection: filled(connection, ROWS))
    seen = {on(empty_sqlite_url, dump)}
    for text in ("UPDATE staff SET name = 'Mallory' WHERE user_id = 1",
                 "DROP INDEX answer_code_at_index"):  # fmt: skip

        def spoil(connection: sa.Connection, text: str = text) -> None:
            connection.execute(sa.text(text))

        on(empty_sqlite_url, spoil)
        seen.add(on(empty_sqlite_url, dump))
    assert len(seen) == 3


async def test_a_database_goes_down_and_up_again_in_one_process(empty_sqlite_url) -> None:
    for revision in (REVISIONS[-1], REVISIONS[0], "base", REVISIONS[-1]):
        killed_change.change(empty_sqlite_url, revision)
    await (await open_database(empty_sqlite_url, backup=False)).close()
