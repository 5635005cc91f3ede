"""One running bot for each SQLite file, any number on a server, none beside what changes all."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from storage.condition import running_bots
from storage.exclusive import AlreadyRunningError, ChangingError
from storage.location import sqlite_path
from storage.migrations import REVISIONS
from storage.opening import open_database
from storage.transaction import Query, Transaction

RUNNING_BOT = """
import asyncio, sys
from storage.opening import open_database
async def main():
    database = await open_database(sys.argv[1], exclusive=True)
    print("running", flush=True)
    sys.stdin.readline()
    await database.close()
asyncio.run(main())
"""


@contextmanager
def running_bot(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", RUNNING_BOT, url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as bot:
        assert bot.stdout.readline() == "running\n"
        yield bot
        bot.kill()


async def opened_in_the_end(url: str, *, alone: bool = False) -> None:
    """Open as the running bot; the server takes a moment to notice that the last one is gone."""
    async with asyncio.timeout(10):
        while True:
            try:
                database = await open_database(url, exclusive=not alone, alone=alone)
            except (AlreadyRunningError, ChangingError):
                continue
            await database.close()
            return


def count() -> Transaction[int]:
    return len((yield Query("SELECT * FROM staff")))


async def test_a_second_bot_on_a_file_is_refused_until_the_first_one_stops(sqlite_url) -> None:
    with running_bot(sqlite_url) as bot:
        with pytest.raises(AlreadyRunningError, match="already running on this database; stop it"):
            await open_database(sqlite_url, exclusive=True)
        bot.communicate("stop\n")
        assert bot.returncode == 0
    await opened_in_the_end(sqlite_url)


async def test_several_bots_run_on_a_server(postgres_url) -> None:
    with running_bot(postgres_url), running_bot(postgres_url):
        assert await asyncio.to_thread(running_bots, postgres_url) == 2


async def test_what_changes_all_is_refused_until_the_last_bot_stops(url) -> None:
    with running_bot(url) as bot:
        with pytest.raises(AlreadyRunningError):
            await open_database(url, alone=True)
        bot.communicate("stop\n")
    await opened_in_the_end(url, alone=True)


async def test_a_bot_is_refused_while_something_changes_all(postgres_url) -> None:
    changing = await open_database(postgres_url, alone=True)
    with pytest.raises(ChangingError, match="start this again when it has ended"):
        await open_database(postgres_url, exclusive=True)
    await changing.close()
    await opened_in_the_end(postgres_url)


async def test_a_bot_that_was_killed_holds_nothing(url) -> None:
    with running_bot(url) as bot:
        bot.kill()
        bot.wait()
        await opened_in_the_end(url, alone=True)


async def test_a_tool_works_beside_the_running_bot(url) -> None:
    with running_bot(url):
        tool = await open_database(url)
        assert await tool.run(count()) == 0
        await tool.close()


async def test_a_tool_does_not_change_a_file_below_the_running_bot(sqlite_url, monkeypatch) -> None:
    with running_bot(sqlite_url):
        monkeypatch.setattr("storage.opening.REVISIONS", (*REVISIONS, "0900"))
        with pytest.raises(AlreadyRunningError):
            await open_database(sqlite_url)
    assert not list(sqlite_path(sqlite_url).parent.glob("*before*"))


async def test_two_processes_that_make_a_server_s_tables_at_once_do_it_once(
    empty_postgres_url,
) -> None:
    databases = await asyncio.gather(*(open_database(empty_postgres_url) for _ in range(3)))
    for database in databases:
        assert await database.read(count()) == 0
        await database.close()
