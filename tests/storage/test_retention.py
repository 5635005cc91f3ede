"""What is over is kept for thirty days; what waits, or nobody could read, stays."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.instants import stored
from storage.retention import KEPT, forget_old
from storage.transaction import Query

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD, YOUNG = NOW - KEPT - timedelta(minutes=1), NOW - KEPT + timedelta(minutes=1)

INBOX = """
    INSERT INTO inbox (update_id, body, state, tries, received_at, ended_at, reason)
    VALUES (:id, :body, :state, 0, :at, :at, '')
"""
DUE = "INSERT INTO due (key, kind, due_at, state, reason, ended_at) VALUES (:key, 'x', :at, :state, '', :at)"  # noqa: E501


def filled():
    for number, (state, at) in enumerate(
        [("done", OLD), ("done", YOUNG), ("set_aside", OLD), ("new", OLD)]
    ):
        values = {"id": number, "body": b"x", "state": state, "at": stored(at)}
        yield Query(INBOX, values)
    for key, state, at in (("a", "done", OLD), ("b", "waiting", OLD), ("c", "cancelled", YOUNG)):
        yield Query(DUE, {"key": key, "state": state, "at": stored(at)})
    yield from forget_old(NOW)
    inbox = yield Query("SELECT update_id FROM inbox ORDER BY update_id")
    due = yield Query("SELECT key FROM due ORDER BY key")
    return [row["update_id"] for row in inbox], [row["key"] for row in due]


@pytest.mark.asyncio
async def test_only_what_has_long_been_over_is_forgotten(database) -> None:
    assert await database.run(filled) == ([1, 2, 3], ["b", "c"])
