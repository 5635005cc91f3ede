"""Takes what waits in the outbox to Telegram: alerts first, at the pace Telegram bears.

Alerts and replies are claimed as soon as they are there. Of the rest only a handful is held at a
time, so that a stop leaves few messages about which nobody knows whether they went.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.delivery.calling import Call
from bot.delivery.courier import Courier, Parcel, Recorded, is_for_one_card
from bot.delivery.outcome import Retry, Unknown
from bot.delivery.pacing import Pacing
from bot.delivery.parcel import Prepare
from storage.freezing import claim
from storage.outbox import LEASE, Sealing, give_back, void_leases
from storage.outbox_choice import Terms
from storage.outbox_rows import Claimed, Lane, OutboxRow
from storage.transaction import Database, StorageError

LOGGER = logging.getLogger(__name__)

IN_FLIGHT: Final = 64
BULK_IN_FLIGHT: Final = 48  # slow answers to check-ins never take the last places from an alert
AT_ONCE: Final = 50  # messages held and not begun at most
IN_HAND: Final = 8  # bulk messages claimed ahead: a quarter of a second's
FEW: Final = 4  # fewer in hand than this, and more are claimed
PATIENCE: Final = 20.0  # seconds
OF_THE_LEASE: Final = 0.45  # of what is left of it, an answer is waited for at most
LOOK_AGAIN: Final = 0.25  # seconds: for what another sender holds, and when hands are full
LONGEST_REST: Final = 1.0  # second without looking, for messages of other processes
AFTER_TROUBLE: Final = 1.0  # seconds, when the database cannot be used
NOW: Final = 1e-5  # seconds: a wait below this is none


class Sender:
    """Sends; at one time only one of it does, for each bot.

    Args:
        database: Where the outbox is.
        call: The way to the Bot API; `calling.through(bot)` makes one.
        clock: The time.
        sealing: How bodies are kept secret.
        pacing: How fast, one for each bot.
        prepare: For each method that is none of Telegram's, what composes its call.
        recorded: What else is saved with an outcome, in the same transaction.
        patience: Seconds after which an answer is no longer waited for.
        lease: How long a claimed row is held.
        second: Whether it takes what goes by a second channel, and nothing else.
    """

    def __init__(  # noqa: PLR0913 - what it is wired to
        self, database: Database, call: Call, clock: Clock, sealing: Sealing, *,
        pacing: Pacing, prepare: Mapping[str, Prepare], recorded: Recorded,
        patience: float = PATIENCE, lease: timedelta = LEASE, second: bool = False,
    ) -> None:  # fmt: skip
        self.courier = Courier(database, call, clock, prepare, recorded)
        self.database, self.clock, self.sealing = database, clock, sealing
        self.pacing, self.patience, self.lease, self.second = pacing, patience, lease, second
        self.ready: list[Parcel] = []
        self.flying: dict[int, tuple[Parcel, asyncio.Task[None]]] = {}
        self.held: frozenset[int] = frozenset()
        self.apart: dict[int, float] = {}
        self.look_at = -math.inf
        self.more_bulk = True
        self.woken = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now: something was put into it."""
        self.look_at = -math.inf
        self.woken.set()

    async def start(self) -> None:
        """Take over from an earlier process; only for the one sender of its database.

        One that still waits for an answer is taken for gone: it can no longer say how that ended.
        """
        await self.database.run(lambda: void_leases(self.clock.now()))
        self.wake()

    async def run(self) -> None:
        """Send until cancelled; then wait for what is on its way, and give back the rest."""
        try:
            while True:
                self.woken.clear()
                try:
                    wait = await self.advance()
                except StorageError:
                    LOGGER.exception("the outbox cannot be read; trying again")
                    wait = AFTER_TROUBLE
                await self.pause(min(wait, LONGEST_REST))
                if wait >= LONGEST_REST:
                    self.look_at = -math.inf
        finally:
            await self.leave()

    async def drain(self) -> datetime | None:
        """Send all that may go now; return when the next may, None if nothing waits."""
        self.wake()
        while True:
            wait = await self.advance()
            if self.flying:
                await self.landed()
                self.look_at = -math.inf
            elif wait == math.inf:
                return None
            elif wait > NOW:
                return self.clock.now() + timedelta(seconds=wait)

    async def landed(self) -> None:
        """Wait for everything that is on its way."""
        await asyncio.gather(*(task for _, task in self.flying.values()))

    async def leave(self) -> None:
        """Stop in order: what is on its way arrives, what is not begun is given back."""
        await self.landed()
        kept, self.ready = self.ready, []
        if kept:
            await self.database.run(lambda: give_back([row for one in kept for row in one.rows]))

    async def pause(self, seconds: float) -> None:
        """Wait until woken, or so long."""
        waits = {
            asyncio.ensure_future(self.woken.wait()),
            asyncio.ensure_future(self.clock.sleep(max(seconds, 0.0))),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def advance(self) -> float:
        """Claim, send what may go; return the seconds until the next may, or infinity."""
        await self.drops_stale()
        bulk = sum(parcel.first.lane > Lane.REPLY for parcel in self.ready)
        is_due = self.look_at <= self.clock.monotonic() + NOW
        if is_due or (self.more_bulk and bulk < FEW):
            await self.claims(IN_HAND - bulk if bulk < FEW else 0)
        return min(self.sends(), max(0.0, self.look_at - self.clock.monotonic()))

    async def drops_stale(self) -> None:
        """Give back what was held too long to be begun, as after the clock was moved."""
        latest = self.clock.now() + self.lease / 2
        stale = [parcel for parcel in self.ready if parcel.until < latest]
        if stale:
            self.ready = [parcel for parcel in self.ready if parcel.until >= latest]
            await self.database.run(lambda: give_back([row for one in stale for row in one.rows]))
            self.look_at = -math.inf

    async def claims(self, bulk: int) -> None:
        """Take what may go, and settle what an earlier sender left behind."""
        self.look_at = math.inf  # whoever wakes us from here on is heard
        now, instant = self.clock.monotonic(), self.clock.now()
        self.apart = {chat: until for chat, until in self.apart.items() if until > now}
        terms = Terms(
            instant, limit=max(AT_ONCE - len(self.ready), bulk, 1), bulk=bulk,
            busy=frozenset(self.flying), shut=self.pacing.shut(now),
            gathering=self.pacing.gathering(now) - self.apart.keys(), second=self.second,
        )  # fmt: skip
        try:
            found = await self.database.run(lambda: claim(terms, self.sealing, self.lease))
        except StorageError:
            self.look_at = -math.inf
            raise
        self.takes(found.rows, instant + self.lease)
        self.more_bulk = found.more or not bulk
        self.held = frozenset(one.chat_id for one in found.held)
        if len(found.rows) >= terms.limit:
            self.look_at = min(self.look_at, now + LOOK_AGAIN)
        self.look_at = min(self.look_at, now + self.next_look(found, instant))
        await self.settles_lapsed(found, instant)

    def takes(self, rows: tuple[OutboxRow, ...], until: datetime) -> None:
        """Put claimed rows into the line; several of one chat are cards that go together."""
        parcels: dict[int, tuple[OutboxRow, ...]] = {}
        for row in rows:
            parcels[row.chat_id] = (*parcels.get(row.chat_id, ()), row)
        self.ready += [Parcel(together, until) for together in parcels.values()]
        self.ready.sort(key=lambda parcel: parcel.place)

    def next_look(self, found: Claimed, instant: datetime) -> float:
        """Return the seconds until the outbox has something else that may go."""
        now = self.clock.monotonic()
        mine = self.flying.keys() | {parcel.first.chat_id for parcel in self.ready}
        waits = [
            max(LOOK_AGAIN, self.pacing.wait(one.lane, one.chat_id, one.method, now))
            for one in found.held
            if one.chat_id not in mine
        ]
        if found.later is not None:
            waits.append((found.later - instant).total_seconds())
        return min(waits, default=math.inf)

    async def settles_lapsed(self, found: Claimed, instant: datetime) -> None:
        """Settle rows whose holder is gone: nobody knows whether they went."""
        mine = {row.id for parcel in self.ready for row in parcel.rows}
        mine |= {row.id for parcel, _ in self.flying.values() for row in parcel.rows}
        for row in found.lapsed:
            if row.id not in mine:
                outcome = Unknown("the sender stopped while it was on its way")
                await self.courier.settles(Parcel((row,), instant), outcome)
                self.look_at = -math.inf

    def sends(self) -> float:
        """Send every parcel whose turn it is; return the seconds until the next one's."""
        now = self.clock.monotonic()
        shortest, urgent_waits = math.inf, False
        for parcel in list(self.ready):
            row = parcel.first
            is_urgent = row.lane <= Lane.REPLY
            places = IN_FLIGHT if is_urgent else BULK_IN_FLIGHT
            if row.chat_id in self.flying or len(self.flying) >= places:
                continue
            wait = self.pacing.wait(
                row.lane, row.chat_id, row.method, now, urgent_waits=urgent_waits
            )
            if wait <= NOW:
                self.ready.remove(parcel)
                self.pacing.goes(row.lane, row.chat_id, row.method, now)
                carrying = self.carries(parcel, self.patience_for(parcel))
                self.flying[row.chat_id] = (parcel, asyncio.create_task(carrying))
                continue
            shortest = min(shortest, wait)
            urgent_waits |= is_urgent and self.pacing.overall(row.lane, now) > NOW
        return shortest

    def patience_for(self, parcel: Parcel) -> float:
        """Return the seconds to wait for an answer: well before the hold on the rows ends."""
        left = (parcel.until - self.clock.now()).total_seconds()
        return min(self.patience, left * OF_THE_LEASE)

    async def carries(self, parcel: Parcel, patience: float) -> None:
        """Deliver one parcel; whatever happens to it, the others go on."""
        chat_id = parcel.first.chat_id
        try:
            outcome = await self.courier.delivers(parcel, patience)
            now = self.clock.monotonic()
            if isinstance(outcome, Retry):
                self.pacing.refused(chat_id, outcome.after, now)
            elif len(parcel.rows) > 1 and is_for_one_card(outcome):
                self.apart[chat_id] = now + self.lease.total_seconds()
        except Exception:
            LOGGER.exception("a message was not settled; it is taken up again when its hold ends")
        finally:
            del self.flying[chat_id]
            if chat_id in self.held:
                self.look_at = -math.inf
            self.woken.set()
