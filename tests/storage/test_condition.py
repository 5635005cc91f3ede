"""What waits that should not, and what a look from outside finds."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import clinic
from storage.condition import (
    Backlog,
    backlog,
    check_writable,
    is_staff_chat_lost,
    look,
    running_bots,
)
from storage.due import DueRow, plan, put_off
from storage.inbox import Arrived, done, keep
from storage.instants import stored
from storage.migrations import REVISIONS
from storage.opening import open_database
from storage.sealing import DataKey, Keyring, clinic_key, new_key_text
from storage.synthetic import CODE
from storage.transaction import Query, StorageError, Transaction

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=3)

PUT = """
    INSERT INTO outbox (dedup_key, lane, chat_id, method, body, state, attempts, token, not_before,
                        created_at, reason)
    VALUES (:key, :lane, 1, 'sendMessage', :body, :state, :attempts, 0, :not_before, :created,
            :reason)
"""


def put(  # noqa: PLR0913 - a row is this much
    key: str, lane: int, state: str, *, attempts: int = 0, not_before: datetime = EARLIER,
    reason: str = "",
) -> Transaction[None]:  # fmt: skip
    yield Query(PUT, {
        "key": key, "lane": lane, "state": state, "attempts": attempts, "body": b"",
        "not_before": stored(not_before), "created": stored(EARLIER), "reason": reason,
    })  # fmt: skip


async def test_nothing_waits_in_a_new_clinic(database) -> None:
    assert await database.read(lambda: backlog(NOW)) == Backlog()


async def test_only_what_is_due_and_alerts_count(database) -> None:
    row = DueRow("check_in", "A7K2:1", "A7K2", NOW + timedelta(seconds=1))
    await database.run(plan(row))
    await database.run(put("a check-in", 2, "pending"))
    await database.run(put("a delivered alert", 0, "sent"))
    await database.run(put("later", 0, "pending", not_before=NOW + timedelta(seconds=1)))
    assert await database.read(lambda: backlog(NOW)) == Backlog()
    await database.run(plan(row._replace(due_at=EARLIER)))
    later, why = NOW + timedelta(hours=1), "no connection"
    await database.run(put("tried", 0, "pending", attempts=1, not_before=later, reason=why))
    assert await database.read(lambda: backlog(NOW)) == Backlog(EARLIER, EARLIER)


@pytest.mark.hazard("H09")
async def test_an_alert_that_its_chat_takes_only_in_hours_waits_though_it_was_never_tried(
    database,
) -> None:
    later, why = NOW + timedelta(hours=3), "too many calls"
    await database.run(put("told to wait", 0, "pending", not_before=later, reason=why))
    assert await database.read(lambda: backlog(NOW)) == Backlog(alert_at=EARLIER)


@pytest.mark.hazard("H08")
async def test_what_the_trial_sends_says_nothing_of_the_staff_chat(database) -> None:
    """Its group takes messages; that the staff's takes none is as true as before."""

    def arrives(code: str | None):
        yield from put(f"of {code}", 2, "sent")
        yield Query("UPDATE outbox SET chat_id = -100, ended_at = :now, code = :code"
                    " WHERE dedup_key = :key",
                    {"now": stored(NOW), "code": code, "key": f"of {code}"})  # fmt: skip

    await database.run(clinic.put("staff_chat_lost", stored(EARLIER)))
    await database.run(arrives(CODE))
    assert await database.read(is_staff_chat_lost)
    await database.run(arrives(None))
    assert not await database.read(is_staff_chat_lost)


async def test_what_fails_each_minute_is_overdue_since_it_failed_first(database) -> None:
    """It is put off each time, and so never late by its own hour."""
    row = DueRow("notify", "A7K2-1", "A7K2", EARLIER)
    await database.run(plan(row))
    tries = [EARLIER, EARLIER + timedelta(minutes=1), EARLIER + timedelta(minutes=2)]
    for now in tries:
        at = row._replace(due_at=now)
        assert await database.run(lambda at=at, now=now: put_off(at, now)) == EARLIER
    assert await database.read(lambda: backlog(tries[-1])) == Backlog(EARLIER)
    assert await database.run(lambda: put_off(row, NOW)) is None, "another plan by now"
    before = EARLIER - timedelta(hours=1)
    last = row._replace(due_at=tries[-1] + timedelta(minutes=1))
    assert await database.run(lambda: put_off(last, before)) == before, "the clock was set back"
    await database.run(plan(row._replace(due_at=NOW + timedelta(seconds=1))))
    assert await database.read(lambda: backlog(NOW)) == Backlog(), (
        "planned anew, as once it is done"
    )


async def test_a_look_from_outside_finds_version_and_key(url, database) -> None:
    found = await asyncio.to_thread(look, url)
    assert (found.version, found.faults, found.clinic_key) == (REVISIONS[-1], (), None)
    keyring = Keyring.from_text(new_key_text())
    await database.run(clinic_key(keyring))
    kept = (await asyncio.to_thread(look, url)).clinic_key
    assert kept is not None
    assert keyring.unwrap(kept)


def test_a_damaged_file_is_found(sqlite_url, tmp_path) -> None:
    path = tmp_path / "aftercheck.db"
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)
    assert look(sqlite_url).faults


def test_a_file_is_probed_without_a_trace(sqlite_url, tmp_path) -> None:
    path = tmp_path / "aftercheck.db"
    check_writable(path)
    assert look(sqlite_url).faults == ()
    with pytest.raises(StorageError, match="cannot be opened"):
        check_writable(tmp_path / "nowhere.db")


async def test_a_running_bot_is_seen(url) -> None:
    assert await asyncio.to_thread(running_bots, url) == 0
    bot = await open_database(url, exclusive=True)
    assert await asyncio.to_thread(running_bots, url) == 1
    await bot.close()
    assert await asyncio.to_thread(running_bots, url) == 0


def test_a_look_at_whether_the_bot_runs_makes_no_lock_file(sqlite_url, tmp_path) -> None:
    assert running_bots(sqlite_url) == 0
    assert not list(tmp_path.glob("*.lock"))


async def test_what_nobody_works_on_counts_from_when_it_came(database) -> None:
    key = DataKey(b"k" * 32)
    await database.run(lambda: keep(key, [Arrived(7, 5, b"{}")], EARLIER))
    assert await database.read(lambda: backlog(NOW)) == Backlog(update_at=EARLIER)
    await database.run(lambda: done(7, "pressed", NOW))
    assert await database.read(lambda: backlog(NOW)) == Backlog()
