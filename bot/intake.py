"""How updates come in: each is stored before Telegram is told that it arrived.

Polling confirms a batch by the offset of the next call, so that call is made only after the
batch is on the disk. A webhook answers 200 only then. Neither keeps anything in memory that is
not in the inbox.

Hazards: H24, H34, H36.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.board.presses import FAMILY
from bot.clock import Clock
from bot.health import Pulse
from bot.reading import LARGEST
from bot.transport import UnreadableAnswerError
from storage.case_keys import Key
from storage.inbox import Arrived, Waiting, keep
from storage.transaction import Database, StorageError

LOGGER = logging.getLogger(__name__)

BATCH: Final = 100  # updates; the most that getUpdates gives
LONG_POLL: Final = 25  # seconds; Telegram holds a call for 50 at most
ANSWER: Final = 10  # seconds more, for the answer to arrive
PAUSE: Final = 3.0  # seconds after a poll that failed
HANDOVER: Final = 60.0  # seconds; a paused worker's last poll ends within `LONG_POLL` and `ANSWER`
LARGEST_BODY: Final = 1 << 20  # bytes of a webhook's request (docs/sources.md, webhook)
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")

PRESSES_LIVE: Final = timedelta(seconds=150)
"""Telegram keeps a press no longer (server source: `add_update(CallbackQuery, …, 150, …)`)."""

Work = Callable[[Sequence[Waiting]], None]
"""Takes stored updates to be worked on."""

Deaf = Callable[[float], Awaitable[None]]
"""Makes up for so many seconds in which nothing could be fetched, and presses are gone by it."""


class TakenOverError(RuntimeError):
    """Another program is fetching this bot's updates; one of the two has to stop."""

    def __init__(self) -> None:
        super().__init__(
            "Another program is fetching this bot's updates with the same token. "
            "Stop that one, then start this one again."
        )


def chat_of(update: Mapping[str, Any]) -> int | None:
    """Return the chat whose order an update keeps; None for one that has none."""
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in update:
            return int(update[kind]["chat"]["id"])
    if FAMILY in update:
        return int(update[FAMILY]["from"])
    press = update.get("callback_query")
    if press is None:
        return None
    return int(press.get("message", {}).get("chat", press["from"])["id"])


def number_of(update: object) -> int | None:
    """Return an update's number; None for one without a number that a database can keep."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if type(number) is int and abs(number) <= LARGEST else None


def arrived(number: int, update: Mapping[str, Any]) -> Arrived:
    """Return an update as it is stored; one of an unknown shape is stored all the same."""
    try:
        chat = chat_of(update)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        chat = None
    if chat is not None and abs(chat) > LARGEST:
        chat = None
    try:
        # Escaped, since half of a surrogate pair has no other form that can be stored.
        raw = json.dumps(update, separators=(",", ":")).encode()
    except RecursionError:
        raw = b""  # nested too deeply to be written: kept as something that is set aside
    return Arrived(number, chat, raw)


class Intake:
    """Stores what comes in and hands it on.

    Args:
        database: Where the inbox is.
        key: The clinic's key, which seals it.
        clock: The time.
        pulse: Where the last success is noted.
        work: Who works on what was stored.
        deaf_since: When nothing could be fetched for the first time, by the monotonic clock.
    """

    def __init__(
        self, database: Database, key: Key, clock: Clock, pulse: Pulse, work: Work
    ) -> None:  # fmt: skip
        self.database = database
        self.key = key
        self.clock = clock
        self.pulse = pulse
        self.work = work
        self.offset: int | None = None
        self.deaf_since: float | None = None

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Store what Telegram brought, and note that it did: what it brings may be nothing."""
        if await self.keep(updates):
            self.pulse.last_update = self.clock.now()
        self.pulse.last_poll = self.clock.now()

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> bool:
        """Store updates, then let them be worked on; those seen before are left alone.

        One without a usable number is none that Telegram sends; it keeps no other from being
        stored. False where none has one. Telegram need not be heard for it: a press on the board
        is kept as well, and says nothing of it.
        """
        numbered = [(number_of(update), update) for update in updates]
        found = [arrived(number, update) for number, update in numbered if number is not None]
        if len(found) < len(updates):
            LOGGER.error("an update has no number that can be kept; it is left out")
        if found:
            now = self.clock.now()
            fresh = await self.database.run(lambda: keep(self.key, found, now))
            self.work(fresh)
        return bool(found)

    async def poll(self, bot: Bot, wait: float) -> int:
        """Fetch what waits, store it, and say how many there were.

        Raises:
            TelegramError: nothing was fetched.
            StorageError: it could not be stored; it is not confirmed, so it comes again.
        """
        asked: dict[str, Any] = {
            "timeout": wait, "limit": BATCH, "allowed_updates": list(KINDS),
        }  # fmt: skip
        if self.offset is not None:
            asked["offset"] = self.offset
        updates = await bot.do_api_request(
            "getupdates", api_kwargs=asked, read_timeout=wait + ANSWER
        )
        if not isinstance(updates, list):
            raise UnreadableAnswerError("the updates are no list")
        await self.store(updates)
        numbers = [number for update in updates if (number := number_of(update)) is not None]
        if numbers:
            self.offset = max(numbers) + 1
        elif updates:
            raise UnreadableAnswerError("no update has a number, so none can be confirmed")
        return len(updates)

    async def hears(self, was_deaf: Deaf) -> None:
        """Make up for a time in which no poll came through, once one has.

        Raises:
            StorageError: that could not be stored; it is tried again with the next poll.
        """
        if self.deaf_since is not None:
            deaf = self.clock.monotonic() - self.deaf_since
            if deaf > PRESSES_LIVE.total_seconds():
                await was_deaf(deaf)
        self.deaf_since = None

    async def rests(self, begun: float, seconds: float) -> None:
        """Wait after a poll that was begun at an instant and brought nothing."""
        self.deaf_since = begun if self.deaf_since is None else self.deaf_since
        await self.clock.sleep(seconds)

    async def run(self, bot: Bot, was_deaf: Deaf, handover: float = 0.0) -> None:
        """Poll until cancelled.

        Args:
            bot: Who polls.
            was_deaf: Who makes up for a time in which nothing could be fetched.
            handover: Seconds for which another worker may go on with a poll that it has begun.

        Raises:
            TakenOverError: somebody else fetches this bot's updates.
            InvalidToken: the token is none.
        """
        alone_at = self.clock.monotonic()
        while True:
            begun = self.clock.monotonic()
            try:
                await self.poll(bot, LONG_POLL)
                alone_at = self.clock.monotonic()
                await self.hears(was_deaf)
            except Conflict:
                if self.clock.monotonic() - alone_at >= handover:
                    raise TakenOverError from None
                LOGGER.info("another worker's poll has not ended yet")
                await self.clock.sleep(PAUSE)
            except InvalidToken:
                raise
            except RetryAfter as error:
                await self.rests(begun, float(error._retry_after.total_seconds()))  # noqa: SLF001
            except (TelegramError, StorageError) as error:
                LOGGER.warning("updates could not be fetched: %s", type(error))
                await self.rests(begun, PAUSE)


def webhook(intake: Intake, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of a webhook: store, then 200; the secret is compared first."""
    wanted = secret.encode()

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, wanted):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if number_of(update) is None:
            return web.Response(status=400)
        try:
            await intake.store([update])
        except StorageError:
            LOGGER.exception("an update could not be stored; Telegram sends it again")
            return web.Response(status=503, headers={"Retry-After": "5"})
        return web.Response()

    return handle
