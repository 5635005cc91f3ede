"""What only one worker of a database does, and which one: see `storage.leading`.

Updates that come by webhook, and what is due, any worker takes. Sending keeps the bot's rate and
polling its offset, so whoever has the lead does them, with all that would else be done twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, TypeAlias

from bot.clock import Clock
from bot.delivery.calling import Call
from bot.delivery.parcel import Upload
from bot.health import Pulse
from bot.transport import NotSentError
from storage.leading import Leading
from storage.transaction import StorageError

LOGGER = logging.getLogger(__name__)
LOOK: Final = 1.0  # seconds between two looks at who leads
STOP_SECONDS: Final = 1.5
"""For each of the three steps of a stop, which is to be over in five seconds."""

Duty: TypeAlias = Callable[[], Coroutine[Any, Any, None]]
"""Something that the leader does until it is cancelled."""


class Leader:
    """One worker's part in leading.

    Args:
        leading: Who leads, as the database says.
        clock: The time.
        pulse: Where it is noted for the health page.
        begin: Called each time this worker gets the lead, before it does anything with it.
    """

    def __init__(
        self, leading: Leading, clock: Clock, pulse: Pulse, begin: Callable[[], Awaitable[None]]
    ) -> None:  # fmt: skip
        self.leading = leading
        self.clock = clock
        self.pulse = pulse
        self.begin = begin
        self.has_begun = False

    def holds(self) -> bool:
        """Whether this worker certainly leads now."""
        return self.has_begun and self.leading.holds(self.clock.monotonic())

    async def look(self) -> bool:
        """Take the lead if nobody has it; say whether this worker leads."""
        before, leads = self.has_begun, await self.leading.look(self.clock.monotonic())
        if leads and not before:
            try:
                await self.begin()
            except StorageError:
                LOGGER.exception("the lead cannot be taken yet")
                leads = False
        self.has_begun = leads
        if before != leads and self.leading.is_shared:
            LOGGER.info("this worker sends now" if leads else "this worker sends no longer")
        self.pulse.workers, self.pulse.leads = self.leading.workers, leads
        if not leads:  # whoever leads polls, and answers for it
            self.pulse.last_poll = self.clock.now()
        return leads

    async def run(self, duties: Sequence[Duty]) -> None:
        """Do the duties whenever this worker leads, until cancelled.

        Raises:
            BaseException: what ended a duty that should have gone on.
        """
        while True:
            if await self.look():
                tasks = [asyncio.create_task(duty()) for duty in duties]
                try:
                    await self.led(tasks)
                finally:
                    await cancelled(tasks)
            await self.clock.sleep(LOOK)

    async def led(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Return when the lead is lost; raise what ended a duty."""
        while True:
            pause = asyncio.create_task(self.clock.sleep(LOOK))
            try:
                done, _ = await asyncio.wait({*tasks, pause}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                pause.cancel()
            for task in done - {pause}:
                task.result()
            if not await self.look():
                return

    def guarded(self, call: Call) -> Call:
        """Return a way to the Bot API that is shut as soon as the lead may be another's."""

        async def led(method: str, payload: dict[str, Any], upload: Upload | None) -> Any:  # noqa: ANN401
            if not self.holds():
                raise NotSentError("another worker sends now")
            return await call(method, payload, upload)

        return led


async def cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """End tasks; what they still have to finish may take `STOP_SECONDS`."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=STOP_SECONDS)
