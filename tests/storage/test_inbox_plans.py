"""A chat's oldest update is looked up, not searched for among all that wait."""

import pytest

from storage import condition, inbox
from storage.transaction import Query

INDEX = "inbox_chat_id_update_id_index"


async def plan(database, engine, text: str, **values: object) -> str:
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "

    def asking():
        if engine == "postgres":  # a table this small it would rather read than look up
            yield Query("SET LOCAL enable_seqscan = off")
        return (yield Query(explain + text, values))

    return "\n".join(" ".join(map(str, row)) for row in await database.run(asking))


@pytest.mark.parametrize("chat", [7001, None])
async def test_a_chats_oldest_update_is_found_by_the_chat(database, engine, chat) -> None:
    text = inbox.TAKE_OF_NO_CHAT if chat is None else inbox.TAKE
    steps = await plan(database, engine, text, **({} if chat is None else {"chat": chat}))
    assert INDEX in steps
    wanted = "chat_id=?" if engine == "sqlite" else "Index Cond: (chat_id "
    assert wanted in steps, steps


@pytest.mark.parametrize("text", [inbox.WAITING, condition.UNHEARD])
async def test_what_waits_is_found_without_what_was_worked_on(database, engine, text) -> None:
    assert INDEX in await plan(database, engine, text)
