"""Questions to the bot's database, from beside it."""

from collections.abc import Sequence

from storage.transaction import Database, Query, Row, Transaction


async def rows(database: Database, text: str, **values: object) -> Sequence[Row]:
    """Return rows, on the connection that only reads."""

    def asking() -> Transaction[Sequence[Row]]:
        return (yield Query(text, values))

    return await database.read(asking)
