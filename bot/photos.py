"""Fetches patients' photos to keep them, sealed: Telegram may delete any of them."""

import logging
from functools import partial
from typing import Final

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.deciding import Cause, decide
from bot.office import Office
from bot.pictures import TOO_LARGE, fault_of
from bot.transport import TooLongError
from flows.engine.inputs import PhotoRefused
from storage import journal, records
from storage.journal import Unfetched
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT_ONCE: Final = 5  # photos of up to a few megabytes each in memory together
MOST_PASSED: Final = 20  # photos that fail in one go (own choice)
LARGEST: Final = 10 << 20  # bytes of a photo (Bot API reference, "Sending files")


class PhotoFetcher:
    """Fetches what was sent and is not kept yet."""

    def __init__(self, database: Database, office: Office, bot: Bot, clock: Clock) -> None:
        self.database = database
        self.office = office
        self.bot = bot
        self.clock = clock

    async def run(self) -> int:
        """Fetch everything that is not kept yet, and say how many were; trouble waits.

        One that cannot be had yet keeps no other, until so many fail that Telegram must be away.
        """
        count, passed = 0, 0
        while passed < MOST_PASSED and (
            found := await self.database.read(partial(self.unfetched, passed))
        ):
            kept = sum([await self.fetch(photo) for photo in found])
            count += kept
            passed += len(found) - kept
        return count

    def unfetched(self, passed: int) -> Transaction[list[Unfetched]]:
        """Return some photos that are to be fetched, after those that were passed."""
        found = yield from journal.unfetched(self.office.vault.keys, passed + AT_ONCE)
        return found[passed:]

    async def fetch(self, photo: Unfetched) -> bool:
        """Fetch one photo and keep it; False where it has to be tried again later."""
        picture, fault = None, ""
        try:
            file = await self.bot.get_file(photo.file_id)
            if (file.file_size or 0) <= LARGEST:
                picture = bytes(await file.download_as_bytearray())
                fault = fault_of(picture, LARGEST)
            else:
                fault = TOO_LARGE
        except BadRequest:
            LOGGER.warning("a photo is no longer there to be fetched")
        except TooLongError:
            fault = TOO_LARGE
        except TelegramError as error:
            LOGGER.info("a photo could not be fetched yet: %s", type(error))
            return False
        try:
            await self.database.run(lambda: self.kept(photo, picture, fault))
        except StorageError:
            LOGGER.exception("a photo could not be stored yet")
            return False
        return True

    def kept(self, photo: Unfetched, picture: bytes | None, fault: str) -> Transaction[None]:
        """Store a photo, or that it cannot be had any more; one that is none is told of."""
        key = yield from self.office.vault.key_of(photo.code)
        now = self.clock.now()
        found = None if fault else picture
        yield from journal.fetched(photo.code, key, photo.unique_id, found, now)
        loaded = (yield from records.of_case(self.office.vault.keys, photo.code)) if fault else None
        if loaded is not None:
            refused = PhotoRefused(photo.unique_id, fault, photo.sent_at)
            yield from decide(self.office, loaded, refused, Cause(now))
