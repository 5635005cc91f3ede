"""Looks at the whole database file once a day, in a thread of its own.

Hazards: H22.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from storage.condition import damage
from storage.transaction import StorageError

DAILY: Final = timedelta(days=1)
DAMAGED: Final = timedelta(hours=1)
"""How soon a file that was damaged is looked at again."""


class Wholeness:
    """Whether a database file is whole, as it was found last. Nothing is waited for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.fault = ""
        self.looked_at: datetime | None = None
        self.looking: asyncio.Task[None] | None = None

    def look(self, now: datetime) -> str:
        """Return what was found wrong last, empty for nothing; look again when it is time."""
        every = DAMAGED if self.fault else DAILY
        is_time = self.looked_at is None or abs(now - self.looked_at) >= every
        if is_time and (self.looking is None or self.looking.done()):
            self.looked_at = now
            self.looking = asyncio.create_task(self.looks())
        return self.fault

    async def looks(self) -> None:
        """Read every page and index; a file that cannot be read is damaged."""
        try:
            self.fault = await asyncio.to_thread(damage, self.url)
        except StorageError as error:
            self.fault = str(error)
