"""Who is told what, and how often: once at the beginning, each hour, and once at the end."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.watchdog.causes import STAFF_CHAT, Ledger, Trouble, ledger_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DISK = Trouble("disk", "Only 9% of the disk is free.")
MAIL = "mail"


def lived(ledger: Ledger, minutes: range, troubles=(DISK,), channel=MAIL) -> list[tuple[int, str]]:
    """Let the watchdog look every minute; return when the channel was told, and what."""
    told = []
    for minute in minutes:
        now = NOON + timedelta(minutes=minute)
        ledger.note(troubles, now)
        items = ledger.due(channel, now)
        ledger.was_told(channel, items, now)
        ledger.forget([channel], now)
        told += [(minute, item.what) for item in items]
    return told


def test_it_is_told_once_then_each_hour_then_that_it_is_over() -> None:
    ledger = Ledger()
    assert lived(ledger, range(150)) == [(0, "begins"), (60, "lasts"), (120, "lasts")]
    assert lived(ledger, range(150, 400), ()) == [(154, "over")]
    assert ledger.causes == {}


def test_what_comes_and_goes_is_one_cause() -> None:
    ledger = Ledger()
    told = []
    for minute in range(59):
        told += lived(ledger, range(minute, minute + 1), (DISK,) if minute % 4 == 0 else ())
    assert told == [(0, "begins")]


def test_what_begins_again_later_is_told_again() -> None:
    ledger = Ledger()
    lived(ledger, range(1))
    lived(ledger, range(1, 10), ())
    assert lived(ledger, range(10, 11)) == [(10, "begins")]


def test_a_channel_that_fails_is_tried_after_growing_pauses() -> None:
    ledger = Ledger()
    tried = []
    for minute in range(120):
        now = NOON + timedelta(minutes=minute)
        ledger.note([DISK], now)
        if ledger.due(MAIL, now):
            tried.append(minute)
            ledger.failed(MAIL, now)
    assert tried == [0, 1, 3, 7, 15, 31, 61, 91]


def test_what_could_not_be_told_in_time_is_told_when_it_is_over() -> None:
    ledger = Ledger()
    ledger.note([DISK], NOON)
    ledger.failed(MAIL, NOON)
    assert lived(ledger, range(10, 12), ()) == [(10, "over")]


def test_what_nobody_took_for_a_day_is_dropped() -> None:
    ledger = Ledger()
    ledger.note([DISK], NOON)
    for hours, kept in ((23, True), (24, False)):
        ledger.forget([MAIL], NOON + timedelta(hours=hours))
        assert bool(ledger.causes) is kept


def test_the_staff_chat_is_not_told_what_its_cards_say() -> None:
    ledger = Ledger()
    untaken = Trouble("untaken:A7K2-1", "A7K2-1: nobody has taken it.", in_staff_chat=False)
    assert lived(ledger, range(90), (untaken,), STAFF_CHAT) == []
    assert lived(ledger, range(90, 100), (), STAFF_CHAT) == []
    assert ledger.causes == {}


def test_a_restart_tells_nothing_twice() -> None:
    ledger = Ledger()
    lived(ledger, range(5))
    again = ledger_of(ledger.text())
    assert again == ledger
    assert lived(again, range(5, 59)) == []


@pytest.mark.parametrize("kept", ["{", "[]", '{"disk": {}}', '{"disk": 3}'])
def test_what_is_nothing_of_ours_is_refused(kept) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        ledger_of(kept)
