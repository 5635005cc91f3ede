"""What is over is kept as long as its class says; what waits, or nobody could read, stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clinic_history import ENDED, KEYRING, anna_and_ben

from storage import retention
from storage.instants import stored
from storage.retention import BATCH, CLASSES, YEAR, forget, old_case, table_of_classes
from storage.transaction import Query, Transaction

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = 30
OLD, YOUNG = NOW - timedelta(days=DAYS, minutes=1), NOW - timedelta(days=DAYS, minutes=-1)

INBOX = """
    INSERT INTO inbox (update_id, body, state, tries, received_at, ended_at, reason)
    VALUES (:id, :body, :state, 0, :at, :at, '')
"""
DUE = "INSERT INTO due (key, kind, due_at, state, reason, ended_at) VALUES (:key, 'x', :at, :state, '', :at)"  # noqa: E501
MESSAGE = "INSERT INTO message (id, code, at, author, kind, body) VALUES (:id, 'A7K2', :at, 'patient', 'words', :body)"  # noqa: E501
PHOTO = "INSERT INTO photo (code, message, file_unique_id, body, fetched_at) VALUES ('A7K2', :id, :name, :body, :at)"  # noqa: E501
OUTBOX = """
    INSERT INTO outbox (dedup_key, lane, chat_id, method, body, state, attempts, token, not_before,
                        created_at, ended_at, reason)
    VALUES (:key, 3, 1, 'x', :body, :state, 0, 0, :at, :at, :at, '')
"""


def filled() -> Transaction[None]:
    for number, (state, at) in enumerate(
        [("done", OLD), ("done", YOUNG), ("set_aside", OLD), ("new", OLD)]
    ):
        values = {"id": number, "body": b"x", "state": state, "at": stored(at)}
        yield Query(INBOX, values)
    for key, state, at in (("a", "done", OLD), ("b", "waiting", OLD), ("c", "cancelled", YOUNG)):
        yield Query(DUE, {"key": key, "state": state, "at": stored(at)})
    for key, state, at in (("a", "sent", OLD), ("b", "pending", OLD), ("c", "dropped", YOUNG)):
        yield Query(OUTBOX, {"key": key, "state": state, "at": stored(at), "body": b"x"})
    for number, at in ((1, OLD), (2, YOUNG), (3, OLD), (4, OLD)):
        yield Query(MESSAGE, {"id": number, "at": stored(at), "body": b"x"})
    yield Query(PHOTO, {"id": 3, "name": "kept", "body": b"x", "at": stored(OLD)})
    yield Query(PHOTO, {"id": 4, "name": "to fetch", "body": None, "at": None})


LEFT = {
    "KEEP_UPDATES_DAYS": ("SELECT update_id FROM inbox ORDER BY update_id", [1, 2, 3]),
    "KEEP_PLANS_DAYS": ("SELECT key FROM due ORDER BY key", ["b", "c"]),
    "KEEP_MESSAGES_DAYS": ("SELECT dedup_key FROM outbox ORDER BY dedup_key", ["b", "c"]),
    "KEEP_WORDS_DAYS": ("SELECT id FROM message ORDER BY id", [2, 3, 4]),
    "KEEP_PHOTOS_DAYS": ("SELECT file_unique_id FROM photo WHERE body IS NOT NULL", []),
}


@pytest.mark.parametrize("kept", CLASSES, ids=lambda kept: kept.setting)
async def test_only_what_has_long_been_over_is_forgotten(database, kept) -> None:
    await database.run(filled)
    assert await database.run(lambda: forget(kept, DAYS, NOW)) == 1
    assert await database.run(lambda: forget(kept, DAYS, NOW)) == 0
    text, left = LEFT[kept.setting]

    def asked() -> Transaction[list[object]]:
        return [row[0] for row in (yield Query(text))]

    assert await database.read(asked) == left


async def test_many_go_in_small_steps(database) -> None:
    def many() -> Transaction[None]:
        for number in range(BATCH + 3):
            yield Query(DUE, {"key": f"{number}", "state": "done", "at": stored(OLD)})

    await database.run(many)
    [plans] = [kept for kept in CLASSES if kept.setting == "KEEP_PLANS_DAYS"]
    steps = [await database.run(lambda: forget(plans, DAYS, NOW)) for _ in range(2)]
    assert steps == [BATCH, 3]


async def test_a_case_is_old_by_its_last_session_and_only_without_an_open_alert(database) -> None:
    await anna_and_ben(database)
    later = ENDED + 10 * YEAR + timedelta(days=1)

    def found(now: datetime, after: str = "") -> object:
        return database.read(lambda: old_case(10, now, after))

    assert await found(later) is None, "Anna's alert is open"
    await database.run(closed)
    assert await found(later) == "A7K2"
    assert await found(later, "A7K2") is None
    assert await found(ENDED + 10 * YEAR - timedelta(days=1)) is None
    assert KEYRING


def closed() -> Transaction[None]:
    yield Query("UPDATE alert SET resolved_at = raised_at")


def test_the_page_shows_how_long_each_class_is_kept() -> None:
    page = Path(__file__).parents[2] / "docs" / "data-care.md"
    assert f"\n{table_of_classes()}\n" in page.read_text(encoding="utf-8")
    assert len({kept.setting for kept in retention.CLASSES}) == len(CLASSES)
