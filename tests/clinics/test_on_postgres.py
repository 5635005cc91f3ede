"""Clinic Sunrise and Clinic Linden on one PostgreSQL server: a database and a role for each."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from two_clinics import alarms, all_well, deployed, until

from bench.server import NewDatabase, database_server

CANARY = "zebrafish"
SAME_FOR_ALL = {"alembic_version", "meta"}
"""Tables in which two clinics may have equal rows: none of them is about anybody."""
OWN_PLAN = "(digest:clinic,"
"""The day's list is due at both at the same hour, and is about nobody."""


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    with database_server() as new:
        yield new


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def owned(url: str, role: str) -> str:
    """Give a database to a role of its own, as docs/clinics.md says; return the role's address."""
    parts = urlsplit(url)
    name = parts.path.removeprefix("/")
    async with connected(url) as administrator:
        await administrator.execute(f"CREATE ROLE {role} LOGIN")
        await administrator.execute(f"ALTER DATABASE {name} OWNER TO {role}")
        await administrator.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    return urlunsplit(parts._replace(netloc=parts.netloc.replace("postgres", role, 1)))


async def rows(url: str) -> dict[str, set[str]]:
    """Return every row of every table, as text, by the table's name."""
    async with connected(url) as reader:
        tables = await reader.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: {row[0] for row in await reader.fetch(f'SELECT t::text FROM "{name}" AS t')}  # noqa: S608 - the server's own name
            for (name,) in tables
        }


@pytest.mark.hazard("H52")
async def test_two_clinics_on_one_server_work_and_no_row_of_one_is_in_the_other(
    tmp_path, new_database
) -> None:
    """Anna is in trouble at both; what she says at one is in that one's database only."""
    empty = [await asyncio.to_thread(new_database) for _ in range(2)]
    urls = (await owned(empty[0], "sunrise"), await owned(empty[1], "linden"))
    async with deployed(tmp_path, databases=urls) as (both, [anna]):
        await all_well(both)
        await alarms(anna, both.sunrise, "S22K")
        anna.types(anna.chat_with(both.sunrise.bot), f"my {CANARY} itches")
        await until(lambda: any(CANARY in text for text in both.sunrise.shown()))
        await alarms(anna, both.linden, "N22K")
        assert not any("S22K" in text or CANARY in text for text in both.linden.shown())
        assert not any("N22K" in text for text in both.sunrise.shown())
    sunrise, linden = [await rows(url) for url in urls]
    assert sunrise.keys() == linden.keys()
    for code, here, there in (("S22K", sunrise, linden), ("N22K", linden, sunrise)):
        assert any(code in row for table in here.values() for row in table)
        assert not any(code in row for table in there.values() for row in table)
    for name in sunrise.keys() - SAME_FOR_ALL:
        crossed = {row for row in sunrise[name] & linden[name] if not row.startswith(OWN_PLAN)}
        assert not crossed, name


@pytest.mark.hazard("H52")
async def test_a_clinics_role_cannot_open_the_others_database(new_database) -> None:
    empty = [await asyncio.to_thread(new_database) for _ in range(2)]
    birch, oak = (await owned(empty[0], "birch"), await owned(empty[1], "oak"))
    crossing = urlunsplit(urlsplit(birch)._replace(path=urlsplit(oak).path))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with connected(crossing):
            pass
    async with connected(birch):
        pass
