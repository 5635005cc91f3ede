"""Works through the inbox: in order within a chat, chats side by side.

What is in memory here is only which stored updates are still to be worked on; after a crash
they are read from the inbox again.

Hazards: H36.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bot import outgoing
from bot.arrivals import work
from bot.clock import Clock
from bot.deciding import Cause, Worked
from bot.office import Office
from flows.engine.events import Lane, Message, Say, Toast
from flows.engine.phrases import phrases
from storage import inbox
from storage.inbox import Waiting
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT_ONCE: Final = 64  # chats; more only wait for the database
PAUSE: Final = 1.0  # seconds, when the database cannot be used

Answer = Callable[[str, Toast], None]
"""Answers a press, by its number; nobody waits for it and nothing is lost if it fails."""


class InboxWorker:
    """Works on stored updates.

    Args:
        database: Where everything is stored.
        office: The clinic.
        clock: The time.
        answer: How a press is answered.
        changed: Called after each update: something may be due or to be sent.
    """

    def __init__(
        self, database: Database, office: Office, clock: Clock, answer: Answer,
        changed: Callable[[], None],
    ) -> None:  # fmt: skip
        self.database = database
        self.office = office
        self.clock = clock
        self.answer = answer
        self.changed = changed
        self.queues: dict[int, deque[Waiting]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.places = asyncio.Semaphore(AT_ONCE)

    async def take_up(self) -> None:
        """Work on what an earlier process stored and did not finish."""
        self.submit(await self.database.read(inbox.waiting))

    def submit(self, updates: Sequence[Waiting]) -> None:
        """Work on stored updates, after those of the same chat that came before."""
        for update in updates:
            chat = update.chat_id or 0
            queue = self.queues.get(chat)
            if queue is not None:
                queue.append(update)
                continue
            self.queues[chat] = deque([update])
            task = asyncio.create_task(self.chat(chat))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def idle(self) -> None:
        """Wait until everything that was submitted has been worked on."""
        while self.tasks:
            await asyncio.gather(*self.tasks)

    async def chat(self, chat: int) -> None:
        """Work through one chat's updates, then forget its queue."""
        queue = self.queues[chat]
        while queue:
            async with self.places:
                await self.one(queue[0])
            queue.popleft()
        del self.queues[chat]

    async def one(self, update: Waiting) -> None:
        """Work on one update until it is done or set aside."""
        while True:
            cause = Cause(self.clock.now(), update.update_id)
            try:
                worked = await self.database.run(
                    partial(work, self.office, update.update_id, cause)
                )
            except Exception as error:
                if isinstance(error, StorageError) and error.passing:
                    LOGGER.warning("the database cannot be used: %s", type(error).__name__)
                    await self.clock.sleep(PAUSE)
                    continue
                LOGGER.exception("an update could not be worked on")
                if await self.failed(update, type(error).__name__):
                    return
            else:
                self.finish(worked)
                return

    def finish(self, worked: Worked) -> None:
        """Answer the press, if it was one, and let what it caused go out."""
        self.changed()
        if worked.press:
            self.answer(worked.press, worked.toast)

    async def failed(self, update: Waiting, reason: str) -> bool:
        """Count a failure; at the third staff and the sender hear of it, and the chat goes on.

        Where not even that can be stored the database is at fault, not the update, which waits.
        """
        now = self.clock.now()

        def count() -> Transaction[bool]:
            aside = yield from inbox.failed(update.update_id, reason, now)
            if aside:
                yield from self.tell_of(update)
            return aside

        try:
            aside = await self.database.run(count)
        except Exception:
            LOGGER.exception("a failure could not be counted")
            await self.clock.sleep(PAUSE)
            return False
        if aside:
            self.changed()
        return aside

    def tell_of(self, update: Waiting) -> Transaction[None]:
        """Tell staff that something could not be read, and whoever sent it to phone instead."""
        now = self.clock.now()
        staff = yield from self.office.staff_chat()
        text = (
            f"⚠️ A message could not be read (update {update.update_id}). It is kept. If a patient "
            "expects an answer now, please phone. Look at the log, then at the update."
        )
        say = Say(staff, Message(text), Lane.ALERT, f"aside:{update.update_id}")
        yield from outgoing.say(self.office, say, staff, None, now)
        if update.chat_id is not None and update.chat_id > 0:
            words = self.office.settings.contact.words
            kind = phrases("en")["could_not_read"].format_map(words)
            say = Say(update.chat_id, Message(kind), Lane.ALERT, f"aside:{update.update_id}:sender")
            yield from outgoing.say(self.office, say, update.chat_id, None, now)
