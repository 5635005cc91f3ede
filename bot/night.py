"""What is done each night: old data goes, a copy is kept, and the trail says what was done.

It runs once a night, in the worker that leads, by small transactions beside everything else. What
was broken off goes on a minute later; a night without the bot is made up for at its start.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot import outgoing
from bot.clock import Clock
from bot.erasing import UNSWEPT
from bot.office import Office
from flows.engine.events import Did, Lane, Message, Say
from flows.recovery import LEAST, Felt, curve_of
from flows.staff_language import _
from storage import audit, backups, clinic, erasing, freezing, recovery, retention
from storage.erasing import StillOpenError
from storage.instants import instant, stored
from storage.location import sqlite_path
from storage.sealing import Keyring, SealError
from storage.transaction import Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
AT: Final = "03:30"
"""The clinic's clock. Own choice: nobody is at the desk, and it is no hour that a change of the
clocks skips or doubles in Europe or America."""
DONE: Final = "night"
"""Where it is kept which night was done last."""
AT_ONCE: Final = 20
"""Courses whose answers are read together (own choice)."""
LONGEST_GAP: Final = timedelta(days=3)
"""After a longer time without a night nothing is deleted before the next: it may be the clock that
is wrong, and in 2038 every case would be old (own choice)."""
OLD: Final = Did(None, "Aftercheck", "erase")


class Night:
    """Does a night's work once."""

    def __init__(self, database: Database, office: Office, clock: Clock) -> None:
        self.database = database
        self.office = office
        self.clock = clock
        self.done: datetime | None = None

    async def run(self) -> bool:
        """Do this night's work, if it is time and nobody has; whether it was done now."""
        now = self.clock.now()
        night = last_night(self.office, now)
        if self.done is not None and self.done >= night:
            return False
        last = await self.database.run(lambda: self.last(night))
        if last is None or last >= night:
            self.done = last
            return False
        did: list[str] = []
        if night - last <= LONGEST_GAP:
            did += [*await self.forgets(now), *await self.erases_old(now)]
        did += await self.counts_recovery(now)
        did += await self.keeps_copy(now)
        did += await self.sweeps()
        await self.database.run(lambda: self.noted(night, did, now))
        self.done = night
        return True

    def last(self, night: datetime) -> Transaction[datetime | None]:
        """Return which night was done last; None while nothing may be done, as before /resume.

        In a new clinic there is nothing to do in the first night.
        """
        if (yield from freezing.is_frozen()):
            return None
        last = yield from clinic.get(DONE)
        if last is None:
            yield from clinic.put(DONE, stored(night))
        return instant(last) if last else night

    async def forgets(self, now: datetime) -> list[str]:
        """Delete what is older than its class is kept; return what and how many."""
        did = []
        for kept in retention.CLASSES:
            days = getattr(self.office.settings, kept.setting.lower())
            count, more = 0, days > 0
            while more:
                deleted = await self.database.run(partial(retention.forget, kept, days, now))
                count, more = count + deleted, deleted == retention.BATCH
            if count:
                did.append(f"{kept.setting.lower()} {count}")
        return did

    async def erases_old(self, now: datetime) -> list[str]:
        """Erase cases whose record need not be kept any more, one by one."""
        years, count, code = self.office.settings.keep_cases_years, 0, ""
        while years:
            found = await self.database.read(partial(retention.old_case, years, now, code))
            if found is None:
                break
            code = found
            count += await self.database.run(partial(self.erased, code, now))
        return [f"cases erased {count}"] if count else []

    def erased(self, code: str, now: datetime) -> Transaction[bool]:
        """Erase one case, unless somebody still has to look at what came in."""
        try:
            yield from erasing.erase(self.office.vault.clinic, code, now, by=OLD)
        except StillOpenError:
            return False
        yield from clinic.put(UNSWEPT, stored(now))
        return True

    async def counts_recovery(self, now: datetime) -> list[str]:
        """Count anew how each treatment was felt; return of how many treatments.

        Courses are read a few at a time, so that nothing waits behind them.
        """
        await self.database.run(partial(recovery.forget_stale, now))
        counted = 0
        for name in await self.database.read(recovery.treatments):
            found = await self.database.read(partial(recovery.courses, name, now))
            if len({course.code for course in found}) < LEAST:
                continue
            felt: list[Felt] = []
            for first in range(0, len(found), AT_ONCE):
                some = found[first : first + AT_ONCE]
                felt += await self.database.read(
                    partial(recovery.felt, self.office.vault.keys, some)
                )
            await self.database.run(partial(recovery.keep, curve_of(name, felt, now)))
            counted += 1
        return [f"treatments counted {counted}"] if counted else []

    async def keeps_copy(self, now: datetime) -> list[str]:
        """Keep a copy where BACKUP_DIR says, and see that it can be restored."""
        known = self.office.settings
        path = sqlite_path(known.database_url)
        if known.backup_dir is None or path is None:
            await self.database.run(lambda: clinic.put(backups.BACKUP_AT, ""))
            return []
        keyring = Keyring.from_text(known.encryption_key.get_secret_value())
        try:
            await asyncio.to_thread(
                backups.keep, path, known.backup_dir, keyring, known.backups_kept, now
            )
        except (StorageError, SealError, OSError) as error:
            LOGGER.warning("no backup could be made: %s", type(error))
            await self.database.run(partial(self.no_copy, str(error), now))
            return ["no backup"]
        await self.database.run(lambda: clinic.put(backups.BACKUP_AT, stored(now)))
        return ["backup"]

    def no_copy(self, why: str, now: datetime) -> Transaction[None]:
        """Tell staff that there is no new copy, and why."""
        chat = yield from self.office.staff_chat()
        text = _(
            "⚠️ No backup could be made tonight: {why}\nPlease tell whoever runs the bot.", why=why
        )
        say = Say(chat, Message(text), Lane.REPLY, f"no_backup:{now:%Y-%m-%d}")
        yield from outgoing.say(self.office, say, chat, None, now)

    async def sweeps(self) -> list[str]:
        """Leave nothing of an erased key in free space; for that the database stands still briefly.

        Where another program reads it is tried the next night again.
        """
        if not await self.database.read(lambda: clinic.get(UNSWEPT)):
            return []
        try:
            await backups.sweep(self.office.settings.database_url)
        except StorageError as error:
            LOGGER.warning("free space could not be emptied yet: %s", error)
            return ["not swept"]
        await self.database.run(lambda: clinic.put(UNSWEPT, ""))
        return ["swept"]

    def noted(self, night: datetime, did: list[str], now: datetime) -> Transaction[None]:
        """Note that the night is done, and what was done in it."""
        yield from clinic.put(DONE, stored(night))
        event = Did(None, "Aftercheck", "night", detail=", ".join(did))
        yield from audit.did(self.office.vault.audit, None, event, now)


def last_night(office: Office, now: datetime) -> datetime:
    """Return the last instant at which a night's work was to begin."""
    return office.settings.hours.next_at(AT, now - timedelta(days=1) + timedelta(microseconds=1))
