"""When a message may go, so that Telegram never has to say 429. Pure: the time is passed in.

Instants are monotonic seconds. The limits are Telegram's bot FAQ: about 30 messages a second in
all, one a second in a private chat, 20 a minute in a group; what edits count for is an answer of
its maintainers (tdlib/telegram-bot-api issue 648). The real limits are not published.

Hazards: H09.
"""

import math
from collections import deque
from typing import Final

from storage.outbox_rows import CARD, Lane

GUARD: Final = 0.03  # seconds added to every window: calls arrive later than they leave, unevenly
SECOND: Final = 1.0 + GUARD  # no longer: 29 a second, evenly spaced, are just under 30 in it
KEPT_FROM_REPLIES: Final = 2  # of a second's messages, so that replies never starve bulk
BULK_AT_LEAST: Final = 0.5  # seconds after which bulk goes although replies wait
LATENESS: Final = 0.01  # seconds a timer may be late without bulk losing its turn

PRIVATE: Final = (3, 3.0 + GUARD)  # a burst of so many replies in so many seconds
PRIVATE_BULK: Final = 1.0 + GUARD

GROUP: Final = (20, 60.0 + GUARD)
KEPT_FOR_ALERTS: Final = 6  # of a group's twenty, so that edits never hold an alert
GATHERED_FROM: Final = 10  # cards in a minute, above which those waiting become one message
GAP: Final = 3.05  # seconds between gathered cards: just under twenty a minute
STRETCHED: Final = 5  # places left in a group's minute, from which the gaps grow

SLOWER: Final = 0.7  # times the rate, after a 429
SLOWEST: Final = 0.25  # of the full rate
FASTER: Final = 0.05 / 10  # of the full rate, regained each second

UNCOUNTED: Final = frozenset({"answerCallbackQuery"})


class Window:
    """When something happened lately."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times: deque[float] = deque()

    def count(self, now: float) -> int:
        """Return how often it happened within the window."""
        while self.times and self.times[0] + self.seconds <= now:
            self.times.popleft()
        return len(self.times)

    def wait(self, room: int, now: float) -> float:
        """Return the seconds until it may happen again, of `room` times in all."""
        surplus = self.count(now) - room
        return max(0.0, self.times[surplus] + self.seconds - now) if surplus >= 0 else 0.0


class ChatPace:
    """What one chat was sent lately."""

    def __init__(self, chat_id: int) -> None:
        self.is_group = chat_id < 0
        self.room, length = GROUP if self.is_group else PRIVATE
        self.sent = Window(length)
        self.cards = Window(length)
        self.quiet_until = -math.inf

    def wait(self, lane: int, method: str, now: float) -> float:
        """Return the seconds until a message of this lane may go into this chat."""
        quiet = max(0.0, self.quiet_until - now)
        if self.is_group:
            kept = 0 if lane == Lane.ALERT else KEPT_FOR_ALERTS
            wait = max(quiet, self.sent.wait(self.room - kept, now))
            return max(wait, self.gap(now)) if method == CARD else wait
        if is_edit(method):
            return quiet
        if lane > Lane.REPLY and self.sent.times:
            quiet = max(quiet, self.sent.times[-1] + PRIVATE_BULK - now)
        return max(quiet, self.sent.wait(self.room, now))

    def gathers(self, now: float) -> bool:
        """Whether the cards that wait for this chat go as one message."""
        return self.is_group and self.cards.count(now) >= GATHERED_FROM

    def gap(self, now: float) -> float:
        """Return the seconds until the next gathered cards.

        The last places of the minute are spread over what is left of it, so that a long storm
        is answered every few seconds to its end, and not with half a minute of silence.
        """
        if not self.gathers(now):
            return 0.0
        gap, left = GAP, self.room - self.sent.count(now)
        if 0 < left <= STRETCHED:
            gap = max(GAP, (self.sent.times[0] + self.sent.seconds - self.cards.times[-1]) / left)
        return max(0.0, self.cards.times[-1] + gap - now)

    def goes(self, method: str, now: float) -> None:
        """Count a message."""
        if self.is_group or not is_edit(method):
            self.sent.times.append(now)
        if method == CARD:
            self.cards.times.append(now)

    def is_idle(self, now: float) -> bool:
        """Whether nothing of the past matters any more."""
        return self.quiet_until <= now and not (self.sent.count(now) + self.cards.count(now))


class Pacing:
    """The pace of one bot.

    Args:
        rate: Messages a second for check-ins and the rest, evenly spaced and without credit for
            silence. Alerts and replies go at once, as long as no second holds more than one
            message above it.
    """

    def __init__(self, rate: float = 29.0) -> None:
        self.full = rate
        self.room = math.ceil(rate) + 1
        self.second = Window(SECOND)
        self.chats: dict[int, ChatPace] = {}
        self.next_bulk = self.last_bulk = -math.inf
        self.slowed_at = -math.inf
        self.slowed_to = rate

    def rate(self, now: float) -> float:
        """Return the messages a second for bulk, lower for a while after a 429."""
        if self.slowed_at == -math.inf:
            return self.full
        return min(self.full, self.slowed_to + self.full * FASTER * (now - self.slowed_at))

    def wait(
        self, lane: int, chat_id: int, method: str, now: float, *, urgent_waits: bool = False
    ) -> float:
        """Return the seconds until a message may go; zero for now.

        Args:
            lane: Its lane.
            chat_id: Where to; below zero for a group.
            method: The method of the Bot API, `card` or `card_refresh`.
            now: The present.
            urgent_waits: Whether an alert or a reply waits for its turn too.
        """
        if method in UNCOUNTED:
            return 0.0
        pace = self.chats.get(chat_id)
        of_chat = pace.wait(lane, method, now) if pace else 0.0
        return max(of_chat, self.overall(lane, now, urgent_waits=urgent_waits))

    def overall(self, lane: int, now: float, *, urgent_waits: bool = False) -> float:
        """Return the seconds until any chat may get a message of this lane."""
        kept = KEPT_FROM_REPLIES if lane == Lane.REPLY and self.room > KEPT_FROM_REPLIES else 0
        wait = self.second.wait(self.room - kept, now)
        if lane <= Lane.REPLY:
            return wait
        turn = max(self.next_bulk, self.last_bulk + BULK_AT_LEAST if urgent_waits else -math.inf)
        return max(0.0, wait, turn - now)

    def goes(self, lane: int, chat_id: int, method: str, now: float) -> None:
        """Count a message that goes now."""
        if method in UNCOUNTED:
            return
        self.second.times.append(now)
        turn = max(self.next_bulk, now - LATENESS) + 1 / self.rate(now)
        if lane > Lane.REPLY:
            self.last_bulk, self.next_bulk = now, turn
        else:
            self.next_bulk = min(turn, max(self.next_bulk, self.last_bulk + BULK_AT_LEAST))
        self.chats.setdefault(chat_id, ChatPace(chat_id)).goes(method, now)

    def refused(self, chat_id: int, after: float, now: float) -> None:
        """Take note of a 429: its chat is left alone as long as it says, bulk goes slower."""
        pace = self.chats.setdefault(chat_id, ChatPace(chat_id))
        pace.quiet_until = max(pace.quiet_until, now + after)
        if now >= self.slowed_at + 1:  # several at once are one sign
            self.slowed_to = max(self.full * SLOWEST, self.rate(now) * SLOWER)
            self.slowed_at = now

    def shut(self, now: float) -> dict[int, int]:
        """Return the chats that take not everything now, each with the first lane it does not."""
        for chat_id in [one for one, pace in self.chats.items() if pace.is_idle(now)]:
            del self.chats[chat_id]
        found = {}
        for chat_id, pace in self.chats.items():
            for lane in Lane:
                if pace.wait(lane, CARD if lane == Lane.ALERT else "", now) > 0:
                    found[chat_id] = int(lane)
                    break
        return found

    def gathering(self, now: float) -> frozenset[int]:
        """Return the groups where the cards that wait go as one message."""
        return frozenset(one for one, pace in self.chats.items() if pace.gathers(now))


def is_edit(method: str) -> bool:
    """Whether a method changes a message instead of making one."""
    return method.startswith(("edit", "delete")) or method == "card_refresh"
