"""One parcel's way: composed, called, and what became of it saved, in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from bot.clock import Clock
from bot.delivery.calling import Call
from bot.delivery.outcome import (
    Kind,
    NotNow,
    NotNowError,
    NotSent,
    Outcome,
    Refused,
    Retry,
    Unknown,
    Waits,
    Withdrawn,
    arrived,
    failed,
)
from bot.delivery.pacing import UNCOUNTED
from bot.delivery.parcel import Prepare, Prepared, as_stored, composed_as, marked, mended
from bot.delivery.settling import ending
from bot.export.waiting import StillWrittenError
from storage.outbox import finalise, migrate_chat
from storage.outbox_rows import STUCK, OutboxRow
from storage.transaction import ConflictError, Database, StorageError, Transaction

LOGGER = logging.getLogger(__name__)
PAUSE: Final = 1.0  # seconds between tries to save an outcome

Recorded: TypeAlias = Callable[[Sequence[OutboxRow], Outcome, datetime], Transaction[None]]
"""What else is to be saved with an outcome: message numbers, who cannot be reached, reminders."""


@dataclass(frozen=True)
class Parcel:
    """Rows that go as one call, held until an instant: one row, or the cards of one group."""

    rows: tuple[OutboxRow, ...]
    until: datetime

    @property
    def first(self) -> OutboxRow:
        """Return the row that decides when it goes."""
        return self.rows[0]

    @property
    def place(self) -> tuple[int, int]:
        """Return where it stands in the line."""
        return self.first.lane, self.first.id


@dataclass(frozen=True)
class Courier:
    """Takes parcels out.

    Args:
        database: Where outcomes are saved.
        call: The way to the Bot API.
        clock: The time.
        prepare: For each method that is none of Telegram's, what composes its call.
        recorded: What else is saved with an outcome.
    """

    database: Database
    call: Call
    clock: Clock
    prepare: Mapping[str, Prepare]
    recorded: Recorded

    async def delivers(self, parcel: Parcel, patience: float) -> Outcome:
        """Send a parcel, save what became of it, and return that.

        Args:
            parcel: What to send.
            patience: Seconds after which an answer is no longer waited for.
        """
        outcome = await self.tried(parcel.rows, patience)
        if len(parcel.rows) > 1 and is_for_one_card(outcome):
            await self.settles(parcel, Retry(0.0))
        else:
            await self.settles(parcel, outcome)
        return outcome

    async def tried(self, rows: Sequence[OutboxRow], patience: float) -> Outcome:
        """Compose the call and make it, mended if Telegram refuses something in it."""
        try:
            prepared = await self.composed(rows)
        except NotNowError as error:
            return NotNow(error.until)
        except Exception:
            LOGGER.exception("a message could not be composed; it is tried again later")
            return NotSent(STUCK)
        if prepared is None:
            return Withdrawn()
        prepared = marked(prepared, rows)
        try:
            async with asyncio.timeout(patience):
                return await self.called(prepared, rows[0].chat_id)
        except TimeoutError:
            return Unknown(f"no answer within {patience:.3g} seconds")

    async def composed(self, rows: Sequence[OutboxRow]) -> Prepared | None:
        """Return the call for these rows, as things are now."""
        compose = self.prepare.get(composed_as(rows[0], self.clock.now()))
        if compose is None:
            return as_stored(rows[0])
        return await self.database.read(lambda: compose(rows))

    async def called(self, prepared: Prepared, chat_id: int) -> Outcome:
        """Make a call, again without what was refused in it as long as that leaves something."""
        place = {} if prepared.method in UNCOUNTED else {"chat_id": chat_id}
        try:
            result = await self.call(prepared.method, prepared.payload | place, prepared.upload)
        except StillWrittenError as error:
            return Waits(error.done, error.total)
        except Exception as error:  # noqa: BLE001 - whatever happened is classified
            outcome = failed(error)
        else:
            return arrived(result)
        better = mended(prepared, outcome.kind) if isinstance(outcome, Refused) else None
        return await self.called(better, chat_id) if better else outcome

    async def settles(self, parcel: Parcel, outcome: Outcome) -> None:
        """Save an outcome, trying again while the database cannot; the rows stay held so long.

        Where what is recorded beside it is at fault, the outcome is saved alone: a message that
        arrived must not go again because of that.
        """
        if not await self.saved(parcel, outcome, record=True):
            await self.saved(parcel, outcome, record=False)

    async def saved(self, parcel: Parcel, outcome: Outcome, *, record: bool) -> bool:
        """Save an outcome; False where recording it failed, and nothing was saved."""
        while True:
            try:
                await self.database.run(lambda: self.settled(parcel.rows, outcome, record=record))
            except Exception as error:
                is_ours = not isinstance(error, StorageError) or isinstance(error, ConflictError)
                if is_ours and record:
                    LOGGER.exception("an outcome could not be recorded; saving it alone")
                    return False
                if is_ours or self.clock.now() >= parcel.until:
                    raise
                LOGGER.warning("an outcome could not be saved; trying again: %s", error)
                await self.clock.sleep(PAUSE)
            else:
                return True

    def settled(
        self, rows: Sequence[OutboxRow], outcome: Outcome, *, record: bool
    ) -> Transaction[None]:
        """Write how rows end; those that another holder took over meanwhile are left to it."""
        now = self.clock.now()
        mine: tuple[OutboxRow, ...] = ()
        for row in rows:
            if (yield from finalise(row.id, row.token, ending(row, outcome, now), now)):
                mine = (*mine, row)
        if isinstance(outcome, Refused) and outcome.new_chat_id is not None:
            yield from migrate_chat(rows[0].chat_id, outcome.new_chat_id, now)
        if record and mine:
            yield from self.recorded(mine, outcome, now)


def is_for_one_card(outcome: Outcome) -> bool:
    """Whether several cards together may have failed for one of them only."""
    if isinstance(outcome, NotSent):
        return outcome.text == STUCK
    return isinstance(outcome, Refused) and outcome.kind in (Kind.BAD_TEXT, Kind.OTHER)
