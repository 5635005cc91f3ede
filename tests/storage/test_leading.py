"""Which of several workers leads: one, and another soon after it is gone or says nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from storage import postgres_leading
from storage.leading import leading_of
from storage.opening import open_database
from storage.postgres import WRITING
from storage.postgres_leading import LEADING, TRUSTED, PostgresLeading

ENDING = """
    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) + objid::bigint = $1
"""
SHORT = 0.3  # seconds of silence


class Worker(PostgresLeading):
    """One of several, which counts how often it is called."""

    def __init__(self, url: str) -> None:
        super().__init__(url, self.is_called)
        self.calls = asyncio.Event()

    def is_called(self) -> None:
        self.calls.set()


@pytest.fixture
async def new(postgres_url) -> AsyncIterator[Callable[[], Worker]]:
    """What makes one worker more."""
    made: list[Worker] = []

    def one_more() -> Worker:
        made.append(Worker(postgres_url))
        return made[-1]

    yield one_more
    for worker in made:
        await worker.close()


async def leads_in_the_end(worker: Worker) -> None:
    """Look until the worker leads."""
    async with asyncio.timeout(10):
        while not await worker.look(0):
            pass


async def test_one_leads_and_another_when_it_stops(new) -> None:
    first, second = new(), new()
    assert await first.look(0)
    assert not await second.look(0)
    assert (await first.look(1), first.workers, second.workers) == (True, 2, 2)
    await first.close()
    assert not first.holds(1)
    assert await second.look(2)


async def test_whoever_says_nothing_loses_the_lead_and_notices(new, monkeypatch) -> None:
    monkeypatch.setattr(postgres_leading, "SILENCE", SHORT)
    paused = new()
    assert await paused.look(0)
    other = new()
    await leads_in_the_end(other)
    async with asyncio.timeout(10):
        while paused.holds(0):  # noqa: ASYNC110 - of the server
            await asyncio.sleep(0)
    assert not await paused.look(1)
    assert not await paused.look(2)


async def test_the_lead_is_trusted_only_for_a_while_after_the_last_look(new) -> None:
    worker = new()
    await worker.look(100)
    assert worker.holds(100 + TRUSTED - 0.01)
    assert not worker.holds(100 + TRUSTED)
    assert TRUSTED < postgres_leading.SILENCE - 2, "what goes out last arrives before another leads"


async def test_a_lead_that_was_lost_is_said_to_be_lost_once_also_where_it_is_free(
    new, postgres_url
) -> None:
    """What goes with it, such as what became of messages on their way, is then begun anew."""
    worker = new()
    await worker.look(0)
    administrator = await asyncpg.connect(postgres_url)
    assert await administrator.fetch(ENDING, LEADING)
    await administrator.close()
    async with asyncio.timeout(10):
        while worker.holds(0):  # noqa: ASYNC110 - of the server
            await asyncio.sleep(0)
    assert not await worker.look(1)
    await leads_in_the_end(worker)


async def test_a_worker_that_stands_still_within_a_statement_holds_nothing_for_ever(
    new, postgres_url, monkeypatch
) -> None:
    """The server waits for the values of a statement whose text it has, and calls that active."""
    monkeypatch.setattr(postgres_leading, "LONGEST_PAUSE", SHORT)
    named = {"application_name": WRITING}
    paused = await asyncpg.connect(postgres_url, server_settings=named)
    await paused.execute("BEGIN; LOCK TABLE staff")
    await paused.prepare("SELECT name FROM staff WHERE user_id = $1")
    waiting = asyncio.create_task(one_row(postgres_url))
    worker = new()
    async with asyncio.timeout(10):
        while not waiting.done():
            await worker.look(0)
    await waiting
    await paused.close()


async def one_row(url: str) -> None:
    """Read what the paused worker holds."""
    connection = await asyncpg.connect(url)
    await connection.fetch("SELECT * FROM staff")
    await connection.close()


async def test_nobody_leads_without_an_answer(new, monkeypatch) -> None:
    monkeypatch.setattr(postgres_leading, "PATIENCE", 0.0)
    worker = new()
    assert not await worker.look(0)
    assert (worker.holds(0), worker.workers) == (False, 0)


async def test_the_leader_hears_that_another_has_put_something_into_the_outbox(new) -> None:
    first, second = new(), new()
    await first.look(0)
    await second.look(0)
    for _ in range(3):
        second.call()
    async with asyncio.timeout(10):
        await first.calls.wait()


async def test_nobody_leads_while_something_changes_all(new, postgres_url) -> None:
    changing = await open_database(postgres_url, alone=True)
    worker = new()
    assert not await worker.look(0)
    await changing.close()
    await leads_in_the_end(worker)


async def test_the_only_process_of_a_file_leads(sqlite_url) -> None:
    leading = leading_of(sqlite_url, lambda: None)
    assert await leading.look(0)
    leading.call()
    await leading.close()
    assert (leading.holds(1e9), leading.workers, leading.is_shared) == (True, 1, False)
