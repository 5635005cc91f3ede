"""aiosqlite as its manual shows it: each statement awaited, then a commit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import aiosqlite


class CommitEach:
    """A file with tables into which each answer is written by statements and a commit."""

    def __init__(self, path: Path, tables: Sequence[str], statements: Sequence[str]) -> None:
        self.path, self.tables, self.statements = path, tables, statements

    async def __aenter__(self) -> Self:
        self.connection = await aiosqlite.connect(self.path)
        for text in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *self.tables):
            await self.connection.execute(text)
        await self.connection.commit()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()

    async def write(self, values: dict[str, object]) -> None:
        """Write one answer."""
        for text in self.statements:
            names = {name: value for name, value in values.items() if f":{name}" in text}
            await self.connection.execute(text, names)
        await self.connection.commit()
