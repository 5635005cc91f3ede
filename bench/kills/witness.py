"""A world that keeps what a proof needs: every update as it was queued, every message as sent."""

from asyncio import BaseTransport
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.clock import SteppedClock
from bot.standin import World
from bot.standin.accounts import Bot
from bot.standin.clock import wall_clock
from bot.standin.errors import Json
from bot.standin.limits import UNLIMITED
from bot.standin.messages import Message
from bot.standin.updates import DAY

OF: Final[ContextVar[int]] = ContextVar("of")
"""The life of the process whose call is carried out, where that is known."""


class Posted(NamedTuple):
    """A message at the moment it was posted: it may be changed later."""

    chat_id: int
    message_id: int
    text: str
    codes: tuple[str, ...]
    by_bot: bool
    life: int
    """How many processes of the bot had been started."""
    at: datetime


@dataclass
class Told:
    """The time of the world: a stepped clock while it is set up, then the machine's own."""

    stepped: SteppedClock | None

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self.stepped.now() if self.stepped else wall_clock()


class Witness(World):
    """The stand-in's world, which notes more."""

    def __init__(self, time: Told) -> None:
        super().__init__(time, limits=UNLIMITED, local_mode=True)
        self.time = time
        self.queued: list[int] = []
        self.posted: list[Posted] = []
        self.life = 0
        self.stopped: set[int] = set()
        """The lives that were ended in order, with no kill."""
        self.connections: WeakKeyDictionary[BaseTransport, int] = WeakKeyDictionary()
        self.asking: dict[tuple[int, int], str] = {}
        self.copies: Counter[tuple[int, str]] = Counter()

    @web.middleware
    async def tells_processes_apart(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:  # fmt: skip
        """Note whose call it is: it may be read only when the process after has begun."""
        if request.transport is not None:
            OF.set(self.connections.setdefault(request.transport, self.life))
        return await handler(request)

    def push(
        self, bot: Bot, kind: str, payload: Json, lane: str, life: timedelta = DAY
    ) -> None:  # fmt: skip
        """Queue an update and note its number."""
        number = bot.updates.next_id
        super().push(bot, kind, payload, lane, life)
        if bot.updates.next_id > number:
            self.queued.append(number)

    def post(self, message: Message) -> Message:
        """Post a message and note what it said and carried."""
        found = super().post(message)
        rows = (found.markup or {}).get("inline_keyboard", [])
        codes = tuple(str(key.get("callback_data", "")) for row in rows for key in row)
        self.posted.append(
            Posted(found.chat.id, found.message_id, found.words.text, codes, found.sender.is_bot,
                   OF.get(self.life), self.time())
        )  # fmt: skip
        if codes:
            about = codes[0].rpartition(":")[0]
            self.asking[found.chat.id, found.message_id] = about
            self.copies[found.chat.id, about] += 1
        return found

    def is_only_copy(self, chat: int, message: int) -> bool:
        """Whether no other message of the chat asks about the same as this one."""
        return self.copies[chat, self.asking.get((chat, message), "")] == 1

    def confirmed(self, bot: Bot) -> set[int]:
        """Return the updates that the bot has fetched and confirmed by its offset."""
        return set(self.queued) - {update.update_id for update in bot.updates.pending}
