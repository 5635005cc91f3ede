"""A database to be changed: filled with rows of any schema, and dumped to be compared."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.instants import stored
from storage.location import sqlite_path
from storage.postgres_connection import connect

T = TypeVar("T")
VERSION = "alembic_version"
BEGAN = datetime(2026, 11, 23, 9, tzinfo=UTC)
AT_ONCE = 1_000  # rows in one call


def on(url: str, work: Callable[[sa.Connection], T]) -> T:
    """Do something in one transaction on either engine."""
    path = sqlite_path(url)
    if path is not None:
        engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(path))
        with engine.begin() as connection:
            return work(connection)
    return asyncio.run(on_postgres(url, work))


async def on_postgres(url: str, work: Callable[[sa.Connection], T]) -> T:
    """Do something on PostgreSQL."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        return await connection.run_sync(work)


def tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """Return every table of the schema, without Alembic's own."""
    schema = sa.MetaData()
    schema.reflect(connection)
    return {name: table for name, table in sorted(schema.tables.items()) if name != VERSION}


def filled(connection: sa.Connection, rows: int) -> int:
    """Fill the tables that hold less with their share of so many rows; return how many were put."""
    found = tables(connection)
    share, put = max(1, rows // len(found)), 0
    for table in found.values():
        have = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        numbers = range(have, share)
        for start in range(0, len(numbers), AT_ONCE):
            part = [row_of(table, number) for number in numbers[start : start + AT_ONCE]]
            connection.execute(table.insert(), part)
            put += len(part)
    return put


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """Return a row that is like no other; a third of what may be empty is."""
    return {
        column.name: None
        if column.nullable and (number + place) % 3 == 0
        else value(column, number)
        for place, column in enumerate(table.columns)
    }


def value(column: sa.Column[Any], number: int) -> object:
    """Return what stands in a column of a row: by its type, and an instant where it is one."""
    kind = column.type.python_type
    if kind is str:
        is_instant = column.name.endswith(("_at", "_until", "since", "not_before"))
        when = stored(BEGAN + timedelta(minutes=number))
        return when if is_instant else f"{column.name} {number} äß 漢"
    return f"{number:08}".encode() * 8 if kind is bytes else kind(number + 1)


def dump(connection: sa.Connection) -> str:
    """Return the digest of schema and rows in one order, whatever order the engine keeps."""
    whole = sha256()
    for line in lines(connection):
        whole.update(line.encode() + b"\n")
    return whole.hexdigest()


def lines(connection: sa.Connection) -> Iterator[str]:
    """Yield the tables, their columns and indexes, and every row."""
    looked = sa.inspect(connection)
    for name, table in tables(connection).items():
        columns = [f"{one.name} {one.type!r} {one.nullable}" for one in table.columns]
        indexes = [(one["name"], one["column_names"], one["unique"])
                   for one in looked.get_indexes(name)]  # fmt: skip
        unique = [one["column_names"] for one in looked.get_unique_constraints(name)]
        yield f"{name} {sorted(columns)} {sorted(map(str, indexes))} {sorted(map(str, unique))}"
        yield from sorted(
            str(sorted(row.items(), key=lambda pair: str(pair[0])))
            for row in connection.execute(sa.select(table)).mappings()
        )
