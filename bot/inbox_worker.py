"""Works through the inbox: in order within a chat, chats side by side.

What is in memory here is only which chats have something to be worked on. Which update it is, the
inbox says each time, because another worker may have stored or done some; what somebody left
undone is found by looking again every second.

Hazards: H36.
"""

import asyncio
import logging
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
from flows.staff_language import N_, _
from storage import due, inbox
from storage.due import DueRow
from storage.inbox import Waiting
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT_ONCE: Final = 64  # chats; more only wait for the database
PAUSE: Final = 1.0  # seconds, when the database cannot be used

Answer = Callable[[str, Toast], None]
"""Answers a press, by its number; nobody waits for it and nothing is lost if it fails."""
LOOK: Final = N_(
    "If a patient expects an answer now, please phone. Look at the log, then at the update."
)


class InboxWorker:
    """Works on stored updates.

    Args:
        database: Where everything is stored.
        office: The clinic.
        clock: The time.
        answer: How a press is answered.
        changed: Called after each update: something may be due or to be sent.
        is_shared: Whether other workers work on the same inbox.
    """

    def __init__(  # noqa: PLR0913 - what it is wired to
        self, database: Database, office: Office, clock: Clock, answer: Answer,
        changed: Callable[[], None], *, is_shared: bool = False,
    ) -> None:  # fmt: skip
        self.database = database
        self.office = office
        self.clock = clock
        self.answer = answer
        self.changed = changed
        self.is_shared = is_shared
        self.chats: dict[int | None, int] = {}
        """The chats that are worked on, each with how many updates are still to be looked for."""
        self.tasks: set[asyncio.Task[None]] = set()
        self.places = asyncio.Semaphore(AT_ONCE)

    async def take_up(self) -> None:
        """Work on what is stored and not done: by an earlier process, or by another worker."""
        found = await self.database.read(inbox.waiting)
        self.submit([update for update in found if update.chat_id not in self.chats])

    def submit(self, updates: Sequence[Waiting]) -> None:
        """Work on stored updates, after those of the same chat that came before."""
        for update in updates:
            is_worked_on = update.chat_id in self.chats
            self.chats[update.chat_id] = self.chats.get(update.chat_id, 0) + 1
            if not is_worked_on:
                task = asyncio.create_task(self.chat(update.chat_id))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def idle(self) -> None:
        """Wait until everything that was submitted has been worked on."""
        while self.tasks:
            await asyncio.gather(*self.tasks)

    async def chat(self, chat_id: int | None) -> None:
        """Work through one chat's updates.

        Where others share the inbox it goes on until there is none: what another worker stored
        while this one held the chat is left to this one.
        """
        while self.chats[chat_id] > 0:
            self.chats[chat_id] -= 1
            async with self.places:
                while await self.one(chat_id) and self.is_shared:
                    pass
        del self.chats[chat_id]

    async def one(self, chat_id: int | None) -> bool:
        """Work on a chat's next update until it is done or set aside; False where there is none."""
        while True:
            begun: list[Waiting] = []
            try:
                worked = await self.database.run(partial(self.work, chat_id, begun))
            except Exception as error:
                if isinstance(error, StorageError) and error.passing:
                    LOGGER.warning("the database cannot be used: %s", type(error))
                    await self.clock.sleep(PAUSE)
                    continue
                LOGGER.exception("an update could not be worked on")
                if not begun:
                    await self.clock.sleep(PAUSE)
                elif await self.failed(begun[-1], type(error).__name__):
                    return True
            else:
                if worked is not None:
                    self.finish(worked)
                return worked is not None

    def work(self, chat_id: int | None, begun: list[Waiting]) -> Transaction[Worked | None]:
        """Work on a chat's next update; `begun` says which it is, also where that fails."""
        taken = yield from inbox.take(chat_id)
        if taken is None:
            return None
        begun.append(Waiting(taken.update_id, chat_id))
        cause = Cause(self.clock.now(), taken.update_id)
        return (yield from work(self.office, taken, cause))

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
        """Tell staff that something could not be read, and whoever sent it to phone instead.

        Staff are told once an hour of each chat: many of these must not stand before an alert. All
        are in the next reconciliation. Where it is a patient's, an alert follows, which somebody
        has to take care of: decided by itself, since deciding may be what failed.
        """
        now = self.clock.now()
        staff = yield from self.office.staff_chat()
        whose = yield from inbox.case_of(update.chat_id)
        code = whose.code if whose else None
        unread = N_("⚠️ A message could not be read (update {number}). It is kept.")
        if code:
            unread = N_("⚠️ A message of {code} could not be read (update {number}). It is kept.")
        text = _(unread, code=code, number=update.update_id) + " " + _(LOOK)
        repeat = f"aside:{update.chat_id}:{now:%Y-%m-%dT%H}"
        say = Say(staff, Message(text), Lane.ALERT, repeat)
        yield from outgoing.say(self.office, say, staff, None, now)
        if code:
            yield from due.plan(DueRow("not_read", f"{code}:{update.update_id}", code, now))
        if update.chat_id is not None and update.chat_id > 0:
            words = self.office.settings.contact.words
            kind = phrases(whose.language if whose else "en")["could_not_read"].format_map(words)
            say = Say(update.chat_id, Message(kind), Lane.ALERT, f"aside:{update.update_id}:sender")
            yield from outgoing.say(self.office, say, update.chat_id, None, now)
