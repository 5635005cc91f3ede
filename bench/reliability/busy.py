"""Alerts while thousands of check-ins wait to go out, in real time."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bench.reliability.ward import TickingClock, Ward
from storage.outbox import put
from storage.outbox_rows import Lane, NewRow
from storage.transaction import Transaction

DANGER: Final = "I cannot breathe"
GROUP: Final = 500  # messages put into the outbox in one transaction
EVERY: Final = 4.0  # seconds between two alerts: a group takes a message every three
LOOK: Final = 0.02  # seconds between two looks at the staff's screens
PATIENCE: Final = 60.0  # seconds


class LiveClock(TickingClock):
    """A stepped clock, until it is let go on by itself."""

    began: float | None = None

    def goes_on(self) -> None:
        """Go as fast as real time from now on."""
        self.began, self.base = time.monotonic(), self.instant

    def now(self) -> datetime:
        """Return the present instant."""
        if self.began is not None:
            self.instant = self.base + timedelta(seconds=time.monotonic() - self.began)
        return super().now()

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        if self.began is None:
            await super().sleep(seconds)
        else:
            await asyncio.sleep(seconds)


class Busy:
    """A ward whose outbox is full of check-ins.

    Args:
        ward: A ward on a `LiveClock`, with as many patients as alerts are wanted.
        queued: How many check-ins of others wait.
    """

    def __init__(self, ward: Ward, queued: int) -> None:
        self.ward = ward
        self.others = [ward.world.user(f"Other {number}") for number in range(queued)]

    def queue(self, first: int) -> Transaction[None]:
        """Put some check-ins into the outbox."""
        now, vault = self.ward.clock.now(), self.ward.app.office.vault
        for person in self.others[first : first + GROUP]:
            payload = {"text": "How is the treated area today?"}
            row = NewRow(f"busy:{person.id}", Lane.CHECK_IN, person.id, "sendMessage", payload)
            yield from put(row, now, vault)

    async def alarms(self) -> tuple[list[float], int]:
        """Let patients be in danger one after the other; return the seconds until staff were told.

        Also returns how many of the others' check-ins had gone when the last alert came.
        """
        ward = self.ward
        for person in self.others:
            person.chat_with(ward.bot).started = True
            ward.bot.met.add(person.id)
        for first in range(0, len(self.others), GROUP):
            await ward.app.database.run(partial(self.queue, first))
        ward.clock.goes_on()  # type: ignore[attr-defined]
        ward.world.patience = patience
        task = asyncio.create_task(ward.app.run(asyncio.Event()))
        late = []
        try:
            await asyncio.sleep(2)
            for patient in ward.patients:
                began = time.monotonic()
                since = len(ward.world.log)
                patient.person.types(patient.person.chat_with(ward.bot), DANGER)
                late.append(await self.told(patient.code, since, began))
                if patient is not ward.patients[-1]:
                    await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        ids = {person.id for person in self.others}
        return late, sum(line.person in ids for line in ward.world.log)

    async def told(self, code: str, since: int, began: float) -> float:
        """Wait until staff read of a case; return after how many seconds."""
        ward = self.ward
        while time.monotonic() - began < PATIENCE:
            for line in ward.world.log[since:]:
                if line.person == ward.ben.id and code in line.text:
                    return time.monotonic() - began
            await asyncio.sleep(LOOK)
        return PATIENCE


async def patience(event: asyncio.Event, seconds: float) -> None:
    """Wait for an update, as a long poll does."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), min(seconds, 1.0))
