"""Telling people what is wrong, each on every channel, and keeping who was told what."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.logs import get_logger
from bot.watchdog.causes import Ledger, Trouble, ledger_of
from bot.watchdog.channels import Channel, NotTakenError
from storage import clinic, watching
from storage.transaction import Database, StorageError

FINDINGS = get_logger(__name__)
LOGGER = logging.getLogger(__name__)
PATIENCE: Final = 20.0
"""Seconds that a condition, or a channel, may take: whatever hangs must not keep the others."""
BRIEFLY: Final = 3.0
"""Seconds for what telling people must not wait for: that a database hangs is to be told."""


class Telling:
    """Tells, and remembers over a restart what was told.

    Args:
        database: Where that is kept.
        channels: Where people are told.
    """

    def __init__(self, database: Database, channels: Sequence[Channel]) -> None:
        self.database = database
        self.channels = channels
        self.ledger: Ledger | None = None
        self.kept = ""

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
                    await self.database.run(lambda: clinic.put(watching.LEDGER, text))
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
        except Exception:
            LOGGER.exception("a channel of the watchdog failed")
            ledger.failed(channel.name, now)
        else:
            ledger.was_told(channel.name, items, now)

    async def remembered(self) -> Ledger:
        """Return what an earlier process told; nothing where that cannot be read."""
        try:
            async with asyncio.timeout(BRIEFLY):
                kept = await self.database.read(lambda: clinic.get(watching.LEDGER))
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
