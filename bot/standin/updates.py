"""A bot's updates, waiting: confirmed by the next poll, or delivered to its webhook."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.standin.errors import Json, conflict

UPDATE_TYPES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query",
    "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost", "message_reaction", "message_reaction_count", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages",
    "purchased_paid_media", "guest_message", "managed_bot",
)  # fmt: skip
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_TYPES = frozenset(UPDATE_TYPES) - NOT_BY_DEFAULT
DAY = timedelta(hours=24)
CALLBACK_LIFE = timedelta(seconds=150)  # add_update(CallbackQuery, …, 150, …), Client.cpp
LONGEST_POLL = 50  # LONG_POLL_MAX_TIMEOUT, Client.h
MOST_UPDATES = 100
FIRST_UPDATE = 700_000_001
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)


@dataclass(eq=False)
class Pending:
    """One update that waits; the last four fields serve a webhook."""

    update_id: int
    body: Json
    expires_at: datetime
    lane: str
    due_at: datetime
    delay: float = 1.0
    failures: int = 0
    in_flight: bool = False


@dataclass(eq=False)
class Poll:
    """A `getUpdates` call that waits."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


@dataclass(eq=False)
class Webhook:
    """Where a bot wants its updates brought to."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_at: datetime | None = None
    last_error: str = ""
    gone_since: datetime | None = None


class UpdateQueue:
    """The updates of one bot, in order, and whoever fetches them."""

    def __init__(self) -> None:
        self.pending: list[Pending] = []
        self.next_id = FIRST_UPDATE
        self.allowed = DEFAULT_TYPES
        self.poll: Poll | None = None
        self.webhook: Webhook | None = None
        self.added = asyncio.Event()

    def push(self, kind: str, payload: Json, now: datetime, life: timedelta, lane: str) -> None:
        """Add an update, unless the bot does not want its kind."""
        if kind not in self.allowed:
            return
        body = {"update_id": self.next_id, kind: payload}
        self.pending.append(Pending(self.next_id, body, now + life, lane, now))
        self.next_id += 1
        self.added.set()
        if self.poll:
            self.poll.woken.set()

    def expire(self, now: datetime) -> None:
        """Forget what is too old."""
        self.pending = [update for update in self.pending if update.expires_at > now]

    def allow(self, kinds: list[object] | None) -> None:
        """Choose the kinds wanted from now on; None changes nothing, no known kind is the default.

        What already waits stays.
        """
        if kinds is None:
            return
        wanted = frozenset(kind.lower() for kind in kinds if isinstance(kind, str))
        self.allowed = wanted.intersection(UPDATE_TYPES) or DEFAULT_TYPES

    def confirm(self, offset: int) -> None:
        """Delete what lies before the offset; a negative one keeps so many of the newest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update.update_id >= offset]

    def enter(self) -> Poll:
        """Begin a poll: an older one that still waits is ended with 409.

        Raises:
            Refusal: 409 while a webhook is set.
        """
        if self.webhook:
            raise conflict(WEBHOOK_SET)
        self.end_poll(OTHER_POLL)
        self.poll = Poll()
        return self.poll

    def end_poll(self, reason: str) -> None:
        """Make the poll that waits, if any, answer 409 with this reason."""
        if self.poll:
            self.poll.ended_by = reason
            self.poll.woken.set()
            self.poll = None

    def leave(self, poll: Poll) -> None:
        """End a poll of one's own.

        Raises:
            Refusal: 409 where another request ended it first.
        """
        if poll.ended_by:
            raise conflict(poll.ended_by)
        self.poll = None

    def first(self, limit: int) -> list[Json]:
        """Return the oldest updates, which stay until an offset confirms them."""
        return [update.body for update in self.pending[:limit]]
