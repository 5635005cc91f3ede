"""The stand-in's world, which writes down what the proof needs: updates, messages, calls, acts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bench.simulation.loop import MICRO, VirtualLoop
from bench.simulation.wire import Made
from bot.standin import Limits, World
from bot.standin.accounts import Bot
from bot.standin.errors import Json
from bot.standin.messages import Message
from bot.standin.updates import UpdateQueue


class Posted(NamedTuple):
    """What the bot wrote, at the moment it did: a new message, or a change of one."""

    at: float
    chat: int
    message: int
    text: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    is_new: bool


class WatchedQueue(UpdateQueue):
    """The updates of the bot, and when each was confirmed or forgotten."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop
        self.queued: dict[int, float] = {}
        self.confirmed: dict[int, float] = {}
        self.forgotten: dict[int, float] = {}

    def push(self, kind: str, payload: Json, now: datetime, life: timedelta, lane: str) -> None:
        """Add an update and note when."""
        number = self.next_id
        super().push(kind, payload, now, life, lane)
        if self.next_id > number:
            self.queued[number] = self.loop.time()

    def confirm(self, offset: int) -> None:
        """Confirm, and note what the bot has taken over by that."""
        before = {update.update_id for update in self.pending}
        super().confirm(offset)
        gone = before - {update.update_id for update in self.pending}
        self.confirmed.update(dict.fromkeys(sorted(gone), self.loop.time()))

    def expire(self, now: datetime) -> None:
        """Forget what is too old, and note it."""
        before = {update.update_id for update in self.pending}
        super().expire(now)
        gone = before - {update.update_id for update in self.pending}
        self.forgotten.update(dict.fromkeys(sorted(gone), self.loop.time()))


class Witness(World):
    """The world; `sees` is called with everything that the bot writes."""

    def __init__(self, loop: VirtualLoop, now: Callable[[], datetime], limits: Limits) -> None:
        super().__init__(now, limits=limits, local_mode=True)
        self.loop = loop
        self.calls: list[Made] = []
        self.posted: list[Posted] = []
        self.sees: Callable[[Posted], None] = lambda _: None
        self.aftercheck: Bot
        self.updates: WatchedQueue

    def opens(self) -> Bot:
        """Make the bot's account."""
        self.aftercheck = self.bot("aftercheck_bot")
        self.updates = WatchedQueue(self.loop)
        self.aftercheck.updates = self.updates
        return self.aftercheck

    def seconds(self) -> float:
        """Return the present in the loop's seconds."""
        return self.loop.micro / MICRO

    def post(self, message: Message) -> Message:
        """Post a message; the bot's are written down."""
        found = super().post(message)
        if found.sender is self.aftercheck:
            self.writes(found, is_new=True)
        return found

    def edit(self, message: Message) -> None:
        """Change a message; the bot's are written down."""
        super().edit(message)
        if message.sender is self.aftercheck:
            self.writes(message, is_new=False)

    def writes(self, message: Message, *, is_new: bool) -> None:
        """Write down what the bot wrote, and let people see it."""
        rows: list[list[dict[str, Any]]] = (message.markup or {}).get("inline_keyboard", [])
        keys = [key for row in rows for key in row]
        one = Posted(
            self.seconds(), message.chat.id, message.message_id, message.words.text,
            tuple(str(key.get("callback_data", "")) for key in keys),
            tuple(str(key["text"]) for key in keys), is_new,
        )  # fmt: skip
        self.posted.append(one)
        self.sees(one)
