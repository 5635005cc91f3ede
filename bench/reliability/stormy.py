"""A Telegram that fails in one way for hours, and what the bot called meanwhile."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData

from bench.reliability.running import Running, running
from bench.reliability.ward import Patient, Ward
from bench.reliability.wire import Wire
from bot.clock import Clock
from bot.standin.server import chat_number

PATIENCE: Final = 20.0  # seconds; the bot waits no longer for an answer
SLOW: Final = 60.0  # seconds until a slow answer is there
SHARE: Final = 0.7  # of the calls that fail in a storm
CALM: Final = timedelta(minutes=45)  # a check-in whose fate is unknown is asked again after 30
DANGER: Final = "I cannot breathe"
WORDS: Final = (DANGER, "/report", "still red", "/status", "38.9", "it itches")
UNDONE: Final = "SELECT update_id FROM inbox WHERE state <> 'done'"
UNENDED: Final = "SELECT method FROM outbox WHERE state IN ('pending', 'sending')"
LOST_ALERTS: Final = """
    SELECT reason FROM outbox WHERE lane = 0 AND state NOT IN ('sent', 'replaced', 'pending')
    AND reason NOT LIKE 'not a member%'
"""
NO_REASON: Final = """
    SELECT id FROM outbox WHERE state IN ('dropped', 'dead', 'unknown') AND reason = ''
"""
ASKED: Final = """
    SELECT code, key, due_at FROM check_in WHERE sent_at IS NOT NULL AND purpose <> 'report'
"""
"""A report is opened by the patient: where its reply may have arrived, it is not sent again."""


class Stormy(Wire):
    """A wire on which calls fail while `kind` is set.

    Args:
        wire: The one that works.
        clock: The time.
        random: Which calls fail, and how.
    """

    def __init__(self, wire: Wire, clock: Clock, random: Random) -> None:
        super().__init__(wire.world)
        self.clock, self.random = clock, random
        self.kind = ""
        self.calls, self.failed = 0, 0
        self.shut: dict[int, datetime] = {}
        self.too_early: list[str] = []

    async def do_request(  # type: ignore[override] # the library calls it by these names
        self, url: str, method: str, request_data: RequestData | None = None, **more: Any  # noqa: ANN401
    ) -> tuple[int, bytes]:  # fmt: skip
        """Make a call, or let it fail in the storm's way."""
        values = json.loads(json.dumps(request_data.parameters)) if request_data else {}
        chat, now = chat_number(values), self.clock.now()
        name = url.rpartition("/")[2]
        if chat is not None and now < self.shut.get(chat, now):
            self.too_early.append(f"{name} to {chat}, {self.shut[chat] - now} too early")
        self.calls += 1
        if not self.kind or self.random.random() > SHARE:
            return await super().do_request(url, method, request_data, **more)
        self.failed += 1
        call = partial(super().do_request, url, method, request_data, **more)
        if self.kind == "429":
            after = self.random.randint(1, 60)
            if chat is not None:
                self.shut[chat] = now + timedelta(seconds=after)
            raise RetryAfter(after)
        return await STORMS[self.kind](self, call)

    async def server_error(self, call: "Call") -> tuple[int, bytes]:
        """Answer 502, half of the times after having carried the call out."""
        if self.random.random() < 0.5:
            await call()
        raise NetworkError("the Bot API answers 502")

    async def slow(self, call: "Call") -> tuple[int, bytes]:
        """Carry the call out; its answer comes when nobody waits any more."""
        await call()
        await self.clock.sleep(min(PATIENCE, SLOW))
        raise TimedOut("no answer in time")

    async def reset_before(self, call: "Call") -> tuple[int, bytes]:  # noqa: ARG002
        """Break the connection before anything was done."""
        raise NetworkError("the connection broke")

    async def reset_after(self, call: "Call") -> tuple[int, bytes]:
        """Break the connection when everything was done."""
        await call()
        raise NetworkError("the connection broke")

    async def malformed(self, call: "Call") -> tuple[int, bytes]:
        """Carry the call out, and answer what cannot be read."""
        await call()
        return 200, b'{"ok":true,"result":{"mess'


Call = Callable[[], Awaitable[tuple[int, bytes]]]
STORMS: Final[dict[str, Callable[[Stormy, Call], Awaitable[tuple[int, bytes]]]]] = {
    "5xx": Stormy.server_error, "429": Stormy.server_error, "60 s answers": Stormy.slow,
    "resets before": Stormy.reset_before, "resets after": Stormy.reset_after,
    "malformed answers": Stormy.malformed,
}  # fmt: skip


@dataclass
class Weather:
    """What a storm came to."""

    kind: str
    calls: int = 0
    failed: int = 0
    acts: int = 0
    lost: list[str] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)


class Storm:
    """Hours of one kind of failing, with patients who go on living."""

    def __init__(
        self, ward: Ward, wire: Stormy, random: Random, calm: timedelta = CALM
    ) -> None:  # fmt: skip
        self.ward, self.wire, self.random, self.calm = ward, wire, random, calm
        self.dangers: list[tuple[Patient, int]] = []

    async def blows(self, kind: str, hours: float) -> Weather:
        """Let calls fail in this way for so long, then none, and look for what was lost."""
        ward, found, wire = self.ward, Weather(kind), self.wire
        before = len(ward.world.log)
        wire.calls = wire.failed = 0
        end = ward.clock.instant + timedelta(hours=hours)
        wire.kind = kind
        async with running(ward) as bot:
            while ward.clock.instant < end:
                found.acts += self.acts()
                await bot.lives(seconds=self.random.choice((20, 120, 600)))
            wire.kind = ""
            await bot.lives(seconds=self.calm.total_seconds())
            await self.rests(bot)
        found.calls, found.failed, found.too_early = wire.calls, wire.failed, wire.too_early
        wire.too_early = []
        found.lost = [one async for one in self.losses(before)]
        return found

    async def rests(self, bot: Running) -> None:
        """Wait until nothing is on its way; what is planned goes on."""
        for _ in range(60):
            if not await self.ward.rows(UNENDED):
                return
            await bot.lives(seconds=30)

    def acts(self) -> int:
        """Let a patient press or write; nurses sleep, so that alerts go on."""
        patient = self.random.choice(self.ward.patients)
        seen = [one for one in self.ward.screen(patient) if one.buttons]
        if seen and self.random.random() < 0.6:
            labels = [label for row in seen[-1].buttons for label in row]
            label = self.random.choice(labels)
            if "stop" not in label.lower():
                patient.person.presses(seen[-1], label)
            return 1
        words = self.random.choice(WORDS)
        if words == DANGER:
            self.dangers.append((patient, len(self.ward.world.log)))
        patient.person.types(patient.person.chat_with(self.ward.bot), words)
        return 1

    async def losses(self, before: int) -> AsyncIterator[str]:
        """Yield a sentence for each thing that was lost."""
        ward, log = self.ward, self.ward.world.log
        for text, what in ((UNDONE, "an update was not worked on"),
                           (UNENDED, "a message is still on its way"),
                           (LOST_ALERTS, "an alert was not delivered"),
                           (NO_REASON, "a message ended without a reason")):  # fmt: skip
            for row in await ward.rows(text):
                yield f"{what}: {row[0]}"
        for patient, since in self.dangers:
            if not any(one.person == ward.ben.id and patient.code in one.text
                       for one in log[since:]):  # fmt: skip
                yield f"staff were not told of {patient.code}"
        people = {one.code: one.person.id for one in ward.patients}
        for row in await ward.rows(ASKED):
            due = row["due_at"]
            if not any(one.person == people[row["code"]] and one.by != one.name
                       and one.at.isoformat() >= due for one in log):  # fmt: skip
                yield f"{row['code']} was never asked {row['key']}"
        self.dangers = []
        assert len(log) > before


def stormy(ward: Ward, random: Random) -> Stormy:
    """Put a wire into a ward that fails on order."""
    wire = Stormy(ward.wire, ward.clock, random)
    ward.app.bot._request = (wire, wire)  # noqa: SLF001 - as in `Ward.start`
    return wire
