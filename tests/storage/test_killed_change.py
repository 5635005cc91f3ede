"""A change of the schema that is killed at any statement leaves a database that opens."""

import subprocess
import sys

from storage.opening import open_database
from storage.transaction import Query, Transaction

KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from storage.migrations import upgrade
from storage.opening import open_database

def open_killed_at(statement):
    left = [statement]
    @event.listens_for(Engine, "after_cursor_execute")
    def count(*_):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    async def main():
        await (await open_database(sys.argv[1])).close()
    asyncio.run(main())

for statement in map(int, sys.argv[2:]):
    child = os.fork()
    if not child:
        open_killed_at(statement)
        os._exit(0)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(end)
    if not end:
        break
"""
KILL = "-9"


def killed(url: str, statements: list[int]) -> list[str]:
    """Open the database in a process killed after so many statements, for each of them in turn.

    Returns how each process ended, up to the first that was not killed.
    """
    command = [sys.executable, "-c", KILLED, url, *map(str, statements)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def tables() -> Transaction[list[object]]:
    return list((yield Query("SELECT * FROM outbox")))


async def test_killed_at_each_statement_a_new_file_is_made_in_the_end(empty_sqlite_url) -> None:
    *ends, last = killed(empty_sqlite_url, list(range(1, 100)))
    assert last == "0"
    assert set(ends) == {KILL}
    assert len(ends) > 30
    database = await open_database(empty_sqlite_url)
    assert await database.read(tables()) == []
    await database.close()


async def test_killed_in_the_middle_a_new_server_is_made_in_the_end(empty_postgres_url) -> None:
    assert killed(empty_postgres_url, [5, 15, 25]) == [KILL] * 3
    database = await open_database(empty_postgres_url)
    assert await database.read(tables()) == []
    await database.close()
