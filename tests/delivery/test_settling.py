"""The table of what an outcome means for a row, by lane."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery.outcome import Kind, NotSent, Refused, Retry, Sent, Unknown, Withdrawn
from bot.delivery.settling import ending
from storage.outbox_rows import SECOND_CHANNEL, Ending, Lane, OutboxRow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


STAFF = -100_500


def row(
    lane: Lane = Lane.ALERT, method: str = "sendMessage", chat: int = 7, **more: Any
) -> OutboxRow:  # fmt: skip
    known = {"attempts": 0, "created_at": NOW} | more
    return OutboxRow(1, 1, lane, chat, method, {}, None, None, **known)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("lane", Lane)
def test_what_means_the_same_in_every_lane(lane) -> None:
    one = row(lane)
    assert ending(one, Sent(9), NOW) == Ending("sent", message_id=9)
    assert ending(one, Withdrawn(), NOW).state == "replaced"
    waits = Ending("pending", "too many calls", not_before=after(7))
    assert ending(one, Retry(7), NOW) == waits
    dead = Ending("dead", "blocked: Bot was blocked")
    assert ending(one, Refused(Kind.BLOCKED, "Bot was blocked"), NOW) == dead
    moved = ending(one, Refused(Kind.MIGRATED, "moved", -1007), NOW)
    assert (moved.state, moved.not_before, moved.counted) == ("pending", NOW, False)


@pytest.mark.parametrize(
    ("lane", "state"),
    [
        (Lane.ALERT, "pending"), (Lane.REPLY, "dropped"), (Lane.CHECK_IN, "unknown"),
        (Lane.REST, "dropped"),
    ],
)  # fmt: skip
def test_nobody_knows_whether_it_arrived(lane, state) -> None:
    found = ending(row(lane), Unknown("reset"), NOW)
    assert (found.state, found.counted) == (state, True)
    assert "may have arrived" in found.reason
    assert found.reason.endswith("reset")


@pytest.mark.hazard("H02")
@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.REST])
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
def test_what_is_said_among_staff_goes_again_as_an_alert_does(lane, method) -> None:
    """A patient's words under a closed alert, for example: nobody there would ask for them."""
    one = row(lane, method, STAFF)
    assert ending(one, Unknown("reset"), NOW) == ending(row(), Unknown("reset"), NOW)
    old = row(lane, method, STAFF, created_at=NOW - timedelta(days=9))
    assert ending(old, NotSent("no road"), NOW).state == "pending"
    file = row(lane, "export", STAFF)
    assert ending(file, Unknown("reset"), NOW).state == "dropped", "whoever asked for it is told"
    question = row(Lane.CHECK_IN, method, STAFF)
    assert ending(question, Unknown("reset"), NOW).state == "unknown", "as of the hourly trial"


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage", "card_refresh"])
def test_an_edit_is_done_again_in_any_lane(lane, method) -> None:
    found = ending(row(lane, method), Unknown("reset"), NOW)
    assert (found.state, found.not_before) == ("pending", after(1))
    same = ending(row(lane, method), Refused(Kind.NOT_MODIFIED, "not modified"), NOW)
    assert same.state == "sent"


def test_an_alert_goes_again_at_once_and_then_ever_more_slowly() -> None:
    assert ending(row(), Unknown("502"), NOW).not_before == NOW
    waits = [
        ending(row(unheard=True, attempts=n), Unknown("502"), NOW).not_before for n in range(1, 7)
    ]
    assert waits == [after(seconds) for seconds in (2, 4, 8, 15, 15, 15)]


@pytest.mark.parametrize("lane", Lane)
def test_what_certainly_did_not_arrive_goes_again(lane) -> None:
    waits = [ending(row(lane, attempts=n), NotSent("no road"), NOW).not_before for n in range(9)]
    slowest = [8, 15, 15, 15, 15, 15] if lane == Lane.ALERT else [8, 16, 32, 60, 60, 60]
    assert waits == [after(seconds) for seconds in (1, 2, 4, *slowest)]
    forever = ending(row(lane, attempts=100_000), NotSent("no road"), NOW)
    assert (forever.state, forever.counted) == ("pending", True)


def test_only_the_last_lane_gives_up_and_only_after_a_day() -> None:
    for lane in Lane:
        almost = row(lane, created_at=NOW - timedelta(hours=24) + timedelta(seconds=1))
        old = row(lane, created_at=NOW - timedelta(hours=24))
        assert ending(almost, NotSent("no road"), NOW).state == "pending"
        expected = "dropped" if lane == Lane.REST else "pending"
        assert ending(old, NotSent("no road"), NOW).state == expected


def test_that_it_may_have_arrived_is_not_forgotten() -> None:
    found = ending(row(unheard=True), NotSent("no road"), NOW)
    assert found.reason == "may have arrived: no road"


@pytest.mark.hazard("H53")
def test_a_web_server_that_asks_for_time_gets_it() -> None:
    early = ending(row(method=SECOND_CHANNEL), NotSent("429", 90.0), NOW)
    assert (early.not_before, early.counted) == (after(90), True)
    late = ending(row(method=SECOND_CHANNEL, attempts=9), NotSent("429", 5.0), NOW)
    assert late.not_before == after(60), "the usual wait is longer"


@pytest.mark.hazard("H53")
def test_a_mail_server_is_asked_less_often_than_telegram() -> None:
    """Else it shuts out whoever keeps asking."""
    for method, seconds in (("sendMessage", 15.0), (SECOND_CHANNEL, 60.0)):
        found = ending(row(method=method, attempts=9), NotSent("refused"), NOW)
        assert found.not_before == after(seconds)
