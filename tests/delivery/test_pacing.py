"""No order of messages makes Telegram say 429, none waits for ever, and an alert hardly at all."""

from collections import defaultdict, deque
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacing import Pacing
from storage.outbox_rows import CARD, Lane

GROUP = -7


def sent_at(
    waiting: list[tuple[float, Lane, int, str]], pacing: Pacing | None = None, until: float = 4000.0
) -> list[tuple[float, Lane, int, str]]:
    """Send as the sender does, the most urgent first; return what went when."""
    pacing = pacing or Pacing()
    line = sorted(waiting, key=lambda one: (one[1], one[0]))
    gone, now = [], 0.0
    while line and now < until:
        soonest, urgent_waits = until, False
        for one in list(line):
            ready_at, lane, chat, method = one
            if ready_at > now:
                soonest = min(soonest, ready_at)
                continue
            wait = pacing.wait(lane, chat, method, now, urgent_waits=urgent_waits)
            if wait <= 0:
                line.remove(one)
                pacing.goes(lane, chat, method, now)
                gone.append((now, lane, chat, method))
            else:
                soonest = min(soonest, now + wait)
                urgent_waits |= lane <= Lane.REPLY and pacing.overall(lane, now) > 0
        now = max(soonest, now + 1e-9)
    return gone


def most_within(times: list[float], seconds: float) -> int:
    """Return how many fall into the fullest window of this length."""
    window, most = deque(), 0
    for time in times:
        window.append(time)
        while window[0] <= time - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


MESSAGES = st.lists(
    st.tuples(
        st.floats(0, 20), st.sampled_from(list(Lane)),
        st.sampled_from([GROUP, GROUP - 1, *range(1, 40)]),
        st.sampled_from(["sendMessage", "editMessageText", CARD]),
    ),
    max_size=150,
)  # fmt: skip


@given(MESSAGES)
@settings(max_examples=150, deadline=None)
def test_never_too_many_and_nothing_is_left_waiting(waiting) -> None:
    gone = sent_at(waiting)
    assert len(gone) == len(waiting)
    assert most_within([at for at, *_ in gone], 1.0) <= 30
    chats = defaultdict(list)
    for at, _, chat, method in gone:
        if chat < 0 or not method.startswith("edit"):
            chats[chat].append(at)
    for chat, times in chats.items():
        room, seconds = (20, 60.0) if chat < 0 else (3, 3.0)
        assert most_within(times, seconds) <= room


def test_a_long_drain_uses_the_limit_evenly() -> None:
    gone = sent_at([(0.0, Lane.CHECK_IN, chat, "sendMessage") for chat in range(1, 901)])
    gaps = [after - before for (before, *_), (after, *_) in pairwise(gone)]
    assert gone[-1][0] <= 900 / 29
    assert min(gaps) > 0.024


def test_a_flood_of_alerts_in_a_drain_fills_every_second_and_no_more() -> None:
    bulk = [(0.0, Lane.CHECK_IN, chat, "sendMessage") for chat in range(1, 100)]
    alerts = [(1.0, Lane.ALERT, chat, CARD) for chat in range(1000, 1100)]
    assert most_within([at for at, *_ in sent_at(bulk + alerts)], 1.0) == 30


def test_no_credit_is_saved_up_while_nothing_goes() -> None:
    pacing = Pacing()
    sent_at([(0.0, Lane.CHECK_IN, 1, "sendMessage")], pacing)
    pacing.goes(Lane.CHECK_IN, 2, "sendMessage", 100.0)
    assert pacing.wait(Lane.CHECK_IN, 3, "sendMessage", 100.0) > 0.02


@pytest.mark.hazard("H09")
def test_an_alert_behind_a_full_drain_goes_within_a_twentieth_of_a_second() -> None:
    bulk = [(0.0, Lane.CHECK_IN, chat, "sendMessage") for chat in range(1, 600)]
    alerts = [(2.0 + number * 1.037, Lane.ALERT, 10_000 + number, CARD) for number in range(15)]
    gone = {chat: at for at, _, chat, _ in sent_at(bulk + alerts)}
    assert max(gone[chat] - at for at, _, chat, _ in alerts) <= 0.05


def test_replies_without_end_do_not_starve_the_rest() -> None:
    replies = [(number / 60, Lane.REPLY, number, "sendMessage") for number in range(1, 900)]
    bulk = [(1.0, Lane.CHECK_IN, 10_000 + number, "sendMessage") for number in range(10)]
    gone = {chat: at for at, _, chat, _ in sent_at(replies + bulk)}
    assert max(gone[chat] for _, _, chat, _ in bulk) <= 8


def test_a_reply_goes_right_after_another_but_a_check_in_waits_a_second() -> None:
    gone = sent_at([(0.0, lane, 1, "sendMessage") for lane in (1, 1, 1, 1, 2)])
    assert [round(at, 2) for at, *_ in gone] == [0.0, 0.0, 0.0, 3.03, 4.06]
    taps = sent_at([(0.0, Lane.REPLY, 1, "editMessageText")] * 10)
    assert taps[-1][0] == 0.0


def test_an_answer_to_a_press_is_not_counted() -> None:
    pacing = Pacing()
    for _ in range(100):
        assert pacing.wait(Lane.REPLY, 1, "answerCallbackQuery", 0.0) == 0.0
        pacing.goes(Lane.REPLY, 1, "answerCallbackQuery", 0.0)
    assert pacing.wait(Lane.ALERT, 1, "sendMessage", 0.0) == 0.0


@pytest.mark.hazard("H09")
def test_a_429_holds_its_chat_alone_and_slows_bulk_for_a_while() -> None:
    pacing = Pacing()
    for chat in (1, 2, 3):
        pacing.refused(chat, 30.0, 100.0)
    assert pacing.wait(Lane.ALERT, 1, "sendMessage", 100.0) == 30.0
    assert pacing.wait(Lane.ALERT, 1, "editMessageText", 100.0) == 30.0
    assert pacing.wait(Lane.ALERT, 4, "sendMessage", 100.0) == 0.0
    assert round(pacing.rate(100.0), 2) == 20.3
    assert round(pacing.rate(110.0), 2) == 21.75
    assert pacing.rate(200.0) == 29.0
    for second in range(20):
        pacing.refused(1, 1.0, 200.0 + 2 * second)
    assert pacing.rate(238.0) == 29.0 / 4


def test_a_shut_chat_says_for_which_lanes() -> None:
    pacing = Pacing()
    assert pacing.shut(0.0) == {}
    pacing.goes(Lane.REPLY, 1, "sendMessage", 0.0)
    assert pacing.shut(0.5) == {1: 2}
    for _ in range(2):
        pacing.goes(Lane.REPLY, 1, "sendMessage", 0.5)
    for _ in range(14):
        pacing.goes(Lane.REST, GROUP, "editMessageText", 0.5)
    assert pacing.shut(0.5) == {1: 0, GROUP: 1}
    for _ in range(6):
        pacing.goes(Lane.ALERT, GROUP, CARD, 0.5)
    assert pacing.shut(0.5) == {1: 0, GROUP: 0}
    assert pacing.shut(61.0) == {}
    assert pacing.chats == {}


def test_cards_are_gathered_from_the_tenth_in_a_minute_on() -> None:
    pacing = Pacing()
    for number in range(10):
        assert not pacing.gathering(number / 10)
        pacing.goes(Lane.ALERT, GROUP, CARD, number / 10)
    assert pacing.gathering(1.0) == {GROUP}
    assert round(pacing.wait(Lane.ALERT, GROUP, CARD, 1.0), 2) == 2.95
    assert pacing.wait(Lane.ALERT, GROUP, "sendMessage", 1.0) == 0.0
    assert pacing.gathering(61.0) == frozenset()
