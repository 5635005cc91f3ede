"""One look at every condition: the heartbeat if all is well, else people are told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.logs import get_logger
from bot.watchdog.causes import Ledger, Trouble, ledger_of
from bot.watchdog.channels import Channel, NotTakenError
from bot.watchdog.conditions import CONDITIONS, WORDS, Condition, Surroundings
from storage import clinic, watching
from storage.transaction import StorageError

FINDINGS = get_logger(__name__)
LOGGER = logging.getLogger(__name__)
EVERY: Final = 30.0
"""Seconds between two looks: so each step of an escalation comes within 30 s of its time, and the
heartbeat stays out well within a minute (delivery plan, hazard 28 and T20)."""
PATIENCE: Final = 20.0
"""Seconds that a condition, or a channel, may take: whatever hangs must not keep the others."""
BRIEFLY: Final = 3.0
"""Seconds for what telling people must not wait for: that a database hangs is to be told."""
SLOW: Final = "telegram"
"""The one condition that waits for a network; where another takes too long the database hangs."""
BLIND: Final = "{name} could not be looked at ({error}), so it may be wrong."


class Watchdog:
    """Looks, and tells. Nothing that it raises ends the bot, and nothing of the bot ends it.

    Args:
        at: What it looks at.
        channels: Where people are told: the staff chat, and the second channel if there is one.
        beat: Gives the heartbeat, and says whether it was heard.
        more: Conditions besides the usual ones.
    """

    def __init__(
        self, at: Surroundings, channels: Sequence[Channel],
        beat: Callable[[], Awaitable[bool]], more: Mapping[str, Condition],
    ) -> None:  # fmt: skip
        self.at = at
        self.channels = channels
        self.beat = beat
        self.conditions = {**CONDITIONS, **more}
        self.ledger: Ledger | None = None
        self.kept = ""

    async def run(self) -> None:
        """Look again and again until cancelled; what an outage left is first given its time."""
        while True:
            await self.at.clock.sleep(EVERY)
            try:
                await self.look()
            except Exception:
                LOGGER.exception("the watchdog failed; it looks again")

    async def look(self) -> list[Trouble]:
        """Look once at everything, give the heartbeat or tell people; return what is wrong."""
        now = self.at.clock.now()
        troubles = await self.troubles(now)
        self.at.pulse.watched = tuple(dict.fromkeys(kind_of(one) for one in troubles))
        if troubles:
            FINDINGS.error("no heartbeat", reason="+".join(self.at.pulse.watched))
        elif await self.beat():
            self.at.pulse.last_heartbeat = self.at.clock.now()
        await self.tell(troubles, now)
        return troubles

    async def troubles(self, now: datetime) -> list[Trouble]:
        """Return everything that is wrong, each cause once, as the last condition says it."""
        looks = [self.one(name, condition, now) for name, condition in self.conditions.items()]
        found = [trouble for some in await asyncio.gather(*looks) for trouble in some]
        return list({one.cause: one for one in found}.values())

    async def one(self, name: str, condition: Condition, now: datetime) -> Sequence[Trouble]:
        """Look at one condition; one that cannot be looked at is wrong."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await condition(self.at, now)
        except StorageError as error:
            FINDINGS.warning("could not be looked at", kind=name, reason=type(error).__name__)
            return [Trouble("database", WORDS["database"])]
        except TimeoutError:
            FINDINGS.warning("took too long to be looked at", kind=name)
            if name == SLOW:
                return [Trouble(SLOW, BLIND.format(name=SLOW, error="it took too long"))]
            return [Trouble("database", WORDS["database"])]
        except Exception as error:
            FINDINGS.error("could not be looked at", kind=name, reason=type(error).__name__)
            LOGGER.exception("a condition failed")
            return [Trouble(name, BLIND.format(name=name, error=type(error).__name__))]

    async def tell(self, troubles: Sequence[Trouble], now: datetime) -> None:
        """Tell each channel what it does not know yet, and keep who was told what."""
        ledger = self.ledger = self.ledger or await self.remembered()
        ledger.note(troubles, now)
        await asyncio.gather(*(self.tell_one(ledger, one, now) for one in self.channels))
        ledger.forget([one.name for one in self.channels], now)
        text = ledger.text()
        if text != self.kept:
            try:
                async with asyncio.timeout(BRIEFLY):
                    await self.at.database.run(lambda: clinic.put(watching.LEDGER, text))
                self.kept = text
            except (StorageError, TimeoutError) as error:
                FINDINGS.warning("whom the watchdog told is not kept", reason=type(error).__name__)

    async def tell_one(self, ledger: Ledger, channel: Channel, now: datetime) -> None:
        """Tell one channel; one that fails rests for a while, and is then told everything."""
        items = ledger.due(channel.name, now)
        if not items:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await channel.tell(items)
        except (NotTakenError, TimeoutError) as error:
            why = str(error).partition(" ")[0] or type(error).__name__
            FINDINGS.warning("what the watchdog says was not taken", kind=channel.name, reason=why)
            ledger.failed(channel.name, now)
        else:
            ledger.was_told(channel.name, items, now)

    async def remembered(self) -> Ledger:
        """Return what an earlier process told; nothing where that cannot be read."""
        try:
            async with asyncio.timeout(BRIEFLY):
                kept = await self.at.database.read(lambda: clinic.get(watching.LEDGER))
            return ledger_of(kept) if kept else Ledger()
        except (
            StorageError,
            TimeoutError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            FINDINGS.warning("whom the watchdog told cannot be read", reason=type(error).__name__)
            return Ledger()


def kind_of(trouble: Trouble) -> str:
    """Return a trouble's name without what it is about, for who may not know that."""
    return trouble.cause.partition(":")[0]
