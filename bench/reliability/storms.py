"""Hours in which Telegram fails in one way, and alerts while thousands of check-ins wait.

python -m bench.reliability storms
"""

import asyncio
from random import Random
from typing import Final

from bench.figures import Advance, Figure, Section, table
from bench.loop import quantile
from bench.on_each_core import on_each_core
from bench.reliability.busy import Busy, LiveClock
from bench.reliability.stormy import STORMS, Storm, Weather, stormy
from bench.reliability.ward import MONDAY, a_ward
from bench.silence import silence

PATIENTS: Final = 12
HOURS, SMALL_HOURS = 24.0, 0.5
QUEUED, SMALL_QUEUED = 5_000, 500
ALARMS, SMALL_ALARMS = 40, 3
LATEST: Final = 5.0  # seconds (hazard 09)


def weathers(hours: float, advance: Advance) -> list[Weather]:
    """Let every kind of storm blow for so long, each in a new clinic, one on each core."""
    found = {}
    for one in on_each_core(weather, [(kind, hours) for kind in STORMS]):
        advance(f"{one.kind}, {hours:g} h: {one.calls:,} calls")
        found[one.kind] = one
    return [found[kind] for kind in STORMS if kind in found]


def weather(kind: str, hours: float) -> Weather:
    """Let one kind of storm blow, on a loop of its own."""

    async def blows() -> Weather:
        async with a_ward() as ward:
            await ward.enrols(PATIENTS)
            random = Random(kind)
            return await Storm(ward, stormy(ward, random), random).blows(kind, hours)

    with silence():
        return asyncio.run(blows())


async def busy(queued: int, alarms: int, advance: Advance) -> tuple[list[float], int]:
    """Raise alerts while check-ins wait; return their lateness, and how many check-ins had gone."""
    advance(f"{alarms} alerts, {queued:,} check-ins wait")
    async with a_ward(clock=LiveClock(MONDAY, auto=True)) as ward:
        await ward.enrols(alarms)
        await ward.passes(minutes=2)
        return await Busy(ward, queued).alarms()


def measure(advance: Advance, *, full: bool) -> Section:
    """Measure and return the section."""
    hours = HOURS if full else SMALL_HOURS
    queued, alarms = (QUEUED, ALARMS) if full else (SMALL_QUEUED, SMALL_ALARMS)
    found = weathers(hours, advance)
    with silence():
        late, gone = asyncio.run(busy(queued, alarms, advance))
    return section(found, hours, late, (queued, gone))


def section(
    found: list[Weather], hours: float, late: list[float], bulk: tuple[int, int]
) -> Section:
    """Return the section."""
    lost = [one for weather in found for one in weather.lost]
    early = [one for weather in found for one in weather.too_early]
    failed = sum(weather.failed for weather in found)
    among = f"{len(found)} storms of {hours:g} h, {failed:,} calls that failed"
    figures = [
        Figure(f"updates, alerts, check-ins lost, {among}", 0, len(lost), "{:.0f}",
               lost[0] if lost else "", at_most=True),
        Figure(f"calls to a chat before its retry_after, {among}", 0, len(early), "{:.0f}",
               early[0] if early else "", at_most=True),
        Figure(f"p99 from words of danger to the staff's screen, {len(late)} alerts, "
               f"{bulk[0]:,} check-ins queued", LATEST, quantile(late), "{:.2f} s", "",
               at_most=True),
    ]  # fmt: skip
    rows = [(one.kind, f"{hours:g}", one.acts, one.calls, one.failed, len(one.lost))
            for one in found]  # fmt: skip
    note = f"When the last alert came {bulk[1]:,} of the {bulk[0]:,} check-ins had gone."
    shown = table(["storm", "hours", "acts", "calls", "failed", "lost"], rows)
    return Section("Storms", f"{HOW} {note}", figures, [shown])


HOW = (
    "Seven calls of ten fail in the storm's way, fetching updates too, while twelve patients write "
    "and press: 5xx, half of them carried out all the same; 429 with 1 to 60 s; answers that come "
    "after a minute; connections that break before or after the call was carried out; answers that "
    "cannot be read. Then it is calm for three quarters of an hour. Every update has to be worked "
    "on, staff told of whoever cannot breathe, every check-in shown or asked again, every message "
    "ended with a reason. A reply that may have arrived is not repeated, by design: whoever waits "
    "for it asks again. The bot runs with all its loops, on a stepped clock. The lateness of "
    "alerts is measured in real time, the stand-in in the same process."
)
