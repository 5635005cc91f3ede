"""Fetches patients' photos to keep them, sealed: Telegram may delete any of them."""

import logging
from typing import Final

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.office import Office
from storage import journal
from storage.journal import Unfetched
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT_ONCE: Final = 5  # photos of up to a few megabytes each in memory together
LARGEST: Final = 20 << 20  # bytes; the most that Telegram lets a bot download


class PhotoFetcher:
    """Fetches what was sent and is not kept yet."""

    def __init__(self, database: Database, office: Office, bot: Bot, clock: Clock) -> None:
        self.database = database
        self.office = office
        self.bot = bot
        self.clock = clock

    async def run(self) -> int:
        """Fetch everything that is not kept yet, and say how many were; trouble waits."""
        count = 0
        while found := await self.database.read(self.unfetched):
            for photo in found:
                if not await self.fetch(photo):
                    return count
                count += 1
        return count

    def unfetched(self) -> Transaction[list[Unfetched]]:
        """Return some photos that are to be fetched."""
        return (yield from journal.unfetched(self.office.vault.keys, AT_ONCE))

    async def fetch(self, photo: Unfetched) -> bool:
        """Fetch one photo and keep it; False where it has to be tried again later."""
        picture: bytes | None = None
        try:
            file = await self.bot.get_file(photo.file_id)
            if (file.file_size or 0) <= LARGEST:
                picture = bytes(await file.download_as_bytearray())
        except BadRequest:
            LOGGER.warning("a photo is no longer there to be fetched")
        except TelegramError as error:
            LOGGER.info("a photo could not be fetched yet: %s", type(error).__name__)
            return False
        try:
            await self.database.run(lambda: self.kept(photo, picture))
        except StorageError:
            LOGGER.exception("a photo could not be stored yet")
            return False
        return True

    def kept(self, photo: Unfetched, picture: bytes | None) -> Transaction[None]:
        """Store a photo, or that it cannot be had any more."""
        key = yield from self.office.vault.key_of(photo.code)
        now = self.clock.now()
        yield from journal.fetched(photo.code, key, photo.unique_id, picture, now)
